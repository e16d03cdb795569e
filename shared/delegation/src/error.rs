//! Why there is no token, no child or no end of a node: in OAuth's words, and in ours for the log.

use identity::{Fallen, ProofError};

use crate::SignError;

/// Why it was not done. No variant holds a piece of a token, of a ticket or of a proof.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The token or the ticket is good, but not for this: why.
    #[error("{0}")]
    Grant(&'static str),
    /// The caller, or the token that was to be exchanged, is not believed.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// A token was signed that we do not believe ourselves: the signing key is not the published one.
    #[error("the token that was signed is not good")]
    Key(#[source] identity::Error),
    /// It could not be put on record, so it was not done.
    #[error("it could not be put on record")]
    Ledger(#[source] audit::Error),
    /// A bound of the tree is reached: which.
    #[error("{0}")]
    Limit(&'static str),
    /// This deployment issues no tokens.
    #[error("this deployment issues no tokens")]
    Off,
    /// Policy does not let the caller hand this on.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// No proof of a key came along, and one is wanted.
    #[error("a proof of the key is wanted in the header `DPoP`")]
    Proofless,
    /// The request has not the shape that it must have: what about it.
    #[error("{0}")]
    Request(&'static str),
    /// A token was asked for that would be good elsewhere.
    #[error("tokens are issued for one resource only, and `resource` names another")]
    Resource,
    /// The rights that were asked for cannot be read: why.
    #[error("the rights cannot be read: {0}")]
    Rights(String),
    /// There is no signature to be had.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// There is no such node, or it is not the caller's to end.
    #[error("there is no such node below this one")]
    Unknown,
    /// More was asked for than there is above: where.
    #[error("more is asked for than the parent has: {0}")]
    Wider(String),
}

/// The same as OAuth has it (RFC 6749, 5.2; RFC 8707, 2; RFC 9396, 5; RFC 9449, 5 and 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The caller is known, and may not.
    AccessDenied,
    /// The rights cannot be read, or are wider than those above them.
    InvalidAuthorizationDetails,
    /// The proof is not good, or not any more.
    InvalidDpopProof,
    /// The token or the ticket is not good, or not for this.
    InvalidGrant,
    /// The request has not the shape that it must have.
    InvalidRequest,
    /// Tokens for this resource are not issued here.
    InvalidTarget,
    /// There is nothing of this name for the caller; OAuth has no word for it.
    NotFound,
    /// Nobody's fault who calls.
    TemporarilyUnavailable,
    /// The proof needs a nonce of ours.
    UseDpopNonce,
}

impl Code {
    /// The word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidTarget => "invalid_target",
            Self::NotFound => "not_found",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UseDpopNonce => "use_dpop_nonce",
        }
    }
}

impl Error {
    /// What it is to OAuth.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Grant(_) => Code::InvalidGrant,
            Self::Identity(error) => believed(error),
            Self::Key(_) | Self::Ledger(_) | Self::Off | Self::Sign(_) => {
                Code::TemporarilyUnavailable
            }
            Self::Limit(_) | Self::Policy(_) => Code::AccessDenied,
            Self::Proofless => Code::InvalidDpopProof,
            Self::Request(_) => Code::InvalidRequest,
            Self::Resource => Code::InvalidTarget,
            Self::Rights(_) | Self::Wider(_) => Code::InvalidAuthorizationDetails,
            Self::Unknown => Code::NotFound,
        }
    }

    /// What the caller is told: what to change, and nothing of ours.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Identity(error) => error.told(),
            Self::Key(_) | Self::Ledger(_) | Self::Off | Self::Sign(_) => {
                "it cannot be done at the moment, and nothing was".into()
            }
            Self::Policy(error) => error.told().into(),
            other => other.to_string(),
        }
    }

    /// Whether a known caller asked for what it does not get, which belongs on record.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Grant(_)
                | Self::Limit(_)
                | Self::Policy(_)
                | Self::Request(_)
                | Self::Rights(_)
                | Self::Unknown
                | Self::Wider(_)
        )
    }

    /// Whether a proof, or a token that is good once, came a second time.
    pub(crate) fn is_replay(&self) -> bool {
        matches!(self, Self::Identity(identity::Error::Fallen(Fallen::Replayed)))
    }
}

fn believed(error: &identity::Error) -> Code {
    match error {
        identity::Error::Fallen(Fallen::Replayed) => Code::InvalidDpopProof,
        identity::Error::Fallen(Fallen::Unreadable)
        | identity::Error::Nonces(_)
        | identity::Error::Unavailable { .. } => Code::TemporarilyUnavailable,
        identity::Error::Proof(ProofError::Nonce) => Code::UseDpopNonce,
        identity::Error::Proof(_) => Code::InvalidDpopProof,
        _ => Code::InvalidGrant,
    }
}

impl From<audit::Error> for Error {
    fn from(error: audit::Error) -> Self {
        match error {
            audit::Error::Fallen(fallen) => Self::Identity(fallen.into()),
            audit::Error::Unmet(what) => Self::Limit(what),
            other => Self::Ledger(other),
        }
    }
}

impl From<state::Error> for Error {
    fn from(error: state::Error) -> Self {
        Self::Ledger(error.into())
    }
}
