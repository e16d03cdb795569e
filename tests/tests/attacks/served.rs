//! Attacks 41 to 43, on the real functions: an issuer whose keys are served badly, or not any more.

use std::{fs, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use local_emulator::{
    agent::{Agent, Function},
    configuration::AUDIENCE,
    emulator::Cloud,
    issuer::{Claims, Signing},
    lambda::Host,
    serve::{Bound, Control, Fault, Server},
    story,
};
use serde_json::{Value, json};

use crate::{
    stage::{Stage, reads, said},
    stand::signer::KEYS,
};

/// An agent with an issuer's token, at a place.
fn holding(stage: &Stage, url: &str, token: &str) -> Agent {
    let at = stage.at(Cloud::Aws).reached_at(Function::Request, url);
    Agent::holding(&at, token, None)
}

/// A token by a key that the issuer never had.
fn by_nobody(stage: &Stage, kid: &str) -> String {
    let claims = Claims::new("support-agent", "tests", AUDIENCE).groups(&["shop-support"]);
    let token = stage.emulator().issuer.token(&claims).unwrap();
    let claims = Agent::new(&story::client().unwrap(), "", &token).claims();
    let header = json!({"typ": "at+jwt", "alg": "ES256", "kid": kid});
    stage.emulator().issuer.sign(&header, &claims).unwrap()
}

#[test]
fn attack_41_a_flood_of_unknown_keys_is_fetched_for_once_in_a_while() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let at = stage.at(cloud);
            assert_eq!(reads(&Agent::holding(&at, &stage.login(), None)).await.status, 200);
            let calls = || stage.emulator().issuer.control().calls("jwks");
            let before = calls();
            let begun = tokio::time::Instant::now();
            for n in 0..200 {
                let stranger = Agent::holding(&at, &by_nobody(&stage, &format!("k-{n}")), None);
                assert_eq!(said(&reads(&stranger).await), (401, "identity/token"));
            }
            // One instance was enough for requests one by one.
            let allowed = 1 + begun.elapsed().as_secs() / 30;
            assert!(
                calls() - before <= allowed,
                "{} fetches on {}",
                calls() - before,
                cloud.name()
            );
            assert_eq!(reads(&Agent::holding(&at, &stage.login(), None)).await.status, 200);
        }
    });
}

/// What is served where the issuer's keys should be.
type Served = fn() -> Response;

const BAD: [(&str, Served); 9] = [
    ("a redirect", || (StatusCode::FOUND, [(header::LOCATION, "/good")]).into_response()),
    ("a redirect elsewhere", || {
        (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "http://169.254.169.254/")])
            .into_response()
    }),
    ("5 MB", || Body::from(vec![b' '; 5_000_000]).into_response()),
    ("HTML", || "<!doctype html><title>Sign in</title>".into_response()),
    ("an empty set", || r#"{"keys":[]}"#.into_response()),
    ("an oct key", || {
        json!({"keys": [{"kty": "oct", "kid": "k", "k": "AAAA", "alg": "HS256"}]})
            .to_string()
            .into_response()
    }),
    ("a private key", || set(&|key| key["d"] = json!("AAAA"))),
    ("a key id twice", || {
        json!({"keys": [KEYS.corp.published(), KEYS.corp.published()]}).to_string().into_response()
    }),
    ("an error", || StatusCode::INTERNAL_SERVER_ERROR.into_response()),
];

fn set(change: &dyn Fn(&mut Value)) -> Response {
    let mut key = KEYS.corp.published();
    change(&mut key);
    json!({"keys": [key]}).to_string().into_response()
}

/// A server of our own certificate, in the issuer's place.
async fn serving(stage: &Stage, served: Served) -> Server {
    let router = Router::new()
        .route("/jwks", get(move || async move { served() }))
        .route("/good", get(|| async { set(&|_| ()) }));
    let tls = stage.emulator().authority().server(&[]).unwrap();
    let control = Control::new(Value::Null, Value::Null);
    Bound::free().await.unwrap().serve(router, Some(tls), control)
}

