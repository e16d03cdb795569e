//! Why a proof is not good, as its maker needs to know it.

/// What to change so that a proof will do. No variant holds a piece of the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// `alg`.
    #[error("a proof is signed by ES256, ES384, PS256, EdDSA or Ed25519")]
    Algorithm,
    /// `bdh`, where the body counts.
    #[error("the proof's `bdh` must be the base64url of the SHA-256 of the request's body")]
    Body,
    /// A claim is not what it must be: which, and what it must be.
    #[error("the proof's claim `{0}` must be {1}")]
    Claim(&'static str, &'static str),
    /// Not one well-formed compact JWS (RFC 7515, 7.1) of bounded size.
    #[error("not a proof: {0}")]
    Form(&'static str),
    /// A member of the header that is missing, or that has no place there.
    #[error("the proof's header must {0}")]
    Header(&'static str),
    /// `jwk`.
    #[error("the proof's `jwk` must {0}")]
    Key(&'static str),
    /// `htm`.
    #[error("the proof's `htm` must be the method of the request, in the same letters")]
    Method,
    /// `nonce`: a fresh one comes with the answer (RFC 9449, 8 and 9).
    #[error("the proof must carry the nonce that comes with this answer")]
    Nonce,
    /// Not by the key that it shows.
    #[error("the proof is not signed by the key in its `jwk`")]
    Signature,
    /// `iat`.
    #[error("the proof's `iat` is not now: make one for each request, by a clock that is right")]
    Time,
    /// `ath`, where a token comes along.
    #[error("the proof's `ath` must be the base64url of the SHA-256 of the access token")]
    Token,
    /// `typ`.
    #[error("the proof's `typ` must be dpop+jwt")]
    Type,
    /// `htu`.
    #[error("the proof's `htu` must be the public address of what is called, without a query")]
    Url,
}
