//! What a target's role could do, should the gate in front of it ever fail.
//!
//! What is hard the gate itself asks and refuses (`targets::postgres::role`); what is soft is worth
//! knowing: a second bound that is missing, or a power that the gate alone holds back.

mod soft;

use policy::Target;
use targets::postgres::role::{self, Asked, Fault};
use tokio_postgres::Error;

pub use tokio_postgres::Client;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The gate does not serve a target with such a role.
    Hard,
    /// The gate serves it; one bound less stands behind it.
    Soft,
}

impl Severity {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// One word for what was asked, stable across releases.
    pub check: &'static str,
    /// What is the case, in one sentence.
    pub says: String,
    /// Statements that change it, for an administrator, in their order; none where none helps.
    pub sql: Vec<String>,
}

impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        let Fault { check, says, sql } = fault;
        Self { severity: Severity::Hard, check: check.name(), says, sql }
    }
}

/// Everything about the role that this connection belongs to. Settings are judged as a new session
/// has them, so that the connection must be a new one.
///
/// # Errors
/// The server did not answer, so that nothing is known.
pub async fn examine(
    client: &Client,
    target: &Target,
    reads_only: bool,
) -> Result<Vec<Finding>, Error> {
    let asked = Asked::of(target).reads_only(reads_only);
    let hard = role::examine(client, &asked).await?;
    let mut findings: Vec<Finding> = hard.into_iter().map(Finding::from).collect();
    findings.extend(soft::examine(client, &target.schema, reads_only).await?);
    Ok(findings)
}
