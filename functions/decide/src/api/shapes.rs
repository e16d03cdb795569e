//! What the API answers with.

use std::collections::BTreeMap;

use approvals::{Bounds, Decision, Member, Resolved};
use decisions::{Decided, Entry, Sheet};
use policy::Demand;
use request::{Digest, Millis};
use serde::Serialize;
use utoipa::ToSchema;

/// What waits.
#[derive(Serialize, ToSchema)]
pub(crate) struct Approvals {
    /// One entry for each request; what ends first comes first. Members: `request`, `target`, `class`,
    /// `statement` (its first 400 characters), `cut` (whether it goes on), `root`, `agent`, `hops`,
    /// `reason`, `asked_at`, `expires` (milliseconds since 1970), `phase`, `approvers` and `missing`
    /// (people by group), `barred`, `said`.
    #[schema(value_type = Vec<Object>)]
    pub(crate) approvals: Vec<Entry>,
    /// Whether not all was looked through, so that there may be more.
    pub(crate) more: bool,
}

/// What was decided.
#[derive(Serialize, ToSchema)]
pub(crate) struct Past {
    /// One entry for each request, newest first. Members: `request`, `target`, `root`, `phase` (as it is
    /// now), `said`, `asked`, `at` (when people last granted it, or it ended unused).
    #[schema(value_type = Vec<Object>)]
    pub(crate) approvals: Vec<decisions::Past>,
    /// Whether not all was looked through, so that there may be more.
    pub(crate) more: bool,
}

/// One request whole.
#[derive(Serialize, ToSchema)]
pub(crate) struct Approval {
    /// The request.
    request: String,
    /// The SHA-256 of all of it: what is approved.
    #[schema(value_type = String)]
    digest: Digest,
    /// `pending`, `granted`, `used`, `refused`, `withdrawn` or `expired`.
    phase: &'static str,
    /// When it came in, in milliseconds since 1970.
    #[schema(value_type = u64)]
    asked_at: Millis,
    /// When it stops waiting.
    #[schema(value_type = u64)]
    expires: Millis,
    /// The target.
    target: String,
    /// `read`, `write`, `define` and so on.
    class: String,
    /// Every hop of the chain that asks, root first: `node`, `who` and `label`.
    #[schema(value_type = Vec<Object>)]
    hops: Vec<Member>,
    /// The statement, byte for byte.
    statement: String,
    /// Its parameters, as JSON texts.
    params: Vec<String>,
    /// What the target is really sent, with masks put in.
    sent: String,
    /// What the statement was found to be: relations, columns, tags and how they are used, functions,
    /// the columns of the result.
    #[schema(value_type = Object)]
    facts: Resolved,
    /// Rows to expect, by the planner's estimate.
    estimated_rows: Option<u64>,
    /// Rows, bytes, cells and milliseconds at most.
    #[schema(value_type = Object)]
    limits: Bounds,
    /// Why, in the agent's words.
    reason: Option<String>,
    /// The policies that spoke.
    policies: Vec<String>,
    /// The digest of all policies in force.
    #[schema(value_type = String)]
    policy: Digest,
    /// How many people of which groups are asked, and what else policy wants of them.
    #[schema(value_type = Object)]
    demand: Demand,
    /// How many of which groups are still wanted.
    missing: BTreeMap<String, u32>,
    /// What people said so far.
    #[schema(value_type = Vec<Object>)]
    decisions: Vec<Decision>,
    /// What was decided about requests of the same shape.
    #[schema(value_type = Vec<Object>)]
    like: Vec<decisions::Past>,
    /// Why the caller may not decide: `acr`, `chain`, `group` or `login`; nothing where they may.
    barred: Option<&'static str>,
    /// What the caller has said: `approve` or `refuse`.
    said: Option<&'static str>,
}

impl Approval {
    pub(super) fn of(sheet: &Sheet) -> Self {
        let sealed = sheet.waiting.sealed();
        let document = sealed.document().clone();
        let matter = document.matter;
        Self {
            request: document.request,
            digest: sealed.digest(),
            phase: sheet.phase.name(),
            asked_at: document.asked_at,
            expires: document.expires,
            target: matter.target,
            class: matter.facts.class.clone(),
            hops: matter.hops,
            statement: matter.statement,
            params: matter.params,
            sent: matter.sent,
            facts: matter.facts,
            estimated_rows: document.estimated_rows,
            limits: matter.limits,
            reason: document.reason,
            policies: document.policies.into_iter().collect(),
            policy: matter.policy,
            demand: matter.demand,
            missing: sheet.missing.clone(),
            decisions: sheet.waiting.approval().decisions().to_vec(),
            like: sheet.like.clone(),
            barred: sheet.barred.map(|why| why.word()),
            said: sheet.said,
        }
    }
}

/// What became of a decision.
#[derive(Serialize, ToSchema)]
pub(crate) struct Outcome {
    /// The request.
    request: String,
    /// How far it is now.
    phase: &'static str,
    /// How many of which groups are still wanted.
    missing: BTreeMap<String, u32>,
    /// The record of this step: `chain/place/sha256`.
    receipt: String,
}

impl Outcome {
    pub(super) fn of(decided: &Decided) -> Self {
        let document = decided.sealed.document();
        Self {
            request: document.request.clone(),
            phase: decided.phase.name(),
            missing: decided.approval.missing(document),
            receipt: decided.receipt.to_string(),
        }
    }
}
