//! Why a token is not believed, in a face for the caller and one for the log.

use crate::{IssuerAlias, cache::NoKeys, dpop, nonces::NoNonces, standing::Fallen};

/// Why there is no [`crate::Verified`]. No variant holds a piece of the token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Signed by an algorithm that the issuer's entry does not list.
    #[error("the token's algorithm is not one that its issuer's entry allows")]
    Algorithm,
    /// Meant for somebody else, or for others too where the issuer's entry wants us alone.
    #[error("the token is not meant for this audience{}", if *.0 { " alone" } else { "" })]
    Audience(bool),
    /// Bound to a key (`cnf`), and yet presented as if whoever holds it may use it (RFC 9449, 7.1).
    #[error("the token is bound to a key and was presented without a proof by that key")]
    Bound,
    /// A claim is not what it must be: which, and what it must be.
    #[error("the claim `{0}` must be {1}")]
    Claim(&'static str, &'static str),
    /// Not valid yet, by this claim. Clocks may be apart.
    #[error("the token is not valid yet by its `{0}`")]
    Early(&'static str),
    /// Not valid any more.
    #[error("the token has expired")]
    Expired,
    /// Not one well-formed compact JWS (RFC 7515, 7.1).
    #[error("not a token: {0}")]
    Form(&'static str),
    /// A member of the header is not what it must be: which, and what it must be.
    #[error("the header member `{0}` must be {1}")]
    Header(&'static str, &'static str),
    /// It may not act any more, or not with this proof again.
    #[error(transparent)]
    Fallen(#[from] Fallen),
    /// From an issuer that is not configured.
    #[error("the token's issuer is not configured")]
    Issuer,
    /// No key of the issuer fits.
    #[error("the issuer `{0}` has no key that fits this token")]
    Key(IssuerAlias),
    /// Another kind of token than an access token; the claim that gives it away.
    #[error("not an access token, by its `{0}`")]
    Kind(&'static str),
    /// Valid for longer than the issuer's entry allows.
    #[error("the token is valid for longer than its issuer's entry allows")]
    Lifetime,
    /// No nonce can be checked or made at the moment.
    #[error("nonces cannot be checked")]
    Nonces(#[from] NoNonces),
    /// Good, and not a person's: why not.
    #[error("not a token of a person who decides: {0}")]
    Person(&'static str),
    /// The proof that came along is not good.
    #[error(transparent)]
    Proof(#[from] dpop::Error),
    /// The signature is not by the key.
    #[error("the signature is not by the issuer's key")]
    Signature,
    /// Not bound to a key, and presented as if it were (RFC 9449, 7.1).
    #[error("the token is not bound to a key: present it as a bearer's")]
    Unbound,
    /// The type in the header is not one that the issuer's entry lists.
    #[error("the token's type is not one that its issuer's entry allows")]
    Type,
    /// The issuer's keys cannot be had: ask again later.
    #[error("the keys of issuer `{issuer}` cannot be had")]
    Unavailable {
        /// Whose keys.
        issuer: IssuerAlias,
        /// Why.
        source: NoKeys,
    },
}

impl Error {
    /// What the caller may read: nothing of the token, of our configuration or of our network.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Fallen(_) => "the token or its proof is not good any more".into(),
            Self::Key(_) | Self::Signature => "the token is not signed by its issuer".into(),
            Self::Nonces(_) | Self::Unavailable { .. } => {
                "the token cannot be checked at the moment".into()
            }
            other => other.to_string(),
        }
    }
}
