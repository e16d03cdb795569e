//! What people do about a request that waits, as records tell it.

use approvals::{Decision, Parked, Phase};
use request::{Digest, Millis};
use serde::{Deserialize, Serialize};

/// One step on the way of a request that waits for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What was done.
    pub what: Done,
    /// What is to be approved: the SHA-256 of the request as it is kept.
    pub digest: Digest,
    /// How far the request is after it.
    pub phase: Phase,
    /// Who did it, if a person did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<By>,
    /// Who is asked, as `2 of dba`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub approvers: Vec<String>,
    /// The policies that ask; never told to the caller.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub policies: Vec<String>,
    /// When it stops waiting.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires: Option<Millis>,
    /// SHA-256 over a salt and the request's digest; of the first step.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commitment: Option<Digest>,
    /// Why, in the words of whoever did it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<String>,
    /// A stable word for why a step was not taken.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<String>,
}

/// A person, as a record names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// The alias of the issuer that vouches for them.
    pub issuer: String,
    /// Their name there.
    pub subject: String,
    /// Those of the groups that were asked, which they are in.
    pub groups: Vec<String>,
}

/// What was done about a request that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Done {
    /// Somebody approved it.
    Approved,
    /// It was parked, and people are asked.
    Asked,
    /// Somebody wanted to decide and may not.
    Barred,
    /// Its time was over.
    Expired,
    /// Somebody refused it.
    Refused,
    /// Somebody took their approval back.
    Retracted,
    /// Somebody was shown it whole.
    Shown,
    /// Its requester took it back.
    Withdrawn,
}

impl Step {
    /// The first one.
    #[must_use]
    pub(crate) fn asked(parked: &Parked, commitment: Digest) -> Self {
        let document = parked.document();
        Self {
            approvers: wanted(parked),
            policies: document.policies.iter().cloned().collect(),
            expires: Some(document.expires),
            commitment: Some(commitment),
            why: document.reason.clone(),
            ..Self::new(Done::Asked, parked.digest(), Phase::Pending)
        }
    }

    /// A step that nothing else is said of.
    #[must_use]
    pub fn new(what: Done, digest: Digest, phase: Phase) -> Self {
        Self {
            what,
            digest,
            phase,
            by: None,
            approvers: Vec::new(),
            policies: Vec::new(),
            expires: None,
            commitment: None,
            why: None,
            cause: None,
        }
    }
}

impl By {
    /// Whoever decided.
    #[must_use]
    pub fn of(decision: &Decision) -> Self {
        Self {
            issuer: decision.issuer.clone(),
            subject: decision.subject.clone(),
            groups: decision.groups.iter().cloned().collect(),
        }
    }

    /// One name for a person, in which no subject can be read as another issuer and subject.
    #[must_use]
    pub fn uid(&self) -> String {
        format!("{}|{}", self.issuer, self.subject)
    }
}

fn wanted(parked: &Parked) -> Vec<String> {
    parked.approvers().iter().map(|(group, count)| format!("{count} of {group}")).collect()
}
