//! The real functions of both clouds, and agents that bend what they send.

use std::{
    fs,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use audit::{Event, NodeEvent};
use local_emulator::{
    agent::{self, Agent, Answer, Deployment, Function, Key, Spawn, Wanted, rights},
    azure,
    binaries::Binaries,
    emulator::{Cloud, Emulator},
    lambda, ledger,
    process::Log,
    story,
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// An emulator and the runtime that it lives on.
pub(crate) struct Stage {
    runtime: Option<Runtime>,
    emulator: Option<Emulator>,
}

static SHARED: Mutex<Weak<Stage>> = Mutex::new(Weak::new());

impl Stage {
    /// The shared one. Tests on it must not break its services.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stage) = shared.upgrade() {
            return stage;
        }
        let stage = Arc::new(Self::own());
        *shared = Arc::downgrade(&stage);
        stage
    }

    /// One for a test that breaks things.
    pub(crate) fn own() -> Self {
        let runtime = Runtime::new().unwrap();
        let start =
            async { Emulator::start(&Binaries::beside().unwrap(), Log::default(), &|_| ()).await };
        let emulator = runtime.block_on(start).unwrap();
        Self { runtime: Some(runtime), emulator: Some(emulator) }
    }

    pub(crate) fn emulator(&self) -> &Emulator {
        self.emulator.as_ref().unwrap()
    }

    /// Runs a test on it.
    pub(crate) fn play<T>(&self, test: impl Future<Output = T>) -> T {
        let within = async { tokio::time::timeout(LONGEST, test).await };
        self.runtime.as_ref().unwrap().block_on(within).expect("the test took too long")
    }

    /// Both functions of a cloud as agents reach them.
    pub(crate) fn at(&self, cloud: Cloud) -> Deployment {
        self.emulator().deployment(cloud, &story::client().unwrap())
    }

    /// The token of a support agent, by the issuer.
    pub(crate) fn login(&self) -> String {
        story::support(self.emulator()).unwrap()
    }

    /// A root there, with these rights.
    pub(crate) async fn root_with(&self, at: &Deployment, rights: &Value) -> Agent {
        at.exchange(&self.login(), &Key::fresh().unwrap(), Some(rights)).await.unwrap()
    }

    /// A root there, who may read and change orders.
    pub(crate) async fn root(&self, at: &Deployment) -> Agent {
        self.root_with(at, &rights("shop", &["select", "update"], &["public.orders"])).await
    }

    /// What happened to nodes of this cloud, as far as it is on record.
    pub(crate) async fn events(&self, cloud: Cloud) -> Vec<NodeEvent> {
        let records = ledger::records(&self.emulator().ledger(cloud)).await.unwrap();
        let event = |record: audit::Record| match record.unmapped.event {
            Event::Node(event) => Some(event),
            _ => None,
        };
        records.into_iter().filter_map(event).collect()
    }

    /// Changes a line of a file of this cloud's configuration, and starts both functions with it
    /// once more. Proofs stay made for the address that the first ones have.
    pub(crate) async fn changed(&self, cloud: Cloud, file: &str, change: &[(&str, &str)]) -> Hosts {
        let path = self.emulator().config(cloud).join(file);
        let text = fs::read_to_string(&path).unwrap();
        let changed = change.iter().fold(text.clone(), |text, (from, to)| text.replace(from, to));
        assert_ne!(changed, text);
        fs::write(path, changed).unwrap();
        Hosts::start(self, cloud).await
    }
}

/// Both functions of a cloud, started once more.
pub(crate) enum Hosts {
    Aws(Deployment, Box<[lambda::Host; 2]>),
    Azure(Deployment, Box<[azure::Host; 2]>),
}

impl Hosts {
    /// With whatever the configuration is now.
    pub(crate) async fn start(stage: &Stage, cloud: Cloud) -> Self {
        let on = stage.emulator();
        let reached = |request: &str, token: &str| {
            let at = stage.at(cloud).reached_at(Function::Request, request);
            at.reached_at(Function::Token, token)
        };
        match cloud {
            Cloud::Aws => {
                let request = on.also_on_lambda(|_| ()).await.unwrap();
                let token = on.token_also_on_lambda(|_| ()).await.unwrap();
                Self::Aws(reached(&request.url(), &token.url()), Box::new([request, token]))
            }
            Cloud::Azure => {
                let request = on.also_on_azure(|_| ()).await.unwrap();
                let token = on.token_also_on_azure(|_| ()).await.unwrap();
                Self::Azure(reached(&request.url(), &token.url()), Box::new([request, token]))
            }
        }
    }

    /// As agents reach them.
    pub(crate) fn at(&self) -> &Deployment {
        match self {
            Self::Aws(at, _) | Self::Azure(at, _) => at,
        }
    }

    /// Where the token function is really reached.
    pub(crate) fn token_url(&self) -> String {
        match self {
            Self::Aws(_, hosts) => hosts[1].url(),
            Self::Azure(_, hosts) => hosts[1].url(),
        }
    }

    /// Ends them.
    pub(crate) async fn stop(self) {
        match self {
            Self::Aws(_, hosts) => {
                for host in *hosts {
                    host.stop().await;
                }
            }
            Self::Azure(_, hosts) => {
                for host in *hosts {
                    host.stop().await;
                }
            }
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let (Some(runtime), Some(emulator)) = (self.runtime.take(), self.emulator.take()) {
            runtime.block_on(emulator.stop());
        }
    }
}

/// A child with all rights of its parent and a key of its own.
pub(crate) async fn child(parent: &Agent, label: &str) -> Agent {
    let ticket = parent.spawn(&Spawn::new(label, &Wanted::Inherit)).await.unwrap();
    parent.at().redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await.unwrap()
}

/// Reads an order.
pub(crate) async fn reads(agent: &Agent) -> Answer {
    agent.query("shop", "SELECT item FROM orders WHERE id = 7").await.unwrap()
}

/// The answer that a refusal was.
#[track_caller]
pub(crate) fn refusal<T>(done: Result<T, agent::Error>) -> Answer {
    match done {
        Ok(_) => panic!("it was done"),
        Err(error) => error.answer().expect("an answer"),
    }
}

/// Status and cause of an answer, in OAuth's word or by the problem's name.
pub(crate) fn said(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.error().or(answer.problem()).unwrap_or_default())
}

/// `POST /v1/query` of this agent, to be bent.
pub(crate) fn query(agent: &Agent) -> agent::Call {
    let body = json!({"target": "shop", "statement": "SELECT item FROM orders WHERE id = 7"});
    agent.call(Method::POST, Function::Request, "/v1/query").json(&body)
}

const LONGEST: Duration = Duration::from_secs(300);
