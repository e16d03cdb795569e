//! Keys that come in a proof: anybody may bring one, so anything may come.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING,
    ParsedPublicKey,
};
use serde_json::{Value, json};

use super::{
    all_meet,
    draft::{Draft, good},
    now,
};
use crate::{
    OwnerKey, ProofError as Error,
    base64url::decode,
    tests::signer::{KEYS, Signer, base64url},
};

const PRIVATE: Error = Error::Key("be the public key alone; this key is known to others now");
const MEMBERS: Error = Error::Key("have no members but those of a plain public key");
const UNFIT: Error = Error::Key("be a key for the proof's algorithm, in canonical base64url");

/// A proof that shows the key with this member, signed by it; `null` takes the member away.
fn shown(key: &Signer, name: &str, value: impl Into<Value>) -> String {
    Draft::of(key).key(name, value).signed_by(key)
}

/// A proof that shows this key, signed by whichever.
fn showing(jwk: Value, algorithm: &str) -> String {
    let draft = Draft::of(&KEYS.es256).member("jwk", jwk).member("alg", algorithm);
    draft.signed_by(&KEYS.es256)
}

#[test]
fn a_private_key_is_never_shown() {
    for key in [&KEYS.es256, &KEYS.es384, &KEYS.ps256, &KEYS.ed25519] {
        all_meet(["d", "dp", "dq", "k", "oth", "p", "q", "qi"].map(|name| {
            (format!("{name} of {}", key.algorithm), shown(key, name, "AAAA"), PRIVATE)
        }));
    }
    let whole = json!({ "kty": "oct", "k": base64url([7; 32]), "alg": "HS256" });
    all_meet([
        ("a symmetric key", showing(whole, "ES256"), PRIVATE),
        (
            "a private member that is null",
            {
                let mut draft = Draft::of(&KEYS.es256);
                draft.header["jwk"]["d"] = Value::Null;
                draft.signed_by(&KEYS.es256)
            },
            PRIVATE,
        ),
    ]);
}

