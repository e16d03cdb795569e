//! What people are asked to approve: one request whole, in bytes that never change.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Oid, Output};
use identity::{Chain, OwnerKey};
use policy::{Demand, Limits};
use request::{Digest, Millis, Params, RequestId, Statement, TargetName, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use state::{Partition, VALUE_LIMIT};
use vetting::{Reading, Vetted};

use crate::{Error, HopOf, Ticket};

/// One request that waits, as it was when it was parked. Its digest is what people approve, and what
/// runs is what stands here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of this shape: 1.
    pub v: u8,
    /// The request.
    pub request: String,
    /// When it came in.
    pub asked_at: Millis,
    /// When it stops waiting.
    pub expires: Millis,
    /// What must be the same when it is taken up.
    pub matter: Matter,
    /// Rows to expect, by the planner's estimate, where a policy wants to know.
    pub estimated_rows: Option<u64>,
    /// Why, in the agent's words.
    pub reason: Option<String>,
    /// The caller's key for this request.
    pub idempotency_key: Option<String>,
    /// The statement with every literal replaced: equal for statements of the same shape.
    pub normalized: String,
    /// The fingerprint of that shape.
    pub fingerprint: String,
    /// The policies that permitted.
    pub policies: BTreeSet<String>,
    /// The chain as our store keeps it.
    pub chain: Value,
    /// The public key that the requester showed, to which its result is kept encrypted.
    pub owner: Option<OwnerKey>,
    /// The chain of records that the request stands in.
    pub session: Digest,
}

/// What is approved: another hop, another byte, another policy or another table behind the same name
/// is another request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Every hop, root first.
    pub hops: Vec<Member>,
    /// The target.
    pub target: String,
    /// The statement, byte for byte.
    pub statement: String,
    /// Its parameters, as JSON texts.
    pub params: Vec<String>,
    /// The text that the target is sent, with its masks put in.
    pub sent: String,
    /// What it was found to be.
    pub facts: Resolved,
    /// What bounds its result.
    pub limits: Bounds,
    /// The digest of policies, schema and targets in force.
    pub policy: Digest,
    /// Who has to agree, and how.
    pub demand: Demand,
}

/// One hop of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The node.
    pub node: String,
    /// Who it is, as far as nobody who is it may decide.
    pub who: HopOf,
    /// What its parent calls it; of the acting hop only.
    pub label: Option<String>,
}

/// What a statement was found to be, by the names of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// Its class: `read`, `write`, `define` and so on.
    pub class: String,
    /// Relations whose rows are read.
    pub reads: BTreeSet<String>,
    /// Relations that are written.
    pub writes: BTreeSet<String>,
    /// Every base column that is used, by relation.
    pub columns: BTreeMap<String, BTreeSet<String>>,
    /// Functions called.
    pub functions: BTreeSet<String>,
    /// Uses of tagged columns, as `tag:use`.
    pub uses: BTreeSet<String>,
    /// Tagged columns in reach, by relation and column.
    pub tagged: BTreeMap<String, BTreeMap<String, String>>,
    /// Relations that are read or changed without a condition.
    pub unfiltered: BTreeSet<String>,
    /// The columns of the result.
    pub outputs: Vec<Column>,
    /// Where masks are put: `result`, `source` or `schema`.
    pub mode: String,
}

/// One column of the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The base columns that its values come from, as `schema.relation.column`.
    pub from: BTreeSet<String>,
    /// Whether it is made of masked values.
    pub masked: bool,
}

/// What bounds the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Cells.
    pub cells: u64,
    /// Milliseconds.
    pub time_ms: u64,
}

/// A document with the bytes that it is kept in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    document: Document,
    bytes: Vec<u8>,
    digest: Digest,
}

impl Sealed {
    /// Puts it into its bytes.
    ///
    /// # Errors
    /// [`Error::Large`]: more than a store keeps in one item.
    pub fn of(document: Document) -> Result<Self, Error> {
        let value = serde_json::to_value(&document).map_err(|_| Error::Unreadable)?;
        let bytes = json::canonical(&value);
        if bytes.len() > VALUE_LIMIT {
            return Err(Error::Large);
        }
        let digest = Digest::of(&bytes);
        Ok(Self { document, bytes, digest })
    }

    /// Reads the bytes.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: they are not what [`Self::of`] writes.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Error> {
        let value = json::strict(&bytes, DEPTH).map_err(|_| Error::Unreadable)?;
        let document: Document =
            serde_json::from_value(value.clone()).map_err(|_| Error::Unreadable)?;
        if document.v != 1 || json::canonical(&value) != bytes {
            return Err(Error::Unreadable);
        }
        let digest = Digest::of(&bytes);
        Ok(Self { document, bytes, digest })
    }

    /// What it says.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Their SHA-256: what people approve.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

impl Document {
    /// The request as it was vetted, for people to see.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: the chain cannot be kept.
    pub fn of(vetted: &Vetted<Statement>, asked: &Asked<'_>) -> Result<Self, Error> {
        let (permit, reading) = (vetted.permit(), vetted.reading());
        let who = permit.who().get();
        Ok(Self {
            v: 1,
            request: asked.request.to_string(),
            asked_at: asked.now,
            expires: Millis(asked.now.0.saturating_add(permit.duties().demand().within_ms)),
            matter: Matter::of(vetted),
            estimated_rows: vetted.estimated_rows(),
            reason: asked.reason.map(str::to_owned),
            idempotency_key: asked.idempotency_key.map(str::to_owned),
            normalized: reading.normalized.clone(),
            fingerprint: reading.fingerprint.clone(),
            policies: permit.spoke().clone(),
            chain: who.kept().map_err(|_| Error::Unreadable)?,
            owner: who.owner().cloned(),
            session: who.session(),
        })
    }

