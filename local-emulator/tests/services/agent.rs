//! The agent, as a server finds it that looks at nothing but the requests.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use local_emulator::{
    agent::{self, Agent, Answer, Deployment, Function, Key},
    serve::{Bound, Control, Server},
};
use request::Digest;
use reqwest::Method;
use serde_json::{Value, json};

/// A request as it came.
#[derive(Clone)]
struct Seen {
    headers: HeaderMap,
    body: Bytes,
}

impl Seen {
    fn all(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The claims of its one proof, whose signature is that of the key in its header.
    fn proof(&self) -> Value {
        let proofs = self.all("dpop");
        let [proof] = proofs[..] else { panic!("{proofs:?}") };
        let header = decode_header(proof).unwrap();
        assert_eq!((header.typ.as_deref(), header.alg), (Some("dpop+jwt"), Algorithm::ES256));
        let key = DecodingKey::from_jwk(&header.jwk.unwrap()).unwrap();
        let mut rules = Validation::new(Algorithm::ES256);
        rules.required_spec_claims.clear();
        decode::<Value>(proof, &key, &rules).unwrap().claims
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().clone()
    }
}

/// Wants `fresh` as a nonce, each of the two ways in which servers ask for one.
async fn demanding(State(log): State<Log>, ask: Request) -> Response {
    let (parts, body) = ask.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let seen = Seen { headers: parts.headers, body };
    log.0.lock().unwrap().push(seen.clone());
    let nonce = [("dpop-nonce", "fresh")];
    match (parts.uri.path(), seen.proof()["nonce"] == "fresh") {
        (_, true) => (nonce, json!({"rows": [[1]]}).to_string()).into_response(),
        ("/token", false) => {
            let told = json!({"error": "use_dpop_nonce"}).to_string();
            (StatusCode::BAD_REQUEST, nonce, told).into_response()
        }
        (_, false) => {
            let challenge = [("www-authenticate", "DPoP error=\"use_dpop_nonce\"")];
            (StatusCode::UNAUTHORIZED, nonce, challenge).into_response()
        }
    }
}

async fn start() -> (Server, Log, Deployment) {
    let (bound, log) = (Bound::free().await.unwrap(), Log::default());
    let url = format!("http://127.0.0.1:{}", bound.port());
    let routes = Router::new().fallback(demanding).with_state(log.clone());
    let server = bound.serve(routes, None, Control::new(Value::Null, Value::Null));
    let at = Deployment::new(&agent::client().unwrap(), &url, &url);
    (server, log, at)
}

fn digest(bytes: &[u8]) -> Value {
    URL_SAFE_NO_PAD.encode(Digest::of(bytes).bytes()).into()
}

#[tokio::test]
async fn a_proof_is_for_this_token_this_body_and_this_address() {
    let (_server, log, at) = start().await;
    let agent = Agent::holding(&at, "a.token.b", Some(Key::fresh().unwrap()));
    let answer = agent.query("shop", "SELECT 1").await.unwrap();
    assert_eq!(answer.status, 200);
    let seen = log.seen();
    let last = seen.last().unwrap();
    let claims = last.proof();
    assert_eq!(last.all("authorization"), ["DPoP a.token.b"]);
    assert_eq!(claims["htm"], "POST");
    assert_eq!(claims["htu"], format!("{}/v1/query", at.base(Function::Request)));
    assert_eq!((&claims["ath"], &claims["bdh"]), (&digest(b"a.token.b"), &digest(&last.body)));
}

#[tokio::test]
async fn a_nonce_is_sent_as_soon_as_a_server_asks_and_ever_after() {
    let (_server, log, at) = start().await;
    let key = Key::fresh().unwrap();
    let agent = Agent::holding(&at, "a.token.b", Some(key.clone()));
    for _ in 0..2 {
        assert_eq!(agent.query("shop", "SELECT 1").await.unwrap().status, 200);
    }
    assert_eq!(log.seen().len(), 3, "the first was asked for its nonce");
    // The token function is another server, which has to ask for itself.
    let call = || at.call(Method::POST, Function::Token, "/token", Some(&key)).form([("a", "b")]);
    for _ in 0..2 {
        assert_eq!(call().send().await.unwrap().status, 200);
    }
    let seen = log.seen();
    assert_eq!(seen.len(), 6);
    assert_ne!(seen[4].proof()["jti"], seen[3].proof()["jti"], "no proof is sent twice");
    assert_eq!(seen[5].proof().get("ath"), None);
}

#[tokio::test]
async fn an_attacker_sends_exactly_the_headers_that_it_means_to() {
    let (_server, log, at) = start().await;
    let key = Key::fresh().unwrap();
    let agent = Agent::holding(&at, "a.token.b", Some(key.clone()));
    let call = || agent.call(Method::POST, Function::Request, "/v1/query").json(&json!({}));
    let proof = key.proof("POST", "https://elsewhere.example", None, None, None).unwrap();
    let sent: Answer =
        call().authorizations(&["Bearer a", "DPoP b"]).proofs(&[&proof]).send().await.unwrap();
    assert_eq!(sent.status, 401, "nobody answers the question for a nonce in its place");
    let seen = log.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].all("authorization"), ["Bearer a", "DPoP b"]);
    assert_eq!(seen[0].proof()["htu"], "https://elsewhere.example");
    let other = Key::fresh().unwrap();
    assert_eq!(call().key(&other).send().await.unwrap().status, 200);
    let header = decode_header(log.seen()[1].all("dpop")[0]).unwrap();
    let jwk = serde_json::to_value(header.jwk.unwrap()).unwrap();
    assert_eq!(jwk["x"], other.jwk()["x"]);
}
