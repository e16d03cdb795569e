//! Attacks 26, 27, 29 and 31 on the real functions: proofs that come twice, together, or changed.

use std::collections::BTreeMap;

use audit::{Event, Record};
use local_emulator::{
    agent::{ACCESS_TOKEN, Agent, Call, Draft, EXCHANGE, Function, Key},
    emulator::Cloud,
    ledger,
};
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    stage::{Hosts, Stage, child, query, said},
    stand::signer::base64url,
};

const BODY: &str = r#"{"target":"shop","statement":"SELECT item FROM orders WHERE id = 7"}"#;

/// A proof of the agent's for reading an order, changed before it is signed.
fn made(agent: &Agent, change: impl FnOnce(Draft) -> Draft) -> String {
    let (key, url) =
        (agent.key().unwrap(), format!("{}/v1/query", agent.at().base(Function::Request)));
    let draft = Draft::new(key, "POST", &url).token(agent.token()).body(BODY.as_bytes());
    change(draft).sign(key).unwrap()
}

fn asks(agent: &Agent) -> Call {
    let call = agent.call(Method::POST, Function::Request, "/v1/query");
    call.bytes(BODY.as_bytes().to_vec())
}

#[test]
fn attack_26_one_token_one_scheme_one_proof() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let bearer = format!("Bearer {}", root.token());
            let dpop = format!("DPoP {}", root.token());
            let proof = || made(&root, |draft| draft);
            let (one, two) = (proof(), proof());
            for (what, call, wants) in [
                ("two proofs", asks(&root).proofs(&[&one, &two]), 400),
                ("a proof twice", asks(&root).proofs(&[&one, &one]), 400),
                ("no proof", asks(&root).proofs(&[]), 401),
                ("an empty proof", asks(&root).proofs(&[""]), 401),
                ("as a bearer's", asks(&root).authorizations(&[&bearer]).proofs(&[]), 401),
                ("as a bearer's, with a proof", asks(&root).authorizations(&[&bearer]), 401),
                ("no scheme", asks(&root).authorizations(&[root.token()]), 401),
            ] {
                let answer = call.send().await.unwrap();
                assert_eq!(answer.status, wants, "{what} on {}: {}", cloud.name(), answer.text);
                assert!(answer.status == 400 || answer.challenge.is_some(), "{what}");
            }
            let two = asks(&root).authorizations(&[&dpop, &dpop]).send().await.unwrap();
            assert!(matches!(two.status, 400 | 401), "{}", two.text);
            // An issuer's own token beside a good proof stays a bearer's; with a bad one it is nothing.
            let login = Agent::holding(root.at(), &stage.login(), Some(Key::fresh().unwrap()));
            let bearer = format!("Bearer {}", login.token());
            let good = asks(&login).authorizations(&[&bearer]).send().await.unwrap();
            assert_eq!(good.status, 200, "{}", good.text);
            let bad = made(&login, |draft| draft.claim("htm", "GET".into()));
            let bad = asks(&login).authorizations(&[&bearer]).proofs(&[&bad]).send().await.unwrap();
            assert_eq!(said(&bad), (401, "identity/proof"), "{}", bad.text);
        }
    });
}

/// A hundred at once, ten at a time: as many as there may be instances. Each of the places in turn.
async fn hundred(agents: &[Agent], proof: &str) -> Vec<u16> {
    let mut asking = JoinSet::new();
    let mut statuses = Vec::new();
    for n in 0..100 {
        if asking.len() == 10 {
            statuses.extend(asking.join_next().await.map(|answer| answer.unwrap()));
        }
        let call = asks(&agents[n % agents.len()]).proofs(&[proof]);
        asking.spawn(async move { call.send().await.unwrap().status });
    }
    while let Some(answer) = asking.join_next().await {
        statuses.push(answer.unwrap());
    }
    statuses
}

/// So many answers of each status.
fn tally(statuses: &[u16]) -> BTreeMap<u16, usize> {
    statuses.iter().fold(BTreeMap::new(), |mut tally, status| {
        *tally.entry(*status).or_default() += 1;
        tally
    })
}

/// How many statements were begun, by the record.
async fn begun(stage: &Stage, cloud: Cloud) -> usize {
    let records = ledger::records(&stage.emulator().ledger(cloud)).await.unwrap();
    let intent = |record: &&Record| matches!(record.unmapped.event, Event::Intent(_));
    records.iter().filter(intent).count()
}

