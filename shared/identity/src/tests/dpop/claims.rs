//! The claims: which request, which token, which body, and when.

use request::{Bearer, Digest, Millis, Over, Proof};
use serde_json::{Value, json};

use super::{
    BASE, BODY, TOKEN, all_meet, at,
    draft::{Draft, hash},
    now, over, with,
};
use crate::{
    ProofError as Error,
    dpop::{Rules, check},
    tests::{signer::KEYS, stand::NOW},
};

const JTI: Error = Error::Claim("jti", "1 to 128 visible ASCII characters");
const IAT: Error = Error::Claim("iat", "a whole number of seconds since 1970");

/// A proof with this claim; `null` takes it away.
fn claim(name: &str, value: impl Into<Value>) -> String {
    Draft::of(&KEYS.ed25519).claim(name, value).signed_by(&KEYS.ed25519)
}

#[test]
fn a_proof_has_a_name_of_its_own() {
    let bad = [
        Value::Null,
        json!(""),
        json!(7),
        json!(["p-1"]),
        json!("two words"),
        json!("line\n"),
        json!("nul\u{0}"),
        json!("\u{e9}"),
        json!("x".repeat(129)),
    ];
    all_meet(bad.map(|jti| (jti.to_string(), claim("jti", jti), JTI)));
    for jti in ["-".to_owned(), "\"{}~!".into(), "x".repeat(128)] {
        assert!(now(&claim("jti", jti.clone())).is_ok(), "{jti}");
    }
}

#[test]
fn a_method_is_compared_letter_by_letter() {
    let wants = Error::Claim("htm", "a text");
    all_meet(
        [Value::Null, json!(1), json!(["POST"])]
            .map(|htm| (htm.to_string(), claim("htm", htm), wants)),
    );
    for htm in ["post", "Post", "GET", "", "POST ", "PUT"] {
        assert_eq!(now(&claim("htm", htm)), Err(Error::Method), "{htm}");
    }
}

#[test]
fn a_proof_is_for_one_endpoint() {
    let wants = Error::Claim("htu", "a text");
    all_meet(
        [Value::Null, json!(1), json!([BASE])]
            .map(|htu| (htu.to_string(), claim("htu", htu), wants)),
    );
    let elsewhere = Over { path: "/v1/spawn".into(), ..over() };
    assert_eq!(with(&elsewhere, NOW, None, &claim("jti", "p")), Err(Error::Url));
    let read = Over { method: "GET".into(), ..over() };
    assert_eq!(with(&read, NOW, None, &claim("jti", "p")), Err(Error::Method));
}

#[test]
fn a_proof_is_good_for_a_minute_and_a_little_before() {
    let proof = claim("jti", "p");
    for (seconds, good) in [(-6, false), (-5, true), (0, true), (60, true), (61, false)] {
        let verdict = at(NOW.strict_add_signed(seconds), &proof);
        assert_eq!(verdict.map(|_| ()), if good { Ok(()) } else { Err(Error::Time) }, "{seconds}");
    }
    for iat in [0, 1, NOW - 86_400, NOW + 86_400, (1 << 53) - 1] {
        assert_eq!(now(&claim("iat", iat)), Err(Error::Time), "{iat}");
    }
}

#[test]
fn a_time_is_a_whole_number() {
    let times = [
        Value::Null,
        json!(NOW.to_string()),
        json!(1.8e9),
        json!(1_800_000_000.5),
        json!(-1),
        json!(1e30),
        json!(1_u64 << 53),
        json!(u64::MAX),
        json!([NOW]),
        json!(true),
    ];
    all_meet(times.map(|iat| (iat.to_string(), claim("iat", iat), IAT)));
}

#[test]
fn a_proof_names_the_token_that_it_came_with() {
    let others = [
        Value::Null,
        json!(1),
        json!(""),
        json!(TOKEN),
        json!(hash(b"a.b.d")),
        json!(hash(b"a.b.c ")),
        json!(format!("{}=", hash(TOKEN.as_bytes()))),
        json!(Digest::of(TOKEN.as_bytes()).to_string()),
    ];
    all_meet(others.map(|ath| (ath.to_string(), claim("ath", ath), Error::Token)));
}

