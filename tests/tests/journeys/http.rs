//! What the functions take as a request, and what they say to what they do not.

use local_emulator::{emulator::Cloud, story};
use reqwest::{Client, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::stage::Stage;

async fn refused(response: Response, status: u16) -> Value {
    assert_eq!(response.status(), StatusCode::from_u16(status).unwrap());
    let headers = response.headers().clone();
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let problem: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(problem["status"], json!(status));
    problem
}

#[test]
fn a_body_that_is_not_exactly_a_query_is_refused() {
    let stage = Stage::shared();
    stage.play(async {
        let token = story::support(stage.emulator()).unwrap();
        for cloud in Cloud::ALL {
            let url = format!("{}/v1/query", stage.emulator().url(cloud));
            let http = story::client().unwrap();
            let post = async |kind: &str, body: String| {
                let request = http.post(&url).bearer_auth(&token).header("content-type", kind);
                request.body(body).send().await.unwrap()
            };
            for body in [
                "",
                "[]",
                "{",
                r#"{"target":"shop"}"#,
                r#"{"target":"shop","statement":""}"#,
                r#"{"target":"shop","statement":"SELECT 1","more":1}"#,
                r#"{"target":"shop","statement":"SELECT 1","statement":"SELECT 2"}"#,
                r#"{"target":"shop","statement":"SELECT 1","\u0074arget":"payroll"}"#,
                r#"{"target":"SHOP","statement":"SELECT 1"}"#,
                r#"{"target":"shop","statement":"SELECT 1\u0000"}"#,
                r#"{"target":"shop","statement":"SELECT 1","reason":"\u001b[2J"}"#,
                r#"{"target":"shop","statement":"SELECT 1"} {}"#,
            ] {
                refused(post("application/json", body.into()).await, 400).await;
            }
            let good = r#"{"target":"shop","statement":"SELECT 1"}"#;
            assert_eq!(post("application/json; charset=utf-8", good.into()).await.status(), 200);
            refused(post("text/plain", good.into()).await, 415).await;
            let deep = format!(
                r#"{{"target":"shop","statement":"SELECT 1","params":{}1{}}}"#,
                "[".repeat(1000),
                "]".repeat(1000)
            );
            refused(post("application/json", deep).await, 400).await;
            let long = format!(
                r#"{{"target":"shop","statement":"SELECT 1","params":["{}"]}}"#,
                "x".repeat(300_000)
            );
            refused(post("application/json", long).await, 413).await;
        }
    });
}

#[test]
fn paths_methods_and_headers_out_of_bounds_are_refused() {
    let stage = Stage::shared();
    stage.play(async {
        let http: Client = story::client().unwrap();
        for cloud in Cloud::ALL {
            let url = stage.emulator().url(cloud);
            let get = async |path: &str| http.get(format!("{url}{path}")).send().await.unwrap();
            refused(get("/").await, 404).await;
            refused(get("/v1/query").await, 405).await;
            refused(get("/v1//targets").await, 404).await;
            let heavy = http.get(format!("{url}/healthz")).header("x-long", "x".repeat(20_000));
            refused(heavy.send().await.unwrap(), 431).await;
            assert_eq!(get("/healthz").await.status(), 200);
        }
    });
}

#[test]
fn the_openapi_document_is_of_version_3_1_and_names_every_route() {
    let stage = Stage::shared();
    stage.play(async {
        let document = stage.support(Cloud::Aws).get("/openapi.json").await.unwrap().body;
        assert!(
            document["openapi"].as_str().unwrap().starts_with("3.1"),
            "{}",
            document["openapi"]
        );
        let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
        let routes = [
            "/.well-known/oauth-protected-resource",
            "/healthz",
            "/v1/explain",
            "/v1/query",
            "/v1/requests/{id}",
            "/v1/requests/{id}/run",
            "/v1/targets",
        ];
        assert_eq!(paths, routes);
    });
}
