//! KMS on moto's server.

use aws_sdk_kms::{
    Client,
    types::{KeySpec, KeyUsageType},
};
use delegation::Signer as _;
use local_emulator::port::Port;
use on_aws::Kms;

use super::{Public, keep, no_signature};
use crate::{aws::environment, child, servers::Server, silent};

async fn signer(key: &str) -> Kms {
    Kms::new(&on_aws::config().await, key)
}

async fn client() -> Client {
    Client::new(&on_aws::config().await)
}

/// Makes a key of this spec that signs. Returns its id.
async fn made(spec: KeySpec) -> String {
    let make = client().await.create_key().key_usage(KeyUsageType::SignVerify).key_spec(spec);
    make.send().await.unwrap().key_metadata.unwrap().key_id
}

async fn public(key: &str) -> Public {
    let answer = client().await.get_public_key().key_id(key).send().await.unwrap();
    let der = answer.public_key.unwrap().into_inner();
    // The last part of a SubjectPublicKeyInfo (RFC 5480).
    Public::of_point(&der[der.len() - 65..])
}

#[tokio::test]
async fn kms_keeps_the_promises_of_a_signer() {
    if !child::inside() {
        let moto = Server::moto();
        let test = "signer::kms::kms_keeps_the_promises_of_a_signer";
        return child::run(test, &environment(moto.port()));
    }
    let key = made(KeySpec::EccNistP256).await;
    keep(&signer(&key).await, &public(&key).await, 4096).await;
    an_alias_stands_for_its_key(&key).await;
    a_message_that_is_too_long_is_hashed_here(&key).await;
    no_key_is_no_signature().await;
}

async fn an_alias_stands_for_its_key(key: &str) {
    let alias = client().await.create_alias().alias_name("alias/tokens").target_key_id(key);
    alias.send().await.unwrap();
    let signature = signer("alias/tokens").await.sign(b"a message").await.unwrap();
    assert!(public(key).await.verifies(b"a message", signature));
}

/// KMS signs a digest as it is. moto hashes it once more, whatever `MessageType` says, so with moto
/// it is the digest that has been signed: that shows which digest was sent, and no more than that.
async fn a_message_that_is_too_long_is_hashed_here(key: &str) {
    let signature = signer(key).await.sign(&[b'm'; 4097]).await.unwrap();
    assert!(public(key).await.verifies(&LONG_DIGEST, signature));
}

async fn no_key_is_no_signature() {
    no_signature(&signer("00000000-0000-0000-0000-000000000000").await, "NotFoundException").await;
    no_signature(&signer("alias/never-made").await, "NotFoundException").await;
    no_signature(&signer(&made(KeySpec::EccNistP384).await).await, "ValidationException").await;
}

#[tokio::test]
async fn a_kms_that_is_gone_or_silent_signs_nothing() {
    if child::inside() {
        return no_signature(&signer("tokens").await, "KMS").await;
    }
    let closed = Port::reserve().unwrap();
    for port in [closed.number(), silent::silence()] {
        let test = "signer::kms::a_kms_that_is_gone_or_silent_signs_nothing";
        child::run(test, &environment(port));
    }
}

#[tokio::test]
async fn an_answer_without_a_signature_in_der_is_none() {
    if child::inside() {
        return no_signature(&signer("tokens").await, "the signature cannot be read").await;
    }
    // None; empty; 64 bytes as they are in a token; zeros in DER; a byte too many.
    for body in [
        r#"{"KeyId": "k"}"#,
        r#"{"KeyId": "k", "Signature": ""}"#,
        concat!(
            r#"{"Signature": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"#,
            r#"AQEBAQEBAQEBAQEBAQEBAQEBAQ=="}"#
        ),
        r#"{"Signature": "MAYCAQACAQA="}"#,
        r#"{"Signature": "MAYCAQECAQEA"}"#,
    ] {
        let (port, _) = silent::answering("200 OK", body);
        let test = "signer::kms::an_answer_without_a_signature_in_der_is_none";
        child::run(test, &environment(port));
    }
}

#[tokio::test]
async fn a_message_is_sent_once_and_as_what_it_is() {
    if let Some(length) = child::variable(LENGTH) {
        let message = vec![b'm'; length.parse().unwrap()];
        let signature = signer("tokens").await.sign(&message).await.unwrap();
        assert_eq!((signature[31], signature[63], signature.iter().sum()), (1, 2, 3_u8));
        return;
    }
    for (length, kind) in [("4096", "RAW"), ("4097", "DIGEST")] {
        let (port, asked) = silent::answering("200 OK", r#"{"Signature": "MAYCAQECAQI="}"#);
        let mut environment = environment(port);
        environment.push((LENGTH, length.to_owned()));
        child::run("signer::kms::a_message_is_sent_once_and_as_what_it_is", &environment);
        let asked = asked.lock().unwrap();
        let said = |text: &str| asked.iter().filter(|asked| asked.contains(text)).count();
        assert_eq!(said(&format!(r#""MessageType":"{kind}""#)), 1, "{asked:?}");
        assert_eq!(said(r#""SigningAlgorithm":"ECDSA_SHA_256""#), asked.len(), "{asked:?}");
    }
}

const LENGTH: &str = "POSTERN_CONFORMANCE_LENGTH";

/// The SHA-256 of 4097 times `m`.
const LONG_DIGEST: [u8; 32] = [
    0x2f, 0x6c, 0x25, 0x2b, 0x01, 0xf6, 0x5b, 0x5c, 0xcb, 0x12, 0xa9, 0xfe, 0x02, 0x33, 0x44, 0xf7,
    0xab, 0x17, 0x52, 0x81, 0x61, 0xa2, 0xd0, 0xe6, 0xd6, 0x87, 0xd7, 0xec, 0x18, 0xb4, 0x22, 0xcd,
];
