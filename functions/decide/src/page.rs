//! The page: what waits, one request whole, what was decided.

mod account;
mod act;
mod layout;
mod list;
mod note;
mod past;
mod whole;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use maud::Markup;
use request::RequestId;

use crate::{Desk, session::Session};
use note::Note;

/// The page's routes.
pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/", get(list::queue))
        .route("/past", get(past::past))
        .route("/requests/{id}", get(whole::request).post(act::decide))
        .route("/requests/{id}/retract", post(act::retract))
        .route("/requests/{id}/whole", get(whole::plain))
        .route("/sign-in", get(account::sign_in))
        .route(crate::sign_in::BACK, get(account::signed_in))
        .route("/sign-out", post(account::sign_out))
        .route("/signed-out", get(account::signed_out))
        .layer(middleware::from_fn(guarded))
}

/// What a browser may do with every page of ours: show it, and nothing else.
async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Who is signed in, or where to go for that.
async fn whoever(headers: &HeaderMap, to: &str, on: &Desk) -> Result<Session, Box<Response>> {
    let away = || Box::new(Redirect::to(&account::way(to)).into_response());
    session(headers, on).await?.ok_or_else(away)
}

/// Whose cookie it is, if they are signed in.
async fn session(headers: &HeaderMap, on: &Desk) -> Result<Option<Session>, Box<Response>> {
    Session::of(headers, on).await.map_err(|error| {
        tracing::error!(%error, source = ?std::error::Error::source(&error), "no session can be read");
        Box::new(Note::unavailable().into_response())
    })
}

/// The id in a path, or that there is no such request.
fn named(id: String) -> Result<RequestId, Box<Response>> {
    RequestId::new(id).map_err(|_| Box::new(Note::missing().into_response()))
}

/// A page that is there.
fn shown(markup: Markup) -> Response {
    markup_response(http::StatusCode::OK, markup)
}

fn markup_response(status: http::StatusCode, markup: Markup) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, kind, markup.into_string()).into_response()
}

type On = State<Arc<Desk>>;

/// A page loads its own style, script and icon, sends forms to us alone, and is framed by nobody.
const GUARDS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    ),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-frame-options", "DENY"),
];