/// The request function once more, with the issuer's keys in the package and somebody else serving
/// them.
async fn elsewhere(stage: &Stage, port: u16) -> Host {
    let config = stage.emulator().config(Cloud::Aws);
    let issuers = config.join("issuers.toml");
    let text = fs::read_to_string(&issuers).unwrap();
    let line = format!("jwks_uri = \"https://localhost:{port}/jwks\"");
    let changed: Vec<&str> = text
        .lines()
        .map(|old| if old.starts_with("jwks_uri") { line.as_str() } else { old })
        .collect();
    fs::write(issuers, changed.join("\n")).unwrap();
    stage.emulator().also_on_lambda(|_| ()).await.unwrap()
}

/// Puts the keys that the issuer has now into the package.
async fn shipped(stage: &Stage) {
    let authority = stage.emulator().authority();
    let pem = authority.pem();
    let certificate = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([certificate]).build().unwrap();
    let keys = http.get(stage.emulator().issuer.jwks_url()).send().await.unwrap().bytes().await;
    let folder = stage.emulator().config(Cloud::Aws).join("jwks");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("demo.json"), keys.unwrap()).unwrap();
}

#[test]
fn attack_42_badly_served_keys_change_nothing() {
    let stage = Stage::own();
    stage.play(async {
        shipped(&stage).await;
        for (what, served) in BAD {
            let server = serving(&stage, served).await;
            let host = elsewhere(&stage, server.port()).await;
            let before = stage.emulator().log.lines().len();
            // Twice: what came for the first must not have stayed.
            for _ in 0..2 {
                let answer = reads(&holding(&stage, &host.url(), &stage.login())).await;
                assert_eq!(answer.status, 200, "{what}: {}", answer.text);
            }
            let log = stage.emulator().log.lines().split_off(before).join("\n");
            assert!(log.contains("no new key set"), "{what}: nobody is told: {log}");
            host.stop().await;
        }
    });
}

/// Without keys in the package, nothing is believed by keys that are not good.
#[test]
fn attack_42_badly_served_keys_are_no_keys() {
    let stage = Stage::own();
    stage.play(async {
        for (what, served) in BAD {
            let server = serving(&stage, served).await;
            let host = elsewhere(&stage, server.port()).await;
            let answer = reads(&holding(&stage, &host.url(), &stage.login())).await;
            assert_eq!(answer.status, 503, "{what}: {}", answer.text);
            host.stop().await;
        }
    });
}

#[test]
fn attack_42_an_issuer_that_never_answers_is_not_waited_for() {
    let stage = Stage::own();
    stage.play(async {
        shipped(&stage).await;
        let control = stage.emulator().issuer.control();
        for fault in [Fault::Slow(Duration::from_secs(3600)), Fault::Down, Fault::Failing] {
            control.set(Some(fault));
            let host = stage.emulator().also_on_lambda(|_| ()).await.unwrap();
            let answer = reads(&holding(&stage, &host.url(), &stage.login())).await;
            assert_eq!(answer.status, 200, "{fault:?}: {}", answer.text);
            host.stop().await;
            control.set(None);
        }
    });
}

#[test]
fn attack_43_a_key_that_was_rotated_out_is_refused_with_the_next_set() {
    let stage = Stage::own();
    stage.play(async {
        let old = stage.login();
        let host = stage.emulator().also_on_lambda(|_| ()).await.unwrap();
        assert_eq!(reads(&holding(&stage, &host.url(), &old)).await.status, 200);
        stage.emulator().issuer.rotate(Signing::default()).unwrap();
        let overlapping = stage.emulator().also_on_lambda(|_| ()).await.unwrap();
        for token in [&old, &stage.login()] {
            let answer = reads(&holding(&stage, &overlapping.url(), token)).await;
            assert_eq!(answer.status, 200, "both are published: {}", answer.text);
        }
        stage.emulator().issuer.retire();
        let later = stage.emulator().also_on_lambda(|_| ()).await.unwrap();
        let answer = reads(&holding(&stage, &later.url(), &stage.login())).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let answer = reads(&holding(&stage, &later.url(), &old)).await;
        assert_eq!(said(&answer), (401, "identity/token"), "{}", answer.text);
        for host in [host, overlapping, later] {
            host.stop().await;
        }
    });
}
