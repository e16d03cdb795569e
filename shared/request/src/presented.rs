//! What a caller shows: a token, and where the token is bound to a key, a proof of that key made for
//! this very request (RFC 9449).

use zeroize::Zeroizing;

use crate::{Bearer, Digest};

/// The scheme of the `Authorization` header (RFC 6750, 2.1; RFC 9449, 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Whoever has the token may use it.
    Bearer,
    /// The token is of use only together with a proof of its key.
    Dpop,
}

/// The text of the one `DPoP` header. It is good once, and no more printed than a token.
///
/// ```compile_fail
/// fn leak(proof: &request::Proof) -> String {
///     format!("{proof:?}")
/// }
/// ```
pub struct Proof(Zeroizing<String>);

impl Proof {
    /// The header's value.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The proof, for the verifier.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The HTTP request that a proof has to be made for, as the function was called, not as headers say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// Its method, in capitals.
    pub method: String,
    /// Its path below the function's public address, such as `/v1/query`.
    pub path: String,
    /// The SHA-256 of its body, byte for byte, on routes where the proof must name it; `None` on
    /// those where what matters stands in the token or the path.
    pub body: Option<Digest>,
}

/// All of it together.
pub struct Presented {
    /// How the token was presented.
    pub scheme: Scheme,
    /// The token.
    pub token: Bearer,
    /// The proof, where one was sent.
    pub proof: Option<Proof>,
    /// What the proof has to be for.
    pub over: Over,
}
