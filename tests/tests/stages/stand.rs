//! The way up to a cleared statement, as short as tests need it.

mod door;
pub(crate) mod nodes;
pub(crate) mod shop;

use std::{sync::Arc, time::Duration};

use ::audit::Trail;
use ::policy::{Permit, Policies, SourceFile, Targets};
use ::vetting::Vetted;
use approvals::{Asked, Cleared};
use request::{
    Ask, Clock, Deadline, IdempotencyKey, Millis, Params, Reason, RequestId, Source, Statement,
    TargetName,
};
use serde_json::Value;

pub(crate) use door::{Agent, agent, verifier};

/// The time in all tests, in milliseconds.
pub(crate) const NOW: Millis = Millis(1_800_000_000_000);

/// One target with tagged columns, and one without any.
pub(crate) const TARGETS: &str = r#"
    [targets.orders-db]
    kind = "postgres"
    host = "orders.example"
    database = "shop"
    secret = "orders-db"
    max_rows = 1000
    [targets.orders-db.tags."public.customers"]
    card = "card"
    email = "email"
    ssn = "ssn"

    [targets.notes-db]
    kind = "postgres"
    host = "notes.example"
    database = "notes"
    secret = "notes-db"
"#;

/// Everything is permitted to everybody.
pub(crate) const OPEN: &str = r#"@id("open") permit(principal, action, resource);"#;

/// A clock that stands still.
pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        NOW
    }
}

/// Targets and policies in force.
pub(crate) struct Stand {
    pub(crate) policies: Arc<Policies>,
}

impl Stand {
    /// The usual targets under these policies.
    pub(crate) fn new(policies: &str) -> Self {
        Self::with(TARGETS, policies)
    }

    pub(crate) fn with(targets: &str, policies: &str) -> Self {
        let targets = Targets::parse("targets.toml", targets, &|_| None).unwrap();
        let file = SourceFile { name: "policies.cedar".into(), text: policies.into() };
        Self { policies: Arc::new(Policies::load(targets, &[file]).unwrap()) }
    }

    pub(crate) fn admit(&self, agent: &Agent, target: &str) -> Result<Permit, ::policy::Error> {
        ::policy::admit(agent.known(), &TargetName::new(target).unwrap(), &self.policies)
    }

    /// As far as vetting; the agent is admitted in any case.
    pub(crate) fn vet(
        &self,
        agent: &Agent,
        asking: &Asking,
    ) -> Result<Vetted<Statement>, ::vetting::Error> {
        let Ask { target, statement, params, reason, .. } = asking.ask(agent);
        let permit = self.admit(agent, target.as_str()).unwrap();
        let known = shop::catalogue(&permit.target().schema);
        let looked = ::vetting::look(statement, params, permit, &known)?;
        ::vetting::vet(looked, None, reason.is_some())
    }

    /// As far as the record; people are asked about nothing.
    pub(crate) fn begin(&self, agent: &Agent, asking: &Asking) -> Begun {
        let ask = asking.ask(agent);
        let trail = Arc::new(::audit::trail(&agent.known(), &ask, NOW).unwrap());
        let vetted = self.vet(agent, asking).unwrap();
        let cleared = approvals::clear(vetted, &asked(&ask)).unwrap();
        Begun { id: ask.id, trail, cleared }
    }
}

/// What waits beside what was vetted, if it has to wait.
pub(crate) fn asked(ask: &Ask) -> Asked<'_> {
    Asked {
        request: &ask.id,
        reason: ask.reason.as_ref().map(|reason| reason.text()),
        idempotency_key: ask.idempotency_key.as_ref().map(|key| key.as_str()),
        now: NOW,
    }
}

/// A request that is about to be put on record.
pub(crate) struct Begun {
    pub(crate) id: RequestId,
    pub(crate) trail: Arc<Trail>,
    pub(crate) cleared: Cleared,
}

/// What an agent asks for.
#[derive(Clone)]
pub(crate) struct Asking {
    target: String,
    statement: String,
    params: Vec<Value>,
    reason: Option<String>,
    key: Option<String>,
}

/// This statement, on `orders-db`.
pub(crate) fn asking(statement: &str) -> Asking {
    Asking {
        target: "orders-db".into(),
        statement: statement.into(),
        params: Vec::new(),
        reason: None,
        key: None,
    }
}

impl Asking {
    pub(crate) fn on(mut self, target: &str) -> Self {
        self.target = target.into();
        self
    }

    pub(crate) fn with(mut self, params: &[Value]) -> Self {
        self.params = params.to_vec();
        self
    }

    pub(crate) fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.into());
        self
    }

    pub(crate) fn keyed(mut self, key: &str) -> Self {
        self.key = Some(key.into());
        self
    }

    /// A request of its own each time.
    pub(crate) fn ask(&self, agent: &Agent) -> Ask {
        Ask {
            id: RequestId::fresh(),
            presented: agent.presented(),
            target: TargetName::new(self.target.as_str()).unwrap(),
            statement: Statement::new(self.statement.as_str()).unwrap(),
            params: Params::new(self.params.clone()).unwrap(),
            reason: self.reason.as_ref().map(|text| Reason::new(text.as_str()).unwrap()),
            idempotency_key: self.key.as_ref().map(|k| IdempotencyKey::new(k.as_str()).unwrap()),
            source: Source { ip: Some([192, 0, 2, 7].into()) },
            deadline: Deadline::within(Duration::from_secs(20)),
        }
    }
}
