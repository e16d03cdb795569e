//! The envelope that a kept result comes in, opened as any library of JOSE would open it: a JWE (RFC
//! 7516) with `ECDH-ES` (RFC 7518, 4.6) and `A256GCM` (5.3), for the agent's own P-256 key.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use request::Digest;
use serde_json::Value;

use crate::key::Key;

/// What is in the envelope; nothing where it is none, is another's, or was changed.
#[must_use]
pub fn open(sealed: &str, key: &Key) -> Option<Value> {
    let parts: Vec<&str> = sealed.split('.').collect();
    let [header, "", nonce, content, tag] = parts[..] else { return None };
    let read: Value = serde_json::from_slice(&decoded(header)?).ok()?;
    let agreed = agreed(&private(key)?, &point(read.get("epk")?)?)?;
    let opener = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, agreed.bytes()).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(&decoded(nonce)?).ok()?;
    let mut content = decoded(content)?;
    content.extend(decoded(tag)?);
    let plain = opener.open_in_place(nonce, Aad::from(header.as_bytes()), &mut content).ok()?;
    serde_json::from_slice(plain).ok()
}

fn private(key: &Key) -> Option<PrivateKey> {
    let body: String = key.pem().lines().filter(|line| !line.starts_with('-')).collect();
    PrivateKey::from_private_key_der(&ECDH_P256, &STANDARD.decode(body).ok()?).ok()
}

/// Uncompressed (SEC 1, 2.3.3).
fn point(epk: &Value) -> Option<Vec<u8>> {
    let coordinate = |name: &str| decoded(epk.get(name)?.as_str()?);
    Some([vec![4], coordinate("x")?, coordinate("y")?].concat())
}

/// Concat KDF (RFC 7518, 4.6.2): one round of SHA-256 gives all 256 bits.
fn agreed(own: &PrivateKey, theirs: &[u8]) -> Option<Digest> {
    let theirs = UnparsedPublicKey::new(&ECDH_P256, theirs);
    agreement::agree(own, theirs, (), |secret| {
        let after = [&[0, 0, 0, 7][..], b"A256GCM", &[0; 8], &[0, 0, 1, 0]].concat();
        Ok(Digest::of(&[&[0, 0, 0, 1], secret, &after].concat()))
    })
    .ok()
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
