//! One question to Cedar, answered with the policies that spoke.

use std::collections::BTreeSet;

use cedar_policy::{Context, Decision, Entities, EntityUid, Request};
use identity::Groups;
use serde_json::{Value, json};

use crate::{Error, policies::Policies, target::Target};

/// Whether every policy could be evaluated and the answer is yes; then which policies permitted.
pub(crate) fn ask(
    policies: &Policies,
    hop: &identity::Hop,
    action: &str,
    target: &Target,
    context: Value,
) -> Result<BTreeSet<String>, Error> {
    let unasked = |_| Error::Evaluation { policies: Vec::new() };
    let (request, entities) = question(policies, hop, action, target, context).map_err(unasked)?;
    let response = policies.authorizer.is_authorized(&request, &policies.set, &entities);
    let failed: Vec<String> = response
        .diagnostics()
        .errors()
        .map(|error| match error {
            cedar_policy::AuthorizationError::PolicyEvaluationError(e) => e.policy_id().to_string(),
        })
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

type Failure = Box<dyn std::error::Error>;

fn question(
    policies: &Policies,
    hop: &identity::Hop,
    action: &str,
    target: &Target,
    context: Value,
) -> Result<(Request, Entities), Failure> {
    let schema = Some(&policies.schema);
    let Groups::Known(groups) = hop.groups() else { return Err("groups are not known".into()) };
    let group = |name: &str| json!({"type": "Group", "id": name});
    let mut all: Vec<Value> = groups
        .iter()
        .map(|name| json!({"uid": group(name.as_str()), "attrs": {}, "parents": []}))
        .collect();
    all.push(json!({
        "uid": {"type": "Agent", "id": hop.node().as_str()},
        "attrs": {
            "issuer": hop.issuer().as_str(),
            "subject": hop.subject(),
            "client": hop.client().unwrap_or_default(),
            "actor": hop.actor().unwrap_or_default(),
        },
        "parents": groups.iter().map(|name| group(name.as_str())).collect::<Vec<_>>(),
    }));
    all.push(json!({
        "uid": {"type": "Target", "id": target.name.as_str()},
        "attrs": {"kind": target.kind.name(), "labels": target.labels},
        "parents": [],
    }));
    let entities = Entities::from_json_value(Value::Array(all), schema)?;
    let uid = |kind: &str, id: &str| {
        EntityUid::from_json(json!({"type": kind, "id": id})).map_err(Failure::from)
    };
    let action = uid("Action", action)?;
    let context = Context::from_json_value(context, Some((&policies.schema, &action)))?;
    let agent = uid("Agent", hop.node().as_str())?;
    let resource = uid("Target", target.name.as_str())?;
    Ok((Request::new(agent, action, resource, context, schema)?, entities))
}
