//! Two people agree to what waits, and its agent comes for it many times at once: the function on a
//! cloud's own store serves it one time.

use std::sync::Arc;

use approvals::{Said, Verdict};
use audit::Ledger;
use decisions::Desk;
use host::SystemClock;
use identity::{Person, Verified};
use local_emulator::agent::{Agent, Answer, Function};
use request::{Clock as _, Digest, RequestId, Source};
use reqwest::Method;
use serde_json::json;
use state::Store;
use tokio::task::JoinSet;

/// Two say yes to what was answered with a ticket; the agent comes 64 times.
pub(crate) async fn agree_and_come_at_once(store: Arc<dyn Store>, agent: &Agent, parked: &Answer) {
    let ledger = Arc::new(Ledger::new(store, Arc::new(SystemClock)));
    let desk = Desk { ledger, waker: None };
    let request = RequestId::new(parked.body["request"].as_str().unwrap()).unwrap();
    let digest = Digest::from_hex(parked.body["digest"].as_str().unwrap()).unwrap();
    for subject in ["dba-1", "dba-2"] {
        let said = Said { digest, verdict: Verdict::Approve, comment: None };
        let (by, source) = (dba(subject), Source::default());
        let decided = decisions::decide(&request, said, &by, &source, &desk).await;
        assert!(decided.is_ok(), "{:?}", decided.err());
    }
    let status = format!("/v1/requests/{request}");
    assert_eq!(agent.get(&status).await.unwrap().body["state"], json!("approved"));

    let mut all = JoinSet::new();
    for _ in 0..64 {
        let (agent, path) = (agent.clone(), format!("{status}/run"));
        all.spawn(async move {
            agent.call(Method::POST, Function::Request, &path).send().await.unwrap()
        });
    }
    let answers = all.join_all().await;
    let (served, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|one| one.status == 200);
    assert_eq!(served.len(), 1, "{:?}", refused.first());
    // Some find it used, others find so many at the ledger that it is busy.
    let known = |one: &&Answer| matches!(one.status, 409 | 429 | 503);
    assert!(refused.iter().all(known), "{refused:?}");
    assert_eq!(agent.get(&status).await.unwrap().body["state"], json!("done"));
}

/// Somebody in the group that is asked, who has just logged in.
fn dba(subject: &str) -> Verified<Person> {
    let now = SystemClock.now();
    let kept = json!({
        "acr": null, "auth_time": now.seconds() - 60, "groups": ["dba"], "issuer": "people",
        "name": null, "subject": subject, "until": now.0 + 60_000, "v": 1,
    });
    identity::recalled(kept.to_string().as_bytes(), now).unwrap()
}
