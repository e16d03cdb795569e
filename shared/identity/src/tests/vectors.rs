//! Vectors that nobody here wrote: Wycheproof, the JOSE cookbook (RFC 7520), other RFCs.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{
    Issuers,
    base64url::decode,
    config::Issuer,
    gate,
    keys::{self, BadSet, KeySet},
};

/// Everything that is marked valid and that we refuse, and why.
const REFUSED: &str = include_str!("../../tests/wycheproof-refused.txt");

/// Where the vectors are. A checkout without them has not been tested, so this fails.
fn corpora() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "only tests look for the corpora")]
    let named = std::env::var("POSTERN_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = named.unwrap_or_else(|_| beside());
    assert!(folder.is_dir(), "no test vectors at {folder:?}; POSTERN_CORPORA says where they are");
    folder
}

/// One of them that is JSON.
pub(crate) fn read(name: &str) -> Value {
    let path = corpora().join(name);
    let text = std::fs::read_to_string(&path);
    serde_json::from_str(&text.unwrap_or_else(|error| panic!("{path:?}: {error}"))).unwrap()
}

/// An issuer that allows whatever can be allowed.
fn issuer() -> Issuer {
    let text = r#"
        [issuers.any]
        issuer = "https://any.example"
        jwks_uri = "https://any.example/jwks"
        audience = ["any"]
        algorithms = ["ES256", "ES384", "RS256", "PS256", "EdDSA"]
        types = ["", "JWT", "JOSE"]
        max_lifetime_s = 3600
    "#;
    Issuers::parse("issuers.toml", text).unwrap().into_entries().remove(0)
}

/// All of the way of a token that has no claims: form, header, algorithm, key and signature.
fn judge(set: &Value, token: &str) -> Result<(), &'static str> {
    let issuer = issuer();
    let parts = gate::split(token).map_err(|_| "form")?;
    let header = gate::header(&parts).map_err(|_| "header")?;
    let algorithm = gate::admit(&header, &issuer).map_err(|_| "algorithm")?;
    let keys = KeySet::read(set.to_string().as_bytes(), issuer.algorithms());
    let key = match keys {
        Ok(keys) => keys.find(header.kid()).ok_or("key")?,
        Err(BadSet::Empty) => return Err("key"),
        Err(_) => return Err("key-set"),
    };
    if keys::signed_by(&parts, algorithm, &key) { Ok(()) } else { Err("signature") }
}

/// The public keys of a group of vectors as a key set; the private ones where it has no others.
fn set(group: &Value) -> Value {
    let keys = group.get("public").or_else(|| group.get("private")).unwrap();
    if keys.get("keys").is_some() { keys.clone() } else { json!({ "keys": [keys] }) }
}

/// The algorithm that a token names, as far as that can be read.
fn named(token: &str) -> String {
    let header = token.split('.').next().and_then(decode);
    let header: Option<Value> = header.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    header.and_then(|header| Some(header.get("alg")?.as_str()?.to_owned())).unwrap_or("-".into())
}

/// A token as it would be sent, also where the vector is one in the JSON form.
fn text(token: &Value) -> String {
    token.as_str().map_or_else(|| token.to_string(), str::to_owned)
}

/// Counts of one file, and a line for every vector marked valid that is refused.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    signed: usize,
    encrypted: usize,
    accepted: usize,
    refused: Vec<String>,
}

fn run(file: &str) -> Tally {
    let mut tally = Tally::default();
    let vectors = read(&format!("wycheproof/json_web_{file}_test.json"));
    for group in vectors["testGroups"].as_array().unwrap() {
        for test in group["tests"].as_array().unwrap() {
            let number = &test["tcId"];
            let valid = test["result"] == "valid";
            if let Some(token) = test.get("jwe").map(text) {
                tally.encrypted += 1;
                assert!(gate::split(&token).is_err(), "{file} {number}: encrypted, and yet taken");
                continue;
            }
            tally.signed += 1;
            let token = text(&test["jws"]);
            match judge(&set(group), &token) {
                Ok(()) => {
                    assert!(valid, "{file} {number}: invalid, and yet accepted");
                    tally.accepted += 1;
                }
                Err(why) if valid => {
                    tally.refused.push(format!("{file} {number} {} {why}", named(&token)));
                }
                Err(_) => {}
            }
        }
    }
    tally
}

/// The lines of the list that speak of this file.
fn listed(file: &str) -> Vec<String> {
    let start = format!("{file} ");
    REFUSED.lines().filter(|line| line.starts_with(&start)).map(str::to_owned).collect()
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[test]
fn no_invalid_vector_of_wycheproof_is_accepted_and_every_valid_one_that_is_refused_is_explained() {
    for (file, signed, encrypted, accepted) in
        [("signature", 401, 0, 16), ("key", 26, 0, 1), ("crypto", 49, 34, 2)]
    {
        let tally = run(file);
        let (differences, explained) = (sorted(tally.refused), sorted(listed(file)));
        assert_eq!(differences, explained, "{file}");
        assert_eq!((tally.signed, tally.encrypted, tally.accepted), (signed, encrypted, accepted));
    }
}

#[test]
fn every_line_of_the_list_speaks_of_a_file_that_is_run() {
    let lines = REFUSED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        assert!(
            ["signature ", "key ", "crypto "].iter().any(|file| line.starts_with(file)),
            "{line}"
        );
    }
}

