//! `GET /requests/{id}`: one request whole, and the form to decide about it.

mod chain;
mod decide;
mod facts;
mod statement;

use approvals::Ineligible;
use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    response::{IntoResponse as _, Response},
};
use host::Place;
use http::{HeaderMap, HeaderValue, header};
use maud::{Markup, html};

use super::{
    On,
    layout::{Whose, page},
    named,
    note::Note,
    past::line,
    shown, whoever,
};
use crate::{session::Session, text::Foreign, view::View, when};

pub(super) async fn request(
    State(on): On,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let done = async {
        let id = named(id)?;
        let session = whoever(&headers, &format!("/requests/{id}"), &on).await?;
        let sheet = decisions::sheet(&id, session.person(), &place.source, &on.decisions).await;
        let view = View::of(&sheet.map_err(|error| told(&error, id.as_str()))?);
        let read = match view.cut {
            true => session.did_read(&view.digest, &on).await,
            false => Ok(true),
        };
        let read = read.map_err(|_| Box::new(Note::unavailable().into_response()))?;
        let said = query.as_deref().and_then(|query| query.strip_prefix("said="));
        Ok(shown(html_of(&view, &session, said, read)))
    };
    done.await.unwrap_or_else(|refused: Box<Response>| *refused)
}

/// `GET /requests/{id}/whole`: every byte of the agent's texts, as plain text. Whoever asks for it has
/// read it whole, as far as a page can know.
pub(super) async fn plain(
    State(on): On,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let done = async {
        let id = named(id)?;
        let session = whoever(&headers, &format!("/requests/{id}"), &on).await?;
        let sheet = decisions::sheet(&id, session.person(), &place.source, &on.decisions).await;
        let view = View::of(&sheet.map_err(|error| told(&error, id.as_str()))?);
        let noted = session.has_read(&view.digest, &on).await;
        noted.map_err(|_| Box::new(Note::unavailable().into_response()))?;
        let kind = HeaderValue::from_static("text/plain; charset=utf-8");
        Ok(([(header::CONTENT_TYPE, kind)], view.plain()).into_response())
    };
    done.await.unwrap_or_else(|refused: Box<Response>| *refused)
}

fn told(error: &decisions::Error, id: &str) -> Box<Response> {
    Box::new(Note::of(error, id).into_response())
}

/// Why somebody may not decide, to themselves.
pub(super) fn barred(why: Ineligible) -> &'static str {
    match why {
        Ineligible::Acr => "This request wants a stronger login than the one that you came with.",
        Ineligible::Group => "None of your groups is asked about this request.",
        Ineligible::InChain => {
            "You are part of the chain that asks, and nobody decides about their own request."
        }
        Ineligible::Login => "This request wants a fresh login, and yours is older.",
    }
}

fn html_of(view: &View, session: &Session, said: Option<&str>, read: bool) -> Markup {
    let title = format!("{} on {}", view.class, view.target);
    let whose = Whose { person: session.person().get(), form: session.form() };
    let body = html! {
        article.request {
            (head(view, said))
            (warnings(view))
            @if let Some(reason) = &view.reason {
                section aria-labelledby="why" {
                    h2 #why { "Why" span.aside { " in the agent's words" } }
                    blockquote.reason { (Foreign::new(crate::sql::cut(reason.as_str()))) }
                }
            }
            (statement::section(view))
            (chain::section(view))
            (facts::section(view))
            (decide::agreement(view))
            (before(view))
            (identity(view))
            (decide::section(view, &whose, read))
        }
    };
    page(&title, "", Some(&whose), body)
}

fn head(view: &View, said: Option<&str>) -> Markup {
    let done = match said {
        Some("approve") => Some("Your approval is on record."),
        Some("refuse") => Some("Your refusal is on record."),
        Some("retract") => Some("Your approval was taken back; that is on record."),
        _ => None,
    };
    html! {
        @if let Some(done) = done { p.done role="status" { (done) } }
        header.what {
            p.over { span.phase.(view.phase.name()) { (view.phase.name()) } }
            h1 { span.class { (view.class) } " on " span.target { (view.target) } }
            p.times {
                span { "asked " (when::moment(view.asked_at)) } " "
                span { @if view.is_open() { "ends " } @else { "ended by " } (when::moment(view.expires)) }
            }
        }
    }
}

/// What one should look at twice.
fn warnings(view: &View) -> Markup {
    let all_rows = view.relations.iter().any(|relation| relation.unfiltered);
    html! {
        @if !view.odd.is_empty() || view.unseen || all_rows {
            section.warnings aria-label="Look twice" {
                h2 { "Look twice" }
                ul {
                    @if all_rows {
                        li { "It reads or changes a relation without a condition: all of its rows." }
                    }
                    @if view.unseen {
                        li { "It holds characters that cannot be seen, or that turn text around. They are shown as "
                             span.unseen { "⟦U+…⟧" } "." }
                    }
                    @for odd in &view.odd {
                        li { "Look-alike letters in " b { (Foreign::new(odd.word.as_str())) } ": "
                             (odd.letters.join(", ")) }
                    }
                }
            }
        }
    }
}

fn before(view: &View) -> Markup {
    html! {
        section aria-labelledby="before" {
            h2 #before { "Decided before" span.aside { " about statements of this shape" } }
            @if view.like.is_empty() { p.empty { "Nothing: this shape is new on this target." } }
            @else { ul.lines { @for past in &view.like { (line(past)) } } }
        }
    }
}

/// What exactly is decided about.
fn identity(view: &View) -> Markup {
    let digest = view.digest.to_string();
    let short: String = digest.chars().take(12).collect();
    html! {
        details.digest {
            summary { "Digest " code { (short) "…" } }
            dl {
                dt { "What is approved" } dd { code { (digest) } }
                dt { "Policies in force" } dd { code { (view.policy) } }
                dt { "Request" } dd { code { (view.request) } }
            }
            p { "A changed byte of the statement, its parameters, the chain, the target, what it touches or the \
                 policies is another request, and has to be approved anew." }
        }
    }
}
