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
use request::{Digest, RequestId, Source};

use super::{On, named, note::Note, whoever};
use crate::{Desk, guard, session::Session, view::View};

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
        let session = whoever(&headers, &format!("/requests/{id}"), &on).await?;
        let form = Form::read(&headers, &body, &session, &on).ok_or_else(foreign)?;
        let said = form.said().ok_or_else(unclear)?;
        let verdict = said.verdict.name();
        if said.verdict == Verdict::Approve {
            read_whole(&id, said.digest, &session, &place.source, &on).await?;
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
        let session = whoever(&headers, &format!("/requests/{id}"), &on).await?;
        Form::read(&headers, &body, &session, &on).ok_or_else(foreign)?;
        let retracted =
            decisions::retract(&id, session.person(), &place.source, &on.decisions).await;
        retracted.map_err(|error| Box::new(Note::of(&error, id.as_str()).into_response()))?;
        Ok(Redirect::to(&format!("/requests/{id}?said=retract")).into_response())
    };
    done.await.unwrap_or_else(|refused: Box<Response>| *refused)
}

/// Whoever approves has had every byte of it before their eyes.
async fn read_whole(
    id: &RequestId,
    digest: Digest,
    session: &Session,
    source: &Source,
    on: &Desk,
) -> Result<(), Box<Response>> {
    let told = |error| Box::new(Note::of(&error, id.as_str()).into_response());
    let sheet =
        decisions::sheet(id, session.person(), source, &on.decisions).await.map_err(told)?;
    if !View::of(&sheet).cut {
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
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let plain = kind.split(';').next().unwrap_or_default().trim();
        let ours = plain == "application/x-www-form-urlencoded"
            && guard::is_ours(headers, &guard::origin(&on.page));
        let form = Self::fields(body).filter(|_| ours)?;
        // Digests of what nobody else can know; the time of comparing them tells nothing.
        let token = form.0.get("form").and_then(|text| Digest::from_hex(text));
        let same = token.map(|token| Digest::of(token.bytes()));
        (same == Some(Digest::of(session.form().bytes()))).then_some(form)
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
        let verdict = match fields.remove("verdict")?.as_str() {
            "approve" => Verdict::Approve,
            "refuse" => Verdict::Refuse,
            _ => return None,
        };
        let digest = Digest::from_hex(&fields.remove("digest")?)?;
        let comment = fields.remove("comment").unwrap_or_default();
        let comment = comment.replace("\r\n", "\n").trim().to_owned();
        if comment.chars().count() > COMMENT {
            return None;
        }
        Some(Said { digest, verdict, comment: Some(comment).filter(|text| !text.is_empty()) })
    }
}

/// Bytes of a form: a comment, every letter of it written as `%XX%XX…`, and three short fields.
const LIMIT: usize = 32 * 1024;
/// Letters of a comment.
pub(crate) const COMMENT: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

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