#[test]
fn no_encrypted_vector_of_wycheproof_is_taken_for_a_token() {
    let tally = run("encryption");
    assert_eq!((tally.signed, tally.encrypted), (0, 139));
}

/// A key without what only its owner may have.
fn public(key: &Value) -> Value {
    let mut key = key.clone();
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        key.as_object_mut().unwrap().remove(member);
    }
    key
}

#[test]
fn the_cookbook_s_signatures_are_judged_by_their_algorithm() {
    for (file, meets) in [
        ("jws/4_1.rsa_v15_signature", Ok(())),
        ("jws/4_2.rsa-pss_signature", Err("algorithm")),
        ("jws/4_3.ecdsa_signature", Err("algorithm")),
        ("jws/4_4.hmac-sha2_integrity_protection", Err("algorithm")),
        ("jws/4_5.signature_with_detached_content", Err("algorithm")),
        ("curve25519/jws", Ok(())),
    ] {
        let example = read(&format!("jose-cookbook/{file}.json"));
        let set = json!({ "keys": [public(&example["input"]["key"])] });
        let token = example["output"]["compact"].as_str().unwrap();
        assert_eq!(judge(&set, token), meets, "{file}");
    }
}

#[test]
fn the_cookbook_s_json_forms_are_no_tokens() {
    let folder = corpora().join("jose-cookbook");
    let mut seen = 0;
    for part in ["jws", "jwe", "curve25519", "rfc7797"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|kind| kind != "json") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let example: Value = serde_json::from_str(&text).unwrap();
            for form in ["json", "json_flat"] {
                let Some(token) = example["output"].get(form) else { continue };
                assert!(gate::split(&token.to_string()).is_err(), "{}", example["title"]);
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn the_unencoded_payloads_of_rfc_7797_are_no_tokens() {
    let example = read("jose-cookbook/rfc7797/4.2.hmac-sha2_b64_false.json");
    let input = example["signing"]["sig-input"].as_str().unwrap();
    let signature = example["signing"]["sig"].as_str().unwrap();
    assert_eq!(judge(&json!({}), &format!("{input}.{signature}")), Err("form"));
}

#[test]
fn the_cookbook_s_keys_are_taken_only_if_public_and_ours() {
    let read_one = |file: &str| {
        let set = json!({ "keys": [read(&format!("jose-cookbook/jwk/{file}.json"))] });
        KeySet::read(set.to_string().as_bytes(), issuer().algorithms()).map(|_| ())
    };
    assert_eq!(read_one("3_1.ec_public_key"), Err(BadSet::Empty));
    assert_eq!(read_one("3_2.ec_private_key"), Err(BadSet::Private));
    assert_eq!(read_one("3_3.rsa_public_key"), Ok(()));
    assert_eq!(read_one("3_4.rsa_private_key"), Err(BadSet::Private));
    assert_eq!(read_one("3_5.symmetric_key_mac_computation"), Err(BadSet::Empty));
    assert_eq!(read_one("3_6.symmetric_key_encryption"), Err(BadSet::Empty));
}

#[test]
fn the_signature_of_rfc_8037_is_accepted_and_its_private_key_is_not() {
    let vector = &read("rfc_vectors.json")["rfc8037"];
    let token = vector["jws"].as_str().unwrap();
    assert_eq!(judge(&json!({ "keys": [public(&vector["jwk"])] }), token), Ok(()));
    assert_eq!(judge(&json!({ "keys": [vector["jwk"]] }), token), Err("key-set"));
}

#[test]
fn the_proofs_and_tokens_of_rfc_9449_are_no_access_tokens_of_ours() {
    let vectors = &read("rfc_vectors.json")["rfc9449"];
    for proof in ["token_request_proof", "resource_request_proof"] {
        let proof = vectors[proof].as_str().unwrap();
        let header = proof.split('.').next().and_then(decode).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(judge(&json!({ "keys": [header["jwk"]] }), proof), Err("header"));
    }
    assert_eq!(judge(&json!({}), vectors["access_token"].as_str().unwrap()), Err("form"));
}

#[test]
fn the_key_of_rfc_7638_is_taken() {
    let set = json!({ "keys": [read("rfc_vectors.json")["rfc7638"]["jwk"]] });
    assert!(KeySet::read(set.to_string().as_bytes(), issuer().algorithms()).is_ok());
}
