//! The key of a target's masks, as it is in memory and as it goes into a statement.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// 32 bytes with which the tokens of a target are made. It has no `Debug` or `Clone`, and its memory
/// is wiped.
///
/// ```compile_fail
/// fn leak(key: &credentials::MaskKey) -> String {
///     format!("{key:?}")
/// }
/// ```
pub struct MaskKey(Zeroizing<[u8; 32]>);

impl MaskKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The key as the inner of the two hashes begins (RFC 2104, section 2: K XOR ipad).
    #[must_use]
    pub fn inner(&self) -> Zeroizing<[u8; 64]> {
        self.padded(0x36)
    }

    /// The key as the outer of the two hashes begins (RFC 2104, section 2: K XOR opad).
    #[must_use]
    pub fn outer(&self) -> Zeroizing<[u8; 64]> {
        self.padded(0x5c)
    }

    /// HMAC-SHA-256 of a message, by the same two steps that a statement takes on the target.
    #[must_use]
    pub fn hmac(&self, message: &[u8]) -> [u8; 32] {
        let inner = Sha256::new().chain_update(self.inner().as_slice()).chain_update(message);
        let outer = Sha256::new().chain_update(self.outer().as_slice());
        outer.chain_update(inner.finalize()).finalize().into()
    }

    /// A key shorter than SHA-256's block of 64 bytes is filled up with zeros.
    fn padded(&self, pad: u8) -> Zeroizing<[u8; 64]> {
        let mut block = Zeroizing::new([pad; 64]);
        for (byte, key) in block.iter_mut().zip(self.0.iter()) {
            *byte ^= key;
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, section 4.3: a shorter key is the same as one that ends in zeros.
    #[test]
    fn it_reckons_as_the_rfc_has_it() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let mac = MaskKey::new(Zeroizing::new(key)).hmac(b"what do ya want for nothing?");
        let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn what_goes_into_a_statement_is_the_padded_key() {
        let key = MaskKey::new(Zeroizing::new([0xff; 32]));
        let (inner, outer) = (key.inner(), key.outer());
        assert_eq!((inner[0], inner[31], inner[32], inner[63]), (0xc9, 0xc9, 0x36, 0x36));
        assert_eq!((outer[0], outer[31], outer[32], outer[63]), (0xa3, 0xa3, 0x5c, 0x5c));
    }
}