#[test]
fn a_key_leads_to_no_other() {
    let members = [
        ("x5u", json!("https://keys.example/pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
        ("jku", json!("https://keys.example/set")),
        ("keys", json!([])),
        ("iat", json!(1)),
    ];
    all_meet(members.map(|(name, value)| (name, shown(&KEYS.es256, name, value), MEMBERS)));
}

#[test]
fn a_key_is_an_object() {
    let jwks = [json!("key"), json!(1), json!([{ "kty": "EC" }]), json!(true)];
    let meets = Error::Key("be an object");
    all_meet(jwks.map(|jwk| (jwk.to_string(), showing(jwk, "ES256"), meets)));
    assert_eq!(now(&showing(json!({}), "ES256")), Err(UNFIT));
}

#[test]
fn type_curve_algorithm_and_use_agree() {
    let (p256, p384) = (&KEYS.es256, &KEYS.es384);
    let (rsa, edwards) = (&KEYS.ps256, &KEYS.ed25519);
    let as_other =
        |key: &Signer, algorithm: &str| Draft::of(key).member("alg", algorithm).signed_by(key);
    all_meet([
        ("P-256 for ES384", as_other(p256, "ES384"), UNFIT),
        ("P-384 for ES256", as_other(p384, "ES256"), UNFIT),
        ("RSA for ES256", as_other(rsa, "ES256"), UNFIT),
        ("Ed25519 for ES256", as_other(edwards, "ES256"), UNFIT),
        ("P-256 for Ed25519", as_other(p256, "Ed25519"), UNFIT),
        ("P-256 for PS256", as_other(p256, "PS256"), UNFIT),
        ("P-256 called P-384", shown(p256, "crv", "P-384"), UNFIT),
        (
            "P-256 called P-384 for ES384",
            { Draft::of(p256).key("crv", "P-384").member("alg", "ES384").signed_by(p256) },
            UNFIT,
        ),
        ("P-256 called p-256", shown(p256, "crv", "p-256"), UNFIT),
        ("P-256 called secp256k1", shown(p256, "crv", "secp256k1"), UNFIT),
        ("no curve", shown(p256, "crv", Value::Null), UNFIT),
        ("no type", shown(p256, "kty", Value::Null), UNFIT),
        ("EC called OKP", shown(p256, "kty", "OKP"), UNFIT),
        ("Ed25519 called X25519", shown(edwards, "crv", "X25519"), UNFIT),
        ("Ed25519 called Ed448", shown(edwards, "crv", "Ed448"), UNFIT),
        ("RSA with a curve", shown(rsa, "crv", "P-256"), UNFIT),
        ("another algorithm of the key", shown(p256, "alg", "ES384"), UNFIT),
        ("RS256 of the key", shown(rsa, "alg", "RS256"), UNFIT),
        ("an algorithm that is no text", shown(p256, "alg", 1), UNFIT),
        ("for encryption", shown(p256, "use", "enc"), UNFIT),
        ("for signing alone", shown(p256, "key_ops", json!(["sign"])), UNFIT),
        ("a doubtful name", shown(p256, "kid", "a b"), UNFIT),
    ]);
}

#[test]
fn a_curve_of_521_bits_is_not_for_proofs() {
    let key = Signer::elliptic("six", "ES512", &ECDSA_P521_SHA512_FIXED_SIGNING);
    let draft = Draft::of(&key).key("crv", "P-521");
    all_meet([
        ("by its name", draft.signed_by(&key), Error::Algorithm),
        ("as ES256", draft.clone().member("alg", "ES256").signed_by(&key), UNFIT),
        (
            "as P-256 and ES256",
            draft.key("crv", "P-256").member("alg", "ES256").signed_by(&key),
            UNFIT,
        ),
    ]);
}

#[test]
fn an_rsa_key_is_of_a_size_that_is_safe_and_bearable() {
    let key = &KEYS.ps256;
    let bits = |bits: usize| {
        let mut modulus = vec![0xff; bits / 8];
        modulus[bits / 8 - 1] = 0xfd;
        base64url(modulus)
    };
    for bits_of in [512, 1024, 2040, 8200] {
        let proof = shown(key, "n", bits(bits_of));
        let meets = if proof.len() > 4096 { Error::Form("it is longer than 4 KiB") } else { UNFIT };
        assert_eq!(now(&proof), Err(meets), "{bits_of}");
    }
    let modulus = decode(Draft::of(key).header["jwk"]["n"].as_str().unwrap()).unwrap();
    let even = [&modulus[..255], &[modulus[255] & 0xfe]].concat();
    let padded = [&[0][..], &modulus].concat();
    all_meet([
        ("an even modulus", shown(key, "n", base64url(even)), UNFIT),
        ("a modulus with a zero before it", shown(key, "n", base64url(padded)), UNFIT),
        ("no modulus", shown(key, "n", Value::Null), UNFIT),
        ("an exponent of 1", shown(key, "e", "AQ"), UNFIT),
        ("an exponent of 3", shown(key, "e", "Aw"), UNFIT),
        ("an exponent with a zero before it", shown(key, "e", "AAEAAQ"), UNFIT),
        ("an even exponent", shown(key, "e", "AQAC"), UNFIT),
        ("a huge exponent", shown(key, "e", base64url([0xff; 9])), UNFIT),
    ]);
}

#[test]
fn coordinates_have_one_spelling() {
    for (key, names) in
        [(&KEYS.es256, &["x", "y"][..]), (&KEYS.es384, &["x", "y"]), (&KEYS.ed25519, &["x"])]
    {
        for name in names {
            let exact = Draft::of(key).header["jwk"][name].as_str().unwrap().to_owned();
            let bytes = decode(&exact).unwrap();
            all_meet(misspelt(&exact, &bytes).map(|(what, value)| {
                let what = format!("{name} of {}: {what}", key.algorithm);
                (what, shown(key, name, value), UNFIT)
            }));
        }
    }
}

#[test]
fn a_key_of_p_256_can_be_encrypted_for_and_no_other() {
    for key in [&KEYS.es256, &KEYS.es384, &KEYS.ps256, &KEYS.ed25519] {
        let draft = Draft::of(key);
        let proven = now(&draft.signed_by(key)).unwrap();
        let shown = &draft.header["jwk"];
        let whole = json!({ "kty": "EC", "crv": "P-256", "x": shown["x"], "y": shown["y"] });
        let expected = (key.algorithm == "ES256").then_some(whole);
        assert_eq!(proven.key().map(OwnerKey::jwk), expected, "{}", key.algorithm);
    }
}

/// The same number in other spellings, and what is no number.
fn misspelt(exact: &str, bytes: &[u8]) -> [(&'static str, Value); 13] {
    let (first, last) = exact.split_at(exact.len() - 1);
    [
        ("padded", json!(format!("{exact}="))),
        ("a zero before it", json!(base64url([&[0], bytes].concat()))),
        ("a zero behind it", json!(base64url([bytes, &[0]].concat()))),
        ("without its first byte", json!(base64url(&bytes[1..]))),
        // Of 32 bytes, two bits are loose; of 48, none, and the text is then cut short.
        (
            "another last letter",
            json!(if bytes.len().is_multiple_of(3) { first.into() } else { loose(first, last) }),
        ),
        ("a quote in it", json!(format!("{first}\""))),
        ("another member in it", json!(format!("{exact}\",\"z\":\"a"))),
        ("a space behind it", json!(format!("{exact} "))),
        ("the other alphabet", json!(format!("{first}+"))),
        ("nothing", json!("")),
        ("a number", json!(7)),
        ("a list", json!([exact])),
        ("not there", Value::Null),
    ]
}

/// The text with another last letter that stands for the same bits.
fn loose(first: &str, last: &str) -> String {
    let next = char::from(last.as_bytes()[0] + 1);
    format!("{first}{next}")
}

#[test]
fn a_point_beside_the_curve_is_refused() {
    for (key, curve) in
        [(&KEYS.es256, &ECDSA_P256_SHA256_FIXED), (&KEYS.es384, &ECDSA_P384_SHA384_FIXED)]
    {
        let jwk = &Draft::of(key).header["jwk"];
        let coordinate = |name: &str| decode(jwk[name].as_str().unwrap()).unwrap();
        let (x, y) = (coordinate("x"), coordinate("y"));
        let mut beside = y.clone();
        *beside.last_mut().unwrap() ^= 1;
        let none = vec![0; x.len()];
        let high = vec![0xff; x.len()];
        assert!(ParsedPublicKey::new(curve, point(&x, &y)).is_ok());
        for (x, y) in [(&x, &beside), (&y, &x), (&none, &none), (&high, &high), (&x, &none)] {
            // What checks the signature knows by itself that this is no key …
            assert!(ParsedPublicKey::new(curve, point(x, y)).is_err());
            // … and so there is nothing that such a key could have signed.
            let draft = Draft::of(key).key("x", base64url(x)).key("y", base64url(y));
            assert_eq!(now(&draft.signed_by(key)), Err(Error::Signature));
        }
    }
}

#[test]
fn a_coordinate_beyond_the_field_is_no_other_name_of_a_key() {
    // The point of P-256 with x = 5, and the same with the field's prime added to x.
    let y = "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc";
    let exact = format!("{:064x}", 5);
    let beyond = "ffffffff00000001000000000000000000000001000000000000000000000004";
    let parsed =
        |x: &str| ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point(&hex(x), &hex(y))).is_ok();
    assert!(parsed(&exact));
    assert!(!parsed(beyond));
}

/// SEC 1, 2.3.3.
fn point(x: &[u8], y: &[u8]) -> Vec<u8> {
    [&[4], x, y].concat()
}

fn hex(text: &str) -> [u8; 32] {
    *request::Digest::from_hex(text).unwrap().bytes()
}

#[test]
fn a_key_with_the_mark_of_a_faulty_chip_is_refused() {
    // 65,537 to the power of 128 is marked and odd; its 2049 bits start with a one.
    let mut power = vec![1_u8];
    for _ in 0..128 {
        power = times_65537(&power);
    }
    assert!(power.len() > 256);
    assert_eq!(now(&shown(&KEYS.ps256, "n", base64url(power))), Err(UNFIT));
}

/// A number, the most significant byte first, times 2^16 + 1.
fn times_65537(number: &[u8]) -> Vec<u8> {
    let shifted = [number, &[0, 0]].concat();
    let mut sum = vec![0; shifted.len() + 1];
    let mut carry = 0_u16;
    for place in 0..sum.len() {
        let digit =
            |number: &[u8]| number.iter().rev().nth(place).map_or(0, |byte| u16::from(*byte));
        let total = digit(&shifted) + digit(number) + carry;
        let at = sum.len() - 1 - place;
        sum[at] = u8::try_from(total & 0xff).unwrap();
        carry = total >> 8;
    }
    let zeros = sum.iter().take_while(|byte| **byte == 0).count();
    sum.split_off(zeros)
}

#[test]
fn the_keys_that_these_tests_bend_are_good_before() {
    for key in [&KEYS.es256, &KEYS.es384, &KEYS.ps256, &KEYS.ed25519] {
        assert!(now(&good(key)).is_ok());
    }
}
