//! The other routes.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use super::stand::{Answer, FORM, JSON, Key, Stand, redemption, rights};

fn wish(rows: u64) -> String {
    let mut rights: Value = serde_json::from_str(&rights()).unwrap();
    rights[0]["max_rows"] = rows.into();
    json!({"label": "totals", "authorization_details": rights}).to_string()
}

async fn spawn(stand: &Stand, token: &str, key: &Key, body: String) -> Answer {
    stand.call(("POST", "/v1/spawn"), (token, key), (JSON, body)).await
}

#[tokio::test]
async fn a_child_is_made_redeemed_looked_at_and_ended() {
    let stand = Stand::new();
    let (key, own) = (Key::fresh(), Key::fresh());
    let root = stand.root(&key).await;
    let spawned = spawn(&stand, &root, &key, wish(5)).await;
    assert_eq!(spawned.status, 201, "{}", spawned.body);
    assert_eq!(spawned.text("ticket_type"), "urn:postern:token-type:spawn_ticket");
    assert_eq!(
        (&spawned.body["expires_in"], &spawned.body["attenuated"]),
        (&json!(60), &json!(false))
    );
    let redeemed = stand.token(&redemption(&spawned.text("ticket")), &own).await;
    assert_eq!(redeemed.status, 200, "{}", redeemed.body);
    let child = redeemed.text("access_token");

    let look = || (FORM, format!("token={child}"));
    let state = stand.call(("POST", "/introspect"), (&root, &key), look()).await;
    assert_eq!((state.status, &state.body["active"]), (200, &json!(true)));
    assert_eq!(state.body["client_id"], spawned.body["node"]);

    let path = format!("/v1/nodes/{}", spawned.text("node"));
    let nothing = || ("text/plain", String::new());
    let ended = stand.call(("DELETE", &path), (&root, &key), nothing()).await;
    assert_eq!(ended.status, 204);
    let state = stand.call(("POST", "/introspect"), (&root, &key), look()).await;
    assert_eq!(state.body, json!({"active": false}));
    let refused = spawn(&stand, &child, &own, wish(5)).await;
    assert_eq!(refused.status, 401, "{}", refused.body);
    assert!(refused.header("www-authenticate").starts_with("DPoP error=\"invalid_token\""));
}

#[tokio::test]
async fn a_wider_child_is_a_problem_that_names_where() {
    let stand = Stand::new();
    let key = Key::fresh();
    let root = stand.root(&key).await;
    let answer = spawn(&stand, &root, &key, wish(11)).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.text("type"), "/problems/delegation/invalid_authorization_details");
    assert!(answer.text("detail").contains("`[0].max_rows`"), "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_body_that_was_changed_on_its_way_is_refused() {
    let stand = Stand::new();
    let key = Key::fresh();
    let root = stand.root(&key).await;
    let ath = request::Digest::of(root.as_bytes());
    let encode = |digest: &request::Digest| {
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, digest.bytes())
    };
    let digest = encode(&request::Digest::of(wish(1).as_bytes()));
    let claims = [("ath", encode(&ath)), ("bdh", digest)];
    let claims: Vec<(&str, &str)> =
        claims.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let proof = super::stand::proof(&key, "POST", "/v1/spawn", &claims);
    let request = Request::post("/v1/spawn")
        .header("authorization", format!("DPoP {root}"))
        .header("dpop", proof)
        .header("content-type", JSON)
        .body(Body::from(wish(10)))
        .unwrap();
    let answer = stand.ask(request).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    assert!(answer.header("www-authenticate").contains("invalid_dpop_proof"));
}

#[tokio::test]
async fn a_wish_that_says_what_nobody_knows_is_refused() {
    let stand = Stand::new();
    let key = Key::fresh();
    let root = stand.root(&key).await;
    for body in [
        "{\"label\":\"a\",\"label\":\"b\"}",
        "{\"label\":\"a\",\"admin\":true}",
        "{\"label\":\"a\",\"class\":\"root\"}",
        "{\"label\":\"a\",\"attenuate\":\"union\"}",
        "{\"label\":\"a\",\"ttl\":-1}",
        "[]",
        "",
    ] {
        let answer = spawn(&stand, &root, &key, body.into()).await;
        assert_eq!(answer.status, 400, "{body}");
    }
}

#[tokio::test]
async fn nobody_is_served_who_shows_nothing_or_shows_a_bound_token_as_a_bearers() {
    let stand = Stand::new();
    let root = stand.root(&Key::fresh()).await;
    for (method, path, kind, body) in [
        ("POST", "/v1/spawn", JSON, wish(1)),
        ("POST", "/introspect", FORM, format!("token={root}")),
        ("DELETE", "/v1/nodes/n_x", JSON, String::new()),
    ] {
        for credentials in [None, Some(format!("Bearer {root}")), Some(format!("DPoP {root}"))] {
            let mut request =
                Request::builder().method(method).uri(path).header("content-type", kind);
            if let Some(credentials) = credentials {
                request = request.header("authorization", credentials);
            }
            let answer = stand.ask(request.body(body.clone().into()).unwrap()).await;
            assert_eq!(answer.status, 401, "{method} {path}");
            assert!(!answer.header("www-authenticate").is_empty());
        }
    }
}

#[tokio::test]
async fn an_event_is_taken_when_it_has_been_heard_to_its_end() {
    let stand = Stand::new();
    let key = Key::fresh();
    let root = stand.root(&key).await;
    let push = |set: String| {
        let request =
            Request::post("/v1/events").header("content-type", "application/secevent+jwt");
        request.body(Body::from(set)).unwrap()
    };
    let answer = stand.ask(push(stand.login("alice"))).await;
    assert_eq!((answer.status, answer.text("err").as_str()), (400, "invalid_request"));
    let stranger =
        Key::fresh().signed(&json!({"typ": "secevent+jwt", "alg": "ES256"}), &json!({"iss": "x"}));
    let answer = stand.ask(push(stranger)).await;
    assert_eq!((answer.status, answer.text("err").as_str()), (400, "invalid_issuer"));
    assert_eq!(stand.ask(push(stand.told("alice"))).await.status, 202);
    assert_eq!(spawn(&stand, &root, &key, wish(1)).await.status, 401);
}

#[tokio::test]
async fn everybody_may_read_how_this_issuer_works() {
    let stand = Stand::new();
    let metadata = stand.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(metadata.body["issuer"], "https://gw.example");
    assert_eq!(metadata.body["token_endpoint"], "https://gw.example/token");
    assert_eq!(metadata.body["response_types_supported"], json!([]));
    assert_eq!(metadata.header("cache-control"), "public, max-age=300");
    let keys = stand.get("/.well-known/jwks.json").await;
    assert_eq!(keys.body["keys"][0]["kid"], "ours");
    assert!(keys.body["keys"][0].get("d").is_none());
    assert_eq!(stand.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn the_document_has_every_route() {
    let stand = Stand::new();
    let document = stand.get("/openapi.json").await.body;
    assert_eq!(document["openapi"], "3.1.0");
    for (path, method) in [
        ("/token", "post"),
        ("/v1/spawn", "post"),
        ("/v1/nodes/{id}", "delete"),
        ("/introspect", "post"),
        ("/v1/events", "post"),
        ("/.well-known/oauth-authorization-server", "get"),
        ("/.well-known/jwks.json", "get"),
        ("/healthz", "get"),
    ] {
        assert!(document["paths"][path][method].is_object(), "{method} {path}");
    }
}
