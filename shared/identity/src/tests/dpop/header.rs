//! Form, type, algorithm and signature.

use serde_json::{Value, json};

use super::{
    all_meet,
    draft::{Draft, good, hash, plain},
    now,
};
use crate::{
    ProofError as Error,
    tests::{
        draft::{compact, loosened},
        signer::{KEYS, Signer, base64url},
    },
};

const HEADER: Error = Error::Form("its header is not strict JSON in canonical base64url");
const CLAIMS: Error = Error::Form("its claims are not strict JSON in canonical base64url");
const MEMBERS: Error = Error::Header("have no members but typ, alg and jwk");
const LETTERS: Error = Error::Form("it holds characters other than those of base64url");
const PARTS: Error = Error::Form("it has not the three parts of a signed token");

/// RFC 7638, 3, written out by hand.
fn thumbprint(key: &Signer) -> String {
    let jwk = plain(key);
    let text = |name: &str| jwk[name].as_str().unwrap().to_owned();
    hash(
        match key.algorithm {
            "EdDSA" => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text("x")),
            "PS256" => format!(r#"{{"e":"AQAB","kty":"RSA","n":"{}"}}"#, text("n")),
            _ => {
                let (crv, x, y) = (text("crv"), text("x"), text("y"));
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
        }
        .as_bytes(),
    )
}

#[test]
fn a_good_proof_of_each_algorithm_shows_whose_it_is() {
    for key in [&KEYS.es256, &KEYS.es384, &KEYS.ps256, &KEYS.ed25519] {
        let proven = now(&good(key)).unwrap();
        assert_eq!(proven.jkt(), thumbprint(key), "{}", key.algorithm);
    }
}

#[test]
fn both_names_of_ed25519_are_its_names() {
    let key = &KEYS.ed25519;
    let draft = Draft::of(key).member("alg", "Ed25519");
    for draft in [draft.clone(), draft.clone().key("alg", "EdDSA"), draft.key("alg", "Ed25519")] {
        assert_eq!(now(&draft.signed_by(key)).unwrap().jkt(), thumbprint(key));
    }
}

#[test]
fn what_is_said_about_a_key_does_not_change_whose_it_is() {
    let key = &KEYS.es256;
    let mut draft = Draft::of(key);
    draft.header["jwk"] = key.jwk();
    let draft = draft.key("ext", true).key("key_ops", json!(["verify"])).key("kid", "mine");
    assert_eq!(now(&draft.signed_by(key)).unwrap().jkt(), thumbprint(key));
}

#[test]
fn a_type_may_be_written_as_media_types_may() {
    for kind in ["dpop+jwt", "DPoP+JWT", "application/dpop+jwt", "Application/DPOP+jwt"] {
        let proof = Draft::of(&KEYS.es256).member("typ", kind).signed_by(&KEYS.es256);
        assert!(now(&proof).is_ok(), "{kind}");
    }
}

#[test]
fn any_other_type_is_refused() {
    let kinds = ["", "JWT", "at+jwt", "jwt", "dpop", "dpop+jwt ", "text/dpop+jwt", "wpt+jwt"];
    let others = [json!(1), json!(["dpop+jwt"]), json!(true), json!({})];
    all_meet(kinds.map(Value::from).into_iter().chain(others).map(|kind| {
        let proof = Draft::of(&KEYS.es256).member("typ", kind.clone()).signed_by(&KEYS.es256);
        (kind.to_string(), proof, Error::Type)
    }));
}

#[test]
fn an_algorithm_that_is_not_for_proofs_is_refused() {
    let names =
        ["none", "nOnE", "", "HS256", "RS256", "ES512", "ES256K", "es256", "PS384", "PS512"];
    let others = [json!(256), json!(["ES256"]), json!(false)];
    all_meet(names.map(Value::from).into_iter().chain(others).map(|name| {
        let proof = Draft::of(&KEYS.es256).member("alg", name.clone()).signed_by(&KEYS.es256);
        (name.to_string(), proof, Error::Algorithm)
    }));
}

#[test]
fn an_rsa_key_signs_proofs_with_pss_only() {
    let old = good(&KEYS.rs256);
    let draft = Draft::of(&KEYS.rs256).member("alg", "PS256");
    let padded_as_before = draft.signed_by(&KEYS.rs256);
    all_meet([
        ("RS256", old, Error::Algorithm),
        ("PS256 by name, PKCS #1 v1.5 by signature", padded_as_before, Error::Signature),
    ]);
}

#[test]
fn a_header_has_its_three_members_and_no_more() {
    let key = &KEYS.es256;
    let with = |name: &str, value: Value| Draft::of(key).member(name, value).signed_by(key);
    let more = [
        ("crit", json!([])),
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
        ("kid", json!("mine")),
        ("jku", json!("https://keys.example/set")),
        ("x5u", json!("https://keys.example/pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("nonce", json!("n")),
        ("", json!(1)),
    ];
    all_meet(more.map(|(name, value)| (name, with(name, value), MEMBERS)));
    all_meet([
        ("no typ", with("typ", Value::Null), Error::Header("have the member typ")),
        ("no alg", with("alg", Value::Null), Error::Header("have the member alg")),
        ("no jwk", with("jwk", Value::Null), Error::Header("have the member jwk")),
    ]);
}

#[test]
fn a_header_that_reads_two_ways_is_refused() {
    let (one, two) = (&KEYS.es256, &KEYS.stranger);
    let Draft { header, claims } = Draft::of(one);
    let (header, claims) = (header.to_string(), claims.to_string());
    let first = |text: &str, member: String| text.replacen('{', &format!("{{{member},"), 1);
    let signed = |header: &str, claims: &str| compact(header, claims, one);
    let jwk = format!(r#""jwk":{}"#, plain(two));
    all_meet([
        ("two keys", signed(&first(&header, jwk.clone()), &claims), HEADER),
        (
            "two keys, one name escaped",
            signed(&first(&header, jwk.replacen("jwk", r"j\u0077k", 1)), &claims),
            HEADER,
        ),
        ("two types", signed(&first(&header, r#""typ":"JWT""#.into()), &claims), HEADER),
        (
            "a doubled member in the key",
            signed(&header.replacen(r#""crv""#, r#""crv":"P-384","crv""#, 1), &claims),
            HEADER,
        ),
        ("two methods", signed(&header, &first(&claims, r#""htm":"GET""#.into())), CLAIMS),
        ("two bodies", signed(&header, &first(&claims, r#""bd\u0068":"""#.into())), CLAIMS),
        ("something behind the header", signed(&format!("{header}{{}}"), &claims), HEADER),
        ("something behind the claims", signed(&header, &format!("{claims}]")), CLAIMS),
        ("a list for a header", signed(&format!("[{header}]"), &claims), HEADER),
        ("a text for claims", signed(&header, "\"POST\""), CLAIMS),
        ("no claims", signed(&header, ""), CLAIMS),
        ("no UTF-8", compact(&header, b"{\"jti\":\"\xff\"}", one), CLAIMS),
        ("a deep header", signed(&deep(&header, 4), &claims), HEADER),
        ("deep claims", signed(&header, &deep(&claims, 8)), CLAIMS),
    ]);
}

/// The object with a member of lists in lists.
fn deep(object: &str, lists: usize) -> String {
    let nested = format!("{}{}", "[".repeat(lists), "]".repeat(lists));
    object.replacen('{', &format!("{{\"deep\":{nested},"), 1)
}

#[test]
fn a_text_that_is_not_one_compact_jws_is_refused() {
    let key = &KEYS.es256;
    let proof = good(key);
    let (signed, signature) = proof.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let flat = json!({ "protected": header, "payload": claims, "signature": signature });
    all_meet([
        ("nothing", String::new(), PARTS),
        ("one part", header.into(), PARTS),
        ("two parts", signed.into(), PARTS),
        ("four parts", format!("{proof}."), PARTS),
        ("five parts", format!("{header}.{claims}.{signature}.{claims}.{signature}"), PARTS),
        ("two proofs in one header", format!("{proof},{proof}"), LETTERS),
        ("two proofs with a space", format!("{proof}, {proof}"), LETTERS),
        ("a space before it", format!(" {proof}"), LETTERS),
        ("a new line behind it", format!("{proof}\n"), LETTERS),
        ("padding behind it", format!("{proof}=="), LETTERS),
        ("the JSON form", flat.to_string(), LETTERS),
        ("another letter", proof.replacen('.', ".\u{e9}", 1), LETTERS),
        ("a header with loose bits", format!("{}.{claims}.{signature}", loose(header)), HEADER),
        ("no header", format!(".{claims}.{signature}"), HEADER),
    ]);
}

/// The part with bits at its end that no byte holds.
fn loose(part: &str) -> String {
    let text = crate::base64url::decode(part).unwrap();
    loosened(std::str::from_utf8(&text).unwrap())
}

#[test]
fn a_proof_may_have_four_kibibytes() {
    let key = &KEYS.ed25519;
    let filled = |letters: usize| Draft::of(key).claim("fill", "x".repeat(letters)).signed_by(key);
    let rest = 4096 - filled(0).len();
    let most = (0..).map(|n| filled(rest * 3 / 4 - 8 + n)).take_while(|proof| proof.len() <= 4096);
    let most = most.last().unwrap();
    assert!(most.len() > 4090, "{}", most.len());
    assert!(now(&most).is_ok());
    let long = "x".repeat(4097);
    let one_more = filled(rest * 3 / 4 + 8);
    let meets = Error::Form("it is longer than 4 KiB");
    all_meet([("one more", one_more, meets), ("letters", long, meets)]);
}

#[test]
fn a_signature_is_by_the_key_that_is_shown_over_what_is_shown() {
    let key = &KEYS.es256;
    let proof = good(key);
    let (signed, signature) = proof.rsplit_once('.').unwrap();
    let resigned = |signature: &[u8]| format!("{signed}.{}", base64url(signature));
    let other = good(&KEYS.stranger);
    let (_, other_signature) = other.rsplit_once('.').unwrap();
    let der = [&[0x30, 0x44, 0x02, 0x20][..], &[1; 32], &[0x02, 0x20], &[1; 32]].concat();
    all_meet([
        ("none", format!("{signed}."), Error::Signature),
        ("zeros", resigned(&[0; 64]), Error::Signature),
        ("in DER", resigned(&der), Error::Signature),
        (
            "one byte short",
            resigned(&crate::base64url::decode(signature).unwrap()[1..]),
            Error::Signature,
        ),
        ("of other contents", format!("{signed}.{other_signature}"), Error::Signature),
        ("by another key", Draft::of(key).signed_by(&KEYS.stranger), Error::Signature),
        (
            "over other claims",
            proof.replacen(signed.split_once('.').unwrap().1, &base64url("{}"), 1),
            Error::Signature,
        ),
    ]);
}
