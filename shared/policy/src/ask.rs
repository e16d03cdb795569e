//! One question to Cedar, answered with the policies that spoke.

use std::collections::{BTreeSet, HashSet};

use cedar_policy::{
    AuthorizationError, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request,
    RestrictedExpression,
};
use identity::{Groups, Hop};

use crate::{
    Error,
    context::{Context, named, set, text},
    policies::Policies,
    target::Target,
};

/// The entity types of `schema.cedarschema`, whose names take longer to read than to compare.
pub(crate) struct Kinds {
    action: EntityTypeName,
    agent: EntityTypeName,
    group: EntityTypeName,
    target: EntityTypeName,
}

impl Kinds {
    /// # Errors
    /// None: these are names.
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self {
            action: "Action".parse()?,
            agent: "Agent".parse()?,
            group: "Group".parse()?,
            target: "Target".parse()?,
        })
    }
}

/// Why a question could not be put; for nobody to read.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// Whether every policy could be evaluated and the answer is yes; then which policies permitted.
pub(crate) fn ask(
    policies: &Policies,
    hop: (usize, &Hop),
    action: &str,
    target: &Target,
    context: &Context,
) -> Result<BTreeSet<String>, Error> {
    let (request, entities) = question(policies, hop, action, target, context).map_err(unasked)?;
    let response = policies.authorizer.is_authorized(&request, &policies.set, &entities);
    let failed: Vec<String> = response
        .diagnostics()
        .errors()
        .map(|AuthorizationError::PolicyEvaluationError(error)| error.policy_id().to_string())
        .collect();
    if !failed.is_empty() {
        return Err(Error::Evaluation { policies: failed });
    }
    let spoke: BTreeSet<String> =
        response.diagnostics().reason().map(ToString::to_string).collect();
    match response.decision() {
        Decision::Allow => Ok(spoke),
        Decision::Deny => Err(Error::Forbid { policies: spoke.into_iter().collect() }),
    }
}

/// A question that could not be put is one that no policy answered.
pub(crate) fn unasked(_: Failure) -> Error {
    Error::Evaluation { policies: Vec::new() }
}

fn question(
    policies: &Policies,
    (depth, hop): (usize, &Hop),
    action: &str,
    target: &Target,
    context: &Context,
) -> Result<(Request, Entities), Failure> {
    let (kinds, schema) = (&policies.kinds, Some(&policies.schema));
    let Groups::Known(groups) = hop.groups() else { return Err("groups are not known".into()) };
    let groups: HashSet<EntityUid> =
        groups.iter().map(|group| uid(&kinds.group, group.as_str())).collect();
    let mut all: Vec<Entity> = groups.iter().cloned().map(Entity::with_uid).collect();
    let agent =
        Entity::new_with_tags(uid(&kinds.agent, hop.node().as_str()), agent(hop), groups, [])?;
    let resource =
        Entity::new_with_tags(uid(&kinds.target, target.name.as_str()), resource(target), [], [])?;
    let (who, what) = (agent.uid(), resource.uid());
    all.extend([agent, resource]);
    let entities = Entities::from_entities(all, schema)?;
    let context = cedar_policy::Context::from_pairs(context.at(depth))?;
    Ok((Request::new(who, uid(&kinds.action, action), what, context, schema)?, entities))
}

fn agent(hop: &Hop) -> impl Iterator<Item = (String, RestrictedExpression)> {
    named([
        ("issuer", text(hop.issuer().as_str())),
        ("subject", text(hop.subject())),
        ("client", text(hop.client().unwrap_or_default())),
        ("actor", text(hop.actor().unwrap_or_default())),
    ])
}

fn resource(target: &Target) -> impl Iterator<Item = (String, RestrictedExpression)> {
    named([("kind", text(target.kind.name())), ("labels", set(&target.labels))])
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}
