//! What somebody does with a form of ours: decide, or take a decision back.

use std::collections::BTreeMap;

use approvals::{Said, Verdict};
use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use host::Place;
use http::{HeaderMap, StatusCode, header};
use request::{Digest, RequestId};

use super::{On, account, named, note::Note};
use crate::{Desk, guard, said, session::Session, text::Foreign, view};

/// `POST /requests/{id}`: approve or refuse exactly what was shown.
pub(super) async fn decide(
    State(on): On,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let done = async {
        let id = named(id)?;
        let session = sender(&id, &headers, &body, &on).await?;
        let form = Form::read(&headers, &body, &session, &on).ok_or_else(foreign)?;
        let said = form.said().ok_or_else(unclear)?;
        let verdict = said.verdict.name();
        if said.verdict == Verdict::Approve {
            read_whole(&id, said.digest, &session, &on).await?;
        }
        let decided =
            decisions::decide(&id, said, session.person(), &place.source, &on.decisions).await;
        decided.map_err(|error| Box::new(Note::of(&error, id.as_str()).into_response()))?;
        Ok(Redirect::to(&format!("/requests/{id}?said={verdict}")).into_response())
    };
    done.await.unwrap_or_else(|refused: Box<Response>| *refused)
}

/// `POST /requests/{id}/retract`: take one's own approval back.
pub(super) async fn retract(
    State(on): On,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let done = async {
        let id = named(id)?;
        let session = sender(&id, &headers, &body, &on).await?;
        Form::read(&headers, &body, &session, &on).ok_or_else(foreign)?;
        let retracted =
            decisions::retract(&id, session.person(), &place.source, &on.decisions).await;
        retracted.map_err(|error| Box::new(Note::of(&error, id.as_str()).into_response()))?;
        Ok(Redirect::to(&format!("/requests/{id}?said=retract")).into_response())
    };
    done.await.unwrap_or_else(|refused: Box<Response>| *refused)
}

/// Who sends a form about a request. Somebody who is not signed in any more is told so and shown the
/// way: `form-action` binds where a form leads in the end as well (CSP 3, 6.4.1), so that a browser which
/// was sent on to the issuer would stop without a word, and what was written would be lost.
async fn sender(
    id: &RequestId,
    headers: &HeaderMap,
    body: &[u8],
    on: &Desk,
) -> Result<Session, Box<Response>> {
    let signed_out = || {
        // Another page's words are not shown as their own.
        let form = Form::sent(headers, body, on);
        let comment = form.and_then(|mut form| form.0.remove("comment"));
        let comment = comment.filter(|text| !text.trim().is_empty()).map(Foreign::new);
        let text = "Your session has ended. Nothing was decided; sign in and decide again.";
        let note = Note::new(StatusCode::FORBIDDEN, "You are not signed in any more", text);
        let note = note.kept(comment);
        let way = account::way(&format!("/requests/{id}"));
        Box::new(note.way(way, "Sign in, back to the request").into_response())
    };
    super::session(headers, on).await?.ok_or_else(signed_out)
}

/// Whoever approves has had every byte of it before their eyes.
async fn read_whole(
    id: &RequestId,
    digest: Digest,
    session: &Session,
    on: &Desk,
) -> Result<(), Box<Response>> {
    let found = decisions::asked(id, session.person(), &on.decisions.ledger).await;
    let found = found.map_err(|error| Box::new(Note::of(&error, id.as_str()).into_response()))?;
    if !view::is_cut(found.waiting.sealed().document()) {
        return Ok(());
    }
    match session.did_read(&digest, on).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let text = "It is too long for its page. Open it whole before you approve it.";
            let note = Note::new(StatusCode::CONFLICT, "Not read whole", text);
            let note = note.way(format!("/requests/{id}"), "Back to the request");
            Err(Box::new(note.into_response()))
        }
        Err(_) => Err(Box::new(Note::unavailable().into_response())),
    }
}

fn foreign() -> Box<Response> {
    Box::new(Note::foreign().into_response())
}

fn unclear() -> Box<Response> {
    let text = "The form is not complete, or the comment is too long. Nothing was decided.";
    Box::new(Note::new(StatusCode::BAD_REQUEST, "Not decided", text).into_response())
}

/// A form of ours, sent by a page of this session.
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    /// Nothing for what any other page could have sent.
    pub(super) fn read(
        headers: &HeaderMap,
        body: &[u8],
        session: &Session,
        on: &Desk,
    ) -> Option<Self> {
        let form = Self::sent(headers, body, on)?;
        // Digests of what nobody else can know; the time of comparing them tells nothing.
        let token = form.0.get("form").and_then(|text| Digest::from_hex(text));
        let same = token.map(|token| Digest::of(token.bytes()));
        (same == Some(Digest::of(session.form().bytes()))).then_some(form)
    }

    /// The form, if it is from a page of ours; whoever sends it.
    fn sent(headers: &HeaderMap, body: &[u8], on: &Desk) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let plain = kind.split(';').next().unwrap_or_default().trim();
        let ours = plain == "application/x-www-form-urlencoded"
            && guard::is_ours(headers, &guard::origin(&on.page));
        Self::fields(body).filter(|_| ours)
    }

    fn fields(body: &[u8]) -> Option<Self> {
        if body.len() > LIMIT {
            return None;
        }
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            if fields.insert(name.into_owned(), value.into_owned()).is_some() {
                return None;
            }
        }
        Some(Self(fields))
    }

    fn said(self) -> Option<Said> {
        let mut fields = self.0;
        let verdict = said::verdict(&fields.remove("verdict")?)?;
        let digest = Digest::from_hex(&fields.remove("digest")?)?;
        let comment = fields.remove("comment").unwrap_or_default();
        let comment = said::comment(&comment.replace("\r\n", "\n")).ok()?;
        Some(Said { digest, verdict, comment })
    }
}

/// Bytes of a form: a comment, every letter of it written as `%XX%XX…`, and three short fields.
const LIMIT: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::said::COMMENT;

    fn said(body: &str) -> Option<(String, Option<String>)> {
        let said = Form::fields(body.as_bytes())?.said()?;
        Some((said.verdict.name().to_owned(), said.comment))
    }

    #[test]
    fn a_form_says_one_thing_about_one_digest() {
        let digest = format!("digest={}", Digest::of(b"a"));
        let form = |rest: &str| said(&format!("{digest}&{rest}"));
        assert_eq!(form("verdict=approve&comment="), Some(("approve".into(), None)));
        let refused = form("verdict=refuse&comment=+not+now%0D%0Ab+");
        assert_eq!(refused, Some(("refuse".into(), Some("not now\nb".into()))));
        assert_eq!(form("verdict=Approve"), None);
        assert_eq!(form("verdict=approve&verdict=refuse"), None);
        assert_eq!(form("comment=x"), None);
        assert_eq!(said("verdict=approve"), None);
        assert_eq!(said("verdict=approve&digest=abc"), None);
        assert_eq!(form(&format!("verdict=approve&comment={}", "x".repeat(COMMENT + 1))), None);
        assert!(form(&format!("verdict=approve&comment={}", "x".repeat(COMMENT))).is_some());
    }
}
