//! A desk over a store in memory, people in front of it, and requests that wait.

use std::sync::{Arc, Mutex, atomic::Ordering::SeqCst};

use approvals::{
    Approval, Bounds, Document, HopOf, Matter, Member, Notice, Phase, Resolved, Said, Sealed,
    Ticket, Unheard, Verdict, WakeToken, Waker,
};
use audit::Ledger;
use identity::{Person, Revocations, Verified, principal};
use policy::Demand;
use request::{Clock, Digest, Later, Millis, RequestId, Source};
use serde_json::{Value, json};
use state::{Partition, Store as _, Write};

use super::store::Memory;
use crate::{Decided, Desk, Error, decide, find, post};

pub(super) const NOW: Millis = Millis(1_795_262_400_000);
const NODE: &str = "n_AAAAAAAAAAAAAAAAAAAAAA";

/// A clock that goes on by a millisecond whenever somebody looks.
struct Ticking(Mutex<u64>);

impl Clock for Ticking {
    fn now(&self) -> Millis {
        let mut at = self.0.lock().unwrap();
        *at += 1;
        Millis(*at)
    }
}

/// A workflow that hears how it was decided.
#[derive(Default)]
pub(super) struct Heard(Mutex<Vec<Phase>>);

impl Heard {
    pub(super) fn all(&self) -> Vec<Phase> {
        self.0.lock().unwrap().clone()
    }
}

impl Waker for Heard {
    fn decided<'a>(
        &'a self,
        _: &'a Notice,
        phase: Phase,
        _: Option<&'a WakeToken>,
    ) -> Later<'a, Result<(), Unheard>> {
        self.0.lock().unwrap().push(phase);
        Box::pin(async { Ok(()) })
    }

    fn waits<'a>(
        &'a self,
        _: &'a Notice,
        _: Option<&'a WakeToken>,
    ) -> Later<'a, Result<(), Unheard>> {
        Box::pin(async { Ok(()) })
    }
}

pub(super) struct Stand {
    pub(super) store: Arc<Memory>,
    pub(super) heard: Arc<Heard>,
    pub(super) desk: Desk,
}

/// What differs between requests.
pub(super) struct Wish<'a> {
    pub(super) group: &'a str,
    pub(super) statement: &'a str,
    /// How far it is when it is parked, which is a shortcut for tests.
    pub(super) phase: Phase,
    /// Milliseconds from now.
    pub(super) ends: u64,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Self { group: "dba", statement: "select 1", phase: Phase::Pending, ends: 3_600_000 }
    }
}

impl Stand {
    pub(super) fn new() -> Self {
        let (store, heard) = (Arc::new(Memory::default()), Arc::new(Heard::default()));
        let clock = Arc::new(Ticking(Mutex::new(NOW.0)));
        let ledger = Arc::new(Ledger::new(Arc::clone(&store) as _, clock));
        let desk = Desk { ledger, waker: Some(Arc::clone(&heard) as _) };
        Self { store, heard, desk }
    }

    /// Parks a request for which one person of a group is asked.
    pub(super) async fn park(&self, wish: &Wish<'_>) -> RequestId {
        let request = RequestId::fresh();
        let sealed = Sealed::of(document(&request, wish)).unwrap();
        let ticket = Ticket { partition: partition(), request: request.clone() };
        let create = |key: Option<state::Key>, value: Vec<u8>| Write::Create {
            key: key.unwrap(),
            value,
            expires_at: None,
        };
        let writes = [
            create(ticket.document_key(), sealed.bytes().to_vec()),
            create(ticket.approval_key(), approval(sealed.digest(), wish.phase)),
            create(audit::salt_key(&request), vec![7; 16]),
            create(audit::status_key(&request), status(&request)),
        ];
        self.store.commit(&partition(), &writes).await.unwrap();
        let expires = sealed.document().expires;
        let notice = Notice { ticket, digest: sealed.digest(), expires };
        post(&notice, &self.desk.ledger).await.unwrap();
        request
    }

    pub(super) async fn park_many(&self, how_many: usize, wish: &Wish<'_>) {
        for _ in 0..how_many {
            self.park(wish).await;
        }
    }

    /// Their issuer ends what somebody logged in with until then.
    pub(super) async fn end(&self, who: &Verified<Person>, since: u64) {
        let partition = principal(who.get().issuer(), who.get().subject()).unwrap();
        let key = [Revocations::key().unwrap()];
        let before = self.store.read(&partition, &key).await.unwrap().remove(0);
        let list = Revocations { since: Some(since), ..Revocations::default() };
        self.store.commit(&partition, &[list.write(before.as_ref()).unwrap()]).await.unwrap();
    }

