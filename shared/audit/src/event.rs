//! What a record tells: one event of a request or of a node, and the numbers that OCSF has for it.

use std::collections::BTreeMap;

use request::{Digest, Millis};
use serde::{Deserialize, Serialize};

use crate::step::{By, Done, Step};

/// What happened to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind", deny_unknown_fields)]
pub enum Event {
    /// People were asked about it, or did something about it.
    Approval(Step),
    /// It will be run: everything is decided, nothing has happened.
    Intent(Intent),
    /// A node was made, renewed or ended, or was refused to be.
    Node(NodeEvent),
    /// It ended.
    Outcome(Outcome),
    /// It was refused before anything happened.
    Refusal(Refused),
    /// It writes, under this transaction id, which is not committed yet.
    Transaction {
        /// `pg_current_xact_id()`; `pg_xact_status` tells later what became of it.
        xid: String,
    },
}

/// What is about to happen, and under which rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// SHA-256 over a salt and the request's digest. The salt is kept apart, so that it can be
    /// forgotten where the law demands it.
    pub commitment: Digest,
    /// The digest of the policies, schema and targets in force.
    pub policy: Digest,
    /// The policies that permitted.
    pub policies: Vec<String>,
    /// Rows that may be shown.
    pub max_rows: u64,
    /// Bytes that may be shown.
    pub max_bytes: u64,
    /// Tagged columns shown, by tag.
    pub tags: Vec<String>,
    /// Why, in the agent's words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// The caller's key for this request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub idempotency_key: Option<String>,
    /// How the caller showed to be the holder of its token: `dpop` or `bearer`.
    pub shown: String,
    /// What people approved, and was used up with this record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub approval: Option<Digest>,
}

/// Something that happened to a node of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeEvent {
    /// What.
    pub what: What,
    /// The node; for a refusal the one that asked.
    pub node: String,
    /// What its parent calls it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// The rights that were granted, or asked for in vain, as in `authorization_details`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rights: Option<serde_json::Value>,
    /// When what was granted ends.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires: Option<Millis>,
    /// A stable word for the cause of a refusal or of a revocation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<String>,
    /// The same in a sentence, as the caller was told it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub told: Option<String>,
}

/// What happened to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// A principal began a tree.
    Exchanged,
    /// A child came with its ticket, and has its token.
    Redeemed,
    /// It asked for what it does not get.
    Refused,
    /// It has a new token for the same.
    Renewed,
    /// It ended, with everything below it.
    Revoked,
    /// Its parent made it; it waits for whoever brings the ticket.
    Spawned,
}

/// How a request that was run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// How.
    pub result: Result,
    /// A stable word for the cause, where it did not end well.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<String>,
    /// The server's five-character code, where it refused.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sqlstate: Option<String>,
    /// Rows shown.
    pub rows: u64,
    /// Rows changed.
    pub affected: u64,
    /// Bytes shown.
    pub bytes: u64,
    /// Cells shown, rows times columns.
    pub cells: u64,
    /// Whether more was there than was shown.
    pub truncated: bool,
    /// What was masked.
    pub masked: MaskedCount,
    /// SHA-256 over the same salt and the rows as shown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commitment: Option<Digest>,
    /// The version of the credential that was used.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub credential: Option<String>,
    /// Milliseconds from intent to here.
    pub took_ms: u64,
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Result {
    /// It did not; nothing of it remains on the target.
    #[default]
    Failed,
    /// It ran.
    Done,
    /// Nobody can tell: the connection was lost when it was being committed.
    Unknown,
}

/// How many cells were masked, in all and by what they were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaskedCount {
    /// Cells that were changed.
    pub cells: u64,
    /// Columns masked whole.
    pub columns: u64,
    /// Findings in content, by kind.
    pub kinds: BTreeMap<String, u64>,
}

/// Why a request was refused before anything happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The stage that refused.
    pub stage: String,
    /// A stable word for the cause.
    pub cause: String,
    /// The cause in a sentence, as the caller was told it.
    pub told: String,
    /// The policies that spoke; never told to the caller.
    pub policies: Vec<String>,
    /// SHA-256 over a salt and the request's digest.
    pub commitment: Digest,
    /// Why, in the agent's words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// The request that waited for people and was to be taken up, where one was named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ticket: Option<String>,
}

impl Refused {
    /// A refusal by this stage. What it commits to and why it was asked is added from the trail.
    #[must_use]
    pub fn new(stage: &str, cause: &str, told: String, policies: Vec<String>) -> Self {
        Self {
            stage: stage.to_owned(),
            cause: cause.to_owned(),
            told,
            policies,
            commitment: Digest::from_bytes([0; 32]),
            reason: None,
            ticket: None,
        }
    }
}

/// The numbers that OCSF has for an event.
pub(crate) struct Shape {
    pub(crate) category: u8,
    pub(crate) class: u32,
    pub(crate) activity: u8,
    pub(crate) severity: u8,
    pub(crate) status: u8,
    pub(crate) action: u8,
    pub(crate) disposition: u8,
    /// Whether it is about a target.
    pub(crate) database: bool,
}

impl Event {
    /// The person who did it, where a person did.
    pub(crate) fn by(&self) -> Option<&By> {
        match self {
            Self::Approval(step) => step.by.as_ref(),
            _ => None,
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Approval(step) => entity(step.what),
            Self::Intent(_) | Self::Transaction { .. } => query(1, 0, 1, 1),
            Self::Node(event) => access(event.what),
            Self::Refusal(_) => query(3, 2, 2, 2),
            Self::Outcome(outcome) => match outcome.result {
                Result::Done if outcome.masked.cells > 0 => query(1, 1, 4, 1),
                Result::Done => query(1, 1, 1, 1),
                Result::Failed => query(2, 2, 1, 27),
                Result::Unknown => query(4, 0, 1, 27),
            },
        }
    }
}

/// Datastore Activity. Query: what was asked for is told in the statement.
fn query(severity: u8, status: u8, action: u8, disposition: u8) -> Shape {
    let (category, class, activity, database) = (6, 6005, 4, true);
    Shape { category, class, activity, severity, status, action, disposition, database }
}

/// Entity Management: 1 creates, 2 reads, 3 updates, 4 deletes.
fn entity(what: Done) -> Shape {
    let (activity, severity, status, action, disposition) = match what {
        Done::Asked => (1, 2, 1, 0, 0),
        Done::Shown => (2, 1, 1, 0, 0),
        Done::Approved => (3, 2, 1, 1, 8),
        Done::Refused => (3, 2, 1, 2, 25),
        Done::Retracted => (3, 2, 1, 2, 0),
        Done::Barred => (3, 3, 2, 2, 2),
        Done::Withdrawn => (4, 1, 1, 2, 0),
        Done::Expired => (4, 2, 1, 2, 0),
    };
    let (category, class, database) = (3, 3004, false);
    Shape { category, class, activity, severity, status, action, disposition, database }
}

/// User Access Management: 1 assigns privileges, 2 revokes them.
fn access(what: What) -> Shape {
    let (activity, severity, status, action, disposition) = match what {
        What::Exchanged | What::Redeemed | What::Renewed | What::Spawned => (1, 1, 1, 1, 1),
        What::Refused => (1, 3, 2, 2, 2),
        What::Revoked => (2, 2, 1, 1, 1),
    };
    let (category, class, database) = (3, 3005, false);
    Shape { category, class, activity, severity, status, action, disposition, database }
}