#[test]
fn attack_27_of_a_hundred_requests_with_one_proof_one_is_served() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let (one, other) =
                (Hosts::start(&stage, cloud).await, Hosts::start(&stage, cloud).await);
            let root = stage.root(one.at()).await;
            for (what, at) in
                [("one function", vec![one.at()]), ("two functions", vec![one.at(), other.at()])]
            {
                let agent = child(&root, "replayed").await;
                let at =
                    at.iter().map(|at| Agent::holding(at, agent.token(), agent.key().cloned()));
                let before = begun(&stage, cloud).await;
                let statuses = hundred(&at.collect::<Vec<_>>(), &made(&agent, |draft| draft)).await;
                let tally = tally(&statuses);
                let place = format!("{what} of {}: {tally:?}", cloud.name());
                assert_eq!(tally.get(&200), Some(&1), "{place}");
                // 503: so many competed for one item that this one was not decided.
                assert!(tally.keys().all(|status| [200, 401, 503].contains(status)), "{place}");
                assert_eq!(begun(&stage, cloud).await - before, 1, "{place}");
            }
            one.stop().await;
            other.stop().await;
        }
    });
}

/// Where few replays are borne, the one that was served may be among those that get nothing; what it
/// asked for was begun once all the same.
#[test]
fn attack_27_a_proof_that_comes_again_and_again_ends_its_node() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let impatient = [("issuer =", "replays = 3\nissuer =")];
            let hosts = stage.changed(cloud, "tokens.toml", &impatient).await;
            let root = stage.root(hosts.at()).await;
            let agent = child(&root, "replayed").await;
            let before = begun(&stage, cloud).await;
            let statuses =
                hundred(std::slice::from_ref(&agent), &made(&agent, |draft| draft)).await;
            let tally = tally(&statuses);
            let place = format!("on {}: {tally:?}", cloud.name());
            assert!(tally.get(&200).is_none_or(|served| *served == 1), "{place}");
            assert!(tally.keys().all(|status| [200, 401, 503].contains(status)), "{place}");
            assert_eq!(begun(&stage, cloud).await - before, 1, "{place}");
            let after = asks(&agent).send().await.unwrap();
            assert_eq!(said(&after), (401, "identity/revoked"), "{place}");
            assert_eq!(asks(&root).send().await.unwrap().status, 200, "{place}");
            hosts.stop().await;
        }
    });
}

#[test]
fn attack_27_a_ledger_with_replays_in_it_is_proven() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let proof = made(&root, |draft| draft);
            for status in [200, 401] {
                let answer = asks(&root).proofs(&[&proof]).send().await.unwrap();
                assert_eq!(answer.status, status, "{}", answer.text);
            }
            ledger::verify(&stage.emulator().ledger(cloud)).await.unwrap();
        }
    });
}

#[test]
fn attack_27_a_proof_is_used_up_at_every_door() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let proof = made(&root, |draft| draft);
            assert_eq!(asks(&root).proofs(&[&proof]).send().await.unwrap().status, 200);
            let again = asks(&root).proofs(&[&proof]).send().await.unwrap();
            assert_eq!(again.status, 401, "{}", again.text);
            let spawn = json!({"label": "x"}).to_string();
            let url = format!("{}/v1/spawn", root.at().base(Function::Token));
            let key = root.key().unwrap();
            let proof = key.proof("POST", &url, Some(root.token()), Some(spawn.as_bytes()), None);
            let proof = proof.unwrap();
            let call = root.call(Method::POST, Function::Token, "/v1/spawn");
            let call = call.bytes(spawn.into_bytes()).proofs(&[&proof]);
            assert_eq!(call.clone().send().await.unwrap().status, 201);
            let again = call.send().await.unwrap();
            assert_eq!(again.status, 401, "{}", again.text);
            // For a token by exchange and by renewal alike.
            let url = format!("{}/token", root.at().base(Function::Token));
            for (subject, key) in
                [(stage.login(), Key::fresh().unwrap()), (root.token().into(), key.clone())]
            {
                let proof = key.proof("POST", &url, None, None, None).unwrap();
                let resource = root.at().resource();
                let call = root.at().call(Method::POST, Function::Token, "/token", None).form([
                    ("grant_type", EXCHANGE),
                    ("subject_token", subject.as_str()),
                    ("subject_token_type", ACCESS_TOKEN),
                    ("resource", resource.as_str()),
                ]);
                let call = call.proofs(&[&proof]);
                assert_eq!(call.clone().send().await.unwrap().status, 200);
                let again = call.send().await.unwrap();
                assert_eq!(said(&again), (400, "invalid_dpop_proof"), "{}", again.text);
            }
        }
    });
}

#[test]
fn attack_27_a_thief_of_a_token_has_not_its_key() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let other = child(&root, "other").await;
            let thief = Agent::holding(root.at(), root.token(), Some(Key::fresh().unwrap()));
            let answer = query(&thief).send().await.unwrap();
            assert_eq!(said(&answer), (401, "identity/token"), "{}", answer.text);
            let overheard = made(&other, |draft| draft);
            let answer = asks(&root).proofs(&[&overheard]).send().await.unwrap();
            assert_eq!(answer.status, 401, "{}", answer.text);
        }
    });
}

