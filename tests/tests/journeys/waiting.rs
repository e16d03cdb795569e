//! What waits for people, on the real functions: who may decide, from where, and what becomes of it.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use local_emulator::{
    agent::{Agent, Answer, Function, Key, rights},
    configuration::PEOPLE,
    emulator::Cloud,
    issuer::Claims,
    ledger, story,
};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::stage::Stage;

/// What asks two of dba.
const EXPORT: &str = "SELECT name, ssn FROM customers";

/// The token of somebody who has just logged in.
fn token(stage: &Stage, subject: &str, groups: &[&str]) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let claims = Claims::new(subject, "console", PEOPLE).groups(groups);
    let more = Map::from_iter([("auth_time".to_owned(), now.into())]);
    stage.emulator().issuer.token(&Claims { more, ..claims }).unwrap()
}

/// Somebody at the function where people decide.
fn person(stage: &Stage, cloud: Cloud, token: &str) -> Agent {
    let url = stage.emulator().people_url(cloud).expect("`local-emulator/functions` builds it");
    Agent::new(&story::client().unwrap(), &url, token)
}

fn dba(stage: &Stage, cloud: Cloud, subject: &str) -> Agent {
    person(stage, cloud, &token(stage, subject, &["shop-dba"]))
}

/// A request that waits.
struct Parked {
    id: String,
    digest: String,
}

async fn park(agent: &Agent) -> Parked {
    let answer = agent.query("shop", EXPORT).await.unwrap();
    assert_eq!(answer.status, 202, "{}", answer.text);
    let text = |name: &str| answer.body[name].as_str().unwrap().to_owned();
    Parked { id: text("request"), digest: text("digest") }
}

impl Parked {
    async fn says(&self, person: &Agent, verdict: &str) -> Answer {
        let path = format!("/v1/approvals/{}/decision", self.id);
        let said = json!({"verdict": verdict, "digest": self.digest});
        person.call(Method::POST, Function::Request, &path).json(&said).send().await.unwrap()
    }

    async fn approved(&self, stage: &Stage, cloud: Cloud) {
        for (subject, phase) in [("dba-1", "pending"), ("dba-2", "granted")] {
            let said = self.says(&dba(stage, cloud, subject), "approve").await;
            assert_eq!(said.body["phase"], json!(phase), "{}", said.text);
        }
    }

    async fn run(&self, agent: &Agent) -> Answer {
        let path = format!("/v1/requests/{}/run", self.id);
        agent.call(Method::POST, Function::Request, &path).send().await.unwrap()
    }
}

#[test]
fn what_was_approved_runs_for_its_own_agent_and_once() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            let parked = park(&agent).await;
            assert_eq!(parked.run(&agent).await.problem(), Some("approvals/pending"));
            parked.approved(&stage, cloud).await;
            let other = stage.agent(cloud, "another", &["shop-support"]);
            assert_eq!(parked.run(&other).await.problem(), Some("approvals/missing"));
            let ran = parked.run(&agent).await;
            assert_eq!(ran.status, 200, "{}", ran.text);
            assert_eq!(ran.cell(0, 1), &json!("[masked:ssn]"));
            let again = parked.run(&agent).await;
            assert_eq!((again.status, again.problem()), (409, Some("approvals/used")));
            assert!(again.receipt.is_some(), "it is on record");
            ledger::verify(&stage.emulator().ledger(cloud)).await.unwrap();
        }
    });
}

#[test]
fn a_ticket_is_worth_nothing_with_another_key() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let at = stage.emulator().deployment(cloud, &story::client().unwrap());
            let wanted = rights("shop", &["select"], &["public.customers"]);
            let login = story::support(stage.emulator()).unwrap();
            let begin = async || {
                let key = Key::fresh().unwrap();
                at.exchange(&login, &key, Some(&wanted)).await.unwrap()
            };
            let (agent, sibling) = (begin().await, begin().await);
            let parked = park(&agent).await;
            let thief = Agent::holding(&at, agent.token(), Some(Key::fresh().unwrap()));
            assert_eq!(parked.run(&thief).await.status, 401);
            let refused = parked.run(&sibling).await;
            assert_eq!((refused.status, refused.problem()), (404, Some("approvals/missing")));
            assert!(refused.receipt.is_some(), "it is on record");
        }
    });
}