#[test]
fn without_a_token_there_is_none_to_name() {
    let urls = [BASE.to_owned()];
    let rules = Rules { urls: &urls, nonces: None, now: Millis(NOW * 1000) };
    for ath in [Value::Null, json!(hash(b"other")), json!(1)] {
        let proof = Proof::new(claim("ath", ath));
        assert!(check(&proof, &over(), None, &rules).is_ok());
        assert_eq!(
            check(&proof, &over(), Some(&Bearer::new(TOKEN.into())), &rules),
            Err(Error::Token)
        );
    }
}

#[test]
fn a_proof_names_the_body_where_the_body_counts() {
    let swapped = br#"{"target":"shop","sql":"select 2"}"#;
    let others = [
        Value::Null,
        json!(1),
        json!(""),
        json!(hash(swapped)),
        json!(hash(b"")),
        json!(format!("{}=", hash(BODY))),
        json!(Digest::of(BODY).to_string()),
    ];
    all_meet(others.clone().map(|bdh| (bdh.to_string(), claim("bdh", bdh), Error::Body)));
    let bodiless = Over { body: None, ..over() };
    for bdh in others {
        assert!(with(&bodiless, NOW, None, &claim("bdh", bdh.clone())).is_ok(), "{bdh}");
    }
}

#[test]
fn an_empty_body_is_a_body() {
    let empty = Over { body: Some(Digest::of(b"")), ..over() };
    assert!(with(&empty, NOW, None, &claim("bdh", hash(b""))).is_ok());
    assert_eq!(with(&empty, NOW, None, &claim("bdh", Value::Null)), Err(Error::Body));
}

#[test]
fn claims_that_nobody_knows_are_ignored() {
    for (name, value) in [("sub", json!(1)), ("nonce", json!("n")), ("x", json!({ "y": [1] }))] {
        assert!(now(&claim(name, value)).is_ok(), "{name}");
    }
}

#[test]
fn a_proof_that_comes_again_is_known_by_its_key_and_its_name() {
    let id = |proof: &str| now(proof).unwrap().id();
    let first = Draft::of(&KEYS.es256);
    let again = first.clone().claim("iat", NOW - 1);
    // ECDSA signs the same anew each time: the text is another one, the proof is not.
    assert_eq!(id(&first.signed_by(&KEYS.es256)), id(&first.signed_by(&KEYS.es256)));
    assert_eq!(id(&first.signed_by(&KEYS.es256)), id(&again.signed_by(&KEYS.es256)));
    let renamed = first.clone().claim("jti", "p-2").signed_by(&KEYS.es256);
    let other = Draft::of(&KEYS.stranger).signed_by(&KEYS.stranger);
    assert_ne!(id(&first.signed_by(&KEYS.es256)), id(&renamed));
    assert_ne!(id(&first.signed_by(&KEYS.es256)), id(&other));
}

#[test]
fn a_proof_is_remembered_until_long_after_its_time() {
    for iat in NOW - 60..=NOW + 5 {
        let proof = claim("iat", iat);
        let until = now(&proof).unwrap().until_s();
        assert_eq!(at(until - 70, &proof), Err(Error::Time), "{iat}");
    }
}

#[test]
fn a_proof_that_says_when_it_is_good_is_good_then_only() {
    for (name, value, good) in [
        ("exp", NOW + 1, true),
        ("exp", NOW, false),
        ("exp", 1, false),
        ("nbf", NOW + 5, true),
        ("nbf", NOW + 6, false),
        ("nbf", 1, true),
    ] {
        let verdict = now(&claim(name, value)).map(|_| ());
        assert_eq!(verdict, if good { Ok(()) } else { Err(Error::Time) }, "{name} {value}");
    }
    for name in ["exp", "nbf"] {
        let verdict = now(&claim(name, "1")).map(|_| ());
        assert!(matches!(verdict, Err(Error::Claim(claim, _)) if claim == name), "{verdict:?}");
    }
}
