//! Functions that crash, hang, refuse to start or are killed.

use std::time::Duration;

use local_emulator::lambda::{Config, Error, Host, State};

use super::{config, pids, start};
use crate::{
    asking::get,
    processes::{running, until},
};

fn failing(init: &str) -> Config {
    let mut config = config();
    config.env.insert("FIXTURE_INIT".into(), init.into());
    config
}

#[tokio::test]
async fn an_error_of_the_function_is_a_bad_gateway_and_its_process_lives() {
    let host = start(config()).await;
    let failed = get(format!("{}/fail", host.url())).await;
    assert_eq!((failed.status, failed.text()), (502, "Internal Server Error"));
    assert_eq!(get(host.url()).await.status, 200);
    let stats = host.stats();
    assert_eq!((stats.cold_starts, stats.errors, stats.timeouts), (1, 1, 0));
}

#[tokio::test]
async fn a_request_that_outlasts_the_timeout_is_killed_and_the_next_one_works() {
    let host = start(Config { timeout: Duration::from_millis(300), ..config() }).await;
    let url = host.url();
    let slow = tokio::spawn(get(format!("{url}/sleep?amount=5000")));
    until("it runs", || pids(&host).len() == 1).await;
    let pid = pids(&host)[0];
    assert_eq!(slow.await.unwrap().status, 502);
    until("it is gone", || !running(pid)).await;
    assert_eq!(get(url).await.status, 200);
    let stats = host.stats();
    assert_eq!((stats.cold_starts, stats.errors, stats.timeouts), (2, 1, 1));
}

#[tokio::test]
async fn an_instance_frozen_in_a_request_runs_into_its_timeout() {
    let host = start(Config { timeout: Duration::from_millis(300), ..config() }).await;
    let url = host.url();
    let slow = tokio::spawn(get(format!("{url}/sleep?amount=100")));
    until("it runs", || host.stats().living().any(|one| one.state == State::Running)).await;
    assert!(host.freeze(pids(&host)[0]));
    assert_eq!(slow.await.unwrap().status, 502);
    assert_eq!(host.stats().timeouts, 1);
}

#[tokio::test]
async fn a_crash_in_a_request_is_a_bad_gateway_and_the_next_one_works() {
    let host = start(config()).await;
    assert_eq!(get(format!("{}/crash", host.url())).await.status, 502);
    assert_eq!(get(host.url()).await.status, 200);
    let stats = host.stats();
    assert_eq!((stats.cold_starts, stats.errors), (2, 1));
    assert_eq!(stats.instances[0].state, State::Ended);
}

#[tokio::test]
async fn a_process_that_ends_after_its_answer_costs_nobody_a_request() {
    let host = start(failing("once")).await;
    for _ in 0..20 {
        assert_eq!(get(host.url()).await.status, 200);
    }
    let stats = host.stats();
    assert_eq!((stats.cold_starts, stats.errors), (20, 0));
    assert!(stats.instances.iter().all(|instance| instance.answers == 1));
}

#[tokio::test]
async fn an_instance_can_be_killed_in_a_request() {
    let host = start(config()).await;
    let url = host.url();
    let slow = tokio::spawn(get(format!("{url}/sleep?amount=2000")));
    until("it runs", || host.stats().living().any(|one| one.state == State::Running)).await;
    let pid = pids(&host)[0];
    assert!(host.kill(pid));
    assert_eq!(slow.await.unwrap().status, 502);
    assert!(!host.kill(pid), "it is gone");
    assert_eq!(get(url).await.status, 200);
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_end_its_request() {
    let host = start(config()).await;
    let caller = tokio::spawn(get(format!("{}/sleep?amount=300", host.url())));
    until("it runs", || host.stats().living().any(|one| one.state == State::Running)).await;
    caller.abort();
    until("it is answered", || host.stats().instances[0].answers == 1).await;
    assert_eq!(get(host.url()).await.status, 200);
    assert_eq!(host.stats().cold_starts, 1);
}

#[tokio::test]
async fn an_instance_killed_while_idle_costs_nobody_a_request() {
    let host = start(config()).await;
    for round in 1..=10 {
        assert_eq!(get(host.url()).await.status, 200);
        assert!(host.kill(pids(&host)[0]));
        assert_eq!(host.stats().cold_starts, round);
    }
    assert_eq!(host.stats().errors, 0);
}

#[tokio::test]
async fn a_reported_init_error_is_a_bad_gateway_with_its_reason_in_the_log() {
    let config = failing("report");
    let log = config.log.clone();
    let host = start(config).await;
    assert_eq!(get(host.url()).await.status, 502);
    assert!(log.contains("could not initialise, Fixture.Init: no settings"));
    // Each request tries anew.
    assert_eq!(get(host.url()).await.status, 502);
    assert_eq!(host.stats().cold_starts, 2);
    until("nothing is left", || pids(&host).is_empty()).await;
}

#[tokio::test]
async fn a_process_that_ends_before_its_first_poll_is_a_bad_gateway() {
    let config = failing("exit");
    let log = config.log.clone();
    let host = start(config).await;
    assert_eq!(get(host.url()).await.status, 502);
    assert!(log.contains("exit status: 9"));
}

#[tokio::test]
async fn a_process_that_never_polls_is_ended() {
    let config = Config { init_timeout: Duration::from_millis(200), ..failing("hang") };
    let host = start(config).await;
    assert_eq!(get(host.url()).await.status, 502);
    assert_eq!(host.stats().errors, 1);
    until("it is gone", || pids(&host).is_empty()).await;
}

#[tokio::test]
async fn a_binary_that_is_not_there_is_told_at_once() {
    let missing = Host::start(Config::new("none", "/nowhere/bootstrap")).await;
    assert!(matches!(missing, Err(Error::Program(path, _)) if path == *"/nowhere/bootstrap"));
    let folder = Host::start(Config::new("none", "/usr")).await;
    assert!(matches!(folder, Err(Error::Program(..))));
}

#[tokio::test]
async fn a_taken_port_is_told_at_once() {
    let host = start(config()).await;
    let port = host.url().rsplit_once(':').unwrap().1.parse().unwrap();
    let second = Host::start(Config { port, ..config() }).await;
    assert!(matches!(second, Err(Error::Listen(taken, _)) if taken == port));
}
