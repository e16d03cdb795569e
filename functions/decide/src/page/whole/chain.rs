//! Who asks, drawn as the chain that it is.

use maud::{Markup, html};

use crate::view::{Hop, View};

pub(super) fn section(view: &View) -> Markup {
    let last = view.hops.len().saturating_sub(1);
    html! {
        section aria-labelledby="who" {
            h2 #who { "Who asks" }
            ol.chain {
                @for (nth, hop) in view.hops.iter().enumerate() {
                    li.hop { (one(hop, nth, nth == last)) }
                }
            }
        }
    }
}

fn one(hop: &Hop, nth: usize, is_last: bool) -> Markup {
    let role = match (nth, is_last) {
        (0, true) => "asks itself",
        (0, false) => "began it",
        (_, true) => "asks",
        (_, false) => "passed it on",
    };
    html! {
        p.name {
            @if let Some(label) = &hop.label { b { (label) } " " }
            @if hop.label.is_none() || nth == 0 { b { (hop.subject) } " " }
            span.role { (role) }
        }
        dl.facts {
            dt { "issuer" } dd { (hop.issuer) }
            @if let Some(client) = &hop.client { dt { "client" } dd { (client) } }
            @if let Some(actor) = &hop.actor { dt { "actor" } dd { (actor) } }
            dt { "groups" }
            dd {
                @match &hop.groups {
                    Some(groups) if !groups.is_empty() => { (groups.join(", ")) }
                    Some(_) => { "none" }
                    None => { "not known" }
                }
            }
            dt { "node" } dd { code { (hop.node) } }
        }
    }
}
