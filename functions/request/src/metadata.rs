//! What a client reads before its first request: who issues tokens for us, and how they are to be
//! presented (RFC 9728).

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use doors::Problem;
use enforce::Ports;
use http::{StatusCode, Uri};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer;

/// This function as a protected resource (RFC 9728, 2).
#[derive(Serialize, ToSchema)]
pub(crate) struct Metadata {
    /// What tokens have to be for.
    resource: String,
    /// Who issues them.
    authorization_servers: Vec<String>,
    /// Where in a request a token stands.
    bearer_methods_supported: Vec<&'static str>,
    /// What proofs may be signed with.
    dpop_signing_alg_values_supported: Vec<&'static str>,
    /// Whether every token has to be bound to a key. A direct caller's is its issuer's business.
    dpop_bound_access_tokens_required: bool,
    /// What rights are written as (RFC 9396).
    authorization_details_types_supported: Vec<&'static str>,
}

/// Who issues tokens for this function, and how they are presented.
///
/// The same answer stands below this path, followed by that of the resource's own name.
#[utoipa::path(
    get,
    path = "/.well-known/oauth-protected-resource",
    responses(
        (status = 200, body = Metadata),
        (status = 404, description = "It takes tokens of other issuers only", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn resource(State(ports): State<Arc<Ports>>, uri: Uri) -> Response {
    let own = ports.verifier.own();
    // As a path of ours, or at the full one, which ends as the name that it is made from.
    let meant = |at: &str| uri.path() == PATH || at.ends_with(uri.path());
    let Some(own) = own.filter(|own| meant(&doors::metadata(own))) else {
        let text = "there is no such resource here";
        return Problem::plain(StatusCode::NOT_FOUND, text).into_response();
    };
    let metadata = Metadata {
        resource: own.resource().to_owned(),
        authorization_servers: vec![own.issuer().to_owned()],
        bearer_methods_supported: vec!["header"],
        dpop_signing_alg_values_supported: doors::PROOFS.to_vec(),
        dpop_bound_access_tokens_required: false,
        authorization_details_types_supported: RIGHTS.to_vec(),
    };
    answer::json(StatusCode::OK, serde_json::to_vec(&metadata).unwrap_or_default())
}

/// Where this is; the resource's path may follow.
pub(crate) const PATH: &str = "/.well-known/oauth-protected-resource";

/// The entries that `rights` knows.
const RIGHTS: [&str; 2] = ["postgres", "budget"];
