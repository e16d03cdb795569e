//! JWT-SVIDs through the front door: the header, the keys, and whose they are without `iss`.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    draft::{Draft, quoted},
    profiles::token,
    signer::{KEYS, Signer, base64url},
    stand::{NOW, Stand, kind, set_of},
};
use crate::Issuers;

const ENTRIES: &str = r#"
    [issuers.prod]
    profile = "spiffe"
    issuer = "spiffe://prod.example"
    trust_domain = "prod.example"
    jwks_uri = "https://prod.example/bundle"
    audience = ["https://postern.example/v1"]
    [issuers.test]
    profile = "spiffe"
    issuer = "https://oidc.test.example"
    trust_domain = "test.example"
    jwks_uri = "https://test.example/bundle"
    audience = ["https://postern.example/v1"]
"#;

fn stand() -> Stand {
    let shipped = BTreeMap::from([
        ("prod".into(), bundle(&KEYS.rs256, "jwt-svid")),
        ("test".into(), bundle(&KEYS.es256, "jwt-svid")),
    ]);
    Stand::with(ENTRIES, shipped)
}

fn bundle(key: &Signer, purpose: &str) -> Vec<u8> {
    let mut jwk = key.jwk();
    jwk["use"] = purpose.into();
    set_of(&[jwk])
}

fn svid() -> Draft {
    let claims = json!({"sub": "spiffe://prod.example/ns/jobs/sa/loader"});
    token("", &claims).no_claim("iss").no_claim("iat").no_member("typ")
}

fn met(draft: &Draft, key: &Signer) -> String {
    let draft = draft.clone().member("alg", quoted(key.algorithm)).member("kid", quoted(key.kid));
    match stand().believe(&draft.signed_by(key)) {
        Ok(chain) => chain.get().actor().issuer().to_string(),
        Err(error) => kind(&error),
    }
}

#[test]
fn a_svid_without_an_issuer_is_of_the_trust_domain_of_its_subject() {
    let other = "\"spiffe://test.example/ns/jobs/sa/loader\"";
    let named = svid().claim("iss", "\"https://oidc.test.example\"");
    assert_eq!(met(&svid(), &KEYS.rs256), "prod");
    assert_eq!(met(&svid().claim("iss", "\"spiffe://prod.example\""), &KEYS.rs256), "prod");
    assert_eq!(met(&named.clone().claim("sub", other), &KEYS.es256), "test");
    assert_eq!(met(&svid().claim("sub", other), &KEYS.rs256), "issuer");
    assert_eq!(met(&named, &KEYS.es256), "claim sub");
    assert_eq!(met(&named, &KEYS.rs256), "key");
    assert_eq!(met(&svid(), &KEYS.stranger), "key");
    assert_eq!(met(&svid().claim("sub", "\"alice\""), &KEYS.rs256), "claim iss");
    assert_eq!(met(&svid().claim("iss", "null"), &KEYS.rs256), "claim iss");
}

/// Attack 40.
#[test]
fn a_header_of_a_svid_has_an_algorithm_a_key_and_a_type_and_nothing_else() {
    let bare = "form: its header has members other than alg, kid and typ";
    let thumbprint = quoted(&base64url(NOW.to_string()));
    assert_eq!(met(&svid().member("x5t", &thumbprint), &KEYS.rs256), bare);
    assert_eq!(met(&svid().member("x5t#S256", &thumbprint), &KEYS.rs256), bare);
    for name in ["jku", "x5c", "x5u", "jwk", "cty", "crit"] {
        let met = met(&svid().member(name, "\"https://evil.example\""), &KEYS.rs256);
        assert!(met.starts_with("form: its header has members other than"), "{name}: {met}");
    }
    assert_eq!(met(&svid(), &KEYS.ed25519), "algorithm");
    assert_eq!(met(&svid().member("typ", "\"JOSE\""), &KEYS.rs256), "prod");
}

#[test]
fn a_key_of_a_bundle_that_is_not_for_svids_is_not_used() {
    for purpose in ["sig", "x509-svid", "enc", ""] {
        let shipped = BTreeMap::from([("prod".into(), bundle(&KEYS.rs256, purpose))]);
        let issuers = Issuers::parse("issuers.toml", ENTRIES).unwrap();
        let given = stand();
        let made =
            crate::Verifier::new(issuers, given.source.clone(), given.clock.clone(), shipped);
        let told = made.unwrap_err().0.remove(0).to_string();
        assert!(told.contains("holds no key that can be used"), "{purpose}: {told}");
    }
}
