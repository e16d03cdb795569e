//! What people were asked about comes back: once, as it was, for whoever asked, and not otherwise.

mod held;
mod order;

use std::sync::Arc;

use approvals::{Said, Verdict};
use decisions::{Desk, Error as Undecided};
use enforce::{Cause, Kind, Redemption, Refusal, Released, Ticket, redeem};
use identity::{Person, Verified};
use request::{Clock, Deadline, Digest, Millis, RequestId, Source};
use serde_json::{Value, json};

use super::{Act, Scene};
use crate::stand::{Agent, NOW, Stand, agent, asking};

const ASKS: &str = r#"@id("ask") @approvers("2 of dba, 1 of privacy")
    permit(principal, action, resource);"#;

/// A clock that stands at another moment.
struct At(u64);

impl Clock for At {
    fn now(&self) -> Millis {
        Millis(self.0)
    }
}

/// Somebody in these groups who has just logged in.
fn person(subject: &str, groups: &[&str]) -> Verified<Person> {
    let kept = json!({
        "acr": null, "auth_time": NOW.seconds() - 60, "groups": groups, "issuer": "corp",
        "name": null, "subject": subject, "until": NOW.0 + 60_000, "v": 1,
    });
    identity::recalled(kept.to_string().as_bytes(), NOW).unwrap()
}

/// A request of ada's that waits.
struct Waiting {
    scene: Scene,
    request: RequestId,
    digest: Digest,
}

impl Waiting {
    async fn under(policies: &str) -> Self {
        let scene = Scene::under(policies, Act::Shows);
        let ask = asking("select id, note from orders where id > $1").with(&[json!(6)]);
        let ask = ask.ask(&agent("ada"));
        let request = ask.id.clone();
        let refusal = scene.ask(ask).await.err().unwrap();
        let digest = refusal.cause.parked().unwrap().digest();
        Self { scene, request, digest }
    }

    async fn new() -> Self {
        Self::under(ASKS).await
    }

    fn desk(&self) -> Desk {
        Desk { ledger: Arc::clone(&self.scene.ports.ledger), waker: None }
    }

    async fn says(&self, who: &Verified<Person>, verdict: Verdict) -> Result<(), Undecided> {
        self.says_to(self.digest, who, verdict).await
    }

    async fn says_to(
        &self,
        digest: Digest,
        who: &Verified<Person>,
        verdict: Verdict,
    ) -> Result<(), Undecided> {
        let said = Said { digest, verdict, comment: Some("seen".into()) };
        let source = Source::default();
        decisions::decide(&self.request, said, who, &source, &self.desk()).await.map(drop)
    }

    /// As many as are wanted say yes.
    async fn approved(self) -> Self {
        for (subject, group) in [("dba-1", "dba"), ("dba-2", "dba"), ("dpo-1", "privacy")] {
            self.says(&person(subject, &[group]), Verdict::Approve).await.unwrap();
        }
        self
    }

    async fn comes(&self, who: &Agent) -> Result<Released, Refusal> {
        redeem(self.redemption(who), &self.scene.ports).await
    }

    fn redemption(&self, who: &Agent) -> Redemption {
        Redemption {
            presented: who.presented(),
            request: self.request.clone(),
            source: Source::default(),
            deadline: Deadline::within(std::time::Duration::from_secs(20)),
        }
    }

    /// That nothing ran, why, and that it is on record.
    async fn refused(&self, who: &Agent, kind: Kind, word: &str) {
        let refusal = self.comes(who).await.err().expect("it is released");
        assert_eq!((refusal.cause.kind(), refusal.cause.word()), (kind, word));
        assert!(refusal.receipt.is_some(), "not on record: {word}");
        assert_eq!(self.scene.ran(), 0);
    }

    /// The events of ada's chain, and that a stranger to us finds nothing wrong with them.
    async fn events(&self) -> Vec<Value> {
        self.scene.book.report(&agent("ada").known()).await.unwrap();
        self.scene.events().await
    }
}