#[test]
fn nobody_decides_for_themselves_or_twice_or_with_an_agents_token() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            let parked = park(&agent).await;
            let own = parked.says(&dba(&stage, cloud, "support-agent"), "approve").await;
            assert_eq!((own.status, own.problem()), (403, Some("approvals/chain")));
            let first = dba(&stage, cloud, "dba-1");
            assert_eq!(parked.says(&first, "approve").await.status, 200);
            assert_eq!(parked.says(&first, "approve").await.problem(), Some("approvals/twice"));
            // What an agent holds to ask in somebody's name is not that somebody's word.
            let held = stage.agent(cloud, "dba-2", &["shop-dba"]);
            assert!(matches!(
                parked.says(&person(&stage, cloud, held.token()), "approve").await.status,
                401 | 403
            ));
            let cook = person(&stage, cloud, &token(&stage, "cook-1", &["shop-support"]));
            assert_eq!(parked.says(&cook, "approve").await.status, 404);
            assert_eq!(parked.says(&dba(&stage, cloud, "dba-3"), "refuse").await.status, 200);
            let late = parked.says(&dba(&stage, cloud, "dba-2"), "approve").await;
            assert_eq!((late.status, late.problem()), (409, Some("approvals/refused")));
            assert_eq!(parked.run(&agent).await.problem(), Some("approvals/refused"));
        }
    });
}

#[test]
fn whoever_waits_for_news_hears_when_there_is_some() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            let parked = park(&agent).await;
            let path = format!("/v1/requests/{}", parked.id);
            let waits = tokio::spawn({
                let (agent, path) = (agent.clone(), format!("{path}?wait=20"));
                async move { agent.get(&path).await.unwrap() }
            });
            let taken = agent.call(Method::DELETE, Function::Request, &path).send().await.unwrap();
            assert_eq!(taken.status, 204, "{}", taken.text);
            assert_eq!(waits.await.unwrap().body["state"], json!("withdrawn"));
            assert_eq!(parked.run(&agent).await.problem(), Some("approvals/withdrawn"));
            let late = parked.says(&dba(&stage, cloud, "dba-1"), "approve").await;
            assert_eq!(late.problem(), Some("approvals/withdrawn"));
            assert_eq!(agent.get(&format!("{path}?wait=21")).await.unwrap().status, 400);
        }
    });
}

/// Calls `postern approvals`, which is built beside these tests. The token goes in on standard input.
fn terminal(url: &str, token: &str, arguments: &[&str]) -> (bool, String) {
    let me = std::env::current_exe().unwrap();
    let found = me.ancestors().skip(1).take(2).map(|folder| folder.join("postern"));
    let program: Option<PathBuf> = found.into_iter().find(|path| path.is_file());
    let program = program.expect("`cargo build -p local-emulator --bins` builds `postern`");
    let mut child = Command::new(program)
        .args(["approvals", "--url", url, "--json"])
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn somebody_in_a_terminal_approves_what_they_have_read() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            let parked = park(&agent).await;
            let url = stage.emulator().people_url(cloud).unwrap();
            let call = async |token: &str, arguments: &[&str]| {
                let (url, token) = (url.clone(), token.to_owned());
                let arguments: Vec<String> = arguments.iter().map(|&text| text.into()).collect();
                let work = move || {
                    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                    terminal(&url, &token, &arguments)
                };
                tokio::task::spawn_blocking(work).await.unwrap()
            };
            let first = token(&stage, "dba-1", &["shop-dba"]);
            let (listed, all) = call(&first, &["list"]).await;
            assert!(listed && all.contains(&parked.id), "{all}");
            let (shown, whole) = call(&first, &["show", &parked.id]).await;
            let whole: Value = serde_json::from_str(&whole).unwrap();
            assert!(shown && whole["statement"] == json!(EXPORT), "{whole}");
            let wrong = "000000000000";
            let (approved, _) = call(&first, &["approve", &parked.id, "--digest", wrong]).await;
            assert!(!approved, "a digest of something else is taken");
            for subject in ["dba-1", "dba-2"] {
                let token = token(&stage, subject, &["shop-dba"]);
                let prefix = parked.digest.get(..12).unwrap();
                let (approved, said) =
                    call(&token, &["approve", &parked.id, "--digest", prefix]).await;
                assert!(approved, "{said}");
            }
            assert_eq!(parked.run(&agent).await.status, 200);
        }
    });
}
