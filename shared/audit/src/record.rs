//! One record: the shape of a line in the ledger.
//!
//! The outer members are OCSF 1.8's, class 6005 (Datastore Activity) with the profile
//! `security_control`, so that a SIEM reads them as they are. What OCSF has no place for stands
//! under `unmapped`. Unknown members are refused when a line is read back.

use std::collections::BTreeMap;

use request::{Digest, Millis};
use serde::{Deserialize, Serialize};

/// One line of the ledger. Fields are in no order that matters: the line is canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// OCSF: 4, Query; what it does is told in the statement.
    pub activity_id: u8,
    /// OCSF: 6, Application Activity.
    pub category_uid: u8,
    /// OCSF: 6005, Datastore Activity.
    pub class_uid: u32,
    /// OCSF: `class_uid` × 100 + `activity_id`.
    pub type_uid: u32,
    /// OCSF: 1 informational, 3 medium (something was refused).
    pub severity_id: u8,
    /// OCSF: 1 success, 2 failure; 0 for an intent, which has no result yet.
    pub status_id: u8,
    /// OCSF: 1 allowed, 2 denied, 4 modified (values were masked).
    pub action_id: u8,
    /// OCSF: 1 allowed, 2 blocked, 15 detected, 27 error.
    pub disposition_id: u8,
    /// OCSF: milliseconds since the epoch.
    pub time: Millis,
    /// OCSF: product and version; `correlation_uid` is the request's id.
    pub metadata: Metadata,
    /// OCSF: the acting agent.
    pub actor: Actor,
    /// OCSF: where the request came from.
    pub src_endpoint: Endpoint,
    /// OCSF: the target.
    pub database: Named,
    /// OCSF: the statement with its literals replaced.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub query_info: Option<Query>,
    /// What OCSF has no place for.
    pub unmapped: Unmapped,
}

/// OCSF's `metadata`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The request's id; the same in all records of one request.
    pub correlation_uid: String,
    /// What wrote the record.
    pub product: Product,
    /// OCSF profiles in use.
    pub profiles: Vec<String>,
    /// The version of OCSF.
    pub version: String,
}

/// OCSF's `product`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// `Postern`.
    pub name: String,
    /// `Postern`.
    pub vendor_name: String,
    /// The version that wrote the record.
    pub version: String,
}

/// OCSF's `actor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The agent's node as the user.
    pub user: User,
}

/// OCSF's `user`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The subject that the issuer vouches for.
    pub name: String,
    /// The node.
    pub uid: String,
}

/// OCSF's `src_endpoint`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The address that the platform saw; `unknown` where it gave none.
    pub ip: String,
}

/// OCSF's `database`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The target's name, as the caller asked for it.
    pub name: String,
}

/// OCSF's `query_info`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// The statement with its literals replaced: a literal may be personal data.
    pub query_string: String,
    /// libpg_query's fingerprint: equal for statements of one shape.
    pub uid: String,
}

/// Where the record stands, and the rest of what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unmapped {
    /// The version of this shape: 1.
    pub v: u8,
    /// The chain that the record stands in: one for each session of an agent.
    pub chain: Digest,
    /// Its place there, from 0.
    pub seq: u64,
    /// The SHA-256 of the line before it; of nothing (all zero) for the first.
    pub prev: Digest,
    /// Every hop, root first.
    pub act_chain: Vec<HopRecord>,
    /// What happened.
    pub event: Event,
}

/// One hop of the chain of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HopRecord {
    /// The node.
    pub node: String,
    /// The alias of the issuer that vouches for it.
    pub issuer: String,
    /// The subject there.
    pub subject: String,
    /// The OAuth client, where the token names one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client: Option<String>,
}

/// What happened to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind", deny_unknown_fields)]
pub enum Event {
    /// It will be run: everything is decided, nothing has happened.
    Intent(Intent),
    /// It ended.
    Outcome(Outcome),
    /// It was refused, or parked, before anything happened.
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
    /// For a parked request: who was asked, as `2 of dba`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub approvers: Vec<String>,
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
            approvers: Vec::new(),
        }
    }
}

impl Record {
    /// The line that is stored and hashed: RFC 8785 bytes, no line feed.
    ///
    /// # Errors
    /// Never for a record made here; serde's signature has one.
    pub fn line(&self) -> std::result::Result<Vec<u8>, serde_json::Error> {
        Ok(request::json::canonical(&serde_json::to_value(self)?))
    }
}

/// The numbers that OCSF has for an event.
pub(crate) struct Shape {
    pub(crate) activity: u8,
    pub(crate) severity: u8,
    pub(crate) status: u8,
    pub(crate) action: u8,
    pub(crate) disposition: u8,
}

impl Event {
    pub(crate) fn shape(&self) -> Shape {
        let shape = |severity, status, action, disposition| Shape {
            activity: 4, // Query: what was asked for is told in the statement.
            severity,
            status,
            action,
            disposition,
        };
        match self {
            Self::Intent(_) | Self::Transaction { .. } => shape(1, 0, 1, 1),
            Self::Refusal(_) => shape(3, 2, 2, 2),
            Self::Outcome(outcome) => match outcome.result {
                Result::Done if outcome.masked.cells > 0 => shape(1, 1, 4, 1),
                Result::Done => shape(1, 1, 1, 1),
                Result::Failed => shape(2, 2, 1, 27),
                Result::Unknown => shape(4, 0, 1, 27),
            },
        }
    }
}
