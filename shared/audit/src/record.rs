//! One record: the shape of a line in the ledger.
//!
//! The outer members are OCSF 1.8's, class 6005 (Datastore Activity) with the profile
//! `security_control`, so that a SIEM reads them as they are. What OCSF has no place for stands
//! under `unmapped`. Unknown members are refused when a line is read back.

use request::{Digest, Millis};
use serde::{Deserialize, Serialize};

use crate::event::Event;

/// One line of the ledger. Fields are in no order that matters: the line is canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// OCSF: 4, Query; what it does is told in the statement.
    pub activity_id: u8,
    /// OCSF: 6, Application Activity; 3, Identity & Access Management, for what happens to a node, and
    /// for what people do about a request that waits.
    pub category_uid: u8,
    /// OCSF: 6005, Datastore Activity; 3005, User Access Management, for what happens to a node; 3004,
    /// Entity Management, for what people do.
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
    /// OCSF: product and version; `correlation_uid` is the request's id, `uid` the record's.
    pub metadata: Metadata,
    /// OCSF: the acting agent, or the person who decides.
    pub actor: Actor,
    /// OCSF: where the request came from.
    pub src_endpoint: Endpoint,
    /// OCSF: the target, where one was addressed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub database: Option<Named>,
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
    /// The record's own id: two that were written at the same moment about the same thing differ in it.
    pub uid: String,
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

impl Record {
    /// The line that is stored and hashed: RFC 8785 bytes, no line feed.
    ///
    /// # Errors
    /// Never for a record made here; serde's signature has one.
    pub fn line(&self) -> Result<Vec<u8>, serde_json::Error> {
        Ok(request::json::canonical(&serde_json::to_value(self)?))
    }
}
