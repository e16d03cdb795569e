//! Approved requests that fall at the record itself: nothing runs, each is told why, each is on record,
//! and what waits still waits.

use identity::{NodeId, Revocations};
use state::{Key, Store as _, Write};
use tokio::task::JoinSet;

use super::*;
use crate::stand::nodes::{Node, all, id, node};

impl Waiting {
    /// What a child has asked for with its first token.
    async fn of(child: &Node) -> Self {
        let scene = Scene::under(ASKS, Act::Shows);
        let ask = asking("select id, note from orders").ask(&child.agent("asks"));
        let request = ask.id.clone();
        let refusal = scene.ask(ask).await.err().unwrap();
        let digest = refusal.cause.parked().unwrap().digest();
        Self { scene, request, digest }
    }

    /// The causes on record of those who came for it and were refused, in their order.
    async fn causes(&self, who: &Agent) -> Vec<String> {
        let lines = self.scene.book.lines(&who.known()).await;
        let events = lines.iter().map(|line| serde_json::from_slice::<Value>(line).unwrap());
        let events = events.map(|line| line["unmapped"]["event"].clone());
        let refused = events.filter(|event| event["kind"] == "refusal");
        refused
            .map(|event| {
                assert_eq!(event["ticket"], json!(self.request));
                event["cause"].as_str().unwrap().to_owned()
            })
            .collect()
    }

    async fn revoke(&self, who: &Agent, gone: NodeId) {
        let (store, known) = (&self.scene.book.store, who.known());
        let partition = known.get().partition();
        let key = [Revocations::key().unwrap()];
        let before = store.read(partition, &key).await.unwrap().remove(0);
        let mut list = Revocations::read(before.as_ref()).unwrap();
        list.nodes.insert(gone.as_str().into());
        let write: Write = list.write(before.as_ref()).unwrap();
        store.commit(partition, &[write]).await.unwrap();
    }
}

#[tokio::test]
async fn who_comes_with_a_proof_that_was_used_is_told_so_and_counted() {
    let child = node(1, all());
    let waiting = Waiting::of(&child).await.approved().await;
    for _ in 0..3 {
        waiting.refused(&child.agent("asks"), Kind::Unauthenticated, "replayed").await;
    }
    let fresh = child.agent("comes");
    waiting.refused(&fresh, Kind::Unauthenticated, "revoked").await;
    assert_eq!(waiting.causes(&fresh).await, ["replayed", "replayed", "replayed", "revoked"]);
    waiting.scene.book.report(&fresh.known()).await.unwrap();
}

#[tokio::test]
async fn who_was_revoked_after_the_approval_is_told_so_and_nothing_runs() {
    let child = node(1, all());
    let waiting = Waiting::of(&child).await.approved().await;
    let fresh = child.agent("comes");
    waiting.revoke(&fresh, id(0)).await;
    waiting.refused(&fresh, Kind::Unauthenticated, "revoked").await;
    assert_eq!(waiting.causes(&fresh).await, ["revoked"]);
    waiting.scene.book.report(&fresh.known()).await.unwrap();
}

#[tokio::test]
async fn of_64_who_come_at_once_one_is_served_and_the_others_are_told_that_it_is_used() {
    let waiting = Arc::new(Waiting::new().await.approved().await);
    let mut all = JoinSet::new();
    for _ in 0..64 {
        let waiting = Arc::clone(&waiting);
        all.spawn(async move { waiting.comes(&agent("ada")).await });
    }
    let slower: Vec<_> = all.join_all().await.into_iter().filter_map(Result::err).collect();
    assert_eq!((slower.len(), waiting.scene.ran()), (63, 1));
    // So many at once may be more than the ledger takes: then nothing is on record, and they are told that.
    let (busy, used): (Vec<_>, Vec<_>) =
        slower.into_iter().partition(|refusal| refusal.cause.word() == "ledger");
    for refusal in &used {
        assert_eq!((refusal.cause.kind(), refusal.cause.word()), (Kind::Conflict, "used"));
        assert!(refusal.receipt.is_some(), "not on record");
    }
    assert!(busy.len() < used.len() && busy.iter().all(|refusal| refusal.receipt.is_none()));
    assert_eq!(waiting.causes(&agent("ada")).await, vec!["used"; used.len()]);
    waiting.events().await;
}

#[tokio::test]
async fn what_nobody_ran_in_its_time_is_over_when_its_agent_asks() {
    let mut waiting = Waiting::new().await.approved().await;
    let look = async |waiting: &Waiting| {
        let shown = agent("ada").presented();
        let ports = &waiting.scene.ports;
        let looked = enforce::status(&shown, &waiting.request, std::time::Duration::ZERO, ports);
        looked.await.ok().unwrap().unwrap().status.state
    };
    assert_eq!(look(&waiting).await, audit::State::Approved);
    let late: Arc<dyn Clock> = Arc::new(At(NOW.0 + 3_600_000));
    let ledger = audit::Ledger::new(waiting.scene.book.store.clone(), Arc::clone(&late));
    (waiting.scene.ports.clock, waiting.scene.ports.ledger) = (late, Arc::new(ledger));
    assert_eq!(look(&waiting).await, audit::State::Expired);
    assert_eq!(look(&waiting).await, audit::State::Expired);
    let events = waiting.events().await;
    assert_eq!(events.iter().filter(|event| event["what"] == "expired").count(), 1);
}

/// What was kept was kept before the record said that nothing of it may go out.
#[tokio::test]
async fn what_was_withheld_is_not_given_out_later() {
    let waiting = Waiting::new().await.approved().await;
    assert!(waiting.comes(&agent("ada")).await.is_ok());
    let request = waiting.request.as_str();
    let head = json!({"parts": 1, "expires": NOW.0 + 60_000}).to_string();
    waiting.put(&format!("kept:{request}"), head.into_bytes()).await;
    waiting.put(&format!("kept:{request}:000"), b"sealed".to_vec()).await;
    assert_eq!(waiting.kept().await.as_deref(), Some("sealed"));
    waiting.fell_while_it_ran().await;
    assert_eq!(waiting.kept().await, None);
}

impl Waiting {
    async fn put(&self, key: &str, value: Vec<u8>) {
        let write = Write::Create { key: Key::new(key).unwrap(), value, expires_at: None };
        let partition = agent("ada").known().get().partition().clone();
        self.scene.book.store.commit(&partition, &[write]).await.unwrap();
    }

    async fn kept(&self) -> Option<String> {
        let (shown, ports) = (agent("ada").presented(), &self.scene.ports);
        let looked = enforce::status(&shown, &self.request, std::time::Duration::ZERO, ports);
        looked.await.ok().unwrap().unwrap().kept
    }

    /// As the second of two outcomes leaves it, where the first found its chain revoked.
    async fn fell_while_it_ran(&self) {
        let partition = agent("ada").known().get().partition().clone();
        let (store, key) = (&self.scene.book.store, audit::status_key(&self.request).unwrap());
        let read = store.read(&partition, std::slice::from_ref(&key)).await.unwrap();
        let before = read.into_iter().flatten().next().unwrap();
        let mut status: audit::Status = serde_json::from_slice(&before.value).unwrap();
        assert_eq!((status.state, &status.cause), (audit::State::Done, &None));
        status.cause = Some("revoked".into());
        let value = serde_json::to_vec(&status).unwrap();
        let write = Write::Replace { key, value, version: before.version, expires_at: None };
        store.commit(&partition, &[write]).await.unwrap();
    }
}