    /// A signpost to a request that is not there any more.
    pub(super) async fn sign(&self, ends: u64) {
        let ticket = Ticket { partition: partition(), request: RequestId::fresh() };
        let expires = Millis(NOW.0 + ends);
        let notice = Notice { ticket, digest: Digest::of(b"gone"), expires };
        post(&notice, &self.desk.ledger).await.unwrap();
    }

    /// Somebody says this to it.
    pub(super) async fn says(
        &self,
        who: &str,
        verdict: Verdict,
        to: &RequestId,
    ) -> Result<Decided, Error> {
        let ticket = Ticket { partition: partition(), request: to.clone() };
        let found = find(&ticket, &self.desk.ledger).await?.ok_or(Error::Missing)?;
        let digest = found.waiting.sealed().digest();
        let said = Said { digest, verdict, comment: None };
        decide(to, said, &person(who, &["dba"]), &Source::default(), &self.desk).await
    }

    /// As a redemption leaves it behind.
    pub(super) async fn uses(&self, request: &RequestId) {
        let ticket = Ticket { partition: partition(), request: request.clone() };
        let found = find(&ticket, &self.desk.ledger).await.unwrap().unwrap();
        let approval = serde_json::to_value(found.waiting.approval()).unwrap();
        let mut used = approval;
        used["phase"] = json!("used");
        let used = Approval::from_bytes(&request::json::canonical(&used)).unwrap();
        let write = found.waiting.change(&used).unwrap();
        self.store.commit(&partition(), &[write]).await.unwrap();
    }

    /// How many steps were put on record, parking included.
    pub(super) fn steps(&self) -> usize {
        self.store.steps.load(SeqCst)
    }

    /// What the requester's partition holds.
    pub(super) fn records(&self) -> String {
        self.store.text(&partition())
    }
}

/// Somebody in these groups who has just logged in.
pub(super) fn person(subject: &str, groups: &[&str]) -> Verified<Person> {
    let kept = json!({
        "acr": null, "auth_time": NOW.seconds() - 60, "groups": groups, "issuer": "corp",
        "name": null, "subject": subject, "until": NOW.0 + 60_000, "v": 1,
    });
    identity::recalled(kept.to_string().as_bytes(), NOW).unwrap()
}

fn partition() -> Partition {
    Partition::new(NODE).unwrap()
}

fn approval(digest: Digest, phase: Phase) -> Vec<u8> {
    let value = json!({"v": 1, "digest": digest, "phase": phase, "decisions": []});
    request::json::canonical(&value)
}

fn status(request: &RequestId) -> Vec<u8> {
    let status = json!({
        "request": request, "node": NODE, "target": "shop", "state": "parked",
        "began": NOW, "cause": "parked", "rows": null, "affected": null,
    });
    request::json::canonical(&status)
}

fn document(request: &RequestId, wish: &Wish<'_>) -> Document {
    let who = HopOf { issuer: "corp".into(), subject: "ada".into(), client: None, actor: None };
    let facts = Resolved {
        class: "read".into(),
        reads: [].into(),
        writes: [].into(),
        columns: [].into(),
        functions: [].into(),
        uses: [].into(),
        tagged: [].into(),
        unfiltered: [].into(),
        outputs: Vec::new(),
        mode: "result".into(),
    };
    Document {
        v: 1,
        request: request.to_string(),
        asked_at: NOW,
        expires: Millis(NOW.0 + wish.ends),
        matter: Matter {
            hops: vec![Member { node: NODE.into(), who, label: None }],
            target: "shop".into(),
            statement: wish.statement.into(),
            params: Vec::new(),
            sent: wish.statement.into(),
            facts,
            limits: Bounds { rows: 10, bytes: 1000, cells: 10, time_ms: 1000 },
            policy: Digest::of(b"policies"),
            demand: Demand { approvers: [(wish.group.to_owned(), 1)].into(), ..Demand::default() },
        },
        estimated_rows: None,
        reason: None,
        idempotency_key: None,
        normalized: "select".into(),
        fingerprint: "0123456789abcdef".into(),
        policies: [].into(),
        chain: chain(),
        owner: None,
        session: Digest::of(b"session"),
    }
}

/// As `identity::Chain::kept` writes it.
fn chain() -> Value {
    json!({
        "actor": {
            "actor": null, "client": null, "groups": ["analysts"], "issuer": "corp",
            "node": NODE, "subject": "ada",
        },
        "bearer": false,
        "expires": NOW.0 + 3_600_000,
        "grant": null,
        "issued_s": NOW.seconds() - 300,
        "login": [null, null],
        "owner": null,
        "partition": NODE,
        "session": Digest::of(b"session"),
    })
}
