//! `POST /v1/spawn`: a ticket for a child.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use delegation::{Call, Ports, Spawn, Spawned, Wish};
use doors::Problem;
use host::Place;
use http::{HeaderName, HeaderValue, StatusCode};
use identity::Class;
use request::{Digest, RequestId, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    body, oauth,
    problem::{broken, malformed, refused},
    token::{DEPTH, TICKET},
};

/// What a parent sends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// What it calls the child: letters, digits and `-_.`, at most 64.
    #[schema(example = "migrate-orders")]
    label: String,
    /// The child's rights (RFC 9396), within the parent's. What is not asked for is not granted.
    #[schema(value_type = Option<Vec<Object>>)]
    authorization_details: Option<Value>,
    /// All rights of the parent, instead.
    #[serde(default)]
    inherit: bool,
    /// `meet`: rights that are wider are cut to the parent's, and not refused.
    attenuate: Option<Attenuate>,
    /// Of the parent's groups; all of them where nothing is said.
    groups: Option<Vec<String>>,
    /// `dpop`, or `bearer-leaf` for a child without a key: it may read, once, within a minute.
    #[serde(default = "bound")]
    class: String,
    /// Seconds that it may live, renewals included.
    ttl: Option<u64>,
    /// How deep the tree may become below it; the root has depth 0.
    max_depth: Option<u64>,
    /// How many children it may have.
    max_children: Option<u64>,
    /// Who has to redeem the ticket: `alias|subject` of the token that it must show.
    workload: Option<String>,
}

/// How rights are made to fit.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Attenuate {
    /// To what both allow.
    Meet,
}

fn bound() -> String {
    Class::Bound.name().to_owned()
}

/// A ticket, for the child to redeem at `POST /token`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Answer {
    /// For the child alone; it is told this once.
    ticket: String,
    /// `urn:postern:token-type:spawn_ticket`.
    ticket_type: &'static str,
    /// Seconds that it waits.
    expires_in: u64,
    /// The child's node, for `DELETE /v1/nodes/{id}`.
    node: String,
    /// `dpop` or `bearer-leaf`.
    class: &'static str,
    /// When the child ends, renewals included, in milliseconds since 1970.
    ends: u64,
    /// The rights that it will have.
    #[schema(value_type = Vec<Object>)]
    authorization_details: Value,
    /// Whether they are less than what was asked for.
    attenuated: bool,
}

/// Make a child.
///
/// The proof carries `bdh`, the SHA-256 of the body.
#[utoipa::path(
    post,
    path = "/v1/spawn",
    request_body = Asked,
    responses(
        (status = 201, description = "The ticket", body = Answer),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Not done", body = Problem, content_type = "application/problem+json"),
    ),
    security(("dpop" = [], "proof" = []))
)]
pub(crate) async fn spawn(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    request: Request,
) -> Response {
    match answered(ports, place, request).await {
        Ok(spawned) => answer(&spawned),
        Err(problem) => problem.into_response(),
    }
}

async fn answered(
    ports: Arc<Ports>,
    place: Place,
    request: Request,
) -> Result<Spawned, Box<Problem>> {
    let id = RequestId::fresh();
    let (head, body) = request.into_parts();
    let mut over = doors::over(&head.method, &head.uri);
    let bytes = body::read(&head.headers, body, body::JSON).await?;
    over.body = Some(Digest::of(&bytes));
    let presented = doors::presented(&head.headers, over)?;
    let asked: Asked = json::strict_as(&bytes, DEPTH).map_err(|bad| malformed(&bad.to_string()))?;
    let (wish, scheme) = (wish(asked)?, presented.scheme);
    let ask = Spawn { presented, wish, call: Call { id: id.clone(), source: place.source } };
    let on = Arc::clone(&ports);
    // On its own, so that a caller who hangs up gets a ticket lost, and not half a child.
    match tokio::spawn(async move { delegation::spawn(ask, &on).await }).await {
        Ok(Ok(spawned)) => Ok(spawned),
        Ok(Err(error)) => Err(refused(&id, &error, scheme, &ports).await),
        Err(_) => Err(broken(&id)),
    }
}

fn wish(asked: Asked) -> Result<Wish, Box<Problem>> {
    let class = Class::named(&asked.class);
    Ok(Wish {
        label: asked.label,
        rights: asked.authorization_details,
        inherit: asked.inherit,
        meet: asked.attenuate.is_some(),
        groups: asked.groups,
        class: class.ok_or_else(|| malformed("`class` is `dpop` or `bearer-leaf`"))?,
        ttl_s: asked.ttl,
        max_depth: asked.max_depth,
        max_children: asked.max_children,
        workload: asked.workload,
    })
}

fn answer(spawned: &Spawned) -> Response {
    let answer = Answer {
        ticket: spawned.ticket.expose().to_string(),
        ticket_type: TICKET,
        expires_in: spawned.ticket_s,
        node: spawned.node.to_string(),
        class: spawned.class.name(),
        ends: spawned.ends.0,
        authorization_details: spawned.rights.clone(),
        attenuated: spawned.cut,
    };
    let mut response = oauth::json(StatusCode::CREATED, &answer);
    if let Ok(value) = HeaderValue::from_str(&spawned.receipt.to_string()) {
        response.headers_mut().insert(HeaderName::from_static("audit-receipt"), value);
    }
    response
}
