//! Attacks 41 to 44 as far as the verifier alone decides them: keys that cannot be had, or are gone,
//! and clocks that are wrong.

use identity::Own;
use serde_json::json;

use crate::stand::{
    ISSUERS, NOW, Stand, TOKENS,
    alarms::heard,
    draft::{Draft, quoted},
    proof::bearer,
    signer::{KEYS, set_of},
    verdict::met,
};

const CORP: &str = "https://login.example/jwks";

fn corp() -> String {
    Draft::corp(&KEYS.corp).signed_by(&KEYS.corp)
}

fn believe(stand: &Stand, token: &str) -> String {
    met(&stand.believe(&bearer(token)))
}

#[test]
fn attack_41_ten_thousand_unknown_keys_cost_one_fetch_in_half_a_minute() {
    let stand = Stand::new();
    assert_eq!(believe(&stand, &corp()), "alice@corp");
    let signed = Draft::corp(&KEYS.corp);
    let flood = |from: u32| {
        for n in from..from + 5_000 {
            let token = signed.clone().member("kid", quoted(&format!("k{n}"))).under([7; 64]);
            assert_eq!(believe(&stand, &token), "key");
        }
    };
    flood(0);
    assert_eq!(stand.source.asked(), 1, "within the cooldown of the first fetch");
    stand.clock.set(NOW + 31);
    flood(5_000);
    assert_eq!(stand.source.asked(), 2);
    assert_eq!(believe(&stand, &corp()), "alice@corp");
}

#[test]
fn attack_42_a_bad_key_set_changes_nothing_and_is_told() {
    let (good, second) = (KEYS.corp.published(), KEYS.corp_rsa.published());
    let mut private = good.clone();
    private["d"] = json!("AAAA");
    let oct = json!({"kty": "oct", "kid": "one", "k": "AAAA", "alg": "HS256"});
    let sets: [(&str, Vec<u8>); 11] = [
        ("5 MB", vec![b' '; 5_000_000]),
        ("HTML", b"<!doctype html><title>Sign in</title>".to_vec()),
        ("nothing", Vec::new()),
        ("null", b"null".to_vec()),
        ("no keys", br#"{"keys":null}"#.to_vec()),
        ("an oct key alone", json!({"keys": [oct]}).to_string().into()),
        ("a private key", json!({"keys": [private, second]}).to_string().into()),
        ("a key id twice", json!({"keys": [good, good]}).to_string().into()),
        ("an empty set", br#"{"keys":[]}"#.to_vec()),
        ("a key that is none", br#"{"keys":[1]}"#.to_vec()),
        ("65 keys", json!({"keys": vec![json!({"kty": "EC"}); 65]}).to_string().into()),
    ];
    for (what, document) in sets {
        let stand = Stand::new();
        assert_eq!(believe(&stand, &corp()), "alice@corp");
        stand.source.at(CORP, document);
        // The kept set is stale now, and each request may try for a newer one.
        let token = Draft::corp(&KEYS.corp).claim("exp", NOW + 900).signed_by(&KEYS.corp);
        stand.clock.set(NOW + 700);
        let (met, log) = heard(|| believe(&stand, &token));
        assert_eq!((met.as_str(), stand.source.asked()), ("alice@corp", 2), "{what}");
        assert!(log.contains("no new key set"), "{what}: {log}");
    }
}

/// An `oct` key beside good ones is left out; no token is ever checked with it.
#[test]
fn attack_42_a_symmetric_key_in_a_set_is_no_key() {
    let stand = Stand::new();
    let oct = json!({"kty": "oct", "kid": "shared", "k": "AAAA"});
    stand.source.at(CORP, json!({"keys": [oct, KEYS.corp.published()]}).to_string());
    assert_eq!(believe(&stand, &corp()), "alice@corp");
    let shared = Draft::corp(&KEYS.corp).member("kid", "\"shared\"").signed_by(&KEYS.corp);
    assert_eq!(believe(&stand, &shared), "key");
}

#[test]
fn attack_42_an_issuer_that_is_down_is_waited_for_on_its_last_keys_and_not_for_ever() {
    let stand = Stand::new();
    assert_eq!(believe(&stand, &corp()), "alice@corp");
    stand.source.gone(CORP);
    let at = |passed: u64| {
        stand.clock.set(NOW + passed);
        let draft = Draft::corp(&KEYS.corp).claim("iat", NOW + passed).claim("nbf", NOW + passed);
        believe(&stand, &draft.claim("exp", NOW + passed + 60).signed_by(&KEYS.corp))
    };
    assert_eq!(at(3600), "alice@corp");
    assert_eq!(at(23 * 3600), "alice@corp");
    assert_eq!(at(25 * 3600), "unavailable");
    let stranger = Stand::new();
    stranger.source.gone(CORP);
    assert_eq!(believe(&stranger, &corp()), "unavailable");
}

#[test]
fn attack_43_a_key_that_was_rotated_out_is_gone_with_the_next_set() {
    let stand = Stand::new();
    let token = Draft::corp(&KEYS.corp).claim("exp", NOW + 1800).signed_by(&KEYS.corp);
    assert_eq!(believe(&stand, &token), "alice@corp");
    stand.source.at(CORP, set_of(&[&KEYS.corp_rsa]));
    assert_eq!(believe(&stand, &token), "alice@corp", "as long as the set is fresh");
    stand.clock.set(NOW + 601);
    assert_eq!(believe(&stand, &token), "key");
    assert_eq!(stand.source.asked(), 2);
}

#[test]
fn attack_43_tokens_of_ours_by_the_key_before_are_good_while_it_is_published() {
    let with = |keys: &[&crate::stand::signer::Signer]| {
        let own = Own::parse("tokens.toml", TOKENS, &set_of(keys)).unwrap();
        Stand::of(ISSUERS, own, None)
    };
    let by_both = with(&[&KEYS.ours, &KEYS.ours_before]);
    let by_one = with(&[&KEYS.ours]);
    for (key, of_one) in [(&KEYS.ours, "alice@corp"), (&KEYS.ours_before, "signature")] {
        let token = Draft::ours(key, 1).signed_by(key);
        assert_eq!(believe(&by_both, &token), "alice@corp", "{}", key.kid);
        assert_eq!(believe(&by_one, &token), of_one, "{}", key.kid);
    }
    assert_eq!(by_one.source.asked() + by_both.source.asked(), 0);
}

#[test]
fn attack_44_a_clock_that_is_behind_is_told_and_not_made_up_for() {
    let token = Draft::ours(&KEYS.ours, 1).signed_by(&KEYS.ours);
    let stand = Stand::new();
    stand.clock.set(NOW - 300);
    let (met, log) = heard(|| believe(&stand, &token));
    assert_eq!(met, "early nbf");
    assert!(log.contains("ERROR") && log.contains("clock"), "{log}");
    stand.clock.set(NOW - 5);
    let (met, log) = heard(|| believe(&stand, &token));
    assert_eq!((met.as_str(), log.as_str()), ("alice@corp", ""));
}
