//! Attacks 1 to 7: the signature, the algorithm it is by, and the key that it is checked with.

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use identity::Issuers;
use rcgen::generate_simple_self_signed;
use serde_json::json;

use crate::stand::{
    ISSUERS, NOW, Stand,
    canary::Canary,
    draft::{Draft, quoted},
    proof::bearer,
    signer::{KEYS, Signer},
    verdict::{Row, judge, judge_unasked, met, row},
};

fn corp() -> Draft {
    Draft::corp(&KEYS.corp)
}

#[test]
fn attack_01_a_token_by_no_algorithm_is_refused_before_anything_is_fetched() {
    let drafts = [("corp", corp(), &KEYS.corp), ("ours", Draft::ours(&KEYS.ours, 0), &KEYS.ours)];
    let mut rows = Vec::new();
    for (whose, draft, key) in drafts {
        for name in ["none", "None", "nOnE", "NONE"] {
            let draft = draft.clone().member("alg", quoted(name));
            rows.push(row(format!("{whose}, {name}"), draft.under([]), "algorithm"));
            let without = draft.clone().no_member("kid");
            rows.push(row(format!("{whose}, {name}, no kid"), without.under([]), "algorithm"));
            let signed = draft.signed_by(key);
            rows.push(row(format!("{whose}, {name}, signed"), signed, "algorithm"));
        }
        for (what, value) in [("null", "null"), ("a list", r#"["none"]"#), ("empty", r#""""#)] {
            let draft = draft.clone().member("alg", value);
            rows.push(row(format!("{whose}, {what}"), draft.under([]), "header alg"));
        }
        let draft = draft.no_member("alg");
        rows.push(row(format!("{whose}, not there"), draft.under([]), "header alg"));
    }
    judge_unasked(rows);
}

#[test]
fn attack_02_a_public_key_is_no_secret() {
    let mut rows = Vec::new();
    for (spelling, secret) in KEYS.corp_rsa.spellings() {
        for (name, kind) in [
            ("HS256", hmac::HMAC_SHA256),
            ("HS384", hmac::HMAC_SHA384),
            ("HS512", hmac::HMAC_SHA512),
        ] {
            let key = hmac::Key::new(kind, &secret);
            let draft = Draft::corp(&KEYS.corp_rsa).member("alg", quoted(name));
            let token = draft.under(hmac::sign(&key, draft.unsigned().as_bytes()));
            rows.push(row(format!("{name} with the {spelling}"), token, "algorithm"));
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let draft = Draft::corp(&KEYS.corp_rsa);
        let token = draft.under(hmac::sign(&key, draft.unsigned().as_bytes()));
        rows.push(row(format!("called RS256, with the {spelling}"), token, "signature"));
    }
    assert_eq!(rows.len(), 24);
    judge(rows);
    let symmetric = ISSUERS.replace("RS256", "HS256");
    assert!(Issuers::parse("issuers.toml", &symmetric).is_err(), "HS256 can be configured");
}

/// Other signatures under a good token of this key.
fn forged(key: &Signer) -> Vec<Row> {
    let draft = Draft::corp(key);
    let good = key.sign(&draft.unsigned());
    let half = good.len() / 2;
    let other = key.sign(&draft.clone().claim("sub", "\"bob\"").unsigned());
    let signatures = [
        ("blank", Vec::new()),
        ("null", b"null".to_vec()),
        ("one byte of zero", vec![0]),
        ("truncated by a byte", good[..good.len() - 1].to_vec()),
        ("truncated to a half", good[..half].to_vec()),
        ("filled with zeros", vec![0; good.len()]),
        ("half of it, filled up with zeros", [&good[..half], &vec![0; half]].concat()),
        ("filled with ones", vec![0xff; good.len()]),
        ("with a byte more", [&good[..], &[0]].concat()),
        ("of other claims", other),
    ];
    let row = |(what, signature): (&str, Vec<u8>)| {
        row(format!("{}, {what}", key.algorithm), draft.under(signature), "signature")
    };
    signatures.map(row).into()
}

#[test]
fn attack_03_a_signature_that_is_none_is_refused() {
    let mut rows = forged(&KEYS.corp);
    rows.extend(forged(&KEYS.corp_rsa));
    let draft = corp();
    let good = KEYS.corp.sign(&draft.unsigned());
    let (r, s) = good.split_at(32);
    let zero = [0; 32];
    let order = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
        0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let stranger = pair.sign(&SystemRandom::new(), draft.unsigned().as_bytes()).unwrap();
    let signatures: [(&str, Vec<u8>); 7] = [
        ("r and s are 0", [zero, zero].concat()),
        ("r is 0", [&zero[..], s].concat()),
        ("s is 0", [r, &zero[..]].concat()),
        ("r and s are the order", [order, order].concat()),
        ("r and s in DER", der(r, s)),
        ("DER of another key", stranger.as_ref().to_vec()),
        ("both zeros in DER", vec![0x30, 6, 2, 1, 0, 2, 1, 0]),
    ];
    rows.extend(signatures.map(|(what, signature)| row(what, draft.under(signature), "signature")));
    let text = format!("{}.null", draft.unsigned());
    rows.push(row("the word null as it is", text, "signature"));
    judge(rows);
    assert_eq!(met(&Stand::new().believe(&bearer(&draft.under(&good)))), "alice@corp");
}

/// The same two numbers as X.690 writes them.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap();
        let mut digits = bytes[start..].to_vec();
        if digits[0] >= 0x80 {
            digits.insert(0, 0);
        }
        [vec![2, u8::try_from(digits.len()).unwrap()], digits].concat()
    };
    let both = [number(r), number(s)].concat();
    [vec![0x30, u8::try_from(both.len()).unwrap()], both].concat()
}