    /// Unix seconds after which the store may forget it: its literals are somebody's data, and what is on
    /// record of it holds none.
    #[must_use]
    pub fn forgotten_s(&self) -> u64 {
        self.expires.seconds().saturating_add(LIFE_S)
    }

    /// Where it lies.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: its names are none.
    pub fn ticket(&self, partition: &Partition) -> Result<Ticket, Error> {
        let request = RequestId::new(self.request.as_str()).map_err(|_| Error::Unreadable)?;
        Ok(Ticket { partition: partition.clone(), request })
    }

    /// The target, the statement and its parameters, to be run as they stand here.
    ///
    /// # Errors
    /// [`Error::Unreadable`].
    pub fn stored(&self) -> Result<(TargetName, Statement, Params), Error> {
        let matter = &self.matter;
        let target = TargetName::new(matter.target.as_str()).map_err(|_| Error::Unreadable)?;
        let statement = Statement::new(matter.statement.as_str()).map_err(|_| Error::Unreadable)?;
        let params = matter.params.iter().map(|text| json::strict(text.as_bytes(), DEPTH));
        let params: Vec<Value> = params.collect::<Result<_, _>>().map_err(|_| Error::Unreadable)?;
        Ok((target, statement, Params::new(params).map_err(|_| Error::Unreadable)?))
    }
}

/// What a document says beside what was vetted.
pub struct Asked<'a> {
    /// The request.
    pub request: &'a RequestId,
    /// Why, in the agent's words.
    pub reason: Option<&'a str>,
    /// The caller's key for it.
    pub idempotency_key: Option<&'a str>,
    /// Now.
    pub now: Millis,
}

impl Matter {
    /// What is approved of a vetted statement.
    #[must_use]
    pub fn of(vetted: &Vetted<Statement>) -> Self {
        let permit = vetted.permit();
        Self {
            hops: members(permit.who().get()),
            target: permit.target().name.to_string(),
            statement: vetted.body().text().to_owned(),
            params: vetted.params().values().iter().map(Value::to_string).collect(),
            sent: vetted.sent().to_owned(),
            facts: Resolved::of(vetted.reading()),
            limits: bounds(permit.duties().limits()),
            policy: permit.policies(),
            demand: permit.duties().demand().clone(),
        }
    }
}

fn members(who: &Chain) -> Vec<Member> {
    let grant = who.grant();
    let last = who.hops().len().saturating_sub(1);
    let workload = |depth| grant.filter(|_| depth == last)?.workload.as_deref();
    let member = |(depth, hop): (usize, &identity::Hop)| Member {
        node: hop.node().as_str().to_owned(),
        who: HopOf {
            issuer: hop.issuer().as_str().to_owned(),
            subject: hop.subject().to_owned(),
            client: hop.client().map(str::to_owned),
            // A workload is known of the acting hop alone: its token names no other.
            actor: hop.actor().or(workload(depth)).map(str::to_owned),
        },
        label: grant.filter(|_| depth == last && depth > 0).map(|grant| grant.label.clone()),
    };
    who.hops().iter().enumerate().map(member).collect()
}

impl Resolved {
    fn of(reading: &Reading) -> Self {
        let names =
            |all: &BTreeSet<vetting::Relation>| all.iter().map(ToString::to_string).collect();
        let columns = reading.resolved.iter();
        let uses = reading.uses.iter();
        let masked = reading.masked_outputs.iter().copied().chain(std::iter::repeat(false));
        let outputs = reading.outputs.iter().zip(masked);
        Self {
            class: reading.class.name().to_owned(),
            reads: names(&reading.reads),
            writes: names(&reading.writes),
            columns: columns.map(|(at, all)| (at.to_string(), all.clone())).collect(),
            functions: reading.functions.clone(),
            uses: uses.map(|(tag, how)| format!("{tag}:{how}")).collect(),
            tagged: reading.tagged.clone(),
            unfiltered: names(&reading.unfiltered),
            outputs: outputs.map(|(output, masked)| column(output, masked, reading)).collect(),
            mode: reading.mode.name().to_owned(),
        }
    }
}

fn column(output: &Output, masked: bool, reading: &Reading) -> Column {
    let named = |at: &(Oid, i16)| {
        let (relation, column) = reading.columns_by_number.get(at)?;
        Some(format!("{relation}.{column}"))
    };
    let from = output.lineage.columns.iter().filter_map(named).collect();
    Column { name: output.name.clone(), from, masked }
}

fn bounds(limits: &Limits) -> Bounds {
    Bounds {
        rows: limits.max_rows,
        bytes: limits.max_bytes,
        cells: limits.max_cells,
        time_ms: limits.timeout_ms,
    }
}

/// Seconds for which a request, and what leads to it, is kept after its time: as long as people look
/// back.
pub const LIFE_S: u64 = 90 * 24 * 3600;
/// Deeper than a parameter of a request may be, and what lies around it.
const DEPTH: usize = 64;
