//! The envelope of a kept result: encrypted to the key of whoever asked, so that keeping it gives it to
//! nobody else.
//!
//! It is a JWE in compact form (RFC 7516, 7.1) that any library opens: the key agreed on directly by a
//! pair made for this one envelope (`ECDH-ES`, RFC 7518, 4.6), the content under `A256GCM` (5.3).

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, RandomizedNonceKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, PublicKey, UnparsedPublicKey, agree_ephemeral},
    rand::SystemRandom,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::OwnerKey;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

/// Why nothing was sealed. Nothing of the content is in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    /// No randomness, or no cipher.
    #[error("nothing can be encrypted on this machine")]
    Cipher,
    /// The owner's key is no point of its curve.
    #[error("the owner's key is not a point of P-256")]
    Key,
}

/// Encrypts JSON to a key. Only whoever has its other half reads it again; we do not.
///
/// # Errors
/// [`Error`]: there is no envelope, and the content is nowhere but where it was.
pub(crate) fn seal(owner: &OwnerKey, plain: &[u8]) -> Result<String, Error> {
    let pair = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new());
    let pair = pair.map_err(|_| Error::Cipher)?;
    let shown = pair.compute_public_key().map_err(|_| Error::Cipher)?;
    let header = encoded(header(&shown).ok_or(Error::Cipher)?);
    let key = agreed(pair, owner)?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, &*key).map_err(|_| Error::Cipher)?;
    // Encrypted where it lies: no second copy of the content stays behind.
    let mut content = plain.to_vec();
    let Ok((nonce, tag)) = key.seal_in_place_separate_tag(Aad::from(&header), &mut content) else {
        content.zeroize();
        return Err(Error::Cipher);
    };
    let (nonce, content, tag) = (encoded(nonce.as_ref()), encoded(content), encoded(tag.as_ref()));
    // Between the header and the nonce there would be an encrypted key; one that was agreed on
    // directly is not sent (RFC 7516, 5.1, step 5).
    Ok([header, String::new(), nonce, content, tag].join("."))
}

/// The protected header, with our half of the agreement.
fn header(shown: &PublicKey) -> Option<String> {
    let (x, y) = shown.as_ref().strip_prefix(&[UNCOMPRESSED])?.split_at_checked(COORDINATE)?;
    let epk = OwnerKey::new(&encoded(x), &encoded(y)).ok()?.jwk();
    let header = json!({ "alg": "ECDH-ES", "cty": "application/json", "enc": ENC, "epk": epk });
    Some(header.to_string())
}

/// The key of the content, from what both halves have in common.
fn agreed(pair: EphemeralPrivateKey, owner: &OwnerKey) -> Result<Zeroizing<[u8; 32]>, Error> {
    let peer = UnparsedPublicKey::new(&ECDH_P256, owner.point());
    // A point that is not on the curve ends here: it would give our half away, bit by bit.
    agree_ephemeral(pair, peer, Error::Key, |secret| Ok(derived(secret, ENC, b"", b"", 256)))
}

