//! An Azure Functions front over a real custom handler.

use std::time::Duration;

use axum::body::Body;
use http::Request;
use local_emulator::azure::{Config, Error, Host};
use serde_json::Value;

use crate::{
    asking::{ask, get, saw, try_ask},
    processes::{fixture, running, state, until},
};

fn config() -> Config {
    Config::new("fixture", fixture("custom-handler"))
}

async fn start(config: Config) -> Host {
    Host::start(config).await.unwrap()
}

/// The process that serves, if one does.
fn pid(host: &Host) -> Option<u32> {
    host.stats().workers.into_iter().rfind(|worker| worker.serving).and_then(|worker| worker.pid)
}

#[tokio::test]
async fn a_request_reaches_the_handler_as_it_came() {
    let host = start(config()).await;
    let request = Request::patch(format!("{}/v1/a%2Fb/../c?x=%20&x", host.url()))
        .header("x-many", "one")
        .header("x-many", "two")
        .header("cookie", "c=1")
        .header("x-forwarded-for", "192.0.2.7")
        .header("connection", "x-hop")
        .header("x-hop", "gone");
    let seen = ask(request.body(Body::from("ab")).unwrap()).await.json();
    assert_eq!(seen["method"], "PATCH");
    assert_eq!(seen["uri"], "/v1/a%2Fb/../c?x=%20&x");
    assert_eq!(seen["body"], "YWI=");
    assert_eq!(saw(&seen, "x-many"), ["one", "two"]);
    assert_eq!(saw(&seen, "cookie"), ["c=1"]);
    assert_eq!(saw(&seen, "x-hop"), [""; 0]);
    assert_eq!(saw(&seen, "x-original-url"), ["/v1/a%2Fb/../c?x=%20&x"]);
    assert_eq!(saw(&seen, "disguised-host"), [host.url().trim_start_matches("http://")]);
    let [forwarded] = saw(&seen, "x-forwarded-for")[..] else { panic!("one header") };
    let (claimed, known) = forwarded.split_once(", ").unwrap();
    assert_eq!(claimed, "192.0.2.7");
    assert!(known.starts_with("127.0.0.1:"), "{known}");
    let [id] = saw(&seen, "x-azure-functions-invocationid")[..] else { panic!("one header") };
    assert_eq!(id.len(), 36);
}

#[tokio::test]
async fn bodies_are_the_same_bytes_both_ways() {
    let host = start(config()).await;
    let long: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).take(1 << 20).collect();
    for body in [Vec::new(), (0..=255).collect(), long] {
        let request = Request::put(format!("{}/echo", host.url())).header("content-type", "a/b");
        let answer = ask(request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(answer.status, 201);
        assert_eq!(answer.header("content-type"), ["a/b"]);
        assert_eq!(answer.header("x-method"), ["PUT"]);
        assert_eq!(answer.header("set-cookie"), ["a=1; Path=/", "b=2"]);
        assert_eq!(answer.body, body);
    }
}

#[tokio::test]
async fn the_environment_is_that_of_functions_and_the_apps_own() {
    let mut config = config();
    config.env = [("MINE", "1"), ("FUNCTIONS_CUSTOMHANDLER_PORT", "1")]
        .map(|(name, value)| (name.into(), value.into()))
        .into();
    let host = start(config).await;
    let env = get(format!("{}/environment", host.url())).await.json();
    assert_eq!(env["MINE"], "1");
    assert_eq!(env["WEBSITE_SITE_NAME"], "fixture");
    assert_eq!(env["WEBSITE_HOSTNAME"], host.url().trim_start_matches("http://"));
    assert_eq!(env["FUNCTIONS_WORKER_RUNTIME"], "custom");
    assert_eq!(env["USER"], Value::Null, "nothing of ours is inherited");
}

