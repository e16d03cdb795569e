//! The vault and the arming of statements, over a safe that a test opens and shuts.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use ::audit::Witnessed;
use ::credentials::{Error, Fetched, Secret, SecretStore, StoreError, Vault, arm};
use request::{Later, SecretName};

use crate::{
    audit::Book,
    stand::{OPEN, Stand, TARGETS, agent, asking},
};

/// What the safe answers.
#[derive(Clone)]
pub(crate) enum Answer {
    Holds(String, &'static str),
    Missing,
    Down,
}

/// A store that notes what it was asked for.
#[derive(Default)]
pub(crate) struct Safe {
    answers: Mutex<BTreeMap<String, Answer>>,
    asked: Mutex<Vec<String>>,
}

impl Safe {
    pub(crate) fn put(&self, name: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(name.into(), answer);
    }

    /// From now on, the login of this user under this version.
    pub(crate) fn holds(&self, name: &str, user: &str, version: &'static str) {
        let secret =
            format!(r#"{{"username":"{user}","password":"{PASSWORD}","host":"evil.example"}}"#);
        self.put(name, Answer::Holds(secret, version));
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl SecretStore for Safe {
    fn fetch<'a>(&'a self, name: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        self.asked.lock().unwrap().push(name.to_string());
        let answer = self.answers.lock().unwrap().get(name.as_str()).cloned();
        Box::pin(async move {
            match answer.unwrap_or(Answer::Missing) {
                Answer::Holds(secret, version) => {
                    Ok(Fetched { secret: Secret::new(secret.into()), version: version.into() })
                }
                Answer::Missing => Err(StoreError::Missing),
                Answer::Down => Err(StoreError::Unavailable("no route to the store".into())),
            }
        })
    }
}

struct Scene {
    safe: Arc<Safe>,
    vault: Vault,
    stand: Stand,
    book: Book,
}

impl Scene {
    fn new() -> Self {
        Self::with(TARGETS)
    }

    fn with(targets: &str) -> Self {
        let safe = Arc::new(Safe::default());
        safe.holds("orders-db", "orders_agent", "v1");
        safe.holds("notes-db", "notes_agent", "v1");
        let vault = Vault::new(safe.clone());
        Self { safe, vault, stand: Stand::with(targets, OPEN), book: Book::new() }
    }

    /// A statement on this target, on record.
    async fn witnessed(&self, target: &str) -> Witnessed {
        let asking = asking("select 1").on(target);
        let begun = self.stand.begin(&agent("ada"), &asking);
        self.book.intend(begun).await.unwrap().0
    }

    /// The name of the role that a statement on this target is armed with.
    async fn user(&self, target: &str) -> Result<String, Error> {
        let armed = arm(self.witnessed(target).await, &self.vault).await?;
        Ok(armed.login().username().to_owned())
    }
}

#[tokio::test]
async fn a_login_is_fetched_once_for_many_statements() {
    let scene = Scene::new();
    for _ in 0..3 {
        assert_eq!(scene.user("orders-db").await.unwrap(), "orders_agent");
    }
    assert_eq!(scene.safe.asked(), ["orders-db"]);
    assert!(Vault::KEEP <= Duration::from_secs(300));
}

#[tokio::test]
async fn each_target_gets_its_own_login_and_no_other_is_fetched() {
    let scene = Scene::new();
    for _ in 0..2 {
        assert_eq!(scene.user("orders-db").await.unwrap(), "orders_agent");
        assert_eq!(scene.user("notes-db").await.unwrap(), "notes_agent");
    }
    assert_eq!(scene.safe.asked(), ["orders-db", "notes-db"]);
}

#[tokio::test]
async fn a_secret_is_remembered_by_its_whole_name() {
    let scene = Scene::with(
        &TARGETS
            .replace("secret = \"orders-db\"", "secret = \"shop/a\"")
            .replace("secret = \"notes-db\"", "secret = \"shop/a/b\""),
    );
    scene.safe.holds("shop/a", "one", "v1");
    scene.safe.holds("shop/a/b", "other", "v1");
    assert_eq!(scene.user("orders-db").await.unwrap(), "one");
    assert_eq!(scene.user("notes-db").await.unwrap(), "other");
}

#[tokio::test]
async fn a_login_that_was_rotated_is_fetched_anew_once() {
    let scene = Scene::new();
    let mut armed = arm(scene.witnessed("orders-db").await, &scene.vault).await.unwrap();
    scene.safe.holds("orders-db", "rotated", "v2");
    assert_eq!((armed.login().username(), armed.version()), ("orders_agent", "v1"));
    assert!(armed.renew().await.unwrap());
    assert_eq!((armed.login().username(), armed.version()), ("rotated", "v2"));

    scene.safe.holds("orders-db", "rotated_again", "v3");
    assert!(!armed.renew().await.unwrap(), "a second refusal is not a matter of rotation");
    assert_eq!(armed.version(), "v2");
    assert_eq!(scene.safe.asked().len(), 2);
    assert_eq!(scene.user("orders-db").await.unwrap(), "rotated", "the vault remembers the newer");
}

#[tokio::test]
async fn there_is_nothing_to_try_when_the_login_is_still_the_same() {
    let scene = Scene::new();
    let mut armed = arm(scene.witnessed("orders-db").await, &scene.vault).await.unwrap();
    assert!(!armed.renew().await.unwrap());
    assert_eq!(scene.safe.asked().len(), 2);
}

#[tokio::test]
async fn a_renewal_that_fails_is_not_repeated() {
    let scene = Scene::new();
    let mut armed = arm(scene.witnessed("orders-db").await, &scene.vault).await.unwrap();
    scene.safe.put("orders-db", Answer::Down);
    assert!(matches!(armed.renew().await, Err(Error::Unavailable(_))));
    assert!(!armed.renew().await.unwrap());
    assert_eq!(scene.safe.asked().len(), 2);
}

#[tokio::test]
async fn a_failure_is_told_as_what_it_is_and_not_remembered() {
    let scene = Scene::new();
    scene.safe.put("orders-db", Answer::Missing);
    assert!(matches!(scene.user("orders-db").await, Err(Error::Missing)));
    scene.safe.put("orders-db", Answer::Down);
    assert!(matches!(scene.user("orders-db").await, Err(Error::Unavailable(_))));
    scene.safe.put("orders-db", Answer::Holds("[]".into(), "v1"));
    assert!(matches!(scene.user("orders-db").await, Err(Error::Shape)));
    scene.safe.holds("orders-db", "orders_agent", "v2");
    assert_eq!(scene.user("orders-db").await.unwrap(), "orders_agent");
}

#[tokio::test]
async fn what_is_no_login_is_refused_and_never_quoted() {
    let scene = Scene::new();
    for secret in [
        PASSWORD.to_owned(),
        format!("\"{PASSWORD}\""),
        format!(r#"{{"username":"u","password":["{PASSWORD}"]}}"#),
        format!(r#"{{"username":"","password":"{PASSWORD}"}}"#),
        format!(r#"{{"password":"{PASSWORD}"}}"#),
        format!(r#"{{"username":"{PASSWORD}","password":""}}"#),
        format!(r#"{{"username":"u","password":"{PASSWORD}"}} {PASSWORD}"#),
        format!(r#"{{"username":"u","username":"v","password":"{PASSWORD}"}}"#),
        String::new(),
    ] {
        scene.safe.put("orders-db", Answer::Holds(secret.clone(), "v1"));
        let error = scene.user("orders-db").await.unwrap_err();
        assert!(matches!(error, Error::Shape), "{secret}: {error:?}");
        let told = format!("{error} {error:?}");
        assert!(!told.contains("hunter2") && !told.contains("orders-db"), "{told}");
    }
}

const PASSWORD: &str = "hunter2-correct-horse";