#[tokio::test]
async fn what_enough_people_approved_runs_once_and_is_on_record_whole() {
    let waiting = Waiting::new().await.approved().await;
    let released = waiting.comes(&agent("ada")).await.ok().unwrap();
    assert_eq!(released.rows().json(), br#"[[7,"ask [masked:email]"]]"#);
    let again = waiting.comes(&agent("ada")).await.err().unwrap();
    assert_eq!((again.cause.kind(), again.cause.word()), (Kind::Conflict, "used"));
    assert_eq!(waiting.scene.ran(), 1);

    let events = waiting.events().await;
    let told: Vec<_> = events.iter().map(|event| (&event["kind"], &event["what"])).collect();
    let (approval, approved) = (json!("approval"), json!("approved"));
    assert_eq!(told[0], (&approval, &json!("asked")));
    assert_eq!(told[1..4], [(&approval, &approved); 3]);
    assert_eq!(events[4]["approval"], json!(waiting.digest));
    assert_eq!(
        events[3]["by"],
        json!({"issuer": "corp", "subject": "dpo-1", "groups": ["privacy"]})
    );
    assert_eq!(
        (&events[5]["kind"], &events[6]["ticket"]),
        (&json!("outcome"), &json!(waiting.request))
    );
}

#[tokio::test]
async fn nothing_runs_before_everybody_has_agreed_who_has_to() {
    let waiting = Waiting::new().await;
    for (subject, group) in [("dba-1", "dba"), ("dba-2", "dba")] {
        waiting.refused(&agent("ada"), Kind::Conflict, "pending").await;
        waiting.says(&person(subject, &[group]), Verdict::Approve).await.unwrap();
    }
    waiting.refused(&agent("ada"), Kind::Conflict, "pending").await;
    waiting.events().await;
}

#[tokio::test]
async fn one_refusal_ends_it_even_after_it_was_granted() {
    let waiting = Waiting::new().await.approved().await;
    waiting.says(&person("dba-3", &["dba"]), Verdict::Refuse).await.unwrap();
    waiting.refused(&agent("ada"), Kind::Conflict, "refused").await;
    let late = waiting.says(&person("dba-4", &["dba"]), Verdict::Approve).await;
    assert_eq!(late.err().unwrap().word(), "refused");
}

#[tokio::test]
async fn an_approval_that_was_taken_back_does_not_count() {
    let waiting = Waiting::new().await.approved().await;
    let dba = person("dba-2", &["dba"]);
    let (source, desk) = (Source::default(), waiting.desk());
    decisions::retract(&waiting.request, &dba, &source, &desk).await.ok().unwrap();
    waiting.refused(&agent("ada"), Kind::Conflict, "pending").await;
    waiting.says(&dba, Verdict::Approve).await.unwrap();
    assert!(waiting.comes(&agent("ada")).await.is_ok());
    let late = decisions::retract(&waiting.request, &dba, &source, &desk).await;
    assert_eq!(late.err().unwrap().word(), "used");
    waiting.events().await;
}

#[tokio::test]
async fn what_its_agent_took_back_does_not_run() {
    let waiting = Waiting::new().await.approved().await;
    let (shown, source) = (agent("ada").presented(), Source::default());
    enforce::withdraw(&shown, &waiting.request, &source, &waiting.scene.ports).await.ok().unwrap();
    waiting.refused(&agent("ada"), Kind::Conflict, "withdrawn").await;
    waiting.events().await;
}

#[tokio::test]
async fn what_waited_too_long_does_not_run() {
    let mut waiting = Waiting::new().await.approved().await;
    waiting.scene.ports.clock = Arc::new(At(NOW.0 + 3_600_000));
    waiting.refused(&agent("ada"), Kind::Conflict, "expired").await;
}

#[tokio::test]
async fn a_ticket_is_worth_nothing_in_another_hand() {
    let waiting = Waiting::new().await.approved().await;
    waiting.refused(&agent("bob"), Kind::Missing, "missing").await;
    let other_software = agent("ada").claim("client_id", json!("script"));
    waiting.refused(&other_software, Kind::Missing, "missing").await;
    assert!(waiting.comes(&agent("ada")).await.is_ok());
}

#[tokio::test]
async fn a_new_policy_asks_anew() {
    let mut waiting = Waiting::new().await.approved().await;
    waiting.scene.ports.policies =
        Stand::new(&format!("{ASKS} // the same, and not the same")).policies;
    waiting.refused(&agent("ada"), Kind::Conflict, "changed").await;
    let free = r#"@id("free") permit(principal, action, resource);"#;
    waiting.scene.ports.policies = Stand::new(free).policies;
    waiting.refused(&agent("ada"), Kind::Conflict, "changed").await;
}

#[tokio::test]
async fn a_window_that_is_shut_keeps_the_approval_for_when_it_opens() {
    // NOW is on a Thursday.
    let asks = r#"@id("ask") @approvers("1 of dba") @approve_within("7d") @run_window("Sat 00:00-04:00 Europe/Berlin")
        permit(principal, action, resource);"#;
    let mut waiting = Waiting::under(asks).await;
    waiting.says(&person("dba-1", &["dba"]), Verdict::Approve).await.unwrap();
    waiting.refused(&agent("ada"), Kind::Conflict, "window").await;
    let mut open = (0..7 * 24).map(|hour| NOW.0 + hour * 3_600_000).map(Millis);
    let window = policy::Window::try_from("Sat 00:00-04:00 Europe/Berlin".to_owned()).unwrap();
    let open = open.find(|at| window.open_at(*at)).unwrap();
    waiting.scene.ports.clock = Arc::new(At(open.0));
    assert!(waiting.comes(&agent("ada")).await.is_ok());
}

#[tokio::test]
async fn nobody_decides_about_themselves_or_twice_or_about_something_else() {
    let waiting = Waiting::new().await;
    let approve = Verdict::Approve;
    let own = waiting.says(&person("ada", &["dba"]), approve).await;
    let software = waiting.says(&person("notebook", &["dba"]), approve).await;
    assert_eq!([own, software].map(|said| said.err().unwrap().word()), ["chain"; 2]);
    waiting.says(&person("dba-1", &["dba", "privacy"]), approve).await.unwrap();
    let twice = waiting.says(&person("dba-1", &["privacy"]), approve).await;
    let other = Digest::of(b"something else");
    let other = waiting.says_to(other, &person("dba-2", &["dba"]), approve).await;
    let outside = waiting.says(&person("cook-1", &["kitchen"]), approve).await;
    let words = [twice, other, outside].map(|said| said.err().unwrap().word());
    assert_eq!(words, ["twice", "changed", "missing"]);
    let events = waiting.events().await;
    let barred = events.iter().filter(|event| event["what"] == "barred");
    let causes: Vec<_> = barred.map(|event| event["cause"].as_str().unwrap()).collect();
    assert_eq!(causes, ["chain", "chain", "twice", "changed"]);
}

#[tokio::test]
async fn somebody_in_two_groups_fills_one_place() {
    let waiting = Waiting::new().await;
    for subject in ["both-1", "both-2"] {
        waiting.says(&person(subject, &["dba", "privacy"]), Verdict::Approve).await.unwrap();
    }
    waiting.refused(&agent("ada"), Kind::Conflict, "pending").await;
    waiting.says(&person("both-3", &["dba", "privacy"]), Verdict::Approve).await.unwrap();
    assert!(waiting.comes(&agent("ada")).await.is_ok());
}

#[tokio::test]
async fn a_workflow_does_not_run_for_an_agent_that_showed_no_key() {
    let waiting = Waiting::new().await.approved().await;
    let partition = agent("ada").known().get().partition().clone();
    let ticket = Ticket { partition, request: waiting.request.clone() };
    let deadline = Deadline::within(std::time::Duration::from_secs(20));
    let refusal = enforce::run(&ticket, deadline, &waiting.scene.ports).await.err().unwrap();
    assert!(matches!(refusal.cause, Cause::Ownerless) && refusal.receipt.is_some());
    assert!(waiting.comes(&agent("ada")).await.is_ok());
}

#[tokio::test]
async fn who_is_asked_sees_it_in_the_queue_and_whole_and_that_is_on_record_once() {
    let waiting = Waiting::new().await;
    let (dba, cook) = (person("dba-1", &["dba"]), person("cook-1", &["kitchen"]));
    let desk = waiting.desk();
    let [entry] = &decisions::queue(&dba, &desk).await.unwrap().all[..] else {
        panic!("one waits")
    };
    assert_eq!(
        (entry.statement.as_str(), entry.barred),
        ("select id, note from orders where id > $1", None)
    );
    assert_eq!(entry.missing, [("dba".to_owned(), 2), ("privacy".to_owned(), 1)].into());
    assert!(decisions::queue(&cook, &desk).await.unwrap().all.is_empty());
    for _ in 0..2 {
        let source = Source::default();
        let sheet = decisions::sheet(&waiting.request, &dba, &source, &desk).await.unwrap();
        assert_eq!(sheet.waiting.sealed().digest(), waiting.digest);
    }
    let stranger = decisions::sheet(&waiting.request, &cook, &Source::default(), &desk).await;
    assert_eq!(stranger.err().unwrap().word(), "missing");
    let events = waiting.events().await;
    assert_eq!(events.iter().filter(|event| event["what"] == "shown").count(), 1);
}
