//! Who calls: a person, by their own token, and by a proof of its key that was never used before.

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
};
use doors::{Problem, Wanted};
use http::{Method, StatusCode};
use identity::{Error, Person, ProofError, Verified};
use request::{Digest, Scheme};

use crate::{
    Desk,
    shelf::{self, Kind},
};

/// A person, and what they sent.
pub(super) struct Caller {
    pub(super) person: Verified<Person>,
    pub(super) body: Bytes,
}

/// Believes the caller; without credentials, not a byte of the body is read. A proof has to name the
/// body of whatever changes something.
pub(super) async fn caller(request: Request, on: &Desk) -> Result<Caller, Box<Problem>> {
    let (head, body) = request.into_parts();
    let over = doors::over(&head.method, &head.uri);
    let mut shown = doors::presented(&head.headers, over)?;
    let body = to_bytes(body, LIMIT).await.map_err(|_| {
        let text = "the body could not be read, or is longer than 32 KiB";
        Box::new(Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, text))
    })?;
    if head.method == Method::POST {
        if !super::body::is_json(&head.headers) {
            let text = "the body must be sent as `Content-Type: application/json`";
            return Err(Box::new(Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, text)));
        }
        shown.over.body = Some(Digest::of(&body));
    }
    let scheme = shown.scheme;
    let person = match identity::person(&shown, &on.verifier).await {
        Ok(person) => person,
        Err(error) => return Err(refused(&error, scheme, on).await),
    };
    once(person.get(), on).await?;
    Ok(Caller { person, body })
}

/// Nobody's proof is good twice: whoever has read one from a log has nothing.
async fn once(person: &Person, on: &Desk) -> Result<(), Box<Problem>> {
    let Some((proof, until_s)) = person.proof() else { return Ok(()) };
    match on.shelf().put(Kind::Proof, &proof, b"1".to_vec(), until_s).await {
        Ok(()) => Ok(()),
        Err(shelf::Error::Used) => {
            let problem = Problem::unauthenticated("the proof was used before");
            Err(Box::new(problem.wanting(Wanted::Proof)))
        }
        Err(error) => {
            tracing::error!(%error, source = ?std::error::Error::source(&error), "no proof can be noted");
            Err(Box::new(super::problem::unavailable()))
        }
    }
}

async fn refused(error: &Error, scheme: Scheme, on: &Desk) -> Box<Problem> {
    tracing::info!(%error, "a caller is not believed");
    let told = error.told();
    Box::new(match error {
        Error::Nonces(_) | Error::Unavailable { .. } => {
            Problem::of("/problems/identity/keys", StatusCode::SERVICE_UNAVAILABLE, &told)
        }
        Error::Person(_) => Problem::of("/problems/identity/person", StatusCode::FORBIDDEN, &told),
        Error::Proof(ProofError::Nonce) => {
            let nonce = on.verifier.nonce().await.ok().flatten();
            let wanted = nonce.map_or(Wanted::Proof, Wanted::Nonce);
            Problem::unauthenticated(&told).wanting(wanted)
        }
        Error::Proof(_) => Problem::unauthenticated(&told).wanting(Wanted::Proof),
        _ => Problem::unauthenticated(&told).wanting(Wanted::Token(scheme)),
    })
}

/// Bytes of a decision: a comment, and two short members.
const LIMIT: usize = 32 * 1024;
