//! `GET /`: what waits. First what somebody may decide, then what waits for others, then what they
//! decided lately.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use decisions::{Entry, Listed, Past};
use http::HeaderMap;
use maud::{Markup, html};

use super::{
    On,
    layout::{Whose, page},
    note::Note,
    past::line,
    shown, whoever,
};
use crate::{text::Foreign, when};

pub(super) async fn queue(State(on): On, headers: HeaderMap) -> Response {
    let session = match whoever(&headers, "/", &on).await {
        Ok(session) => session,
        Err(response) => return *response,
    };
    let waits = decisions::queue(session.person(), &on.decisions).await;
    let lately = decisions::lately(session.person(), LATELY, &on.decisions).await;
    let (waits, lately) = match (waits, lately) {
        (Ok(waits), Ok(lately)) => (waits, lately.all),
        (Err(error), _) | (_, Err(error)) => return Note::of(&error, "").into_response(),
    };
    let person = session.person().get();
    let whose = Whose { person, form: session.form() };
    shown(page("Waiting", "/", Some(&whose), body(waits, &lately)))
}

/// Whether it waits for the one who looks.
fn is_mine(entry: &Entry) -> bool {
    entry.said.is_none() && entry.barred.is_none() && !entry.missing.is_empty()
}

fn body(waits: Listed<Entry>, lately: &[Past]) -> Markup {
    let Listed { all, more } = waits;
    let (mine, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_mine);
    html! {
        h1 { "Waiting for you" @if !mine.is_empty() { " " span.count { (mine.len()) } } }
        @if mine.is_empty() {
            p.empty { "Nothing waits for you. What does will be here, what ends first before the rest." }
        } @else {
            (cards(&mine))
        }
        @if !others.is_empty() {
            h2 { "Waiting for others" }
            (cards(&others))
        }
        @if more { p.lead { "There may be more: not all that waits was looked through." } }
        @if !lately.is_empty() {
            h2 { "Decided by you lately" }
            ul.lines { @for past in lately { (line(past)) } }
        }
    }
}

fn cards(entries: &[Entry]) -> Markup {
    html! { ul.cards { @for entry in entries { li { (card(entry)) } } } }
}

fn card(entry: &Entry) -> Markup {
    let (begun, whole) = Foreign::new(entry.statement.as_str()).begun(LETTERS);
    html! {
        a.card href={ "/requests/" (entry.request) } data-item {
            span.head {
                span.target { (entry.target) } " "
                span.class { (entry.class) }
                @if let Some(why) = state(entry) { " " span.state { (why) } }
            }
            code.glance { (begun) @if !whole || entry.cut { "…" } }
            @if let Some(reason) = &entry.reason {
                @let (begun, whole) = Foreign::new(reason.as_str()).begun(LETTERS);
                span.reason { (begun) @if !whole { "…" } }
            }
            span.foot {
                span { "by " (Foreign::new(entry.agent.as_str()))
                    @if entry.hops > 1 { " for " (Foreign::new(entry.root.as_str())) } }
                span { (progress(entry)) }
                span.ends { "ends " (when::short(entry.expires)) }
            }
        }
    }
}

/// How far it is for whoever looks, where they need not decide.
fn state(entry: &Entry) -> Option<&'static str> {
    match (entry.said, entry.barred) {
        _ if entry.missing.is_empty() => Some("granted, not run yet"),
        (Some(_), _) => Some("you approved"),
        (None, Some("chain")) => Some("you are part of it"),
        (None, Some(_)) => Some("sign in anew to decide"),
        (None, None) => None,
    }
}

fn progress(entry: &Entry) -> String {
    let one = |(group, wanted): (&String, &u32)| {
        let missing = entry.missing.get(group).copied().unwrap_or(0);
        format!("{} of {wanted} {group}", wanted.saturating_sub(missing))
    };
    entry.approvers.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// Letters of a statement or a reason in the list.
const LETTERS: usize = 140;
const LATELY: usize = 5;
