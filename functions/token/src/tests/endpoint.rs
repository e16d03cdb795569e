//! `POST /token`, as OAuth has it.

use axum::body::Body;
use http::Request;
use serde_json::json;

use super::stand::{
    ACCESS, Answer, FORM, GRANT, JSON, Key, RESOURCE, Stand, exchange, proof, redemption, rights,
};

fn is_refused(answer: &Answer, error: &str) {
    let body = &answer.body;
    assert_eq!((answer.status, answer.text("error").as_str()), (400, error), "{body}");
    assert!(!answer.text("error_description").is_empty());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(body.get("access_token").is_none());
}

#[tokio::test]
async fn a_token_is_answered_as_rfc_8693_has_it_and_nobody_keeps_it() {
    let stand = Stand::new();
    let answer = stand.token(&exchange(&stand.login("alice"), &rights()), &Key::fresh()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.text("token_type"), "DPoP");
    assert_eq!(answer.text("issued_token_type"), "urn:ietf:params:oauth:token-type:access_token");
    assert_eq!(answer.body["expires_in"], 300);
    assert_eq!(answer.body["authorization_details"].to_string(), rights());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("audit-receipt").split('/').count(), 3);
    assert!(answer.body.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_form_with_more_than_one_meaning_is_refused() {
    let stand = Stand::new();
    let good = exchange(&stand.login("alice"), &rights());
    let token = stand.login("bob");
    for more in [
        format!("&subject_token={token}"),
        "&%73ubject_token=x".into(),
        "&resource=https://gw.example/v1".into(),
        format!("&{GRANT}"),
        "&anything=1&anything=1".into(),
        format!("&actor_token={token}"),
        "&actor_token_type=urn:ietf:params:oauth:token-type:access_token".into(),
        format!("&actor_token={token}&actor_token_type=urn:ietf:params:oauth:token-type:id_token"),
        "&scope=all".into(),
        "&audience=elsewhere".into(),
        "&requested_token_type=urn:ietf:params:oauth:token-type:refresh_token".into(),
        "&".into(),
        "&x=%zz".into(),
    ] {
        let answer = stand.token(&format!("{good}{more}"), &Key::fresh()).await;
        is_refused(&answer, "invalid_request");
    }
}

#[tokio::test]
async fn a_form_that_lacks_something_is_refused() {
    let stand = Stand::new();
    let subject = format!("subject_token={}", stand.login("alice"));
    for form in [
        String::new(),
        format!("{RESOURCE}&{ACCESS}&{subject}"),
        format!("{GRANT}&{ACCESS}&{subject}"),
        format!("{GRANT}&{RESOURCE}&{subject}"),
        format!("{GRANT}&{RESOURCE}&{ACCESS}"),
        format!("{GRANT}&resource=&{ACCESS}&{subject}"),
        format!(
            "{GRANT}&{RESOURCE}&subject_token_type=urn:ietf:params:oauth:token-type:id_token&{subject}"
        ),
    ] {
        is_refused(&stand.token(&form, &Key::fresh()).await, "invalid_request");
    }
}

#[tokio::test]
async fn other_grant_types_are_not_served() {
    let stand = Stand::new();
    for grant in ["client_credentials", "refresh_token", "password"] {
        let answer = stand.token(&format!("grant_type={grant}"), &Key::fresh()).await;
        is_refused(&answer, "unsupported_grant_type");
    }
}

#[tokio::test]
async fn parameters_are_taken_from_the_body_and_only_as_a_form() {
    let stand = Stand::new();
    let (key, form) = (Key::fresh(), exchange(&stand.login("alice"), &rights()));
    let post = |uri: &str, kind: &str, body: &str| {
        let proof = proof(&key, "POST", "/token", &[]);
        let request = Request::post(uri).header("dpop", proof).header("content-type", kind);
        request.body(Body::from(body.to_owned())).unwrap()
    };
    for request in [
        post(&format!("/token?{form}"), FORM, ""),
        post("/token?x=1", FORM, &form),
        post("/token", JSON, &json!({"grant_type": "x"}).to_string()),
        post("/token", "text/plain", &form),
        post("/token", FORM, &"x".repeat(65 * 1024)),
    ] {
        is_refused(&stand.ask(request).await, "invalid_request");
    }
    assert_eq!(stand.ask(post("/token", FORM, &form)).await.status, 200);
}

#[tokio::test]
async fn each_kind_of_refusal_has_its_word() {
    let stand = Stand::new();
    let good = exchange(&stand.login("alice"), &rights());
    let elsewhere = good.replace("gw.example%2Fv1", "gw.example%2Fv2");
    is_refused(&stand.token(&elsewhere, &Key::fresh()).await, "invalid_target");
    let unknown = exchange(&stand.login("alice"), "[{\"type\":\"vault\"}]");
    is_refused(&stand.token(&unknown, &Key::fresh()).await, "invalid_authorization_details");
    let stranger = exchange("e30.e30.e30", "[]");
    is_refused(&stand.token(&stranger, &Key::fresh()).await, "invalid_grant");
    is_refused(&stand.token_with(&good, "x").await, "invalid_dpop_proof");
    let ticket = format!("st.n_{0}.n_{0}.{1}", "A".repeat(22), "A".repeat(43));
    is_refused(&stand.token(&redemption(&ticket), &Key::fresh()).await, "invalid_grant");
    is_refused(&stand.token(&redemption("x"), &Key::fresh()).await, "invalid_request");
    let both = format!("{}&authorization_details=[]", redemption(&ticket));
    is_refused(&stand.token(&both, &Key::fresh()).await, "invalid_request");
}

#[tokio::test]
async fn where_nonces_are_demanded_a_client_is_given_one_and_then_served() {
    let stand = Stand::with("nonce = \"dpop-nonce\"");
    let (key, form) = (Key::fresh(), exchange(&stand.login("alice"), &rights()));
    let first = stand.token(&form, &key).await;
    is_refused(&first, "use_dpop_nonce");
    let nonce = first.header("dpop-nonce").to_owned();
    assert!(!nonce.is_empty());
    let again = proof(&key, "POST", "/token", &[("nonce", &nonce)]);
    let second = stand.token_with(&form, &again).await;
    assert_eq!(second.status, 200, "{}", second.body);
    assert!(!second.header("dpop-nonce").is_empty());
}
