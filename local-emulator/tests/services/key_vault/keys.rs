//! Keys of the vault, as their REST surface is described, past any client.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::Cloud;

/// The version of a key that was just made.
pub(super) fn version(made: &Value) -> String {
    made["kid"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// Answers of the vault: the status with the error's code, or the body.
struct Vault {
    url: String,
    client: Client,
    token: String,
}

impl Vault {
    async fn of(cloud: &Cloud) -> Self {
        let token = cloud.token("https://vault.azure.net").await;
        Self { url: cloud.vault.direct_url(), client: cloud.plain_client(), token }
    }

    async fn key(&self, path: &str) -> Result<Value, String> {
        self.answer(self.client.get(self.at(path))).await
    }

    async fn sign(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.answer(self.client.post(self.at(path)).json(body)).await
    }

    fn at(&self, path: &str) -> String {
        format!("{}keys/{path}?api-version=7.6", self.url)
    }

    async fn answer(&self, ask: RequestBuilder) -> Result<Value, String> {
        let answer = ask.bearer_auth(&self.token).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        if status.is_success() {
            return Ok(body);
        }
        Err(format!("{} {}", status.as_u16(), body["error"]["code"].as_str().unwrap()))
    }
}

/// What asks for the signature of this message.
fn asked(message: &str) -> Value {
    let digest = digest::digest(&digest::SHA256, message.as_bytes());
    json!({"alg": "ES256", "value": URL_SAFE_NO_PAD.encode(digest)})
}

fn verifies(public: &Value, message: &str, answer: &Value) -> bool {
    let part = |name: &str| public[name].as_str().unwrap();
    let key = DecodingKey::from_ec_components(part("x"), part("y")).unwrap();
    let signature = answer["value"].as_str().unwrap();
    crypto::verify(signature, message.as_bytes(), &key, Algorithm::ES256).unwrap()
}

#[tokio::test]
async fn a_key_signs_by_its_newest_version_or_by_the_one_that_is_named() {
    let cloud = Cloud::start().await;
    let first = cloud.vault.new_key("tokens").unwrap();
    let second = cloud.vault.new_key("tokens").unwrap();
    let vault = Vault::of(&cloud).await;
    for (path, made) in [
        ("tokens/".to_owned(), &second),
        (format!("tokens/{}", version(&first)), &first),
        (format!("tokens/{}", version(&second)), &second),
    ] {
        let read = vault.key(&path).await.unwrap();
        assert_eq!(read["key"]["x"], made["x"], "{path}");
        let signed = vault.sign(&format!("{path}/sign"), &asked("a message")).await.unwrap();
        assert_eq!(signed["kid"], read["key"]["kid"], "{path}");
        assert!(verifies(made, "a message", &signed), "{path}");
        assert!(!verifies(made, "another", &signed), "{path}");
    }
    assert_eq!(cloud.vault.control().calls("GetKey"), 3);
    assert_eq!(cloud.vault.control().calls("Sign"), 3);
}

#[tokio::test]
async fn a_key_is_told_in_the_form_that_the_vault_documents() {
    let cloud = Cloud::start().await;
    let made = cloud.vault.new_key("tokens").unwrap();
    let mut read = Vault::of(&cloud).await.key("tokens").await.unwrap();
    let created = read["attributes"]["created"].take();
    assert!(created.is_i64() && read["attributes"]["updated"].take() == created);
    let version = version(&made);
    let kid = format!("{}keys/tokens/{version}", cloud.vault.direct_url());
    let key = json!({
        "kid": kid, "kty": "EC", "crv": "P-256", "x": made["x"], "y": made["y"],
        "key_ops": ["sign", "verify"],
    });
    let attributes = json!({
        "enabled": true, "created": null, "updated": null,
        "recoveryLevel": "Recoverable+Purgeable", "recoverableDays": 90,
    });
    assert_eq!(read, json!({"key": key, "attributes": attributes, "tags": {}}));
}

#[tokio::test]
async fn what_is_no_digest_for_es256_is_refused() {
    let cloud = Cloud::start().await;
    cloud.vault.new_key("tokens").unwrap();
    let vault = Vault::of(&cloud).await;
    let of = |length| URL_SAFE_NO_PAD.encode(vec![7; length]);
    for body in [
        json!({"alg": "ES256", "value": of(31)}),
        json!({"alg": "ES256", "value": of(33)}),
        json!({"alg": "ES256", "value": ""}),
        json!({"alg": "ES256", "value": format!("{}=", of(32))}),
        json!({"alg": "ES256K", "value": of(32)}),
        json!({"alg": "es256", "value": of(32)}),
        json!({"alg": "ES256"}),
        json!({"value": of(32)}),
        json!("ES256"),
    ] {
        let refused = vault.sign("tokens//sign", &body).await;
        assert_eq!(refused, Err("400 BadParameter".to_owned()), "{body}");
    }
}

#[tokio::test]
async fn there_is_no_key_where_none_was_made() {
    let cloud = Cloud::start().await;
    cloud.vault.put("a-secret", "hunter2");
    cloud.vault.new_key("tokens").unwrap();
    let vault = Vault::of(&cloud).await;
    let zeros = "0".repeat(32);
    for path in ["a-secret/".to_owned(), "never-made/".to_owned(), format!("tokens/{zeros}")] {
        assert_eq!(vault.key(&path).await, Err("404 KeyNotFound".to_owned()), "{path}");
        let signed = vault.sign(&format!("{path}/sign"), &asked("a message")).await;
        assert_eq!(signed, Err("404 KeyNotFound".to_owned()), "{path}");
    }
    assert_eq!(vault.key("a_b").await, Err("400 BadParameter".to_owned()));
}

#[tokio::test]
async fn a_key_signs_for_nobody_without_a_token_for_the_vault() {
    let cloud = Cloud::start().await;
    cloud.vault.new_key("tokens").unwrap();
    let mut vault = Vault::of(&cloud).await;
    let good = vault.token.clone();
    for token in [String::new(), "made-up".into(), cloud.token("https://storage.azure.com").await] {
        vault.token = token;
        for path in ["tokens//sign", "never-made//sign"] {
            let refused = vault.sign(path, &asked("a message")).await;
            assert_eq!(refused, Err("401 Unauthorized".to_owned()));
        }
        assert_eq!(vault.key("tokens/").await, Err("401 Unauthorized".to_owned()));
    }
    assert_eq!(cloud.vault.control().calls("Sign"), 0);
    vault.token = good;
    assert!(vault.sign("tokens//sign", &asked("a message")).await.is_ok());
}
