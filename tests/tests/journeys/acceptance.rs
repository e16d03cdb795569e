//! Whoever tries to run what was not approved, or to approve what they may not: each is refused, each is
//! on record, and nothing has run. Wherever somebody may, the same request runs afterwards, so that it is
//! known what was in the way.

use local_emulator::{
    agent::{Agent, Function, Key},
    configuration::AUDIENCE,
    issuer::Claims,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    case::{Case, Parked, child, play},
    desk::At,
};

const PENDING: (u16, &str) = (409, "approvals/pending");
const CHAIN: (u16, &str) = (403, "approvals/chain");
const TWICE: (u16, &str) = (409, "approvals/twice");
const MISSING: (u16, &str) = (404, "approvals/missing");
const EXPIRED: (u16, &str) = (409, "approvals/expired");
/// What the store holds is not what was put there: nothing that the caller could change about it.
const UNREADABLE: (u16, &str) = (500, "approvals/unreadable");

/// Whoever asks for something close to what was approved waits anew, under another digest.
async fn waits_anew(case: &Case<'_>, agent: &Agent, approved: &Parked, body: Value) -> Parked {
    let other = Parked::of(&agent.post(&body).await.unwrap());
    assert!(other.id != approved.id && other.digest != approved.digest);
    case.refused(&other, &case.comes(agent, &other).await, PENDING, 1).await;
    other
}

#[test]
fn one_changed_byte_of_what_was_approved_does_not_run() {
    play(async |case| {
        let agent = case.support(At::Now);
        let parked = case.park(&agent).await;
        case.approved(&parked).await;
        let mut body = case.change(1);
        body["statement"] = json!("UPDATE orders SET amount = amount +  $1 WHERE id = $2");
        let other = waits_anew(case, &agent, &parked, body).await;
        let mixed = Parked { id: other.id, digest: parked.digest.clone() };
        let dba = case.person("dba-1", &["shop-dba"], At::Now);
        let said = case.says(&dba, &mixed, "approve").await;
        case.refused(&mixed, &said, (409, "approvals/changed"), 1).await;
        case.overwrite(&parked, "amount + $1", "amount - $1");
        case.refused(&parked, &case.comes(&agent, &parked).await, UNREADABLE, 1).await;
        case.overwrite(&parked, "amount - $1", "amount + $1");
        case.runs(&agent, &parked).await;
    });
}

