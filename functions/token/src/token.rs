//! `POST /token`: a token for a token, or for a ticket (RFC 8693).

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    response::Response,
};
use delegation::{Call, Exchange, Ports, Redeem, Ticket};
use host::Place;
use http::request::Parts;
use request::{RequestId, json};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    body,
    form::Form,
    oauth::{self, ACCESS_TOKEN, Refused, Token},
};

/// What is sent, as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of the form, for the document only")]
pub(crate) struct Asked {
    /// `urn:ietf:params:oauth:grant-type:token-exchange`.
    grant_type: String,
    /// An issuer's token, one of ours that is to be renewed, or a spawn ticket.
    subject_token: String,
    /// `urn:ietf:params:oauth:token-type:access_token` or `…:jwt`, or
    /// `urn:postern:token-type:spawn_ticket`.
    subject_token_type: String,
    /// A token of the workload that acts.
    actor_token: Option<String>,
    /// Its type: both or neither.
    actor_token_type: Option<String>,
    /// Where the token is to be good: exactly what this deployment's tokens are for.
    resource: String,
    /// The rights as JSON (RFC 9396); what is not asked for is not granted.
    authorization_details: Option<String>,
    /// `urn:ietf:params:oauth:token-type:access_token`.
    requested_token_type: Option<String>,
}

/// Exchange a token, renew one, or redeem a ticket.
///
/// The header `DPoP` carries the proof of the key that the token will be bound to.
#[utoipa::path(
    post,
    path = "/token",
    request_body(content = Asked, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token", body = Token),
        (status = 400, description = "Refused", body = Refused),
        (status = 503, description = "Not done", body = Refused),
    )
)]
pub(crate) async fn token(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let response = match body::read(&head.headers, body, body::FORM).await {
        // In OAuth's words, whatever is wrong with the body.
        Err(_) => oauth::invalid("the parameters are sent as a form of at most 64 KiB"),
        Ok(bytes) => match Form::read(&bytes) {
            Err(bad) => oauth::invalid(&bad.to_string()),
            Ok(form) => answered(&head, &form, place, &ports).await,
        },
    };
    oauth::with_nonce(response, &ports).await
}

async fn answered(head: &Parts, form: &Form, place: Place, ports: &Arc<Ports>) -> Response {
    if head.uri.query().is_some() {
        return oauth::invalid("parameters belong into the body, never into the address");
    }
    if form.get("grant_type") != Some(EXCHANGE) {
        return match form.get("grant_type") {
            Some(_) => oauth::unsupported(),
            None => oauth::invalid("`grant_type` is missing"),
        };
    }
    let id = RequestId::fresh();
    let call = Call { id: id.clone(), source: place.source };
    let asked = match asked(head, form, call) {
        Ok(asked) => asked,
        Err(told) => return oauth::invalid(told),
    };
    let ports = Arc::clone(ports);
    let done = tokio::spawn(async move {
        match asked {
            Wanted::Exchange(ask) => delegation::exchange(*ask, &ports).await,
            Wanted::Redeem(ask) => delegation::redeem(*ask, &ports).await,
        }
    });
    // On its own, so that a caller who hangs up cannot stop it between two commits.
    match done.await {
        Ok(Ok(issued)) => oauth::issued(&issued),
        Ok(Err(error)) => {
            tracing::info!(request = %id, code = error.code().name(), why = why(&error), "no token");
            oauth::refused(&error)
        }
        Err(_) => {
            tracing::error!(request = %id, "a fault of ours ended the request");
            oauth::broken()
        }
    }
}

/// What a form asks for.
enum Wanted {
    Exchange(Box<Exchange>),
    Redeem(Box<Redeem>),
}

fn asked(head: &Parts, form: &Form, call: Call) -> Result<Wanted, &'static str> {
    if form.get("scope").is_some() || form.get("audience").is_some() {
        return Err("rights are asked for by `authorization_details`, and a place by `resource`");
    }
    if form.get("requested_token_type").is_some_and(|kind| kind != ACCESS_TOKEN) {
        return Err("`requested_token_type` is urn:ietf:params:oauth:token-type:access_token");
    }
    let actor = form.token("actor_token");
    match form.get("actor_token_type") {
        None if actor.is_none() => {}
        Some(ACCESS_TOKEN | JWT) if actor.is_some() => {}
        _ => return Err("`actor_token` and its type, an access token or a JWT, go together"),
    }
    let resource = form.get("resource").ok_or("`resource` is missing")?.to_owned();
    let subject = form.get("subject_token").ok_or("`subject_token` is missing")?;
    let rights = form.get("authorization_details").map(details).transpose()?;
    let proof = doors::proof(&head.headers).map_err(|_| "one `DPoP` header is wanted")?;
    let over = doors::over(&head.method, &head.uri);
    match form.get("subject_token_type") {
        Some(ACCESS_TOKEN | JWT) => {
            let subject = request::Bearer::new(subject.to_owned());
            let ask = Exchange { subject, actor, resource, rights, proof, over, call };
            Ok(Wanted::Exchange(Box::new(ask)))
        }
        Some(TICKET) if rights.is_some() => Err("a ticket has its rights already"),
        Some(TICKET) => {
            let ticket = Ticket::read(subject).ok_or("`subject_token` is not a ticket")?;
            let ask = Redeem { ticket, actor, resource, proof, over, call };
            Ok(Wanted::Redeem(Box::new(ask)))
        }
        _ => Err("`subject_token_type` is an access token, a JWT, or a spawn ticket of ours"),
    }
}

fn details(text: &str) -> Result<Value, &'static str> {
    json::strict(text.as_bytes(), DEPTH).map_err(|_| "`authorization_details` is not strict JSON")
}

/// The causes behind an error, for operators. None of them holds a value or a secret.
pub(crate) fn why(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The one grant type (RFC 8693, 2.1).
pub(crate) const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// The kind of our tickets.
pub(crate) const TICKET: &str = "urn:postern:token-type:spawn_ticket";
/// Any JWT that is one of its issuer's access tokens (RFC 8693, 3).
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// Deeper JSON than this is an attack on a parser, not rights.
pub(crate) const DEPTH: usize = 16;
