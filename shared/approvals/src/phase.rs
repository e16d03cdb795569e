//! How far people have come with a request.

use serde::{Deserialize, Serialize};

/// How far people have come with a request that was parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Nobody may decide about it any more: its time is over.
    Expired,
    /// As many as policy wants have agreed; it may run, once.
    Granted,
    /// Not enough have agreed yet.
    Pending,
    /// Somebody who was asked said no.
    Refused,
    /// It was taken up: its intent is on record, and there will be no other.
    Used,
    /// Its requester takes it back.
    Withdrawn,
}

impl Phase {
    /// Its name, as records and answers have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Granted => "granted",
            Self::Pending => "pending",
            Self::Refused => "refused",
            Self::Used => "used",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether nothing more can become of it.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Granted | Self::Pending)
    }
}
