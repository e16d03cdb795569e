//! `GET /past`: what was decided, newest first.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use decisions::{Listed, Past};
use http::HeaderMap;
use maud::{Markup, html};

use super::{
    On,
    layout::{Whose, page},
    note::Note,
    shown, whoever,
};
use crate::{text::Foreign, when};

pub(super) async fn past(State(on): On, headers: HeaderMap) -> Response {
    let session = match whoever(&headers, "/past", &on).await {
        Ok(session) => session,
        Err(response) => return *response,
    };
    match decisions::past(session.person(), &on.decisions).await {
        Ok(all) => {
            let whose = Whose { person: session.person().get(), form: session.form() };
            shown(page("Past", "/past", Some(&whose), body(&all)))
        }
        Err(error) => Note::of(&error, "").into_response(),
    }
}

fn body(past: &Listed<Past>) -> Markup {
    let Listed { all, more } = past;
    html! {
        h1 { "Past requests" }
        p.lead { "About which one of your groups was asked, newest first." }
        @if all.is_empty() { p.empty { "Nothing has been decided yet." } }
        @else { ul.lines { @for past in all { (line(past)) } } }
        @if *more { p.lead { "There may be more: not all of the past was looked through." } }
    }
}

/// One of them in a line.
pub(super) fn line(past: &Past) -> Markup {
    html! {
        li {
            a.line href={ "/requests/" (past.request) } data-item {
                span.phase.(past.phase.name()) { (past.phase.name()) }
                span.target { (past.target) }
                span.by { "for " (Foreign::new(past.root.as_str())) }
                span.words { @for said in &past.said { span { (Foreign::new(said.as_str())) } } }
                span.ends { (when::short(past.at)) }
            }
        }
    }
}
