//! Runs over a store on disk and issuers that a test holds in its hands.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here has failed the test"
)]

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::body::{Body, to_bytes};
use host::{KeysAt, StoredKeys};
use http::{Request, StatusCode};
use identity::{FetchError, Issuers, KeySource};
use jwks_sync_function::{Force, Summary, Sync, handler};
use on_disk::Sqlite;
use request::{Clock, Later, Millis};
use serde_json::{Value, json};
use state::{Store, Write};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// Two issuers and what they publish today, a clock that stands still, and the store.
struct Stage {
    published: Arc<Published>,
    store: Arc<dyn Store>,
    clock: Arc<Hand>,
    _folder: TempDir,
}

#[derive(Default)]
struct Published(Mutex<BTreeMap<String, Value>>);

impl KeySource for Published {
    fn fetch<'a>(&'a self, jwks_uri: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        let found = self.0.lock().unwrap().get(jwks_uri).map(|set| set.to_string().into_bytes());
        Box::pin(async { found.ok_or_else(|| FetchError::new("status 503")) })
    }
}

struct Hand(AtomicU64);

impl Clock for Hand {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Sqlite::open(folder.path().join("state")).unwrap());
        let clock = Arc::new(Hand(AtomicU64::new(NOW)));
        let stage = Self { published: Arc::default(), store, clock, _folder: folder };
        stage.publish("corp", &[FIRST]);
        stage.publish("plant", &[FIRST]);
        stage
    }

    fn publish(&self, alias: &str, keys: &[&str]) {
        let keys: Vec<Value> = keys.iter().map(|key| serde_json::from_str(key).unwrap()).collect();
        self.published.0.lock().unwrap().insert(uri(alias), json!({"keys": keys}));
    }

    fn fails(&self, alias: &str) {
        self.published.0.lock().unwrap().remove(&uri(alias));
    }

    fn pass(&self, milliseconds: u64) {
        self.clock.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    fn sync(&self) -> Sync {
        let (published, clock) = (Arc::clone(&self.published), Arc::clone(&self.clock));
        Sync::new(issuers(), published, Arc::clone(&self.store), clock)
    }

    async fn run(&self) -> Summary {
        self.sync().run(&Force::None).await
    }

    /// What a function without a way out reads.
    async fn read(&self, alias: &str) -> Result<Value, String> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let source = host::key_source(KeysAt::Store, &issuers(), &self.store, &clock).unwrap();
        let document = source.fetch(&uri(alias)).await;
        let cause = |error: FetchError| {
            std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default()
        };
        Ok(serde_json::from_slice(&document.map_err(cause)?).unwrap())
    }

    async fn keys(&self, alias: &str) -> Vec<String> {
        let document = self.read(alias).await.unwrap();
        let keys = document["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }
}

fn uri(alias: &str) -> String {
    format!("https://{alias}.example/jwks")
}

fn issuers() -> Issuers {
    let entry = |alias: &str| {
        format!(
            "[issuers.{alias}]\nissuer = \"https://{alias}.example\"\njwks_uri = \"{}\"\n\
             audience = [\"https://postern.example/v1\"]\nalgorithms = [\"ES256\"]\n\
             types = [\"at+jwt\"]\nmax_lifetime_s = 3600\n",
            uri(alias)
        )
    };
    Issuers::parse("issuers.toml", &format!("{}{}", entry("corp"), entry("plant"))).unwrap()
}

fn written(summary: &Summary) -> Vec<&str> {
    summary.written.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn what_was_fetched_is_what_others_read() {
    let stage = Stage::new();
    assert_eq!(stage.read("corp").await.unwrap_err(), "nobody has put the key set into the store");
    let summary = stage.run().await;
    assert_eq!(written(&summary), ["corp", "plant"]);
    assert!(summary.kept.is_empty());
    assert_eq!(stage.keys("corp").await, ["first"]);
}

#[tokio::test]
async fn a_rotation_that_keeps_one_key_is_taken() {
    let stage = Stage::new();
    for keys in [&[FIRST][..], &[FIRST, SECOND], &[SECOND]] {
        stage.publish("corp", keys);
        assert_eq!(stage.run().await.written["corp"], keys.len());
    }
    assert_eq!(stage.keys("corp").await, ["second"]);
}

#[tokio::test]
async fn a_set_without_any_of_the_last_keys_is_refused_until_it_is_forced() {
    let stage = Stage::new();
    stage.run().await;
    stage.publish("corp", &[SECOND]);
    let summary = stage.run().await;
    assert_eq!(written(&summary), ["plant"]);
    assert_eq!(summary.kept["corp"], "the new key set has none of the last one's keys");
    assert_eq!(stage.keys("corp").await, ["first"]);

    let others = Force::These(["plant".to_owned()].into());
    assert!(stage.sync().run(&others).await.kept.contains_key("corp"));
    let this = Force::These(["corp".to_owned()].into());
    assert_eq!(stage.sync().run(&this).await.written["corp"], 1);
    assert_eq!(stage.keys("corp").await, ["second"]);
}

#[tokio::test]
async fn another_key_under_the_last_ones_id_is_another_key() {
    let stage = Stage::new();
    stage.run().await;
    stage.publish("corp", &[&SECOND.replace("second", "first")]);
    assert!(stage.run().await.kept.contains_key("corp"));
}

#[tokio::test]
async fn one_issuers_failure_is_nobody_elses_and_its_last_set_stays() {
    let stage = Stage::new();
    stage.run().await;
    stage.fails("corp");
    stage.publish("plant", &[FIRST, SECOND]);
    let summary = stage.run().await;
    assert_eq!((written(&summary), summary.kept.len()), (vec!["plant"], 1));
    assert_eq!(stage.keys("corp").await, ["first"]);
    assert_eq!(stage.keys("plant").await, ["first", "second"]);
}

#[tokio::test]
async fn a_set_that_tokens_could_not_be_checked_with_is_refused() {
    let stage = Stage::new();
    stage.run().await;
    let private = SECOND.replace("\"kty\"", "\"d\":\"AAAA\",\"kty\"");
    for keys in [&[][..], &[FIRST, FIRST], &[FIRST, &private], &[r#"{"kty":"oct","k":"AAAA"}"#]] {
        stage.publish("corp", keys);
        let summary = stage.sync().run(&Force::All).await;
        assert!(summary.kept["corp"].starts_with("the key set is not good"), "{summary:?}");
    }
    assert_eq!(stage.keys("corp").await, ["first"]);
}

#[tokio::test]
async fn a_last_set_that_cannot_be_read_is_not_replaced_without_force() {
    let stage = Stage::new();
    let (partition, key) = (StoredKeys::partition().unwrap(), StoredKeys::key("corp").unwrap());
    let write = Write::Create { key, value: b"{}".to_vec(), expires_at: None };
    stage.store.commit(&partition, &[write]).await.unwrap();
    assert_eq!(stage.run().await.kept["corp"], "the last key set cannot be read");
    assert_eq!(stage.read("corp").await.unwrap_err(), "the key set in the store cannot be read");
    assert_eq!(stage.sync().run(&Force::All).await.written["corp"], 1);
}

#[tokio::test]
async fn a_set_is_read_for_a_day_and_a_run_without_news_begins_the_day_anew() {
    let stage = Stage::new();
    stage.run().await;
    stage.pass(DAY);
    assert!(stage.read("corp").await.is_ok());
    stage.run().await;
    stage.pass(DAY);
    assert!(stage.read("corp").await.is_ok());
    stage.pass(1);
    assert_eq!(
        stage.read("corp").await.unwrap_err(),
        "the key set in the store is older than a day"
    );
}

#[tokio::test]
async fn a_set_from_the_future_is_not_read() {
    let stage = Stage::new();
    stage.run().await;
    stage.clock.0.store(NOW - 60_000, Ordering::SeqCst);
    assert!(stage.read("corp").await.is_ok());
    stage.clock.0.store(NOW - 60_001, Ordering::SeqCst);
    assert!(stage.read("corp").await.is_err());
}

#[tokio::test]
async fn nothing_is_sent_to_a_private_address() {
    // Given by the system, so that nobody else listens there.
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let port = canary.local_addr().unwrap().port();
    let _installed = host::tls();
    let fetcher = host::fetcher(false).unwrap();
    for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "0x7f.1"] {
        assert!(fetcher.fetch(&format!("https://{host}:{port}/jwks")).await.is_err(), "{host}");
    }
    assert!(canary.accept().is_err(), "somebody knocked");
    // Where it is allowed, it is tried.
    let fetcher = host::fetcher(true).unwrap();
    let knock = fetcher.fetch("https://127.0.0.1:1/jwks").await.unwrap_err();
    let cause = std::error::Error::source(&knock).unwrap().to_string();
    assert!(!cause.contains("public"), "{cause}");
}

#[tokio::test]
async fn the_functions_host_hears_a_sentence_for_each_issuer() {
    let stage = Stage::new();
    stage.fails("plant");
    let invocation = json!({"Data": {"timer": {"IsPastDue": false}}, "Metadata": {}}).to_string();
    let call = |body: &str| Request::post("/jwks-sync").body(Body::from(body.to_owned())).unwrap();
    let router = handler::router(stage.sync(), None);
    let answer = router.clone().oneshot(call(&invocation)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let body = to_bytes(answer.into_body(), 4096).await.unwrap();
    let logs =
        ["corp: 1 keys written", "plant: the last set stays: the key set could not be fetched"];
    let expected = json!({"Outputs": {}, "Logs": logs, "ReturnValue": null});
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), expected);

    stage.fails("corp");
    let answer = router.clone().oneshot(call(&invocation)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let answer = router.oneshot(call("timer")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}

type Swept = Result<usize, Box<dyn Error + Send + std::marker::Sync>>;

/// Somebody who sweeps as often as is told, the last time first.
struct Broom(Mutex<Vec<Swept>>);

impl doors::Sweeper for Broom {
    fn sweep(&self) -> Later<'_, Swept> {
        let next = self.0.lock().unwrap().pop().unwrap();
        Box::pin(async { next })
    }
}

#[tokio::test]
async fn with_every_round_what_is_over_is_swept_and_no_keys_are_missed_for_it() {
    let stage = Stage::new();
    let broom = Broom(Mutex::new(vec![Err("away".into()), Ok(7)]));
    let router = handler::router(stage.sync(), Some(Arc::new(broom)));
    for told in ["7 items were over and are forgotten", "what is over stays: away"] {
        let call = Request::post("/jwks-sync").body(Body::from(r#"{"Data": {}}"#)).unwrap();
        let answer = router.clone().oneshot(call).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let body = to_bytes(answer.into_body(), 4096).await.unwrap();
        let logs = serde_json::from_slice::<Value>(&body).unwrap()["Logs"].clone();
        assert_eq!(logs, json!(["corp: 1 keys written", "plant: 1 keys written", told]));
    }
}

/// The time in all tests, in milliseconds, until one lets it pass.
const NOW: u64 = 1_800_000_000_000;
const DAY: u64 = 24 * 60 * 60 * 1000;

/// The keys of RFC 7515, A.3.1 and of RFC 7517, A.1, under ids of ours.
const FIRST: &str = r#"{"kty":"EC","crv":"P-256","kid":"first",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
const SECOND: &str = r#"{"kty":"EC","crv":"P-256","kid":"second",
    "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
