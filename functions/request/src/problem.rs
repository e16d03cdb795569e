//! Refusals of the way as answers. The one place where causes become HTTP.

use axum::response::{IntoResponse, Response};
use doors::{Problem, Wanted};
use enforce::{Cause, Kind, Ports, Refusal};
use http::StatusCode;
use request::{RequestId, Scheme};

use crate::answer::{Parked, RECEIPT};

/// A refusal as an answer; a request that waits for people is no problem, and answers 202. `scheme`
/// is how the token was presented.
pub(crate) async fn refused(
    id: &RequestId,
    refusal: &Refusal,
    scheme: Scheme,
    on: &Ports,
) -> Response {
    let cause = &refusal.cause;
    tracing::info!(
        request = %id,
        stage = cause.stage(),
        cause = cause.word(),
        why = why(cause),
        "refused"
    );
    if let Some(parked) = cause.parked() {
        return Parked::of(id, parked, refusal.receipt.as_ref()).into_response();
    }
    let problem = of(id, refusal);
    match wanted(cause, scheme, on).await {
        Some(wanted) => problem.wanting(wanted).into_response(),
        None => problem.into_response(),
    }
}

fn of(id: &RequestId, refusal: &Refusal) -> Problem {
    let cause = &refusal.cause;
    let sqlstate = match cause {
        Cause::Targets(error) => error.sqlstate(),
        _ => None,
    };
    let receipt = refusal.receipt.as_ref().map(ToString::to_string);
    let kind = format!("/problems/{}/{}", cause.stage(), cause.word());
    Problem::of(kind, status(cause.kind()), &cause.told())
        .about(id)
        .sqlstate(sqlstate)
        .header(RECEIPT, receipt.as_deref())
}

/// What a caller who is not believed has to show instead.
async fn wanted(cause: &Cause, scheme: Scheme, on: &Ports) -> Option<Wanted> {
    if cause.kind() != Kind::Unauthenticated {
        return None;
    }
    let nonce = if cause.wants_nonce() { on.nonce().await } else { None };
    Some(match nonce {
        Some(nonce) => Wanted::Nonce(nonce),
        None if cause.is_proof() => Wanted::Proof,
        None => Wanted::Token(scheme),
    })
}

/// The causes behind an error, for operators. None of them holds a value or a secret.
fn why(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Broken | Kind::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Held => StatusCode::TOO_MANY_REQUESTS,
        Kind::Missing => StatusCode::NOT_FOUND,
        Kind::Parked => StatusCode::ACCEPTED,
        Kind::Statement => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}
