//! Signing in and out, as a browser does it.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use request::RequestId;

use super::{On, act, note::Note};
use crate::{
    Desk,
    cookie::Cookie,
    session::Session,
    sign_in::{Anew, Back, Error},
};

/// The way to sign in and come back to `to`.
pub(super) fn way(to: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("to", to).finish();
    format!("/sign-in?{query}")
}

/// The same for somebody whose login is none any more, or not one that policy takes for this request;
/// without one, for any.
pub(super) fn way_anew(request: &str) -> String {
    let to = if request.is_empty() { "/".to_owned() } else { format!("/requests/{request}") };
    format!("{}&anew=1", way(&to))
}

/// `GET /sign-in`: to the issuer, with a cookie that only this browser has.
pub(super) async fn sign_in(
    State(on): On,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(door) = &on.door else {
        let text = "Nobody signs in to this page; it has an API only.";
        return Note::new(StatusCode::NOT_FOUND, "No sign-in", text).into_response();
    };
    let (to, anew) = wanted(query.as_deref().unwrap_or_default());
    let anew = if anew { demanded(&to, &headers, &on).await } else { Anew::default() };
    match door.begin(&to, &anew, &on).await {
        Ok((url, ticket)) => {
            let cookie = Cookie::SignIn.set(&ticket, MINUTES);
            with_cookie(Redirect::to(&url).into_response(), cookie)
        }
        Err(error) => failed(&error),
    }
}

/// `GET /signed-in`: back from the issuer.
pub(super) async fn signed_in(
    State(on): On,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(door) = &on.door else { return Note::missing().into_response() };
    let Some(back) = Back::read(query.as_deref().unwrap_or_default()) else {
        return failed(&Error::Lost);
    };
    let (person, to) = match door.finish(&back, &headers, &on).await {
        Ok(done) => done,
        Err(error) => return failed(&error),
    };
    match Session::begin(person.get(), &on).await {
        Ok(ticket) => {
            tracing::info!(issuer = %person.get().issuer(), "somebody signed in");
            let cookie = Cookie::Session.set(&ticket, Session::LIFE_S);
            with_cookie(Redirect::to(&to).into_response(), cookie)
        }
        Err(error) => failed(&error.into()),
    }
}

/// `POST /sign-out`: the session is over, for every copy of its cookie.
pub(super) async fn sign_out(State(on): On, headers: HeaderMap, body: Bytes) -> Response {
    let session = match super::session(&headers, &on).await {
        Ok(Some(session)) => session,
        // It has ended before.
        Ok(None) => return Redirect::to("/signed-out").into_response(),
        Err(response) => return *response,
    };
    if act::Form::read(&headers, &body, &session, &on).is_none() {
        return Note::foreign().into_response();
    }
    match session.end(&on).await {
        Ok(()) => {
            with_cookie(Redirect::to("/signed-out").into_response(), Some(Cookie::Session.clear()))
        }
        Err(_) => Note::unavailable().into_response(),
    }
}

/// `GET /signed-out`.
pub(super) async fn signed_out() -> Response {
    let text = "Your session on this page is over. You may still be signed in with your issuer.";
    let note = Note::new(StatusCode::OK, "You are signed out", text);
    note.way("/sign-in", "Sign in again").into_response()
}

/// Where to come back to, if that is a page of ours; and whether to log in anew for it.
fn wanted(query: &str) -> (String, bool) {
    let (mut to, mut anew) = ("/".to_owned(), false);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "to" if is_page(&value) => to = value.into_owned(),
            "anew" => anew = true,
            _ => {}
        }
    }
    (to, anew)
}

/// Only what we link to ourselves: nobody is sent anywhere else in our name.
fn is_page(to: &str) -> bool {
    let request = to.strip_prefix("/requests/");
    matches!(to, "/" | "/past") || request.is_some_and(|id| RequestId::new(id).is_ok())
}

/// How policy wants them to log in who decide about this request.
async fn demanded(to: &str, headers: &HeaderMap, on: &Desk) -> Anew {
    let plain = Anew { asked: true, ..Anew::default() };
    let id = to.strip_prefix("/requests/").and_then(|id| RequestId::new(id).ok());
    let session = Session::of(headers, on).await.ok().flatten();
    let (Some(id), Some(session)) = (id, session) else { return plain };
    // They are not shown it, and so nothing is on record of it.
    let found = decisions::asked(&id, session.person(), &on.decisions.ledger).await;
    let Ok(found) = found else { return plain };
    let demand = &found.waiting.sealed().document().matter.demand;
    Anew { asked: true, max_age: demand.login_s, acr: demand.acr.iter().cloned().collect() }
}

fn failed(error: &Error) -> Response {
    let source = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(%error, source, "nobody was signed in");
    let (status, text) = match error {
        Error::Declined(_) => (StatusCode::FORBIDDEN, "Your issuer did not sign you in."),
        Error::Lost => (
            StatusCode::BAD_REQUEST,
            "This sign-in was not begun in this browser, took too long, or was finished before.",
        ),
        Error::Identity(identity::Error::Person(_)) | Error::Issuer => {
            (StatusCode::FORBIDDEN, "Your issuer signed you in as nobody who may decide here.")
        }
        Error::Identity(_) | Error::Exchange(_) => {
            (StatusCode::BAD_GATEWAY, "What your issuer said could not be believed.")
        }
        Error::Unavailable(_) => return Note::unavailable().into_response(),
    };
    Note::new(status, "You are not signed in", text).way("/sign-in", "Try again").into_response()
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Seconds that somebody may take to sign in.
const MINUTES: u64 = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_anywhere_but_to_a_page_of_ours() {
        for to in ["/", "/past", "/requests/019a-0b"] {
            assert_eq!(wanted(&format!("to={to}")).0, to);
        }
        for to in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/requests/",
            "/requests/../x",
            "/requests/a?b",
            "/requests/a%0d%0ab",
            "/sign-out",
            "javascript:alert(1)",
        ] {
            assert_eq!(wanted(&format!("to={to}")).0, "/", "{to}");
        }
        assert_eq!(wanted("to=/past&anew=1"), ("/past".into(), true));
    }

    #[test]
    fn the_way_back_survives_the_query() {
        assert_eq!(way("/requests/a-1"), "/sign-in?to=%2Frequests%2Fa-1");
        let way = way_anew("a-1");
        assert_eq!(wanted(way.split_once('?').unwrap().1), ("/requests/a-1".into(), true));
    }
}
