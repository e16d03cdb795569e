//! Why a request gave no rows: one cause, told in one way to the caller and in another to the record.

use approvals::Parked;
use audit::{Receipt, Refused};
use identity::Fallen;
use rights::account::Short;

use crate::kept::Unkept;

/// A request that was refused, and where that is on record.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub cause: Cause,
    /// Its record; none where the caller is not known or the ledger does not take it.
    pub receipt: Option<Receipt>,
}

impl<C: Into<Cause>> From<C> for Refusal {
    fn from(cause: C) -> Self {
        Self { cause: cause.into(), receipt: None }
    }
}

/// One cause, by the stage that refused.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// People have to be asked, or cannot be.
    #[error(transparent)]
    Approvals(#[from] approvals::Error),
    /// A budget on the way from the root to the caller has nothing left for it.
    #[error(transparent)]
    Budget(rights::account::Short),
    /// Something of ours broke while it ran.
    #[error("a fault of ours ended the request")]
    Broken,
    /// A step of people was not taken, or could not be put on record.
    #[error(transparent)]
    Decisions(decisions::Error),
    /// The credential could not be had.
    #[error(transparent)]
    Credentials(#[from] credentials::Error),
    /// Nobody knows who is asking.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// It could not be put on record before, and so was not run.
    #[error(transparent)]
    Ledger(audit::Error),
    /// What was kept of a result cannot be read.
    #[error("what was kept of the result cannot be read")]
    Kept(#[source] Unkept),
    /// There is no such request of this caller that waits.
    #[error("there is no such request that waits")]
    Missing,
    /// Its agent showed no key to which a result could be kept, so that it has to come itself.
    #[error("the agent has to take it up itself")]
    Ownerless,
    /// Policy does not permit it.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// The target did not do it.
    #[error(transparent)]
    Targets(targets::Error),
    /// The statement may not be sent.
    #[error(transparent)]
    Vetting(#[from] vetting::Error),
    /// It was run, and its outcome could not be put on record: the rows are withheld.
    #[error("the outcome could not be put on record")]
    Withheld(#[source] audit::Error),
}

impl From<decisions::Error> for Cause {
    /// The rules' and the ledger's own words, whoever passes them on.
    fn from(error: decisions::Error) -> Self {
        match error {
            decisions::Error::Approvals(error) => Self::Approvals(error),
            decisions::Error::Ledger(error) => Self::of_record(error),
            decisions::Error::Missing => Self::Missing,
            other @ (decisions::Error::Busy | decisions::Error::Ended) => Self::Decisions(other),
        }
    }
}

impl From<targets::Error> for Cause {
    /// A login that could not be had is the store's fault, whoever wanted it.
    fn from(error: targets::Error) -> Self {
        match error {
            targets::Error::Credential(error) => Self::Credentials(error),
            other => Self::Targets(other),
        }
    }
}

/// What sort of answer a cause is, for doors to translate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something of ours is broken or set up wrongly.
    Broken,
    /// It was asked before, or is not in the state for it.
    Conflict,
    /// Policy does not permit it.
    Forbidden,
    /// What is left is held by requests that still run.
    Held,
    /// There is no such thing of the caller's.
    Missing,
    /// It waits for people.
    Parked,
    /// The statement is at fault.
    Statement,
    /// It took too long.
    Timeout,
    /// The caller is not known.
    Unauthenticated,
    /// Something that is needed cannot be reached.
    Unavailable,
    /// Whether a change was made is not known.
    Unknown,
}

impl Cause {
    /// Why an intent is not on record.
    pub(crate) fn of_record(error: audit::Error) -> Self {
        match error {
            audit::Error::Budget(short) => Self::Budget(short),
            audit::Error::Fallen(fallen) => Self::Identity(fallen.into()),
            other => Self::Ledger(other),
        }
    }

    /// Why nothing is released although it ran.
    pub(crate) fn of_outcome(error: audit::Error) -> Self {
        match error {
            audit::Error::Fallen(fallen) => Self::Identity(fallen.into()),
            other => Self::Withheld(other),
        }
    }

    /// Whether the caller may not act any more, or not with this proof.
    pub(crate) fn fallen(&self) -> Option<Fallen> {
        match self {
            Self::Identity(identity::Error::Fallen(fallen)) => Some(*fallen),
            _ => None,
        }
    }

    /// Whether it is the store of records itself that cannot be reached.
    pub(crate) fn is_unrecorded(&self) -> bool {
        let ours = matches!(self, Self::Ledger(_) | Self::Withheld(_) | Self::Identity(_));
        ours && self.kind() == Kind::Unavailable
    }

    /// Whether a proof with a fresh nonce would do.
    #[must_use]
    pub fn wants_nonce(&self) -> bool {
        matches!(self, Self::Identity(identity::Error::Proof(identity::ProofError::Nonce)))
    }

    /// Whether it is the proof that is at fault, and not the token.
    #[must_use]
    pub fn is_proof(&self) -> bool {
        matches!(self, Self::Identity(identity::Error::Proof(_)))
    }

    /// What sort of answer it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Approvals(approvals::Error::Parked(_)) => Kind::Parked,
            Self::Approvals(approvals::Error::Large) => Kind::Statement,
            Self::Approvals(approvals::Error::Unreadable) => Kind::Broken,
            Self::Approvals(_) | Self::Ownerless => Kind::Conflict,
            Self::Decisions(_) => Kind::Unavailable,
            Self::Kept(_) => Kind::Unavailable,
            Self::Missing => Kind::Missing,
            Self::Broken => Kind::Broken,
            Self::Budget(Short::Reserved) => Kind::Held,
            Self::Budget(Short::Spent) => Kind::Forbidden,
            Self::Credentials(error) => credential(error),
            Self::Identity(error) if is_ours(error) => Kind::Unavailable,
            Self::Identity(_) => Kind::Unauthenticated,
            Self::Ledger(audit::Error::KeyReused | audit::Error::Repeated(_)) => Kind::Conflict,
            Self::Ledger(_) | Self::Withheld(_) => Kind::Unavailable,
            Self::Policy(_) | Self::Vetting(vetting::Error::Policy(_)) => Kind::Forbidden,
            Self::Targets(error) => target(error),
            Self::Vetting(_) => Kind::Statement,
        }
    }

    /// The stage that refused, as records and problems name it.
    #[must_use]
    pub fn stage(&self) -> &'static str {
        match self {
            Self::Approvals(_)
            | Self::Decisions(_)
            | Self::Kept(_)
            | Self::Missing
            | Self::Ownerless => "approvals",
            Self::Budget(_) => "budget",
            Self::Credentials(_) => "credentials",
            Self::Identity(_) => "identity",
            Self::Ledger(_) | Self::Withheld(_) => "audit",
            Self::Policy(_) | Self::Vetting(vetting::Error::Policy(_)) => "policy",
            Self::Broken | Self::Targets(_) => "targets",
            Self::Vetting(_) => "vetting",
        }
    }

    /// A stable word for the cause, as the caller may know it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Approvals(error) => error.word(),
            Self::Decisions(error) => error.word(),
            Self::Kept(_) => "kept",
            Self::Missing => "missing",
            Self::Ownerless => "ownerless",
            Self::Broken => "broken",
            Self::Credentials(credentials::Error::Unavailable(_)) => "secret-store",
            Self::Credentials(_) => "credential",
            Self::Budget(Short::Reserved) => "reserved",
            Self::Budget(Short::Spent) => "spent",
            Self::Identity(error) => identity(error),
            Self::Ledger(audit::Error::Repeated(_)) => "repeated",
            Self::Ledger(audit::Error::KeyReused) => "key-reused",
            Self::Ledger(_) => "ledger",
            Self::Policy(error) | Self::Vetting(vetting::Error::Policy(error)) => policy(error),
            Self::Targets(error) => error.cause(),
            Self::Vetting(error) => error.kind(),
            Self::Withheld(_) => "withheld",
        }
    }

    /// What the caller is told: what to change in the request, and nothing of what is behind us.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Broken => "a fault of ours ended the request; it is on record".into(),
            Self::Budget(Short::Reserved) => {
                "what is left of the budget is held by requests that still run; try again later"
                    .into()
            }
            Self::Budget(Short::Spent) => "the budget of this chain is used up".into(),
            Self::Credentials(credentials::Error::Unavailable(_)) => {
                "the target's credential cannot be fetched at the moment; try again later".into()
            }
            Self::Credentials(_) => {
                "the target cannot be used as it is set up; its operator has been told".into()
            }
            Self::Identity(error) => error.told(),
            Self::Ledger(error @ (audit::Error::KeyReused | audit::Error::Repeated(_))) => {
                error.to_string()
            }
            Self::Ledger(_) => {
                "the request could not be put on record and was not run; try again later".into()
            }
            Self::Policy(error) | Self::Vetting(vetting::Error::Policy(error)) => {
                error.told().into()
            }
            Self::Targets(error) => error.told(),
            Self::Approvals(error) => error.to_string(),
            Self::Decisions(error) => error.told(),
            Self::Kept(_) => {
                "the result was kept and cannot be fetched at the moment; try again later".into()
            }
            Self::Missing => "there is no such request of yours that waits".into(),
            Self::Ownerless => "its agent has to take this request up itself".into(),
            Self::Vetting(error) => error.told(),
            Self::Withheld(_) => {
                "the outcome could not be put on record, so that the result is withheld; \
                 ask for the request's status before sending a change again"
                    .into()
            }
        }
    }

    /// What waits for people, if that is the cause.
    #[must_use]
    pub fn parked(&self) -> Option<&Parked> {
        match self {
            Self::Approvals(approvals::Error::Parked(parked)) => Some(parked),
            _ => None,
        }
    }

    /// The policies that spoke, for those who run Postern; never for the caller.
    #[must_use]
    pub fn policies(&self) -> &[String] {
        match self {
            Self::Policy(error) | Self::Vetting(vetting::Error::Policy(error)) => error.policies(),
            _ => &[],
        }
    }

    /// The cause as a record has it: with the policies that spoke.
    pub(crate) fn recorded(&self) -> Refused {
        let word = match self {
            Self::Policy(policy::Error::Target) => "target",
            _ => self.word(),
        };
        Refused::new(self.stage(), word, self.told(), self.policies().to_vec())
    }
}

