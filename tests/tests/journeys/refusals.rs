//! Every route that asks for a token refuses whoever has no good one.

use local_emulator::{
    configuration::AUDIENCE,
    emulator::Cloud,
    issuer::{Claims, Flaw},
    story,
};
use reqwest::{Client, Method, header};
use serde_json::Value;

use crate::stage::Stage;

/// The routes that the document says want a token, so that a new one cannot be forgotten here.
async fn routes(stage: &Stage, cloud: Cloud) -> Vec<(Method, String)> {
    let document = stage.support(cloud).get("/openapi.json").await.unwrap().body;
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"].is_array() {
                let method = method.to_uppercase().parse().unwrap();
                routes.push((method, path.replace("{id}", "0190a5c0-0000-7000-8000-000000000000")));
            }
        }
    }
    assert_eq!(routes.len(), 6, "{routes:?}");
    routes
}

#[test]
fn every_route_refuses_every_bad_token() {
    let stage = Stage::shared();
    stage.play(async {
        let issuer = &stage.emulator().issuer;
        let claims = Claims::new("support-agent", "tests", AUDIENCE).groups(&["shop-support"]);
        let flaws =
            [Flaw::AlgNone, Flaw::Expired, Flaw::ForeignKey, Flaw::Tampered, Flaw::WrongAudience];
        let mut tokens: Vec<Vec<String>> = vec![
            vec![],
            vec!["Bearer".into()],
            vec!["Bearer ".into()],
            vec!["Basic c3VwcG9ydDpzZWNyZXQ=".into()],
            vec!["Bearer nonsense".into()],
        ];
        for flaw in flaws {
            tokens.push(vec![format!("Bearer {}", issuer.flawed(&claims, flaw).unwrap())]);
        }
        let http: Client = story::client().unwrap();
        for cloud in Cloud::ALL {
            for (method, path) in routes(&stage, cloud).await {
                for (at, token) in tokens.iter().enumerate() {
                    let url = format!("{}{path}", stage.emulator().url(cloud));
                    let mut request = http.request(method.clone(), url);
                    for value in token {
                        request = request.header(header::AUTHORIZATION, value);
                    }
                    let body = r#"{"target":"shop","statement":"SELECT 1"}"#;
                    request = request.header("content-type", "application/json").body(body);
                    let response = request.send().await.unwrap();
                    // By its place: what a test says may be read by anybody.
                    let place = format!("{method} {path} on {}: token {at}", cloud.name());
                    assert_eq!(response.status(), 401, "{place}");
                    assert!(response.headers().contains_key(header::WWW_AUTHENTICATE), "{place}");
                    let problem: Value =
                        serde_json::from_str(&response.text().await.unwrap()).unwrap();
                    assert_eq!(problem["type"], "/problems/identity/token", "{place}");
                }
            }
        }
    });
}

#[test]
fn every_route_refuses_two_tokens_where_one_is_wanted() {
    let stage = Stage::shared();
    stage.play(async {
        let claims = Claims::new("support-agent", "tests", AUDIENCE).groups(&["shop-support"]);
        let good = format!("Bearer {}", stage.emulator().issuer.token(&claims).unwrap());
        let http: Client = story::client().unwrap();
        for cloud in Cloud::ALL {
            for (method, path) in routes(&stage, cloud).await {
                let url = format!("{}{path}", stage.emulator().url(cloud));
                let request = http.request(method.clone(), url).body("{}");
                let request = request.header("content-type", "application/json");
                let twice = request
                    .header(header::AUTHORIZATION, &good)
                    .header(header::AUTHORIZATION, &good);
                let status = twice.send().await.unwrap().status();
                assert_eq!(status, 400, "{method} {path} on {}", cloud.name());
            }
        }
    });
}

#[test]
fn a_stranger_leaves_no_record() {
    let stage = Stage::own();
    stage.play(async {
        let cloud = Cloud::Aws;
        let answer = stage.holding(cloud, "a.b.c").query("shop", "SELECT 1").await.unwrap();
        assert_eq!((answer.status, answer.receipt), (401, None));
        let records = local_emulator::ledger::records(&stage.emulator().ledger(cloud)).await;
        assert_eq!(records.unwrap().len(), 0);
    });
}
