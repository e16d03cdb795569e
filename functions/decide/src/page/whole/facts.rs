//! What the statement turned out to be: what it touches, what comes of it, what bounds it.

use maud::{Markup, html};

use crate::{
    text::Foreign,
    view::{Output, Relation, View, duration},
};

pub(super) fn section(view: &View) -> Markup {
    html! {
        section aria-labelledby="touches" {
            h2 #touches { "What it touches" }
            @if view.relations.is_empty() { p.empty { "No relation." } }
            ul.relations { @for relation in &view.relations { li { (one(relation)) } } }
            @if !view.uses.is_empty() {
                p { "Tagged columns are used as " (list(&view.uses)) "." }
            }
            @if !view.functions.is_empty() {
                p { "Functions: " (list(&view.functions)) "." }
            }
        }
        section aria-labelledby="gives" {
            h2 #gives { "What it gives" }
            dl.facts {
                dt { "rows expected" }
                dd { @match view.estimated_rows { Some(rows) => { "about " (grouped(rows)) } None => { "not estimated" } } }
                dt { "at most" }
                dd { (grouped(view.limits.rows)) " rows, " (bytes(view.limits.bytes)) ", "
                     (grouped(view.limits.cells)) " cells, within " (duration(view.limits.time_ms / 1000)) }
                dt { "masks" }
                dd { @match view.mode.as_str() {
                    "source" => { "put in before the statement sees a value" }
                    "schema" => { "put in by views of the database" }
                    _ => { "put on the result" }
                } }
            }
            @if !view.outputs.is_empty() { (outputs(&view.outputs)) }
        }
    }
}

fn one(relation: &Relation) -> Markup {
    html! {
        p.name {
            b { code { (relation.name) } } " "
            @if relation.changed { span.badge.warn { "changed" } " " }
            @if relation.read { span.badge { "read" } " " }
            @if relation.unfiltered { span.badge.warn { "all rows" } }
        }
        @if !relation.columns.is_empty() {
            p.columns {
                @for (column, tag) in &relation.columns {
                    span.column { code { (column) }
                        @if let Some(tag) = tag { span.tag { (Foreign::new(tag.as_str())) } } } " "
                }
            }
        }
    }
}

fn outputs(outputs: &[Output]) -> Markup {
    html! {
        ul.outputs aria-label="Columns of the result" {
            @for output in outputs {
                li {
                    code { (output.name) } " "
                    @if output.masked { span.badge.good { "masked" } } @else { span.badge { "as it is" } }
                    @if !output.from.is_empty() { span.from { " from " (list(&output.from)) } }
                }
            }
        }
    }
}

fn list(texts: &[Foreign]) -> Markup {
    html! { @for (nth, text) in texts.iter().enumerate() { @if nth > 0 { ", " } code { (text) } } }
}

/// With thin gaps, as long numbers are read.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..10_240 => format!("{} bytes", grouped(bytes)),
        10_240..10_485_760 => format!("{} KiB", grouped(bytes / 1024)),
        _ => format!("{} MiB", grouped(bytes / (1024 * 1024))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped() {
        let plain = |number| grouped(number).replace('\u{202f}', " ");
        assert_eq!(plain(0), "0");
        assert_eq!(plain(999), "999");
        assert_eq!(plain(1000), "1 000");
        assert_eq!(plain(12_345_678), "12 345 678");
    }
}
