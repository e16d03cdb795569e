//! The statement, its parameters, and what the target is really sent.

use maud::{Markup, html};

use crate::{
    sql::{self, Listing},
    text::Foreign,
    view::View,
};

pub(super) fn section(view: &View) -> Markup {
    html! {
        section aria-labelledby="statement" {
            h2 #statement { "Statement" }
            (listing(view.statement.as_str(), "Statement"))
            @if !view.params.is_empty() { (params(view)) }
            @if let Some(sent) = &view.sent {
                details {
                    summary { "What the target is really sent" span.aside { " with masks put in" } }
                    (listing(sent.as_str(), "What the target is sent"))
                }
            }
            @if view.cut {
                p.cut { "It is too long for this page, and parts are left out. "
                        a href={ "/requests/" (view.request) "/whole" } { "Show all as plain text" } }
            }
        }
    }
}

/// Lines with their numbers; the numbers are no text that could be copied.
fn listing(text: &str, name: &str) -> Markup {
    let Listing { lines, .. } = sql::listing(text);
    html! {
        pre.listing aria-label=(name) tabindex="0" role="region" {
            code { @for line in &lines { span.row { (Listing::line(line)) "\n" } } }
        }
    }
}

fn params(view: &View) -> Markup {
    html! {
        h3 { "Parameters" }
        dl.params {
            @for (n, param) in view.params.iter().enumerate() {
                dt { "$" (n + 1) }
                dd { code { (Foreign::new(sql::cut(param.as_str()))) } }
            }
        }
    }
}