#[tokio::test]
async fn one_handler_serves_requests_side_by_side() {
    let host = start(config()).await;
    let url = format!("{}/sleep/200", host.url());
    let all = [0; 4].map(|_| tokio::spawn(get(url.clone())));
    for answer in all {
        assert_eq!(answer.await.unwrap().json()["pid"], pid(&host).unwrap());
    }
    let stats = host.stats();
    assert_eq!((stats.invocations, stats.errors, stats.refused), (4, 0, 0));
    let [worker] = &stats.workers[..] else { panic!("one handler") };
    assert_eq!((worker.number, worker.answers), (1, 4));
    assert!(worker.listening.unwrap() < worker.first_answer.unwrap());
    assert!(worker.peak_memory.is_some_and(|bytes| bytes > 1 << 20));
}

#[tokio::test]
async fn a_killed_handler_is_followed_by_another() {
    let host = start(config()).await;
    let first = pid(&host).unwrap();
    assert!(host.kill());
    until("another serves", || pid(&host).is_some_and(|pid| pid != first)).await;
    assert!(!running(first));
    assert_eq!(get(host.url()).await.json()["pid"], pid(&host).unwrap());
    assert_eq!(host.stats().workers.len(), 2);
    assert!(host.stats().workers[0].peak_memory.is_none_or(|bytes| bytes > 1 << 20));
}

#[tokio::test]
async fn a_crash_in_a_request_is_a_bad_gateway_and_others_follow() {
    let host = start(config()).await;
    let first = pid(&host).unwrap();
    assert_eq!(get(format!("{}/crash", host.url())).await.status, 502);
    until("another serves", || pid(&host).is_some_and(|pid| pid != first)).await;
    assert_eq!(get(host.url()).await.status, 200);
    assert_eq!(host.stats().errors, 1);
}

#[tokio::test]
async fn requests_meanwhile_are_refused_or_answered_and_never_hang() {
    let host = start(config()).await;
    for _ in 0..5 {
        assert!(host.kill());
        let mut status = 0;
        for _ in 0..2000 {
            status = get(host.url()).await.status;
            assert!(matches!(status, 200 | 502 | 503), "{status}");
            if status == 200 {
                break;
            }
        }
        assert_eq!(status, 200);
    }
}

#[tokio::test]
async fn the_load_balancer_gives_up_and_the_handler_goes_on() {
    let host = start(Config { answer_timeout: Duration::from_millis(100), ..config() }).await;
    let before = pid(&host);
    assert_eq!(get(format!("{}/sleep/400", host.url())).await.status, 504);
    assert_eq!(get(format!("{}/sleep/1", host.url())).await.status, 200);
    assert_eq!(pid(&host), before);
    assert_eq!(host.stats().errors, 1);
}

#[tokio::test]
async fn a_frozen_handler_answers_once_it_is_thawed() {
    let host = start(config()).await;
    assert!(host.freeze());
    until("it is frozen", || state(pid(&host).unwrap()) == Some('T')).await;
    let answer = tokio::spawn(get(host.url()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!answer.is_finished());
    assert!(host.thaw());
    assert_eq!(answer.await.unwrap().status, 200);
}

#[tokio::test]
async fn a_handler_that_does_not_listen_is_told_at_once() {
    let mut config = config();
    config.env.insert("FIXTURE_INIT".into(), "exit".into());
    assert!(matches!(Host::start(config.clone()).await, Err(Error::Handler(_))));
    config.env.insert("FIXTURE_INIT".into(), "hang".into());
    config.start_timeout = Duration::from_millis(100);
    assert!(matches!(Host::start(config).await, Err(Error::Handler(_))));
    let missing = Host::start(Config::new("none", "/nowhere/handler")).await;
    assert!(matches!(missing, Err(Error::Program(..))));
}

#[tokio::test]
async fn a_dropped_host_leaves_no_process_behind() {
    let host = start(config()).await;
    let left = pid(&host).unwrap();
    let slow = tokio::spawn(try_ask(
        Request::get(format!("{}/sleep/2000", host.url())).body(Body::empty()).unwrap(),
    ));
    until("it runs", || host.stats().invocations == 1).await;
    drop(host);
    until("it is gone", || !running(left)).await;
    assert!(slow.await.unwrap().is_ok_and(|answer| answer.status == 502));
}

#[tokio::test]
async fn a_stopped_host_has_ended_its_handler() {
    let host = start(config()).await;
    let left = pid(&host).unwrap();
    host.stop().await;
    assert!(!running(left));
}
