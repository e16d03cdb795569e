//! Which key sets are taken, and which of their keys.

use aws_lc_rs::rsa::KeySize;
use serde_json::{Value, json};

use super::{
    draft::Draft,
    signer::{KEYS, Signer, base64url},
    stand::set_of,
};
use crate::{
    algorithm::Algorithm,
    gate,
    keys::{self, BadSet, KeySet},
};

const ALL: [Algorithm; 5] =
    [Algorithm::Es256, Algorithm::Es384, Algorithm::Rs256, Algorithm::Ps256, Algorithm::Ed25519];

fn read(document: &[u8]) -> Result<KeySet, BadSet> {
    KeySet::read(document, &ALL)
}

/// The key `one` with one member changed; `null` takes it away.
fn changed(key: &Signer, member: &str, value: Value) -> Value {
    let mut key = key.jwk();
    if value.is_null() {
        key.as_object_mut().unwrap().remove(member);
    } else {
        key[member] = value;
    }
    key
}

/// Whether a key is usable, beside one that certainly is.
fn usable(key: &Value) -> bool {
    let mut key = key.clone();
    if key.get("kid").is_none() {
        key["kid"] = "one".into();
    }
    let kid = key["kid"].as_str().map(str::to_owned);
    let set = read(&set_of(&[key, KEYS.ps256.jwk()])).unwrap();
    assert!(set.find(Some(KEYS.ps256.kid)).is_some());
    set.find(kid.as_deref()).is_some()
}

#[test]
fn a_doubtful_set_is_refused_whole() {
    let one = KEYS.es256.jwk();
    let two = KEYS.rs256.jwk();
    let many = |count: usize| {
        let key = |n: usize| changed(&KEYS.es256, "kid", format!("k{n}").into());
        set_of(&(0..count).map(key).collect::<Vec<_>>())
    };
    assert!(read(&many(64)).is_ok());
    let twice = format!("{{\"keys\":[{one}],\"keys\":[{two}]}}");
    let inside = one.to_string().replacen('{', "{\"kty\":\"EC\",", 1);
    let padded = [set_of(std::slice::from_ref(&one)), vec![b' '; 256 * 1024]].concat();
    for (what, document, meets) in [
        ("a kid twice", set_of(&[one.clone(), one.clone()]), BadSet::Doubled),
        (
            "a kid twice, once unusable",
            set_of(&[one.clone(), changed(&KEYS.rs256, "kid", "one".into()), two.clone()]),
            BadSet::Doubled,
        ),
        (
            "a symmetric key of the same kid",
            set_of(&[one.clone(), json!({"kty":"oct","k":"AA","kid":"one"})]),
            BadSet::Doubled,
        ),
        ("no key", set_of(&[]), BadSet::Empty),
        (
            "a symmetric key only",
            set_of(&[json!({"kty":"oct","k":"c2VjcmV0","kid":"one","alg":"HS256"})]),
            BadSet::Empty,
        ),
        (
            "a key for encryption only",
            set_of(&[changed(&KEYS.es256, "use", "enc".into())]),
            BadSet::Empty,
        ),
        ("65 keys", many(65), BadSet::Large),
        ("more than 256 KiB", padded, BadSet::Large),
        ("nothing", Vec::new(), BadSet::Malformed),
        ("a page", b"<html>login</html>".to_vec(), BadSet::Malformed),
        ("a list", format!("[{one}]").into(), BadSet::Malformed),
        ("a key alone", one.to_string().into(), BadSet::Malformed),
        ("keys by name", json!({"keys": {"one": one}}).to_string().into(), BadSet::Malformed),
        ("keys twice", twice.into(), BadSet::Malformed),
        ("kty twice", format!("{{\"keys\":[{inside}]}}").into(), BadSet::Malformed),
        ("a text for a key", set_of(&[one.clone(), "key".into()]), BadSet::Malformed),
        ("no kty", set_of(&[changed(&KEYS.es256, "kty", Value::Null)]), BadSet::Malformed),
        (
            "a number for a kid",
            set_of(&[changed(&KEYS.es256, "kid", 1.into()), two.clone()]),
            BadSet::Malformed,
        ),
        (
            "something behind",
            [set_of(std::slice::from_ref(&one)), b"{}".to_vec()].concat(),
            BadSet::Malformed,
        ),
        ("not UTF-8", b"{\"keys\":\"\xff\"}".to_vec(), BadSet::Malformed),
    ] {
        assert_eq!(read(&document).unwrap_err(), meets, "{what}");
    }
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
        let document = set_of(&[changed(&KEYS.rs256, member, "AQAB".into()), one.clone()]);
        assert_eq!(read(&document).unwrap_err(), BadSet::Private, "{member}");
    }
}

