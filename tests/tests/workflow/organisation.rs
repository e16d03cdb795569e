//! Who asks and who decides, around the functions of one cloud: an agent with a key of its own, two
//! people who are asked, and what is decided among them.

use std::{path::Path, sync::Arc, time::Duration};

use approvals::{Notice, Phase, Said, Ticket, Verdict, Waker};
use audit::Ledger;
use decisions::Desk;
use local_emulator::{
    agent::{Agent, Answer, Function, Key, rights},
    emulator::{Cloud, Emulator},
    story,
};
use on_disk::Sqlite;
use request::{Clock, Millis, RequestId, Source};
use serde_json::json;

/// Everybody.
pub(crate) struct Organisation {
    pub(crate) agent: Agent,
    pub(crate) people: People,
}

impl Organisation {
    /// An agent that reaches the request function at this address, and people whose decisions are told
    /// to this waker.
    pub(crate) async fn at(
        emulator: &Emulator,
        cloud: Cloud,
        url: &str,
        waker: Option<Arc<dyn Waker>>,
    ) -> Self {
        let deployment = emulator.deployment(cloud, &story::client().unwrap());
        let deployment = deployment.reached_at(Function::Request, url);
        let objects = ["public.customers", "public.orders"];
        let wanted = rights("shop", &["select"], &objects);
        let login = story::support(emulator).unwrap();
        let key = Key::fresh().unwrap();
        let agent = deployment.exchange(&login, &key, Some(&wanted)).await.unwrap();
        Self { agent, people: People::at(&emulator.ledger(cloud), waker) }
    }

    /// The agent asks for this, which people have to agree to.
    pub(crate) async fn asks(&self, statement: &str) -> Notice {
        let parked = self.agent.query("shop", statement).await.unwrap();
        assert_eq!(parked.status, 202, "{}", parked.text);
        self.people.find(parked.body["request"].as_str().unwrap()).await
    }

    /// The status that the agent is told, once it is this.
    pub(crate) async fn becomes(&self, state: &str, of: &Notice) -> Answer {
        let path = format!("/v1/requests/{}", of.ticket.request);
        for _ in 0..PATIENCE_S {
            let answer = self.agent.get(&path).await.unwrap();
            if answer.body["state"] == json!(state) {
                return answer;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let answer = self.agent.get(&path).await.unwrap();
        panic!("it is not {state}: {}", answer.text);
    }

    /// It ran once, and its result lies there for the agent's key.
    pub(crate) async fn ran(&self, of: &Notice) {
        let done = self.becomes("done", of).await;
        // RFC 7516, 7.1: five parts, the second of which is empty where a key is agreed upon.
        let kept: Vec<&str> = done.body["result"].as_str().unwrap().split('.').collect();
        assert!(matches!(kept[..], [_, "", _, _, _]), "{}", done.text);
        assert_eq!(self.people.phase(&of.ticket).await, Phase::Used);
    }
}

/// Who decides.
pub(crate) struct People {
    desk: Desk,
}

impl People {
    /// Over this ledger; what they decide is told to this waker.
    pub(crate) fn at(ledger: &Path, waker: Option<Arc<dyn Waker>>) -> Self {
        let store = Arc::new(Sqlite::open(ledger).unwrap());
        Self { desk: Desk { ledger: Arc::new(Ledger::new(store, Arc::new(Wall))), waker } }
    }

    /// A request that waits or waited.
    pub(crate) async fn find(&self, request: &str) -> Notice {
        let request = RequestId::new(request).unwrap();
        let ticket = decisions::locate(&request, &self.desk.ledger).await.unwrap().unwrap();
        let found = decisions::find(&ticket, &self.desk.ledger).await.unwrap().unwrap();
        let sealed = found.waiting.sealed();
        Notice { ticket, digest: sealed.digest(), expires: sealed.document().expires }
    }

    /// Somebody says this to it.
    pub(crate) async fn say(&self, person: &str, verdict: Verdict, to: &Notice) -> Phase {
        let kept = json!({
            "acr": null, "auth_time": now().seconds(), "groups": ["dba"], "issuer": "demo",
            "name": null, "subject": person, "until": now().0 + 60_000, "v": 1,
        });
        let by = identity::recalled(&request::json::canonical(&kept), now()).unwrap();
        let said = Said { digest: to.digest, verdict, comment: None };
        let request = &to.ticket.request;
        let decided = decisions::decide(request, said, &by, &Source::default(), &self.desk).await;
        decided.unwrap().phase
    }

    /// Both agree to it.
    pub(crate) async fn grant(&self, to: &Notice) {
        assert_eq!(self.say("dba-1", Verdict::Approve, to).await, Phase::Pending);
        assert_eq!(self.say("dba-2", Verdict::Approve, to).await, Phase::Granted);
    }

    /// How far it is.
    pub(crate) async fn phase(&self, of: &Ticket) -> Phase {
        decisions::look(of, &self.desk).await.unwrap()
    }
}

/// Adds to a cloud's configuration what the demo's does not have: lists of orders are approved within a
/// minute, which is as little as there may be.
pub(crate) fn configure(folder: &Path) {
    let policies = folder.join("policies/shop.cedar");
    let text = std::fs::read_to_string(&policies).unwrap();
    std::fs::write(&policies, format!("{text}\n{BRIEFLY}")).unwrap();
}

/// The time of this machine.
struct Wall;

impl Clock for Wall {
    fn now(&self) -> Millis {
        now()
    }
}

#[expect(clippy::disallowed_methods, reason = "functions and clouds go by this machine's clock")]
pub(crate) fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Millis(u64::try_from(since.as_millis()).unwrap())
}

/// What asks two people, within an hour.
pub(crate) const CUSTOMERS: &str = "SELECT name, ssn FROM customers";

/// What asks one, within a minute.
pub(crate) const ORDERS: &str = "SELECT item FROM orders";

const BRIEFLY: &str = r#"
@id("whole-order-lists-ask-briefly")
@approvers("1 of dba")
@approve_within("60s")
permit (
  principal in Group::"support",
  action == Action::"select",
  resource == Target::"shop"
)
when { context.reads.contains("public.orders") && !context.has_where };
"#;

const PATIENCE_S: usize = 120;
