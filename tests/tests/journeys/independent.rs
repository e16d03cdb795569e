//! An issuer that is not ours: panva's oidc-provider vouches for the root, with tokens that it binds
//! to keys.

use std::{fs, io::Write as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use local_emulator::{
    agent::{Agent, Deployment, Function, Key, Spawn, Wanted, rights},
    configuration::AUDIENCE,
    emulator::{Cloud, Emulator},
    story,
};
use reqwest::{Certificate, Client, Method};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    stage::Stage,
    tools::{Example, Running},
};

const SECRET: &str = "known-to-this-test-and-its-issuer";
const ORDER: &str = "SELECT item FROM orders WHERE id = 7";

/// The issuer, and an agent's client for it.
struct Elsewhere {
    url: String,
    http: Client,
    _running: Running,
    _folder: TempDir,
}

impl Elsewhere {
    /// Starts it under a certificate that the functions trust.
    fn start(emulator: &Emulator) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("tls.pem"), folder.path().join("tls.key"));
        let issued = emulator.authority().issue(&[]).unwrap();
        fs::write(&certificate, issued.certificate).unwrap();
        fs::write(&key, issued.key).unwrap();
        let example = Example::node("oidc-provider/server.mjs")
            .env("CERTIFICATE", certificate.to_str().unwrap())
            .env("KEY", key.to_str().unwrap())
            .env("AUDIENCE", AUDIENCE)
            .env("CLIENT_SECRET", SECRET)
            .env("MEMBER_OF", "shop-support");
        let (running, url) = example.serve();
        let root = Certificate::from_pem(emulator.authority().pem().as_bytes()).unwrap();
        let http = Client::builder().no_proxy().tls_certs_only([root]).build().unwrap();
        Self { url, http, _running: running, _folder: folder }
    }

    /// Has the functions of both clouds believe it.
    fn introduce(&self, emulator: &Emulator) {
        for cloud in Cloud::ALL {
            let file = emulator.config(cloud).join("issuers.toml");
            let mut file = fs::OpenOptions::new().append(true).open(file).unwrap();
            let url = &self.url;
            write!(
                file,
                "\n[issuers.elsewhere]\nissuer = \"{url}\"\njwks_uri = \"{url}/jwks\"\n\
                 audience = [\"{AUDIENCE}\"]\nalgorithms = [\"ES256\"]\ntypes = [\"at+jwt\"]\n\
                 max_lifetime_s = 300\n[issuers.elsewhere.groups]\n\"shop-support\" = \"support\"\n"
            )
            .unwrap();
        }
    }

    /// A token of its own kind, bound to this key: the client's, by its secret and a proof.
    async fn token(&self, key: &Key) -> String {
        let there = Deployment::new(&self.http, &self.url, &self.url);
        let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("triage:{SECRET}")));
        let call = there.call(Method::POST, Function::Token, "/token", Some(key));
        let fields = [("grant_type", "client_credentials")];
        let answer = call.authorizations(&[&basic]).form(fields).send().await.unwrap();
        assert_eq!(answer.body["token_type"], json!("DPoP"), "{}", answer.text);
        answer.body["access_token"].as_str().unwrap().to_owned()
    }
}

/// Ends the handlers of Azure, which read their files when they start; others follow.
async fn restart(emulator: &Emulator) {
    for host in [&emulator.functions, &emulator.token_functions] {
        assert!(host.kill());
        let healthy = async || {
            let answer = story::client().unwrap().get(format!("{}/healthz", host.url())).send();
            answer.await.is_ok_and(|answer| answer.status() == 200)
        };
        while host.stats().workers.len() < 2 || !healthy().await {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

#[test]
fn a_token_that_another_issuer_bound_to_a_key_is_good_with_that_key_alone() {
    let stage = Stage::own();
    stage.play(async {
        let emulator = stage.emulator();
        let elsewhere = Elsewhere::start(emulator);
        elsewhere.introduce(emulator);
        restart(emulator).await;
        for cloud in Cloud::ALL {
            let at = emulator.deployment(cloud, &story::client().unwrap());
            let key = Key::fresh().unwrap();
            let token = elsewhere.token(&key).await;

            let direct = Agent::holding(&at, &token, Some(key.clone()));
            let answer = direct.query("shop", ORDER).await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.text);
            let other = Key::fresh().unwrap();
            for key in [None, Some(other.clone())] {
                let thief = Agent::holding(&at, &token, key);
                assert_eq!(thief.query("shop", ORDER).await.unwrap().status, 401);
            }
            let refused = at.exchange(&token, &other, None).await.err().unwrap().answer().unwrap();
            assert_eq!(refused.status, 400, "{}", refused.text);
            chain(&at, &token, &key).await;
        }
    });
}

/// The same token at the door of the token function: a root of ours, and a child of it.
async fn chain(at: &Deployment, token: &str, key: &Key) {
    let wanted = rights("shop", &["select"], &["public.orders"]);
    let root = at.exchange(token, key, Some(&wanted)).await.unwrap();
    assert_eq!(root.claims()["sub"], json!("elsewhere|triage"));
    let ticket = root.spawn(&Spawn::new("child", &Wanted::Rights(wanted))).await.unwrap();
    let child = at.redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await.unwrap();
    let answer = child.query("shop", ORDER).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    let beyond = child.query("shop", "SELECT name FROM customers WHERE id = 7").await.unwrap();
    assert_eq!(beyond.problem(), Some("policy/rights"), "{}", beyond.text);
}