/// Concat KDF with SHA-256 (RFC 7518, 4.6.2; NIST SP 800-56A, 5.8.1): its first round, which is all
/// that is needed up to 256 bits. Of fewer, the first ones count.
fn derived(secret: &[u8], enc: &str, apu: &[u8], apv: &[u8], bits: u32) -> Zeroizing<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(1_u32.to_be_bytes());
    hash.update(secret);
    for part in [enc.as_bytes(), apu, apv] {
        // None comes near 4 GiB: they are ours.
        hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.update(bits.to_be_bytes());
    let mut out = hash.finalize();
    let key = Zeroizing::new(out.into());
    out.as_mut_slice().zeroize();
    key
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// How the content is encrypted (RFC 7518, 5.1).
const ENC: &str = "A256GCM";
/// Before a point with both coordinates (SEC 1, 2.3.3).
const UNCOMPRESSED: u8 = 4;
/// Bytes of a coordinate of P-256.
const COORDINATE: usize = 32;

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        aead::Nonce,
        agreement::{PrivateKey, agree},
        encoding::{AsBigEndian, EcPrivateKeyBin},
    };
    use serde_json::Value;

    use super::*;

    fn decoded(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// The two keys of RFC 7518, appendix C.
    const ALICE: [&str; 3] = [
        "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
        "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo",
    ];
    const BOB: [&str; 3] = [
        "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
        "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
    ];

    /// What this private half and that public one have in common.
    fn common<R>(private: &str, public: &OwnerKey, then: impl FnOnce(&[u8]) -> R) -> R {
        let private = PrivateKey::from_private_key(&ECDH_P256, &decoded(private)).unwrap();
        let public = UnparsedPublicKey::new(&ECDH_P256, public.point());
        agree(&private, public, (), |secret| Ok(then(secret))).unwrap()
    }

    /// Opens an envelope as its owner does.
    fn opened(sealed: &str, private: &str) -> Option<Vec<u8>> {
        let [header, "", nonce, content, tag] = sealed.split('.').collect::<Vec<_>>()[..] else {
            return None;
        };
        let read: Value = serde_json::from_slice(&decoded(header)).unwrap();
        let epk = |name: &str| read["epk"][name].as_str().unwrap();
        let epk = OwnerKey::new(epk("x"), epk("y")).unwrap();
        let key = common(private, &epk, |secret| derived(secret, "A256GCM", b"", b"", 256));
        let key = RandomizedNonceKey::new(&AES_256_GCM, &*key).unwrap();
        let nonce = Nonce::try_assume_unique_for_key(&decoded(nonce)).unwrap();
        let mut content = [decoded(content), decoded(tag)].concat();
        Some(key.open_in_place(nonce, Aad::from(header), &mut content).ok()?.to_vec())
    }

    /// A new key: its public half, and the private one.
    fn owner() -> (OwnerKey, String) {
        let pair = PrivateKey::generate(&ECDH_P256).unwrap();
        let public = pair.compute_public_key().unwrap();
        let (x, y) = public.as_ref()[1..].split_at(32);
        let private: EcPrivateKeyBin<'_> = pair.as_be_bytes().unwrap();
        let private = encoded(private.as_ref());
        (OwnerKey::new(&encoded(x), &encoded(y)).unwrap(), private)
    }

    #[test]
    fn the_key_of_the_rfcs_example_is_derived() {
        for (private, public) in [(ALICE, BOB), (BOB, ALICE)] {
            let public = OwnerKey::new(public[0], public[1]).unwrap();
            let key = common(private[2], &public, |secret| {
                derived(secret, "A128GCM", b"Alice", b"Bob", 128)
            });
            assert_eq!(encoded(&key[..16]), "VqqN6vgjbSBcIijNcacQGg");
        }
    }

    #[test]
    fn what_is_sealed_its_owner_reads() {
        let (key, private) = owner();
        for plain in [&b""[..], b"{}", &[7; 100_000]] {
            let sealed = seal(&key, plain).unwrap();
            assert_eq!(opened(&sealed, &private).unwrap(), plain);
        }
    }

    #[test]
    fn nobody_else_reads_it_and_nobody_changes_it() {
        let ((key, private), (_, other)) = (owner(), owner());
        let sealed = seal(&key, b"{\"rows\":[]}").unwrap();
        assert_eq!(opened(&sealed, &other), None);
        for part in [2, 3, 4] {
            let mut parts: Vec<String> = sealed.split('.').map(ToOwned::to_owned).collect();
            let mut bytes = decoded(&parts[part]);
            bytes[0] ^= 1;
            parts[part] = encoded(bytes);
            assert_eq!(opened(&parts.join("."), &private), None, "part {part}");
        }
        let (_, rest) = sealed.split_once('.').unwrap();
        let header = String::from_utf8(decoded(sealed.split('.').next().unwrap())).unwrap();
        let header = encoded(header.replace("application/json", "text/html"));
        assert_eq!(opened(&format!("{header}.{rest}"), &private), None);
    }

    #[test]
    fn no_two_envelopes_have_anything_in_common() {
        let (key, _) = owner();
        let [one, other] = [(); 2].map(|()| seal(&key, b"the same").unwrap());
        for (one, other) in one.split('.').zip(other.split('.')) {
            assert!(one != other || one.is_empty(), "{one}");
        }
    }

    #[test]
    fn nothing_is_sealed_to_a_point_beside_the_curve() {
        let (x, y) = (encoded([1; 32]), encoded([2; 32]));
        assert_eq!(seal(&OwnerKey::new(&x, &y).unwrap(), b"{}"), Err(Error::Key));
        let zero = encoded([0; 32]);
        assert_eq!(seal(&OwnerKey::new(&zero, &zero).unwrap(), b"{}"), Err(Error::Key));
        let high = encoded([0xff; 32]);
        assert_eq!(seal(&OwnerKey::new(&high, &high).unwrap(), b"{}"), Err(Error::Key));
    }
}
