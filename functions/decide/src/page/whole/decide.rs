//! Who has to agree and who has, and the form by which somebody does.

use approvals::{Ineligible, Phase};
use maud::{Markup, html};

use super::{super::layout::Whose, barred};
use crate::{
    page::account,
    said::COMMENT,
    view::{Group, View, Word},
    when,
};

/// What policy wants of people, and how far that is.
pub(super) fn agreement(view: &View) -> Markup {
    html! {
        section aria-labelledby="agree" {
            h2 #agree { "Who has to agree" }
            ul.groups { @for group in &view.groups { li { (one(group)) } } }
            @if !view.conditions.is_empty() {
                ul.conditions { @for condition in &view.conditions { li { (condition) } } }
            }
            @if !view.policies.is_empty() {
                p.policies { "Policies that spoke: "
                    @for (nth, policy) in view.policies.iter().enumerate() {
                        @if nth > 0 { ", " } code { (policy) }
                    } "." }
            }
            @if !view.words.is_empty() {
                ul.said { @for word in &view.words { li { (said(word)) } } }
            }
        }
    }
}

fn one(group: &Group) -> Markup {
    html! {
        b { (group.name) } " "
        span.progress { (group.filled) " of " (group.wanted) }
        span.dots aria-hidden="true" {
            @for nth in 0..group.wanted.min(DOTS) { span.dot.full[nth < group.filled] {} }
        }
    }
}

fn said(word: &Word) -> Markup {
    let (class, verb) =
        if word.verdict == "approve" { ("good", "approved") } else { ("warn", "refused") };
    html! {
        p.name { b { (word.who) } " " span.badge.(class) { (verb) }
            span.aside { " for " (word.groups.join(", ")) ", " (word.subject) " of " (word.issuer) ", " (when::short(word.at)) } }
        @if let Some(comment) = &word.comment { blockquote { (comment) } }
    }
}

/// The form, or why there is none.
pub(super) fn section(view: &View, whose: &Whose<'_>, read: bool) -> Markup {
    html! {
        section.decide #decide aria-labelledby="your" {
            h2 #your { "Your decision" }
            @if !view.is_open() {
                p { "There is nothing left to decide: the request is " b { (view.phase.name()) } "." }
            } @else if view.said.is_some() {
                (retract(view, whose))
            } @else if let Some(why) = view.barred {
                (refused(view, why))
            } @else {
                @if !read {
                    p { "It is too long for this page. Read it whole before you approve it." }
                    p { a.button href={ "/requests/" (view.request) "/whole" } { "Show all as plain text" } }
                }
                (form(view, whose, read))
            }
        }
    }
}

/// Nobody approves what they have not read whole; to refuse it, one need not.
fn form(view: &View, whose: &Whose<'_>, read: bool) -> Markup {
    let digest = view.digest.to_string();
    let short: String = digest.chars().take(12).collect();
    html! {
        form method="post" action={ "/requests/" (view.request) } #form {
            input type="hidden" name="form" value=(whose.form);
            input type="hidden" name="digest" value=(digest);
            label for="comment" { "Comment" span.aside { " for the record; the requester does not see it" } }
            textarea #comment name="comment" rows="2" maxlength=(COMMENT) autocomplete="off" {}
            div.verdicts {
                @if read && view.phase == Phase::Pending {
                    button.approve type="submit" name="verdict" value="approve" data-key="a" { "Approve" }
                }
                button.refuse type="submit" name="verdict" value="refuse" data-key="r" { "Refuse" }
            }
            p.aside { "You decide about " code { (short) "…" } ". It runs once, as it stands above, or not at all." }
            p.keys hidden { @if read { kbd { "a" } " approve · " } kbd { "r" } " refuse" }
        }
        dialog #sure aria-labelledby="sure-title" {
            h2 #sure-title {}
            p { (view.class) " on " (view.target) ", " code { (short) "…" } }
            div.verdicts {
                button.quiet type="button" data-no { "Not yet" }
                button type="button" data-yes {}
            }
        }
    }
}

fn retract(view: &View, whose: &Whose<'_>) -> Markup {
    html! {
        p { "You approved it. As long as it has not run, you can take that back." }
        form method="post" action={ "/requests/" (view.request) "/retract" } {
            input type="hidden" name="form" value=(whose.form);
            button.quiet type="submit" { "Take my approval back" }
        }
    }
}

fn refused(view: &View, why: Ineligible) -> Markup {
    html! {
        p { (barred(why)) }
        @if matches!(why, Ineligible::Acr | Ineligible::Login) {
            p { a.button href=(account::way_anew(&view.request)) { "Sign in anew" } }
        }
    }
}

/// As many as one can take in.
const DOTS: u32 = 10;