#[test]
fn attack_04_the_name_of_a_key_is_a_name_and_nothing_else() {
    let named = |kid: &str| corp().member("kid", quoted(kid)).signed_by(&KEYS.corp);
    let spaced =
        ["x' UNION SELECT 'one'--", "|sleep 10", "$(sleep 10)", "one\0", "one\n", "on\u{435}"];
    let malformed: Vec<(String, String, &str)> = spaced
        .iter()
        .map(|kid| (format!("{kid:?}"), named(kid), "header kid"))
        .chain([
            ("empty".into(), named(""), "header kid"),
            ("257 bytes".into(), named(&"k".repeat(257)), "header kid"),
            ("10 KiB".into(), named(&"k".repeat(10 * 1024)), "form"),
            ("a number".into(), corp().member("kid", 1).signed_by(&KEYS.corp), "header kid"),
            ("null".into(), corp().member("kid", "null").signed_by(&KEYS.corp), "header kid"),
            (
                "a list".into(),
                corp().member("kid", r#"["one"]"#).signed_by(&KEYS.corp),
                "header kid",
            ),
        ])
        .collect();
    judge_unasked(
        malformed.iter().map(|(what, token, wants)| row(what, token.clone(), wants)).collect(),
    );

    let paths = ["../../dev/null", "/dev/null", "..%2f..%2fdev%2fnull", "file:///dev/null", "One"];
    let mut rows: Vec<Row> = paths.map(|kid| row(kid, named(kid), "key")).into();
    rows.push(row("none, of two keys", corp().no_member("kid").signed_by(&KEYS.corp), "key"));
    judge(rows);

    // Long after the keys came in, a name that no key can have is no reason to fetch them again.
    let stand = Stand::new();
    assert_eq!(met(&stand.believe(&bearer(&named("one")))), "alice@corp");
    stand.clock.set(NOW + 60);
    for (what, token, _) in &malformed {
        assert!(stand.believe(&bearer(token)).is_err(), "{what}");
        assert_eq!(stand.source.asked(), 1, "{what}");
    }
}

#[test]
fn attack_05_nobody_goes_where_a_header_points() {
    let canary = Canary::start();
    let mut rows = Vec::new();
    for member in ["jku", "x5u"] {
        for url in [
            canary.url("http", "/jwks"),
            canary.url("https", "/jwks"),
            canary.url("https", "/jwks#https://login.example/jwks"),
            "http://169.254.169.254/latest/meta-data".into(),
            "https://169.254.169.254/metadata/identity".into(),
            "https://login.example/jwks".into(),
            "https://login.example@evil.example/jwks".into(),
            String::new(),
        ] {
            let draft = corp().member(member, quoted(&url));
            let token = draft.signed_by(&KEYS.corp);
            rows.push(row(format!("{member}, {url:?}"), token, "form"));
            let token = draft.signed_by(&KEYS.stranger);
            rows.push(row(format!("{member}, {url:?}, by its key"), token, "form"));
            let draft = Draft::ours(&KEYS.ours, 0).member(member, quoted(&url));
            let token = draft.signed_by(&KEYS.ours);
            rows.push(row(format!("{member}, {url:?}, ours"), token, "form"));
        }
    }
    let tokens: Vec<String> = rows.iter().map(|row| row.token().to_owned()).collect();
    judge_unasked(rows);
    let stand = Stand::fetching(ISSUERS);
    for token in tokens {
        assert_eq!(met(&stand.believe(&bearer(&token))), "form");
    }
    assert_eq!(canary.seen(), 0);
}

#[test]
fn attack_06_a_token_brings_no_key_along() {
    let stranger = &KEYS.stranger;
    let key = stranger.published().to_string();
    let certificate = generate_simple_self_signed(["login.example".to_owned()]).unwrap();
    let certificate = STANDARD.encode(certificate.cert.der());
    let drafts = [
        ("jwk", corp().member("jwk", &key)),
        ("jwk and no kid", corp().member("jwk", &key).no_member("kid")),
        ("jwk of the right key", corp().member("jwk", KEYS.corp.published())),
        ("jwk that is null", corp().member("jwk", "null")),
        ("x5c", corp().member("x5c", json!([certificate]))),
        ("x5c that is empty", corp().member("x5c", "[]")),
    ];
    let mut rows = Vec::new();
    for (what, draft) in drafts {
        rows.push(row(format!("{what}, by the key it brings"), draft.signed_by(stranger), "form"));
        rows.push(row(format!("{what}, by the right one"), draft.signed_by(&KEYS.corp), "form"));
    }
    judge_unasked(rows);
}

#[test]
fn attack_07_a_key_vouches_for_its_own_issuer_only() {
    let rows = vec![
        row("plant as corp", corp().signed_by(&KEYS.plant), "signature"),
        row("corp as plant", Draft::plant(&KEYS.plant).signed_by(&KEYS.corp), "signature"),
        row(
            "plant as corp, RSA",
            Draft::corp(&KEYS.corp_rsa).signed_by(&KEYS.plant_rsa),
            "signature",
        ),
        row("a stranger as corp", corp().signed_by(&KEYS.stranger), "signature"),
        row("corp as us", Draft::ours(&KEYS.ours, 0).signed_by(&KEYS.corp), "signature"),
        row(
            "corp as us, by its own kid",
            Draft::ours(&KEYS.corp, 0).signed_by(&KEYS.corp),
            "signature",
        ),
        row("us as corp", corp().signed_by(&KEYS.ours), "signature"),
        row("us as corp, by our kid", Draft::corp(&KEYS.ours).signed_by(&KEYS.ours), "key"),
    ];
    judge(rows);
    let honest = vec![
        row("corp", corp().signed_by(&KEYS.corp), "alice@corp"),
        row("corp, RSA", Draft::corp(&KEYS.corp_rsa).signed_by(&KEYS.corp_rsa), "alice@corp"),
        row("plant", Draft::plant(&KEYS.plant).signed_by(&KEYS.plant), "press-7@plant"),
        row("ours", Draft::ours(&KEYS.ours, 2).signed_by(&KEYS.ours), "alice@corp"),
    ];
    judge(honest);
}
