//! Good claims under signatures that are not the issuer's.

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair},
};

use super::{
    draft::Draft,
    refused::{Row, all_are_refused, row},
    signer::{KEYS, Signer, base64url},
    stand::Stand,
};

/// The order of the group of P-256 (FIPS 186-5).
const P256_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// Another signature under a good token of this key.
fn under(key: &Signer, what: &str, signature: impl AsRef<[u8]>) -> Row {
    let signed = Draft::corp(key).unsigned();
    row(
        format!("{}: {what}", key.algorithm),
        format!("{signed}.{}", base64url(signature)),
        "signature",
    )
}

fn keys() -> [&'static Signer; 5] {
    [&KEYS.es256, &KEYS.es384, &KEYS.rs256, &KEYS.ps256, &KEYS.ed25519]
}

#[test]
fn a_signature_that_is_none_is_refused() {
    let mut rows = Vec::new();
    for key in keys() {
        let good = key.sign(&Draft::corp(key).unsigned());
        let size = good.len();
        rows.push(under(key, "none", []));
        rows.push(under(key, "zeros", vec![0; size]));
        rows.push(under(key, "ones", vec![0xff; size]));
        rows.push(under(key, "half of it", &good[..size / 2]));
        rows.push(under(key, "a byte short", &good[..size - 1]));
        rows.push(under(key, "a byte long", [&good[..], &[0]].concat()));
        rows.push(under(key, "a zero in front", [&[0], &good[..]].concat()));
        rows.push(under(key, "twice", [&good[..], &good[..]].concat()));
        rows.push(under(key, "of nothing", key.sign("")));
        rows.push(under(
            key,
            "of other claims",
            key.sign(&Draft::corp(key).claim("sub", "\"bob\"").unsigned()),
        ));
    }
    all_are_refused(rows);
}

#[test]
fn a_number_of_an_ecdsa_signature_is_neither_zero_nor_the_order() {
    let key = &KEYS.es256;
    let good = key.sign(&Draft::corp(key).unsigned());
    let (r, s) = good.split_at(32);
    let zero = [0; 32];
    let one = {
        let mut one = zero;
        one[31] = 1;
        one
    };
    all_are_refused(vec![
        under(key, "r is zero", [&zero, s].concat()),
        under(key, "s is zero", [r, &zero].concat()),
        under(key, "both are one", [one, one].concat()),
        under(key, "r is the order", [&P256_ORDER, s].concat()),
        under(key, "s is the order", [r, &P256_ORDER].concat()),
        under(key, "both are the order", [P256_ORDER, P256_ORDER].concat()),
        under(key, "the wrong way round", [s, r].concat()),
    ]);
}

#[test]
fn an_ecdsa_signature_in_der_is_refused() {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let der = key.sign(&SystemRandom::new(), b"any").unwrap();
    all_are_refused(vec![under(&KEYS.es256, "DER", der)]);
}

#[test]
fn a_key_signs_with_its_own_algorithm_only() {
    let mut rows = Vec::new();
    for key in keys() {
        for other in keys().into_iter().filter(|other| other.kid != key.kid) {
            let what = format!("{} by a key for {}", other.algorithm, key.algorithm);
            let draft = Draft::corp(other).member("kid", format!("\"{}\"", key.kid));
            rows.push(row(format!("{what}, under its name"), draft.signed_by(other), "signature"));
            let draft = Draft::corp(key).signed_by(other);
            rows.push(row(format!("{what}, under its name and algorithm"), draft, "signature"));
        }
    }
    all_are_refused(rows);
}

#[test]
fn an_rsa_key_does_not_change_its_padding() {
    let by = |key: &Signer, algorithm: &str| {
        let draft = Draft::corp(key).member("alg", format!("\"{algorithm}\""));
        let signature = base64url(key.sign_as(algorithm, &draft.unsigned()));
        row(algorithm, format!("{}.{signature}", draft.unsigned()), "signature")
    };
    // Both are algorithms of the entry, and each signature is right for the key.
    all_are_refused(vec![by(&KEYS.rs256, "PS256"), by(&KEYS.ps256, "RS256")]);
}

#[test]
fn a_public_key_is_never_a_secret() {
    let mut rows = Vec::new();
    for (n, secret) in KEYS.rs256.public_bytes().into_iter().enumerate() {
        let draft = Draft::corp(&KEYS.rs256).member("alg", "\"HS256\"");
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let tag = base64url(hmac::sign(&key, draft.unsigned().as_bytes()));
        rows.push(row(format!("spelling {n}"), format!("{}.{tag}", draft.unsigned()), "algorithm"));
        let honest = Draft::corp(&KEYS.rs256).unsigned();
        let tag = base64url(hmac::sign(&key, honest.as_bytes()));
        rows.push(row(
            format!("spelling {n}, called RS256"),
            format!("{honest}.{tag}"),
            "signature",
        ));
    }
    assert_eq!(rows.len(), 10);
    all_are_refused(rows);
}

#[test]
fn a_key_vouches_for_its_own_issuer_only() {
    let by_stranger = Draft::corp(&KEYS.stranger).signed_by(&KEYS.stranger);
    // Both issuers have a key `three`.
    let by_plant = Draft::corp(&KEYS.rs256).signed_by(&KEYS.plant);
    let by_corp = Draft::plant(&KEYS.rs256).signed_by(&KEYS.rs256);
    let by_corp_named = Draft::plant(&KEYS.rs256).member("kid", "\"three\"").signed_by(&KEYS.rs256);
    all_are_refused(vec![
        row("a stranger as corp", by_stranger, "signature"),
        row("plant as corp", by_plant, "signature"),
        row("corp as plant", by_corp, "signature"),
        row("corp as plant, with a name of both", by_corp_named, "signature"),
    ]);
}

#[test]
fn a_signature_has_one_spelling() {
    let key = &KEYS.es256;
    let good = Draft::corp(key).signed_by(key);
    // 64 bytes are 85 letters and 2 bits: the last letter has 4 bits to spare.
    let last = good.chars().last().unwrap();
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = letters.find(last).unwrap();
    let rows = (1..16).map(|bits| {
        let letter = letters.chars().nth(value + bits).unwrap();
        let token: String = good.chars().take(good.len() - 1).chain([letter]).collect();
        row(format!("{bits}"), token, "form: its signature is not in canonical base64url")
    });
    all_are_refused(rows.collect());
}

#[test]
fn a_token_with_any_one_letter_changed_is_refused() {
    let stand = Stand::new();
    for key in keys() {
        let good = Draft::corp(key).signed_by(key);
        assert!(stand.believe(&good).is_ok());
        for place in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(bytes).unwrap();
            assert!(stand.believe(&other).is_err(), "{} at {place}", key.algorithm);
        }
    }
}