fn credential(error: &credentials::Error) -> Kind {
    match error {
        credentials::Error::Unavailable(_) => Kind::Unavailable,
        credentials::Error::Missing | credentials::Error::Shape => Kind::Broken,
    }
}

fn target(error: &targets::Error) -> Kind {
    match error {
        targets::Error::Connection(_) | targets::Error::Ledger(_) => Kind::Unavailable,
        targets::Error::Credential(error) => credential(error),
        targets::Error::Timeout => Kind::Timeout,
        targets::Error::Unknown => Kind::Unknown,
        error if error.is_theirs() => Kind::Statement,
        _ => Kind::Broken,
    }
}

/// Whether nobody who calls is to blame.
fn is_ours(error: &identity::Error) -> bool {
    use identity::Error::{Fallen, Nonces, Unavailable};
    matches!(error, Fallen(identity::Fallen::Unreadable) | Nonces(_) | Unavailable { .. })
}

fn identity(error: &identity::Error) -> &'static str {
    use identity::{Error, Fallen};
    match error {
        Error::Fallen(Fallen::Replayed) => "replayed",
        Error::Fallen(Fallen::Revoked) => "revoked",
        Error::Fallen(Fallen::Unreadable) => "revocations",
        Error::Nonces(_) => "nonces",
        Error::Proof(_) => "proof",
        Error::Unavailable { .. } => "keys",
        _ => "token",
    }
}

fn policy(error: &policy::Error) -> &'static str {
    match error {
        policy::Error::Direct => "direct",
        policy::Error::Rights => "rights",
        policy::Error::Evaluation { .. } => "evaluation",
        // Alike, so that the names of targets cannot be tried out.
        policy::Error::Forbid { .. } | policy::Error::Target => "forbid",
        policy::Error::Groups => "groups",
    }
}
