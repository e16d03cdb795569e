//! How instances come, wait and go.

use std::{collections::BTreeSet, time::Duration};

use local_emulator::lambda::{Config, State};
use serde_json::Value;
use tokio::time::sleep;

use super::{config, idle, pids, start};
use crate::{
    asking::get,
    processes::{running, state, until},
};

#[tokio::test]
async fn requests_one_after_the_other_share_one_cold_start() {
    let host = start(config()).await;
    let first = get(format!("{}/sleep", host.url())).await.json();
    for _ in 0..20 {
        assert_eq!(get(format!("{}/sleep", host.url())).await.json(), first);
    }
    let stats = host.stats();
    assert_eq!((stats.invocations, stats.cold_starts, stats.errors), (21, 1, 0));
    let [instance] = &stats.instances[..] else { panic!("one instance") };
    assert_eq!((instance.number, instance.answers), (1, 21));
    assert_eq!(Value::from(instance.pid), first["pid"]);
    let (poll, answer) = (instance.first_poll.unwrap(), instance.first_answer.unwrap());
    assert!(Duration::from_micros(100) < poll && poll < answer, "{poll:?} {answer:?}");
    assert!(instance.peak_memory.is_some_and(|bytes| bytes > 1 << 20));
}

#[tokio::test]
async fn four_requests_at_once_have_four_instances() {
    let host = start(Config { max_instances: 4, ..config() }).await;
    let url = format!("{}/sleep?amount=300", host.url());
    let all = [0; 4].map(|_| tokio::spawn(get(url.clone())));
    let mut seen = BTreeSet::new();
    for answer in all {
        seen.insert(answer.await.unwrap().json()["pid"].as_u64().unwrap());
    }
    assert_eq!(seen.len(), 4);
    assert_eq!(host.stats().cold_starts, 4);
    // Warm now: four more need no further start.
    let all = [0; 4].map(|_| tokio::spawn(get(url.clone())));
    for answer in all {
        assert!(seen.contains(&answer.await.unwrap().json()["pid"].as_u64().unwrap()));
    }
    let stats = host.stats();
    assert_eq!((stats.invocations, stats.cold_starts, stats.throttled), (8, 4, 0));
    assert_eq!(stats.instances.iter().map(|one| one.answers).collect::<Vec<_>>(), [2; 4]);
}

#[tokio::test]
async fn beyond_the_most_instances_requests_are_throttled() {
    let host = start(Config { max_instances: 2, ..config() }).await;
    let url = host.url();
    let slow = [0; 2].map(|_| tokio::spawn(get(format!("{url}/sleep?amount=500"))));
    until("both are taken", || host.stats().invocations == 2).await;
    let answer = get(format!("{url}/sleep")).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.json()["message"], "Rate Exceeded.");
    for answer in slow {
        assert_eq!(answer.await.unwrap().status, 200);
    }
    assert_eq!(get(format!("{url}/sleep")).await.status, 200);
    assert_eq!(host.stats().throttled, 1);
}

#[tokio::test]
async fn an_instance_does_not_run_between_requests() {
    let host = start(config()).await;
    let ticks = async || get(format!("{}/ticks", host.url())).await.json();
    let first = ticks().await;
    let pid = u32::try_from(first["pid"].as_u64().unwrap()).unwrap();
    until("it is frozen", || state(pid) == Some('T')).await;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(state(pid), Some('T'));
    let passed = ticks().await["ticks"].as_u64().unwrap() - first["ticks"].as_u64().unwrap();
    // It ticks every millisecond while it runs: see the next test.
    assert!(passed < 100, "{passed} ticks while frozen");
}

#[tokio::test]
async fn an_instance_runs_during_a_request() {
    let host = start(config()).await;
    let ticks = async || get(format!("{}/ticks", host.url())).await.json()["ticks"].as_u64();
    let first = ticks().await.unwrap();
    // At most a few milliseconds pass between requests, so these ticks are of the requests.
    for _ in 0..10 {
        get(format!("{}/sleep?amount=300", host.url())).await;
        if ticks().await.unwrap() - first > 100 {
            return;
        }
    }
    panic!("it hardly ticks at all");
}

#[tokio::test]
async fn an_idle_instance_is_ended_after_its_time() {
    let host = start(Config { idle: Some(Duration::from_millis(100)), ..config() }).await;
    get(host.url()).await;
    let [pid] = pids(&host)[..] else { panic!("one instance") };
    until("it is gone", || !running(pid)).await;
    assert_eq!(host.stats().instances[0].state, State::Ended);
    assert!(host.stats().instances[0].peak_memory.is_some());
    assert_eq!(get(host.url()).await.status, 200);
    assert_eq!(host.stats().cold_starts, 2);
}

#[tokio::test]
async fn no_request_is_lost_while_idle_instances_are_ended() {
    let host = start(Config { idle: Some(Duration::from_millis(3)), ..config() }).await;
    for _ in 0..40 {
        assert_eq!(get(host.url()).await.status, 200);
        sleep(Duration::from_millis(3)).await;
    }
    assert_eq!(host.stats().errors, 0);
}

#[tokio::test]
async fn a_dropped_host_leaves_no_process_behind() {
    let host = start(config()).await;
    let url = host.url();
    let slow = [0; 2].map(|_| tokio::spawn(get(format!("{url}/sleep?amount=2000"))));
    until("both run", || host.stats().invocations == 2 && pids(&host).len() == 2).await;
    let left = pids(&host);
    drop(host);
    until("both are gone", || left.iter().all(|pid| !running(*pid))).await;
    for answer in slow {
        assert!(matches!(answer.await.unwrap().status, 502 | 503));
    }
}

#[tokio::test]
async fn a_stopped_host_has_ended_even_frozen_instances() {
    let host = start(config()).await;
    get(host.url()).await;
    let left = pids(&host);
    until("it is frozen", || state(left[0]) == Some('T') && idle(&host) == 1).await;
    host.stop().await;
    assert!(!running(left[0]));
}

#[tokio::test]
async fn what_the_function_says_is_in_the_log_under_its_name() {
    let config = config();
    let log = config.log.clone();
    let host = start(config).await;
    get(format!("{}/fail", host.url())).await;
    let said = |text: &str| log.lines().iter().any(|line| line.contains(text));
    assert!(said("told to fail"));
    assert!(log.lines().iter().all(|line| line.starts_with("fixture")));
}