#[test]
fn a_key_for_something_else_is_left_out() {
    assert!(usable(&KEYS.es256.jwk()));
    for (member, value) in [
        ("use", json!("enc")),
        ("use", json!("SIG")),
        ("use", json!(["sig"])),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!([])),
        ("key_ops", json!("verify")),
        ("alg", json!("ES384")),
        ("alg", json!("es256")),
        ("alg", json!("HS256")),
        ("alg", json!("none")),
        ("alg", json!(1)),
        ("kty", json!("ec")),
        ("kty", json!("RSA")),
        ("kty", json!("oct")),
        ("crv", json!("P-384")),
        ("crv", json!("P-521")),
        ("crv", json!("secp256k1")),
        ("crv", json!("Ed25519")),
        ("crv", Value::Null),
        ("kid", json!("o\u{0}ne")),
        ("kid", json!("")),
        ("kid", json!("x".repeat(257))),
    ] {
        assert!(!usable(&changed(&KEYS.es256, member, value.clone())), "{member} = {value}");
    }
    for (member, value) in
        [("use", Value::Null), ("key_ops", json!(["verify"])), ("alg", Value::Null)]
    {
        assert!(usable(&changed(&KEYS.es256, member, value)), "{member}");
    }
}

#[test]
fn a_point_is_two_coordinates_of_full_length() {
    let x = KEYS.es256.jwk()["x"].as_str().unwrap().to_owned();
    for (member, value) in [
        ("x", json!(format!("{x}="))),
        ("x", json!(format!("{x}A"))),
        ("x", json!(format!("AA{x}"))),
        ("x", json!("")),
        ("x", json!("AQ")),
        ("x", json!(base64url([0; 31]))),
        ("x", json!(base64url([0; 33]))),
        ("x", json!("\"injected\"")),
        ("x", json!(1)),
        ("x", Value::Null),
        ("y", Value::Null),
        ("y", json!(base64url([0; 31]))),
    ] {
        assert!(!usable(&changed(&KEYS.es256, member, value.clone())), "{member} = {value}");
    }
    for value in [json!(base64url([1; 31])), json!(base64url([1; 33])), json!(""), Value::Null] {
        assert!(!usable(&changed(&KEYS.ed25519, "x", value.clone())), "{value}");
    }
}

#[test]
fn an_rsa_key_is_strong_and_plainly_written() {
    let weak = Signer::rsa("weak", "RS256", KeySize::Rsa2048).jwk();
    let n = crate::base64url::decode(weak["n"].as_str().unwrap()).unwrap();
    let with = |member: &str, bytes: &[u8]| {
        let mut key = weak.clone();
        key[member] = base64url(bytes).into();
        key
    };
    assert!(usable(&weak));
    let even = [&n[..n.len() - 1], &[n[n.len() - 1] & 0xfe]].concat();
    for (what, key) in [
        ("1024 bits", with("n", &n[128..])),
        ("2047 bits", with("n", &[&[n[0] & 0x7f], &n[1..]].concat())),
        ("a zero in front", with("n", &[&[0], &n[..]].concat())),
        ("an even modulus", with("n", &even)),
        ("no modulus", with("n", &[])),
        ("16,384 bits", with("n", &n.repeat(8))),
        ("exponent 1", with("e", &[1])),
        ("exponent 3", with("e", &[3])),
        ("an even exponent", with("e", &[1, 0, 0])),
        ("exponent 65,537 with a zero in front", with("e", &[0, 1, 0, 1])),
        ("an exponent of 9 bytes", with("e", &[1; 9])),
        ("no exponent", with("e", &[])),
    ] {
        assert!(!usable(&key), "{what}");
    }
}

#[test]
fn a_key_that_names_no_algorithm_is_for_the_first_of_the_entry_that_fits() {
    let key = changed(&KEYS.rs256, "alg", Value::Null);
    let token = Draft::corp(&KEYS.rs256).signed_by(&KEYS.rs256);
    let checks_rs256 = |order: &[Algorithm]| {
        let set = KeySet::read(&set_of(std::slice::from_ref(&key)), order).unwrap();
        let parts = gate::split(&token).unwrap();
        keys::signed_by(&parts, Algorithm::Rs256, &set.find(None).unwrap())
    };
    assert!(checks_rs256(&[Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256]));
    assert!(!checks_rs256(&[Algorithm::Ps256, Algorithm::Rs256]));
}

#[test]
fn a_key_whose_algorithm_the_entry_does_not_list_is_left_out() {
    let set =
        KeySet::read(&set_of(&[KEYS.rs256.jwk(), KEYS.es256.jwk()]), &[Algorithm::Es256]).unwrap();
    assert!(set.find(Some("three")).is_none());
    assert!(set.find(None).is_some());
}

#[test]
fn a_token_that_names_no_key_finds_the_only_one_and_never_one_of_several() {
    assert!(read(&set_of(&[KEYS.es256.jwk()])).unwrap().find(None).is_some());
    assert!(read(&set_of(&[KEYS.es256.jwk(), KEYS.rs256.jwk()])).unwrap().find(None).is_none());
    let unnamed = changed(&KEYS.es256, "kid", Value::Null);
    let set = read(&set_of(&[unnamed])).unwrap();
    assert!(set.find(None).is_some() && set.find(Some("one")).is_none());
}
