//! Who is told, how often, and where nothing is sent.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use credentials::{Fetched, Secret, SecretStore, StoreError};
use http::StatusCode;
use request::{Clock, Deadline, Later, Millis, SecretName};
use serde_json::{Value, json};

use super::{
    event,
    receiver::{Answer, Receiver},
};
use crate::notify::{Event, Kind, Notifiers, Outcome, Plan, post::Failure, sign::SigningKey, tell};

/// Secrets by name.
struct Shelf(BTreeMap<&'static str, String>);

impl SecretStore for Shelf {
    fn fetch<'a>(&'a self, name: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        Box::pin(async move {
            let text = self.0.get(name.as_str()).ok_or(StoreError::Missing)?;
            Ok(Fetched { secret: Secret::new(text.clone().into()), version: "1".into() })
        })
    }
}

/// Noon.
struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        event().at
    }
}

fn key() -> String {
    format!("whsec_{}", STANDARD.encode([7; 32]))
}

/// Notifiers of this file, whose secrets are addresses and the key.
fn notifiers(text: &str, urls: &[(&'static str, &str)]) -> Notifiers {
    let mut shelf: BTreeMap<_, _> =
        urls.iter().map(|(name, url)| (*name, json!({ "url": url }).to_string())).collect();
    shelf.insert("key", json!({ "key": key() }).to_string());
    shelf.insert("login", json!({ "username": "a", "password": "b" }).to_string());
    let plans = Plan::all("people.toml", text).unwrap();
    Notifiers::new(plans, || Ok(Arc::new(Shelf(shelf))), Arc::new(Still)).unwrap()
}

/// One webhook to this address.
fn webhook(url: &str) -> Notifiers {
    let text = "[notify.ops]\nkind = \"webhook\"\nurl_secret = \"url\"\nkey_secret = \"key\"\n";
    notifiers(&format!("{text}private = true"), &[("url", url)])
}

async fn told(on: &Notifiers) -> Result<StatusCode, Failure> {
    let mut outcomes = tell(&event(), Deadline::within(Duration::from_secs(30)), on).await;
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0).told
}

#[tokio::test]
async fn a_webhook_is_signed_over_the_bytes_that_are_sent() {
    let receiver = Receiver::answering([]).await;
    assert_eq!(told(&webhook(&receiver.url)).await, Ok(StatusCode::NO_CONTENT));
    let sent = receiver.sent();
    let [(method, headers, body)] = sent.as_slice() else { panic!("{} requests", sent.len()) };
    let header = |name: &str| headers[name].to_str().unwrap();
    assert_eq!((method.as_str(), header("content-type")), ("POST", "application/json"));
    assert_eq!(body.as_ref(), event().payload());
    assert_eq!(header("webhook-id"), event().id());
    assert_eq!(header("webhook-timestamp"), "1795262400");
    let key = SigningKey::parse(&key()).unwrap();
    let expected = key.signature(&event().id(), 1_795_262_400, body).unwrap();
    assert_eq!(header("webhook-signature"), expected);
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_under_the_same_id() {
    let answers = [Answer::Status(503), Answer::Status(500), Answer::Status(202)];
    let receiver = Receiver::answering(answers).await;
    assert_eq!(told(&webhook(&receiver.url)).await, Ok(StatusCode::ACCEPTED));
    let sent = receiver.sent();
    let ids: Vec<_> = sent.iter().map(|(_, headers, _)| headers["webhook-id"].clone()).collect();
    assert_eq!(ids, vec![event().id(); 3]);
    assert!(sent.iter().all(|(_, _, body)| *body == sent[0].2));
}

#[tokio::test]
async fn whoever_never_takes_it_is_left_alone_after_a_while() {
    let receiver = Receiver::answering(vec![Answer::Status(500); 9]).await;
    let refused = Err(Failure::Refused(StatusCode::INTERNAL_SERVER_ERROR));
    assert_eq!(told(&webhook(&receiver.url)).await, refused);
    assert_eq!(receiver.sent().len(), 5);
}

#[tokio::test]
async fn whoever_wants_no_more_is_sent_no_more() {
    let receiver = Receiver::answering([Answer::Status(410)]).await;
    let on = webhook(&receiver.url);
    assert_eq!(told(&on).await, Err(Failure::Gone));
    assert_eq!(told(&on).await, Err(Failure::Gone));
    assert_eq!(receiver.sent().len(), 1);
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let elsewhere = Receiver::answering([]).await;
    let away = Answer::Elsewhere(elsewhere.url.clone());
    let receiver = Receiver::answering(vec![away; 5]).await;
    let refused = Err(Failure::Refused(StatusCode::TEMPORARY_REDIRECT));
    assert_eq!(told(&webhook(&receiver.url)).await, refused);
    assert_eq!(elsewhere.sent().len(), 0);
}

#[tokio::test]
async fn whoever_is_too_busy_is_asked_again_when_they_say() {
    let receiver = Receiver::answering([Answer::Later(429, "1")]).await;
    assert_eq!(told(&webhook(&receiver.url)).await, Ok(StatusCode::NO_CONTENT));
    // An hour is more time than there is.
    let receiver = Receiver::answering([Answer::Later(429, "3600")]).await;
    let refused = Err(Failure::Refused(StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(told(&webhook(&receiver.url)).await, refused);
    assert_eq!(receiver.sent().len(), 1);
}

#[tokio::test]
async fn the_deadline_ends_it_whoever_is_silent() {
    let receiver = Receiver::answering(vec![Answer::Silence; 9]).await;
    let on = webhook(&receiver.url);
    let outcomes = tell(&event(), Deadline::within(Duration::from_millis(400)), &on).await;
    let expected = Outcome { notifier: "ops".into(), told: Err(Failure::Unreachable) };
    assert_eq!(outcomes, [expected]);
    let none = tell(&event(), Deadline::within(Duration::ZERO), &on).await;
    assert_eq!(none[0].told, Err(Failure::Late));
}

#[tokio::test]
async fn one_that_cannot_be_told_keeps_no_other_from_it() {
    let (fine, chat) = (Receiver::answering([]).await, Receiver::answering([]).await);
    let text = r#"
        [notify.a]
        kind = "slack"
        url_secret = "nothing"
        [notify.b]
        kind = "slack"
        url_secret = "chat"
        private = true
        [notify.c]
        kind = "webhook"
        url_secret = "fine"
        key_secret = "login"
        private = true
        [notify.d]
        kind = "teams"
        url_secret = "fine"
        private = true
        [notify.e]
        kind = "teams"
        url_secret = "fine"
        events = ["request.done"]
    "#;
    let on = notifiers(text, &[("fine", &fine.url), ("chat", &chat.url)]);
    let outcomes = tell(&event(), Deadline::within(Duration::from_secs(30)), &on).await;
    let told: BTreeMap<_, _> =
        outcomes.iter().map(|one| (one.notifier.as_str(), one.told)).collect();
    let taken = Ok(StatusCode::NO_CONTENT);
    let expected =
        [("a", Err(Failure::Secret)), ("b", taken), ("c", Err(Failure::Secret)), ("d", taken)];
    assert_eq!(told, expected.into());
    let body =
        |receiver: &Receiver| -> Value { serde_json::from_slice(&receiver.sent()[0].2).unwrap() };
    assert_eq!(body(&chat)["blocks"][0]["type"], "section");
    assert_eq!(body(&fine)["attachments"][0]["content"]["type"], "AdaptiveCard");
    assert!(chat.sent()[0].1.get("webhook-signature").is_none());
}

#[tokio::test]
async fn nothing_is_sent_within_our_network_unless_it_is_said() {
    let receiver = Receiver::answering([]).await;
    let text = "[notify.ops]\nkind = \"slack\"\nurl_secret = \"url\"\n";
    let within = receiver.url.replace("http:", "https:");
    for url in [&receiver.url, &within, "https://169.254.169.254/latest", "file:///etc/passwd"] {
        assert_eq!(told(&notifiers(text, &[("url", url)])).await, Err(Failure::Address), "{url}");
    }
    // A name is looked up when it is connected to, and what it leads to is looked at then.
    let named = within.replace("127.0.0.1", "localhost");
    assert_eq!(told(&notifiers(text, &[("url", &named)])).await, Err(Failure::Unreachable));
    assert_eq!(receiver.sent().len(), 0);
}

#[tokio::test]
async fn nobody_is_told_where_nobody_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let no_store = || -> Result<Arc<dyn SecretStore>, request::Mistakes> { panic!("not needed") };
    let on = Notifiers::read(folder.path(), no_store, Arc::new(Still)).unwrap();
    assert_eq!(tell(&event(), Deadline::within(Duration::from_secs(1)), &on).await, []);
    std::fs::write(folder.path().join("people.toml"), "[notify.a]\nkind = 1\n").unwrap();
    let store = || -> Result<Arc<dyn SecretStore>, request::Mistakes> {
        Ok(Arc::new(Shelf(BTreeMap::new())))
    };
    let mistakes = Notifiers::read(folder.path(), store, Arc::new(Still)).err().unwrap();
    assert!(mistakes.to_string().starts_with("people.toml:1: `notify.a`"), "{mistakes}");
}

#[tokio::test]
async fn an_outcome_names_nothing_secret() {
    let on = webhook("https://hooks.invalid/services/T0/B0/hushhush");
    let done = Event { kind: Kind::Done, state: Some("done".into()), ..event() };
    let outcomes = tell(&done, Deadline::within(Duration::from_secs(2)), &on).await;
    let text = format!("{outcomes:?} {}", outcomes[0].told.unwrap_err());
    assert!(!text.contains("hush") && !text.contains("hooks.invalid"), "{text}");
}
