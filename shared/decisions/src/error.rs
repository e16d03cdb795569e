//! Why a step was not taken.

/// Why a step was not taken; the request is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules do not allow it.
    #[error(transparent)]
    Approvals(#[from] approvals::Error),
    /// Others took steps at the same moment, again and again.
    #[error("others are deciding at the same moment")]
    Busy,
    /// Their issuer has ended what they logged in with.
    #[error("what you logged in with has been ended; sign in again")]
    Ended,
    /// It could not be put on record.
    #[error(transparent)]
    Ledger(#[from] audit::Error),
    /// There is no such request, or it is none of theirs, which is told alike.
    #[error("there is no such request")]
    Missing,
}

impl From<state::Error> for Error {
    fn from(error: state::Error) -> Self {
        Self::Ledger(error.into())
    }
}

impl Error {
    /// A stable word for the cause.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Approvals(error) => error.word(),
            Self::Busy => "busy",
            Self::Ended => "ended",
            Self::Ledger(_) => "ledger",
            Self::Missing => "missing",
        }
    }

    /// What the one who wanted the step is told.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Ledger(_) => "the step could not be put on record; try again later".into(),
            other => other.to_string(),
        }
    }
}
