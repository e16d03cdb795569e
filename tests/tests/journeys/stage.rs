//! One emulator for the tests of this binary, started by the first that needs it and ended by the
//! last.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use local_emulator::{
    agent::Agent,
    binaries::Binaries,
    configuration::AUDIENCE,
    emulator::{Cloud, Emulator},
    issuer::Claims,
    process::Log,
    story,
};
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

    /// An agent in these groups of the issuer's.
    pub(crate) fn agent(&self, cloud: Cloud, name: &str, groups: &[&str]) -> Agent {
        let claims = Claims::new(name, "tests", AUDIENCE).groups(groups);
        self.holding(cloud, &self.emulator().issuer.token(&claims).unwrap())
    }

    /// A support agent.
    pub(crate) fn support(&self, cloud: Cloud) -> Agent {
        self.agent(cloud, "support-agent", &["shop-support"])
    }

    /// A reporting agent.
    pub(crate) fn reporting(&self, cloud: Cloud) -> Agent {
        self.agent(cloud, "reporting-agent", &["shop-reporting"])
    }

    /// Somebody with this token.
    pub(crate) fn holding(&self, cloud: Cloud, token: &str) -> Agent {
        Agent::new(&story::client().unwrap(), &self.emulator().url(cloud), token)
    }

    /// What the database says to this, as text.
    pub(crate) async fn database(&self, question: &str) -> String {
        let client = self.emulator().postgres.superuser().await.unwrap();
        client.query_one(question, &[]).await.unwrap().get(0)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let (Some(runtime), Some(emulator)) = (self.runtime.take(), self.emulator.take()) {
            runtime.block_on(emulator.stop());
        }
    }
}

const LONGEST: Duration = Duration::from_secs(120);
