//! Stage 2: may this chain address this target at all, and under which duties; asked again with
//! what the statement turned out to be.

mod ask;
mod bounds;
mod context;
mod demand;
mod duties;
mod facts;
mod limits;
mod mask;
mod permit;
mod policies;
mod said;
mod target;
mod usage;
mod window;

pub use demand::Demand;
pub use duties::Duties;
pub use facts::{Facts, Verb};
pub use limits::Limits;
pub use mask::{Family, Mask};
pub use permit::{Permit, admit, delegate, reachable};
pub use policies::{Policies, SourceFile};
pub use target::{Kind, Mode, Tags, Target, Targets, is_tag};
pub use usage::Usage;
pub use window::Window;

/// Why the way ends at policy. The ids of policies are for the record, never for the caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The target takes nodes of ours only, and the caller came with an issuer's own token.
    #[error("the target wants a chain")]
    Direct,
    /// A policy could not be evaluated. Cedar would pass over it, and pass over a `forbid` with it.
    #[error("policy could not be evaluated")]
    Evaluation {
        /// The policies that failed.
        policies: Vec<String>,
    },
    /// A policy forbids it, or none permits it.
    #[error("policy does not permit it")]
    Forbid {
        /// The policies that forbid; empty where none permits.
        policies: Vec<String>,
    },
    /// The groups of a hop could not be known, and every rule may turn on a group.
    #[error("the caller's groups are not known")]
    Groups,
    /// The rights that the token carries do not reach that far.
    #[error("the chain's rights do not reach that far")]
    Rights,
    /// No such target. Told to the caller like `Forbid`, so that names cannot be tried out.
    #[error("there is no such target")]
    Target,
}

impl Error {
    /// What the caller is told: what to change in the request, nothing about the rules.
    #[must_use]
    pub fn told(&self) -> &'static str {
        match self {
            Self::Direct => {
                "this target takes issued tokens only; exchange this one at the token endpoint"
            }
            Self::Evaluation { .. } => "the request could not be decided and is refused",
            Self::Forbid { .. } | Self::Target => {
                "this caller may not do this on this target; `GET /v1/targets` lists what it may reach"
            }
            Self::Rights => {
                "this is not within the rights that the token carries; they stand in its `authorization_details`"
            }
            Self::Groups => {
                "the token does not say which groups the caller is in; ask the issuer for a token with its groups"
            }
        }
    }

    /// The policies that spoke, for the record.
    #[must_use]
    pub fn policies(&self) -> &[String] {
        match self {
            Self::Evaluation { policies } | Self::Forbid { policies } => policies,
            Self::Direct | Self::Groups | Self::Rights | Self::Target => &[],
        }
    }
}
