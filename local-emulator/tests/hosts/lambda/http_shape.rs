//! What of a request reaches the function, and what of its answer comes back.

use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::Request;
use local_emulator::lambda::Door;
use serde_json::{Value, json};

use super::{config, start};
use crate::asking::{ask, get, saw};

#[tokio::test]
async fn method_path_query_headers_and_cookies_reach_the_function() {
    let host = start(config()).await;
    let request = Request::delete(format!("{}/v1/a%2Fb/c?x=1&x=%20&y", host.url()))
        .header("X-Many", "one")
        .header("x-many", "two")
        .header("cookie", "c=1; d=2")
        .header("user-agent", "tester")
        .header("x-forwarded-for", "192.0.2.7")
        .header("connection", "x-hop")
        .header("x-hop", "gone");
    let seen = ask(request.body(Body::empty()).unwrap()).await.json();
    assert_eq!(seen["method"], "DELETE");
    assert_eq!(seen["path"], "/v1/a%2Fb/c");
    assert_eq!(seen["uri"], format!("{}/v1/a%2Fb/c?x=1&x=%20&y", host.url()));
    assert_eq!(saw(&seen, "x-many"), ["one,two"]);
    assert_eq!(saw(&seen, "cookie"), ["c=1; d=2"]);
    assert_eq!(saw(&seen, "x-forwarded-for"), ["192.0.2.7, 127.0.0.1"]);
    assert_eq!(saw(&seen, "x-hop"), [""; 0]);
    assert_eq!(seen["body"], "");
}

#[tokio::test]
async fn the_request_context_is_that_of_a_function_url() {
    let host = start(config()).await;
    let request = Request::get(format!("{}/", host.url())).header("user-agent", "tester");
    let answer = ask(request.body(Body::empty()).unwrap()).await;
    let seen = answer.json();
    let context = &seen["context"];
    assert_eq!(context["accountId"], "anonymous");
    assert_eq!(context["routeKey"], "$default");
    assert_eq!(context["stage"], "$default");
    let http = json!({"method": "GET", "path": "/", "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1", "userAgent": "tester"});
    assert_eq!(context["http"], http);
    assert_eq!(context["requestId"], seen["request_id"]);
    assert_eq!(answer.header("x-amzn-requestid"), [seen["request_id"].as_str().unwrap()]);
    assert_eq!(seen["arn"], "arn:aws:lambda:us-east-1:123456789012:function:fixture");
    assert!(seen["trace"].as_str().unwrap().starts_with("Root=1-"));
    let left = seen["deadline"].as_i64().unwrap() - context["timeEpoch"].as_i64().unwrap();
    // Counted from when the function is given the event, which is after its start.
    assert!((20_000..30_000).contains(&left), "{left} ms");
}

#[tokio::test]
async fn an_http_api_decodes_the_path_and_has_an_account() {
    let host = start(local_emulator::lambda::Config { door: Door::HttpApi, ..config() }).await;
    let seen = get(format!("{}/a%20b?x=%20", host.url())).await.json();
    assert_eq!(seen["path"], "/a b");
    assert_eq!(seen["uri"], format!("{}/a%20b?x=%20", host.url()));
    assert_eq!(seen["context"]["accountId"], "123456789012");
    let domain = seen["context"]["domainName"].as_str().unwrap();
    assert!(domain.ends_with(".execute-api.us-east-1.amazonaws.com"));
    let failed = get(format!("{}/fail", host.url())).await;
    assert_eq!((failed.status, failed.json()), (500, json!({"message": "Internal Server Error"})));
}

#[tokio::test]
async fn bodies_are_the_same_bytes_both_ways() {
    let host = start(config()).await;
    let all: Vec<u8> = (0..=255).collect();
    let text = "{\"ü\":\"\u{1F980}\\u0000\"}".as_bytes().to_vec();
    for (kind, body) in [
        ("application/json", text.clone()),
        ("application/json; charset=utf-8", text),
        ("text/plain", "a\r\nb\u{feff}\0".as_bytes().to_vec()),
        ("application/x-www-form-urlencoded", b"a=1&b=%20+".to_vec()),
        ("application/octet-stream", all),
    ] {
        let request = Request::post(format!("{}/echo", host.url())).header("content-type", kind);
        let answer = ask(request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(answer.status, 201);
        assert_eq!(answer.header("content-type"), [kind]);
        assert_eq!(answer.header("x-method"), ["POST"]);
        assert_eq!(answer.header("set-cookie"), ["a=1; Path=/", "b=2"]);
        assert_eq!(answer.body, body, "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_its_type_promises_is_the_same_bytes_to_the_function() {
    let host = start(config()).await;
    let body = vec![0xff, 0x00, 0x80];
    let request = Request::put(host.url()).header("content-type", "application/json");
    let seen = ask(request.body(Body::from(body.clone())).unwrap()).await.json();
    assert_eq!(BASE64_STANDARD.decode(seen["body"].as_str().unwrap()).unwrap(), body);
}

#[tokio::test]
async fn a_request_of_more_than_six_megabytes_never_reaches_the_function() {
    let host = start(config()).await;
    let of = |bytes: usize| {
        let request = Request::post(format!("{}/sleep", host.url()));
        request.header("content-type", "text/plain").body(Body::from(vec![b'x'; bytes])).unwrap()
    };
    assert_eq!(ask(of(6_280_000)).await.status, 200);
    assert_eq!(ask(of(6_291_456)).await.status, 413);
    assert_eq!(ask(of(20_000_000)).await.status, 413);
    assert_eq!(host.stats().invocations, 1);
}

#[tokio::test]
async fn base64_counts_towards_the_six_megabytes() {
    let host = start(config()).await;
    let request = Request::post(host.url()).body(Body::from(vec![0; 5_000_000])).unwrap();
    assert_eq!(ask(request).await.status, 413);
}

#[tokio::test]
async fn an_answer_of_more_than_six_megabytes_is_withheld() {
    let host = start(config()).await;
    let fits = get(format!("{}/large?amount=6291000", host.url())).await;
    assert_eq!((fits.status, fits.body.len()), (200, 6_291_000));
    let long = get(format!("{}/large?amount=6291556", host.url())).await;
    assert_eq!((long.status, long.text()), (502, "Internal Server Error"));
    // The function was told, and lives.
    assert_eq!(get(format!("{}/sleep", host.url())).await.status, 200);
    let stats = host.stats();
    assert_eq!((stats.cold_starts, stats.errors), (1, 1));
}

#[tokio::test]
async fn the_environment_is_that_of_lambda_and_the_functions_own() {
    let mut config = config();
    config.memory_mb = 256;
    config.env = [("MINE", "1"), ("AWS_REGION", "eu-west-1"), ("AWS_LAMBDA_RUNTIME_API", "x")]
        .map(|(name, value)| (name.into(), value.into()))
        .into();
    let host = start(config).await;
    let env = get(format!("{}/environment", host.url())).await.json();
    let expected = json!({
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_NAME": "fixture",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/fixture",
        "AWS_REGION": "eu-west-1",
        "MINE": "1",
        "_HANDLER": "bootstrap",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&env[name], value, "{name}");
    }
    assert!(env["AWS_LAMBDA_RUNTIME_API"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(env["HOME"], Value::Null, "nothing of ours is inherited");
}

#[tokio::test]
async fn a_request_for_another_host_is_turned_away() {
    let host = start(config()).await;
    let request = Request::get(host.url()).header("host", "rebound.example");
    assert_eq!(ask(request.body(Body::empty()).unwrap()).await.status, 421);
    assert_eq!(host.stats().cold_starts, 0);
}
