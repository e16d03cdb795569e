//! The issuer, as a resource server finds it that knows its address and its authority alone.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use local_emulator::{
    ca::Authority,
    issuer::{Claims, Flaw, Issuer, Signing},
};
use serde_json::{Value, json};
use tempfile::TempDir;

struct Server {
    issuer: Issuer,
    client: reqwest::Client,
}

impl Server {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        let root = reqwest::Certificate::from_pem(authority.pem().as_bytes()).unwrap();
        let client = reqwest::Client::builder().tls_certs_only([root]).build().unwrap();
        Self { issuer: Issuer::start(&authority).await.unwrap(), client }
    }

    async fn get(&self, url: &str) -> Value {
        self.client.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// What a careful reader makes of a token, by nothing but what is published.
    async fn read(&self, token: &str) -> Result<Value, jsonwebtoken::errors::Error> {
        let place = format!("{}/.well-known/openid-configuration", self.issuer.url());
        let discovered = self.get(&place).await;
        assert_eq!(discovered["issuer"], self.issuer.url());
        let keys: JwkSet =
            serde_json::from_value(self.get(discovered["jwks_uri"].as_str().unwrap()).await)
                .unwrap();
        let header = decode_header(token)?;
        let Some(key) = keys.find(&header.kid.unwrap()) else {
            return Err(jsonwebtoken::errors::ErrorKind::InvalidKeyFormat.into());
        };
        let mut rules = Validation::new(header.alg);
        rules.set_audience(&["https://postern.example"]);
        rules.set_issuer(&[self.issuer.url()]);
        rules.leeway = 0;
        Ok(decode::<Value>(token, &DecodingKey::from_jwk(key)?, &rules)?.claims)
    }
}

fn claims() -> Claims {
    Claims::new("agent-7", "orders-assistant", "https://postern.example").groups(&["support"])
}

#[tokio::test]
async fn a_token_is_good_by_what_the_issuer_publishes() {
    let server = Server::start().await;
    for signing in [Signing::Es256, Signing::Rs256] {
        server.issuer.rotate(signing).unwrap();
        let token = server.issuer.token(&claims()).unwrap();
        assert_eq!(decode_header(&token).unwrap().typ.as_deref(), Some("at+jwt"));
        let read = server.read(&token).await.unwrap();
        assert_eq!(read["sub"], "agent-7");
        assert_eq!(read["client_id"], "orders-assistant");
        assert_eq!(read["groups"], json!(["support"]));
    }
}

#[tokio::test]
async fn two_tokens_never_have_the_same_id() {
    let server = Server::start().await;
    let one = server.read(&server.issuer.token(&claims()).unwrap()).await.unwrap();
    let two = server.read(&server.issuer.token(&claims()).unwrap()).await.unwrap();
    assert_ne!(one["jti"], two["jti"]);
}

#[tokio::test]
async fn every_flaw_is_noticed() {
    let server = Server::start().await;
    for signing in [Signing::Es256, Signing::Rs256] {
        server.issuer.rotate(signing).unwrap();
        for flaw in Flaw::ALL {
            let token = server.issuer.flawed(&claims(), flaw).unwrap();
            assert!(server.read(&token).await.is_err(), "{signing:?} {flaw:?}");
        }
    }
}

#[tokio::test]
async fn an_old_key_is_good_until_it_is_retired() {
    let server = Server::start().await;
    let old = server.issuer.token(&claims()).unwrap();
    server.issuer.rotate(Signing::Es256).unwrap();
    let new = server.issuer.token(&claims()).unwrap();
    assert_ne!(decode_header(&old).unwrap().kid, decode_header(&new).unwrap().kid);
    assert!(server.read(&old).await.is_ok());
    server.issuer.retire();
    assert!(server.read(&old).await.is_err());
    assert!(server.read(&new).await.is_ok());
}

#[tokio::test]
async fn a_shape_that_no_honest_issuer_sends_is_signed_on_demand() {
    let server = Server::start().await;
    let token = server.issuer.sign(&json!({"typ": "JWT"}), &json!({"sub": "agent-7"})).unwrap();
    let header = decode_header(&token).unwrap();
    assert_eq!((header.typ.as_deref(), header.alg), (Some("JWT"), Algorithm::ES256));
    let ended =
        Claims { age: Duration::from_secs(2), lifetime: Duration::from_secs(1), ..claims() };
    assert!(server.read(&server.issuer.token(&ended).unwrap()).await.is_err());
}
