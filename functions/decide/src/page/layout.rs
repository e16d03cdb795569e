//! What surrounds every page.

use identity::Person;
use maud::{DOCTYPE, Markup, html};
use request::Digest;

use crate::{assets, text::Foreign};

/// Whose page it is, and the token of their forms.
pub(super) struct Whose<'a> {
    pub(super) person: &'a Person,
    pub(super) form: Digest,
}

/// A page with its title. `at` is the path of the menu's entry that it belongs to.
pub(super) fn page(title: &str, at: &str, whose: Option<&Whose<'_>>, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · Postern" }
                link rel="icon" href=(assets::icon()) type="image/svg+xml";
                link rel="stylesheet" href=(assets::style());
                script src=(assets::script()) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                (top(at, whose))
                main #main tabindex="-1" { (body) }
            }
        }
    }
}

fn top(at: &str, whose: Option<&Whose<'_>>) -> Markup {
    html! {
        header.top {
            a.brand href="/" aria-label="Postern, to what waits" { (mark()) span { "Postern" } }
            @if let Some(whose) = whose {
                nav aria-label="Pages" {
                    @for (path, name) in [("/", "Waiting"), ("/past", "Past")] {
                        a href=(path) aria-current=[(path == at).then_some("page")] { (name) }
                    }
                }
                (account(whose))
            }
        }
    }
}

/// Who is signed in, and the way out.
fn account(whose: &Whose<'_>) -> Markup {
    let person = whose.person;
    let groups: Vec<&str> = person.groups().iter().map(|group| group.as_str()).collect();
    html! {
        details.account {
            summary { span.who { (Foreign::new(person.name().unwrap_or(person.subject()))) } }
            div {
                dl {
                    dt { "Account" } dd { (Foreign::new(person.subject())) }
                    dt { "Issuer" } dd { (person.issuer()) }
                    dt { "Groups" } dd { @if groups.is_empty() { "none" } @else { (groups.join(", ")) } }
                }
                form method="post" action="/sign-out" {
                    input type="hidden" name="form" value=(whose.form);
                    button.quiet type="submit" { "Sign out" }
                }
            }
        }
    }
}

/// A small door in a wall.
fn mark() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false" {
            path d="M3 21V9a9 9 0 0 1 18 0v12h-6v-8a3 3 0 0 0-6 0v8z" fill="currentColor" {}
        }
    }
}
