//! Whatever comes in: no panic, and nothing is believed that the issuer did not sign.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    draft::{Draft, compact},
    signer::{KEYS, base64url},
    stand::{NOW, Stand},
};
use crate::{Groups, Issuers, algorithm::Algorithm, keys::KeySet};

static STAND: LazyLock<Stand> = LazyLock::new(Stand::new);

fn good() -> String {
    Draft::corp(&KEYS.ed25519).signed_by(&KEYS.ed25519)
}

static GOOD: LazyLock<String> = LazyLock::new(good);

/// JSON of any kind, some of it near what a token holds.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (NOW - 100..NOW + 4000).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("https://login.example")),
        Just(json!("https://postern.example/v1")),
        Just(json!("at+jwt")),
        Just(json!("EdDSA")),
        Just(json!("five")),
    ];
    leaf.prop_recursive(4, 32, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The name of a claim, mostly one that matters.
fn claim() -> impl Strategy<Value = String> {
    let known = ["iss", "aud", "sub", "exp", "iat", "nbf", "jti", "client_id", "groups", "cnf"];
    prop_oneof![prop::sample::select(known.to_vec()).prop_map(str::to_owned), any::<String>()]
}

/// The name of a member of a header or a key.
fn member() -> impl Strategy<Value = String> {
    let known = ["alg", "kid", "typ", "kty", "crv", "x", "y", "n", "e", "use", "key_ops", "crit"];
    prop_oneof![prop::sample::select(known.to_vec()).prop_map(str::to_owned), any::<String>()]
}

/// Up to three members to change.
fn changes(name: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<(String, Value)>> {
    prop::collection::vec((name, any_json()), 0..4)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..80)
}

/// The claims of a good token with some changed.
fn changed(changes: &[(String, Value)]) -> Value {
    let mut claims: Value = serde_json::from_str(&Draft::corp(&KEYS.ed25519).claims()).unwrap();
    for (name, value) in changes {
        claims[name] = value.clone();
    }
    claims
}

proptest! {
    #[test]
    fn no_text_is_a_token(text in any::<String>()) {
        prop_assert!(STAND.believe(&text).is_err());
    }

    #[test]
    fn no_three_parts_are_a_token(text in "[A-Za-z0-9_-]{0,80}(\\.[A-Za-z0-9_-]{0,90}){2}") {
        prop_assert!(STAND.believe(&text).is_err());
    }

    #[test]
    fn no_two_documents_and_bytes_are_a_token(
        header in any_json(), claims in any_json(), signature in bytes(),
    ) {
        let signed = [header, claims].map(|part| base64url(part.to_string())).join(".");
        let token = format!("{signed}.{}", base64url(signature));
        prop_assert!(STAND.believe(&token).is_err());
    }

    #[test]
    fn a_good_token_with_letters_put_in_taken_out_or_changed_is_none(
        place in any::<prop::sample::Index>(),
        length in 0_usize..4,
        instead in "[A-Za-z0-9_.-]{0,4}",
    ) {
        let at = place.index(GOOD.len());
        let other: String = GOOD.chars().take(at).chain(instead.chars())
            .chain(GOOD.chars().skip(at + length)).collect();
        prop_assume!(other != *GOOD);
        prop_assert!(STAND.believe(&other).is_err());
    }

    #[test]
    fn a_good_signature_vouches_for_no_other_claims(changes in changes(claim())) {
        let claims = changed(&changes);
        prop_assume!(claims != changed(&[]));
        let parts: Vec<&str> = GOOD.split('.').collect();
        let token = format!("{}.{}.{}", parts[0], base64url(claims.to_string()), parts[2]);
        prop_assert!(STAND.believe(&token).is_err());
    }

    #[test]
    fn what_the_issuer_did_sign_is_believed_only_within_the_rules(
        changes in changes(claim()),
    ) {
        let claims = changed(&changes);
        let token = compact(Draft::corp(&KEYS.ed25519).header(), claims.to_string(), &KEYS.ed25519);
        if let Ok(chain) = STAND.believe(&token) {
            let (hop, exp) = (chain.get().actor(), claims["exp"].as_u64().unwrap());
            prop_assert_eq!(Some(hop.subject()), claims["sub"].as_str());
            prop_assert!(!hop.subject().is_empty());
            prop_assert_eq!(&claims["iss"], "https://login.example");
            prop_assert!(claims["aud"].to_string().contains("\"https://postern.example/v1\""));
            prop_assert!(exp > NOW - 30 && exp - claims["iat"].as_u64().unwrap() <= 3600);
            prop_assert!(claims.get("cnf").is_none());
            prop_assert!(matches!(hop.groups(), Groups::Known(names) if names.len() <= 2));
        }
    }

    #[test]
    fn a_header_of_any_kind_is_judged_without_a_panic(changes in changes(member())) {
        let mut header: Value = serde_json::from_str(&Draft::corp(&KEYS.ed25519).header()).unwrap();
        for (name, value) in changes {
            header[name] = value;
        }
        let token = compact(header.to_string(), Draft::corp(&KEYS.ed25519).claims(), &KEYS.ed25519);
        if STAND.believe(&token).is_ok() {
            prop_assert_eq!(&header["alg"], "EdDSA");
            prop_assert_eq!(&header["kid"], "five");
        }
    }

    #[test]
    fn a_key_set_of_any_kind_is_judged_without_a_panic(
        bytes in bytes(), changes in changes(member()),
    ) {
        prop_assert!(KeySet::read(&bytes, &[Algorithm::Rs256]).is_err());
        let mut set = KEYS.corp();
        for key in set["keys"].as_array_mut().unwrap() {
            for (name, value) in &changes {
                key[name] = value.clone();
            }
        }
        _ = KeySet::read(set.to_string().as_bytes(), &[Algorithm::Rs256, Algorithm::Es256]);
    }

    #[test]
    fn a_file_of_any_kind_is_judged_without_a_panic(
        text in any::<String>(), line in "[a-z_]{1,9} = [0-9\"\\[\\]a-z.-]{0,9}",
    ) {
        prop_assert!(Issuers::parse("issuers.toml", &text).is_err());
        _ = Issuers::parse("issuers.toml", &format!("[issuers.corp]\n{line}\n"));
    }
}