#[test]
fn attack_29_where_nonces_are_demanded_a_proof_is_made_after_one_was_asked_for() {
    let stage = Stage::own();
    stage.play(async {
        let mut nonces = Vec::new();
        for cloud in Cloud::ALL {
            let pair = |n: u8| {
                let key = base64url([n; 32]);
                json!({"current": key}).to_string()
            };
            stage.emulator().secrets_manager.put("nonces", &pair(7));
            stage.emulator().key_vault.put("nonces", &pair(7));
            let on = [("issuer =", "nonce = \"nonces\"\nissuer =")];
            let hosts = stage.changed(cloud, "tokens.toml", &on).await;
            // The agent asks again by itself, as its library would.
            let root = stage.root(hosts.at()).await;
            let none = asks(&root).proofs(&[&made(&root, |draft| draft)]).send().await.unwrap();
            assert_eq!(none.status, 401, "{}", none.text);
            assert!(none.challenge.unwrap().contains("error=\"use_dpop_nonce\""));
            let nonce = given(&hosts.token_url()).await;
            let with = async |nonce: &str, ahead: i64| {
                let proof = made(&root, |draft| {
                    let made = draft.claims["iat"].as_i64().unwrap();
                    draft.nonce(nonce).claim("iat", (made + ahead).into())
                });
                asks(&root).proofs(&[&proof]).send().await.unwrap()
            };
            assert_eq!(with(&nonce, 0).await.status, 200);
            let later = with(&nonce, 600).await;
            assert_eq!(said(&later), (401, "identity/proof"), "{}", later.text);
            for other in nonces.iter().map(String::as_str).chain(["", "AAAA"]) {
                let answer = with(other, 0).await;
                assert_eq!(answer.status, 401, "{}", answer.text);
                assert!(answer.challenge.unwrap().contains("error=\"use_dpop_nonce\""));
            }
            // At the token endpoint in OAuth's words.
            let key = Key::fresh().unwrap();
            let url = format!("{}/token", hosts.at().base(Function::Token));
            let proof = key.proof("POST", &url, None, None, None).unwrap();
            let (login, resource) = (stage.login(), hosts.at().resource());
            let call = hosts.at().call(Method::POST, Function::Token, "/token", None).form([
                ("grant_type", EXCHANGE),
                ("subject_token", login.as_str()),
                ("subject_token_type", ACCESS_TOKEN),
                ("resource", resource.as_str()),
            ]);
            let answer = call.proofs(&[&proof]).send().await.unwrap();
            assert_eq!(said(&answer), (400, "use_dpop_nonce"), "{}", answer.text);
            nonces.push(nonce);
            hosts.stop().await;
        }
    });
}

/// The nonce that comes with a refusal.
async fn given(token: &str) -> String {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    // Any refusal of the token endpoint carries one.
    let answer = http.post(format!("{token}/token")).send().await.unwrap();
    answer.headers()["dpop-nonce"].to_str().unwrap().to_owned()
}

#[test]
fn attack_31_a_body_that_was_swapped_on_the_way_is_not_run() {
    let stage = Stage::shared();
    stage.play(async {
        let swapped =
            r#"{"target":"shop","statement":"UPDATE orders SET status = 'lost' WHERE id = 7"}"#;
        for cloud in Cloud::ALL {
            let root = stage.root(&stage.at(cloud)).await;
            let call = |body: &str| {
                root.call(Method::POST, Function::Request, "/v1/query")
                    .bytes(body.as_bytes().to_vec())
            };
            for (what, call) in [
                ("swapped", call(swapped).proofs(&[&made(&root, |draft| draft)])),
                ("a space more", call(&format!("{BODY} ")).proofs(&[&made(&root, |draft| draft)])),
                ("no bdh", call(BODY).proofs(&[&made(&root, |draft| draft.without("bdh"))])),
            ] {
                let answer = call.send().await.unwrap();
                let place = format!("{what} on {}: {}", cloud.name(), answer.text);
                assert_eq!(said(&answer), (401, "identity/proof"), "{place}");
            }
            let url = format!("{}/v1/spawn", root.at().base(Function::Token));
            let (key, asked) = (root.key().unwrap(), br#"{"label":"less"}"#);
            let more = br#"{"label":"less","inherit":true}"#;
            let proof = key.proof("POST", &url, Some(root.token()), Some(asked), None).unwrap();
            let call = root.call(Method::POST, Function::Token, "/v1/spawn").bytes(more.to_vec());
            let answer = call.proofs(&[&proof]).send().await.unwrap();
            assert_eq!(answer.status, 401, "{}", answer.text);
        }
        let client = stage.emulator().postgres.superuser().await.unwrap();
        let row =
            client.query_one("SELECT status::text FROM orders WHERE id = 7", &[]).await.unwrap();
        assert_ne!(row.get::<_, String>(0), "lost");
    });
}
