//! Refusals elsewhere than at the token endpoint, as problem documents (RFC 9457).

use delegation::{Code, Error, Ports};
use doors::{Problem, Wanted};
use http::StatusCode;
use request::{RequestId, Scheme};

/// The refusal of a caller who came with this scheme.
pub(crate) async fn refused(
    id: &RequestId,
    error: &Error,
    scheme: Scheme,
    on: &Ports,
) -> Box<Problem> {
    let code = error.code();
    tracing::info!(request = %id, code = code.name(), why = crate::token::why(error), "refused");
    let (status, wanted) = match (code, matches!(error, Error::Identity(_))) {
        (Code::UseDpopNonce, _) => (StatusCode::UNAUTHORIZED, nonce(on).await),
        (Code::InvalidDpopProof, _) => (StatusCode::UNAUTHORIZED, Some(Wanted::Proof)),
        (Code::InvalidGrant, true) => (StatusCode::UNAUTHORIZED, Some(Wanted::Token(scheme))),
        (Code::AccessDenied, _) => (StatusCode::FORBIDDEN, None),
        (Code::NotFound, _) => (StatusCode::NOT_FOUND, None),
        (Code::TemporarilyUnavailable, _) => (StatusCode::SERVICE_UNAVAILABLE, None),
        _ => (StatusCode::BAD_REQUEST, None),
    };
    let kind = format!("/problems/delegation/{}", code.name());
    let problem = Problem::of(kind, status, &error.told()).about(id);
    Box::new(match wanted {
        Some(wanted) => problem.wanting(wanted),
        None => problem,
    })
}

async fn nonce(on: &Ports) -> Option<Wanted> {
    let nonce = on.verifier.nonce().await.ok().flatten();
    Some(nonce.map_or(Wanted::Proof, Wanted::Nonce))
}

/// A fault of ours.
pub(crate) fn broken(id: &RequestId) -> Box<Problem> {
    tracing::error!(request = %id, "a fault of ours ended the request");
    let text = "a fault of ours ended the request";
    Box::new(Problem::plain(StatusCode::INTERNAL_SERVER_ERROR, text).about(id))
}

/// A body that cannot be read as what the route takes.
pub(crate) fn malformed(text: &str) -> Box<Problem> {
    Box::new(Problem::plain(StatusCode::BAD_REQUEST, text))
}
