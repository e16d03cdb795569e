//! Whatever comes in: no panic, and nothing passes that the key did not sign for this request.

use std::sync::LazyLock;

use proptest::prelude::*;
use request::{Bearer, Millis, Proof};
use url::Url;

use super::{
    TOKEN,
    draft::{Draft, good},
    now, over,
};
use crate::{
    dpop::{Rules, check},
    tests::{draft::compact, signer::KEYS, stand::NOW},
};

static GOOD: LazyLock<String> = LazyLock::new(|| good(&KEYS.ed25519));

/// A piece of an address, ordinary or not.
fn piece() -> impl Strategy<Value = &'static str> {
    let harmless = vec!["/.", "/a/..", "/%2e", "/b/%2E%2e", "/.."];
    let others = vec![
        "/", "/v1", "query", "a", ".", "..", "%2e", "%2f", "%71", "//", "\\", "?", "#", "@", ":",
        ":443", ":80", "é", " ", "%", ";", "[", "]", "~",
    ];
    prop_oneof![3 => prop::sample::select(harmless), 1 => prop::sample::select(others)]
}

/// The text with another piece in the place of one.
fn replaced(text: &str, from: usize, length: usize, by: &str) -> String {
    let (before, rest) = text.split_at(from);
    let (_, after) = rest.split_at(length.min(rest.len()));
    [before, by, after].concat()
}

proptest! {
    #[test]
    fn no_text_is_a_proof(text in any::<String>()) {
        prop_assert!(now(&text).is_err());
    }

    #[test]
    fn no_three_parts_are_a_proof(header in any::<String>(), claims in any::<String>()) {
        let key = &KEYS.ed25519;
        let Draft { header: good_header, claims: good_claims } = Draft::of(key);
        prop_assert!(now(&compact(&header, &claims, key)).is_err());
        prop_assert!(now(&compact(&header, good_claims.to_string(), key)).is_err());
        prop_assert!(now(&compact(good_header.to_string(), &claims, key)).is_err());
    }

    #[test]
    fn a_proof_with_any_piece_replaced_is_none(
        from in 0..GOOD.len(),
        length in 0..8_usize,
        by in "[A-Za-z0-9._=-]{0,8}",
    ) {
        let changed = replaced(&GOOD, from, length, &by);
        prop_assume!(changed != *GOOD);
        prop_assert!(now(&changed).is_err());
    }

    #[test]
    fn no_address_passes_that_a_browser_would_take_elsewhere(
        start in prop::sample::select(vec!["https://gate.example", "HTTPS://Gate.example:443"]),
        pieces in prop::collection::vec(piece(), 0..5),
        end in prop::sample::select(vec!["/v1/query", "/v1/./%71uery", "query", ""]),
    ) {
        let htu = [start, &pieces.concat(), end].concat();
        let draft = Draft::of(&KEYS.ed25519).claim("htu", htu.clone());
        let proof = Proof::new(draft.signed_by(&KEYS.ed25519));
        let urls = ["https://gate.example".into()];
        let rules = Rules { urls: &urls, nonces: None, now: Millis(NOW * 1000) };
        if check(&proof, &over(), Some(&Bearer::new(TOKEN.into())), &rules).is_ok() {
            let browser = Url::parse(&htu).unwrap();
            let path = browser.path().replace("%71", "q");
            prop_assert_eq!(browser.origin(), Url::parse("https://gate.example").unwrap().origin());
            prop_assert_eq!(path, "/v1/query");
            prop_assert_eq!((browser.query(), browser.fragment()), (None, None));
        }
    }
}

#[test]
fn a_proof_with_any_one_byte_changed_is_none() {
    for key in [&KEYS.es256, &KEYS.ed25519, &KEYS.ps256] {
        let proof = good(key);
        assert!(now(&proof).is_ok());
        for place in 0..proof.len() {
            let byte = proof.as_bytes()[place];
            for by in ["A", "-", ".", "=", &char::from(byte ^ 1).to_string(), "é", ""] {
                let changed = replaced(&proof, place, 1, by);
                assert!(changed == proof || now(&changed).is_err(), "{place} {by}");
            }
        }
    }
}
