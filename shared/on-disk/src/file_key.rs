//! Signatures of our own tokens by a key in a file.

use std::{fs, io, path::Path};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use delegation::{SignError, Signer};
use request::Later;
use zeroize::Zeroizing;

/// A P-256 key that was read from a file. No `Debug`: it holds the private half.
pub struct FileKey {
    pair: EcdsaKeyPair,
}

/// Why a file holds no key to sign with. Nothing of its content is in here.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It is not there, may not be read, or is no text.
    #[error("the key cannot be read")]
    Read(#[source] io::Error),
    /// It has no `PRIVATE KEY` in it, or more than that.
    #[error("the file is not one private key in PKCS#8 PEM")]
    Pem,
    /// It is a key of another kind, or a damaged one.
    #[error("the key is not one of P-256")]
    Kind,
}

impl FileKey {
    /// Reads the key: PKCS#8 in PEM (RFC 5958, RFC 7468), on the curve P-256, not encrypted.
    ///
    /// # Errors
    /// [`KeyError`]: why there is no such key.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let text = fs::read_to_string(path).map(Zeroizing::new).map_err(KeyError::Read)?;
        let der = decoded(&text).ok_or(KeyError::Pem)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der);
        Ok(Self { pair: pair.map_err(|_| KeyError::Kind)? })
    }

    fn signature(&self, message: &[u8]) -> Option<[u8; 64]> {
        let signature = self.pair.sign(&SystemRandom::new(), message).ok()?;
        signature.as_ref().try_into().ok()
    }
}

impl Signer for FileKey {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Later<'a, Result<[u8; 64], SignError>> {
        let failed = || SignError::new("the key in the file did not sign");
        Box::pin(async move { self.signature(message).ok_or_else(failed) })
    }
}

/// What stands between the two lines, which have to be all that is there.
fn decoded(pem: &str) -> Option<Zeroizing<Vec<u8>>> {
    let between = pem.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    // As much room as is needed at most: growing would leave a copy behind.
    let mut digits = Zeroizing::new(Vec::with_capacity(between.len()));
    digits.extend(between.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let mut der = Zeroizing::new(vec![0; between.len()]);
    match STANDARD.decode_slice(&*digits, &mut der) {
        Ok(length) => der.truncate(length),
        Err(_) => return None,
    }
    Some(der)
}

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use aws_lc_rs::{
        encoding::AsDer as _,
        rsa::{KeyPair as RsaKeyPair, KeySize},
        signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING, KeyPair as _},
        signature::{EcdsaSigningAlgorithm, ParsedPublicKey},
    };

    use super::*;

    fn der(kind: &'static EcdsaSigningAlgorithm) -> Vec<u8> {
        EcdsaKeyPair::generate(kind).unwrap().to_pkcs8v1().unwrap().as_ref().to_vec()
    }

    fn pem(label: &str, der: &[u8]) -> String {
        let digits = STANDARD.encode(der).into_bytes();
        let lines: Vec<_> = digits.chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    fn read(text: impl AsRef<[u8]>) -> Result<FileKey, KeyError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        FileKey::read(file.path())
    }

    #[tokio::test]
    async fn what_the_key_signs_verifies_under_its_public_half() {
        let der = der(&ECDSA_P256_SHA256_FIXED_SIGNING);
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).unwrap();
        let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key()).unwrap();
        let text = pem("PRIVATE KEY", &der);
        for text in [text.clone(), text.replace('\n', "\r\n"), format!("\n{}", text.trim_end())] {
            let signature = read(text).unwrap().sign(b"a message").await.unwrap();
            assert!(public.verify_sig(b"a message", &signature).is_ok());
            assert!(public.verify_sig(b"another", &signature).is_err());
        }
    }

    #[test]
    fn a_key_of_another_kind_is_refused() {
        let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let p384 = der(&ECDSA_P384_SHA384_FIXED_SIGNING);
        let cut = &der(&ECDSA_P256_SHA256_FIXED_SIGNING)[..60];
        for der in [rsa.as_der().unwrap().as_ref(), &p384, cut, b""] {
            let refused = read(pem("PRIVATE KEY", der));
            assert!(matches!(refused, Err(KeyError::Kind)), "{:?}", refused.err());
        }
    }

    #[test]
    fn whatever_is_not_one_key_is_refused() {
        let der = der(&ECDSA_P256_SHA256_FIXED_SIGNING);
        let good = pem("PRIVATE KEY", &der);
        let others = ["EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY"];
        let mut wrong: Vec<String> = others.iter().map(|label| pem(label, &der)).collect();
        wrong.extend([
            String::new(),
            good.repeat(2),
            format!("{good}{}", pem("CERTIFICATE", b"x")),
        ]);
        wrong.extend([good.replace("BEGIN PRIVATE", "BEGIN  PRIVATE"), good.replacen('M', "!", 1)]);
        wrong.extend([BEGIN.to_owned(), format!("{BEGIN}{END}!"), good.replace(END, "")]);
        for text in wrong {
            let refused = read(&text);
            assert!(matches!(refused, Err(KeyError::Pem)), "{text}: {:?}", refused.err());
        }
        assert!(matches!(read([0xff]), Err(KeyError::Read(_))));
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(FileKey::read(folder.path().join("none")), Err(KeyError::Read(_))));
    }

    #[test]
    fn an_error_does_not_quote_the_file() {
        for text in [&b"hunter2"[..], b"hunter2\xff", pem("PRIVATE KEY", b"hunter2").as_bytes()] {
            let error = read(text).err().unwrap();
            let source = error.source().map(ToString::to_string);
            let told = format!("{error} {error:?} {source:?}");
            assert!(!told.contains("hunter2") && !told.contains("aHVudGVyMg"), "{told}");
        }
    }
}
