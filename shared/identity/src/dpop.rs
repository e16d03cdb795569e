//! Proof of possession: whoever sends this request holds the key, and signed for it (RFC 9449).
//!
//! | step (RFC 9449, 4.3) | file |
//! |---|---|
//! | one compact JWS of bounded size; its type, its algorithm, a public key that is admitted | `header` |
//! | the signature, and only then the key's thumbprint | `header` |
//! | method, address, nonce, time, token and body | `claims`, `address`, `nonce` |
//!
//! Nothing is looked up: that a proof is used once is for [`crate::Standing`] to see to.

mod address;
mod claims;
mod error;
mod header;
mod nonce;
mod owner;

use request::{Bearer, Digest, Millis, Over, Proof};

pub use error::Error;
pub use nonce::Nonces;
pub use owner::{BadKey, OwnerKey};

use crate::gate::{self, Parts};

/// What a proof is held against.
pub(crate) struct Rules<'a> {
    /// The public addresses that our endpoints lie below, without a slash at the end.
    pub(crate) urls: &'a [String],
    /// Where there are some, a proof must carry one of them.
    pub(crate) nonces: Option<&'a Nonces>,
    pub(crate) now: Millis,
}

/// That a key is in the hands of whoever sends a request. Only this module makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    jkt: String,
    key: Option<OwnerKey>,
    id: Digest,
    until_s: u64,
}

impl Proven {
    /// The key's thumbprint (RFC 7638, SHA-256), as `cnf.jkt` has it.
    #[must_use]
    pub fn jkt(&self) -> &str {
        &self.jkt
    }

    /// The key itself, where something can be encrypted for it: one of P-256.
    #[must_use]
    pub fn key(&self) -> Option<&OwnerKey> {
        self.key.as_ref()
    }

    /// Which proof of which key it was, so that it can be seen when it comes again.
    pub(crate) fn id(&self) -> Digest {
        self.id
    }

    /// The second from which on nobody has to remember it: it has long been too old by then.
    pub(crate) fn until_s(&self) -> u64 {
        self.until_s
    }
}

/// Holds a proof against the request that it came with. `token` is the access token beside it, which
/// the proof must then name (`ath`); at the token endpoint there is none.
pub(crate) fn check(
    proof: &Proof,
    over: &Over,
    token: Option<&Bearer>,
    by: &Rules<'_>,
) -> Result<Proven, Error> {
    let parts = split(proof.expose())?;
    let (jkt, key) = header::read(&parts)?.signed(&parts)?;
    let claims = claims::read(&parts)?;
    let jti = claims.id()?;
    claims.made_for(over, by.urls)?;
    claims.fresh(by)?;
    claims.names_token(token)?;
    claims.names_body(over)?;
    let id = Digest::of_parts(&[jkt.as_bytes(), jti.as_bytes()]);
    Ok(Proven { jkt, key, id, until_s: by.now.seconds().saturating_add(MEMORY_S) })
}

/// One compact JWS. What is wrong with its form is wrong with any token's.
fn split(text: &str) -> Result<Parts<'_>, Error> {
    if text.len() > PROOF_LIMIT {
        return Err(Error::Form("it is longer than 4 KiB"));
    }
    gate::compact(text).map_err(Error::Form)
}

/// Bytes of a proof; one with an RSA key of 4096 bits has less than 2 KiB.
const PROOF_LIMIT: usize = 4 * 1024;
/// Seconds for which a proof is remembered. Without nonces one is good for 65 more at most, with them
/// for 120; the longer is taken for both, so that the two may change places, and 70 are added by which
/// the clocks of our instances and the store's may be apart.
const MEMORY_S: u64 = nonce::AGE_S + 70;