#[test]
fn another_parameter_than_was_approved_does_not_run() {
    play(async |case| {
        let agent = case.support(At::Now);
        let parked = case.park(&agent).await;
        case.approved(&parked).await;
        waits_anew(case, &agent, &parked, case.change(2)).await;
        case.overwrite(&parked, r#""params":["1","#, r#""params":["2","#);
        case.refused(&parked, &case.comes(&agent, &parked).await, UNREADABLE, 1).await;
        case.overwrite(&parked, r#""params":["2","#, r#""params":["1","#);
        // Whatever comes along, what is stored runs.
        let path = format!("/v1/requests/{}/run", parked.id);
        let call = agent.call(Method::POST, Function::Request, &path);
        let ran = call.json(&case.change(2)).send().await.unwrap();
        assert_eq!(ran.status, 200, "{}", ran.text);
        case.has_run_once().await;
    });
}

#[test]
fn no_other_hop_of_the_chain_runs_what_was_approved() {
    play(async |case| {
        let root = case.root(Claims::new("support-agent", "triage", AUDIENCE)).await;
        let parent = child(&root, "parent").await;
        let (asks, beside) = (child(&parent, "asks").await, child(&parent, "beside").await);
        let below = child(&asks, "below").await;
        let parked = case.park(&asks).await;
        case.approved(&parked).await;
        for (before, other) in [&root, &parent, &beside, &below].into_iter().enumerate() {
            case.refused(&parked, &case.comes(other, &parked).await, MISSING, before + 1).await;
            let records = case.records(&parked).await;
            let of = |node: &str| records.iter().any(|record| record.actor.user.uid == node);
            assert!(of(&other.node()), "whoever tried is named");
        }
        case.runs(&asks, &parked).await;
    });
}

#[test]
fn what_was_approved_for_one_target_does_not_run_on_another() {
    play(async |case| {
        let agent = case.support(At::Now);
        let statement = "SELECT a.name FROM customers a, customers b";
        let parked = Parked::of(&agent.query("insight", statement).await.unwrap());
        let dba = case.person("dba-1", &["shop-dba"], At::Now);
        let said = case.says(&dba, &parked, "approve").await;
        assert_eq!(said.body["phase"], json!("granted"), "{}", said.text);
        let body = json!({"target": "shop", "statement": statement});
        waits_anew(case, &agent, &parked, body).await;
        case.overwrite(&parked, r#""target":"insight""#, r#""target":"shop""#);
        case.refused(&parked, &case.comes(&agent, &parked).await, UNREADABLE, 1).await;
        case.overwrite(&parked, r#""target":"shop""#, r#""target":"insight""#);
        assert_eq!(case.comes(&agent, &parked).await.status, 200);
    });
}

#[test]
fn what_was_approved_under_one_policy_does_not_run_under_another() {
    play(async |case| {
        let agent = case.support(At::Now);
        let parked = case.park(&agent).await;
        case.approved(&parked).await;
        let came = case.comes(&case.support(At::Changed), &parked).await;
        case.refused(&parked, &came, (409, "approvals/changed"), 1).await;
        case.runs(&agent, &parked).await;
    });
}

#[test]
fn what_was_approved_and_not_fetched_in_time_does_not_run() {
    play(async |case| {
        let agent = case.support(At::Now);
        let parked = case.park(&agent).await;
        case.approved(&parked).await;
        let came = case.comes(&case.support(At::Later), &parked).await;
        case.refused(&parked, &came, EXPIRED, 1).await;
        case.runs(&agent, &parked).await;
    });
}

#[test]
fn whoever_approves_too_late_approves_nothing() {
    play(async |case| {
        let agent = case.support(At::Now);
        let parked = case.park(&agent).await;
        let first = case.person("dba-1", &["shop-dba"], At::Now);
        assert_eq!(case.says(&first, &parked, "approve").await.status, 200);
        let late = case.person("privacy-1", &["shop-privacy"], At::Later);
        case.refused(&parked, &case.says(&late, &parked, "approve").await, EXPIRED, 1).await;
        let came = case.comes(&case.support(At::Later), &parked).await;
        case.refused(&parked, &came, EXPIRED, 2).await;
    });
}

#[test]
fn nobody_approves_what_they_ask_for_themselves() {
    play(async |case| {
        let both = ["shop-dba", "shop-privacy"];
        for (subject, other) in [("dba-9", "dba-9"), ("Ann@example.com", "ann@EXAMPLE.com")] {
            let agent = case.agent(subject, At::Now, json!({}));
            let parked = case.park(&agent).await;
            let own = case.says(&case.person(other, &both, At::Now), &parked, "approve").await;
            case.refused(&parked, &own, CHAIN, 1).await;
            case.refused(&parked, &case.comes(&agent, &parked).await, PENDING, 1).await;
        }
    });
}

#[test]
fn nobody_of_the_chain_approves_what_its_last_hop_asks_for() {
    play(async |case| {
        let root = case.root(Claims::new("dba-6", "dba-7", AUDIENCE)).await;
        let last = child(&child(&root, "parent").await, "last").await;
        let delegated = case.agent("support-agent", At::Now, json!({"act": {"sub": "dba-8"}}));
        for (agent, people) in [(last, &["dba-6", "dba-7"][..]), (delegated, &["dba-8"][..])] {
            let parked = case.park(&agent).await;
            for (before, person) in people.iter().enumerate() {
                let person = case.person(person, &["shop-dba"], At::Now);
                let said = case.says(&person, &parked, "approve").await;
                case.refused(&parked, &said, CHAIN, before + 1).await;
            }
            case.refused(&parked, &case.comes(&agent, &parked).await, PENDING, 1).await;
        }
    });
}

#[test]
fn one_person_in_two_groups_is_one_of_two_people() {
    play(async |case| {
        let agent = case.support(At::Now);
        let parked = case.park(&agent).await;
        let both = ["shop-dba", "shop-privacy"];
        let person = |name: &str, groups: &[&str]| case.person(name, groups, At::Now);
        let first = case.says(&person("ann@example.com", &both), &parked, "approve").await;
        assert_eq!(first.body["phase"], json!("pending"), "{}", first.text);
        for (before, (name, groups)) in [
            ("ann@example.com", &both[..]),
            ("ann@example.com", &["shop-privacy"]),
            ("Ann@Example.com", &["shop-dba"]),
        ]
        .into_iter()
        .enumerate()
        {
            let again = case.says(&person(name, groups), &parked, "approve").await;
            case.refused(&parked, &again, TWICE, before + 1).await;
        }
        case.refused(&parked, &case.comes(&agent, &parked).await, PENDING, 1).await;
        let second = case.says(&person("dba-1", &["shop-dba"]), &parked, "approve").await;
        assert_eq!(second.body["phase"], json!("granted"), "{}", second.text);
        case.runs(&agent, &parked).await;
    });
}

#[test]
fn what_its_agent_took_back_is_neither_approved_nor_run() {
    play(async |case| {
        let agent = case.support(At::Now);
        let parked = case.park(&agent).await;
        case.approved(&parked).await;
        let path = format!("/v1/requests/{}", parked.id);
        let taken = agent.call(Method::DELETE, Function::Request, &path).send().await.unwrap();
        assert_eq!(taken.status, 204, "{}", taken.text);
        let withdrawn = (409, "approvals/withdrawn");
        case.refused(&parked, &case.comes(&agent, &parked).await, withdrawn, 1).await;
        let late = case.person("dba-2", &["shop-dba"], At::Now);
        let said = case.says(&late, &parked, "approve").await;
        case.refused(&parked, &said, withdrawn, 2).await;
    });
}

#[test]
fn what_has_run_does_not_run_again() {
    play(async |case| {
        let agent = case.support(At::Now);
        let parked = case.park(&agent).await;
        case.approved(&parked).await;
        case.runs(&agent, &parked).await;
        for times in 1..=2 {
            let again = case.comes(&agent, &parked).await;
            assert_eq!((again.status, again.problem()), (409, Some("approvals/used")));
            let records = case.records(&parked).await;
            let used = |record: &&audit::Record| match &record.unmapped.event {
                audit::Event::Refusal(why) => why.cause == "used",
                _ => false,
            };
            assert_eq!(records.iter().filter(used).count(), times);
        }
        case.has_run_once().await;
    });
}

#[test]
fn whoever_has_stolen_a_ticket_has_nothing_without_its_key() {
    play(async |case| {
        let root = case.root(Claims::new("support-agent", "triage", AUDIENCE)).await;
        let asks = child(&root, "asks").await;
        let parked = case.park(&asks).await;
        case.approved(&parked).await;
        // With its token as well, and a key of their own, they are nobody; whom nobody knows has no
        // chain to be on record in.
        let thief = Agent::holding(asks.at(), asks.token(), Some(Key::fresh().unwrap()));
        let came = case.comes(&thief, &parked).await;
        assert_eq!((came.status, came.problem()), (401, Some("identity/token")), "{}", came.text);
        let other = case.root(Claims::new("thief", "triage", AUDIENCE)).await;
        case.refused(&parked, &case.comes(&other, &parked).await, MISSING, 1).await;
        case.runs(&asks, &parked).await;
    });
}
