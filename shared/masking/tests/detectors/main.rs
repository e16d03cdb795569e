//! The detectors, on values planted at random.

#![expect(clippy::string_slice, reason = "what is cut here is ASCII")]

mod planted;
mod shapes;

use std::borrow::Cow;

use masking::detect::{Counts, cover, cover_json, scan};
use proptest::{prelude::*, sample::select};
use serde_json::Value;

use planted::{FORMS, awkward, context, harmless, joint, planted, tree};

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_planted_value_does_not_survive_in_any_context(
        before in context(), joint in joint(), (value, core) in planted(),
        other in joint(), after in context(),
    ) {
        let text = format!("{before}{joint}{value}{other}{after}");
        let out = covered(&text);
        prop_assert!(!holds(&out, &value, &core), "{text:?} became {out:?}");
    }

    #[test]
    fn an_encoded_value_is_covered_whole(
        before in context(), joint in joint(), (value, core) in planted(), form in select(FORMS),
        other in joint(), after in context(),
    ) {
        let hidden = form(&value);
        let out = covered(&format!("{before}{joint}{hidden}{other}{after}"));
        prop_assert!(!holds(&out, &hidden, &core), "{hidden:?} in {out:?}");
    }

    #[test]
    fn nothing_planted_survives_in_json_and_nothing_else_changes(tree in tree(), ascii: bool) {
        let text = if ascii { escaped(&tree) } else { tree.to_string() };
        let mut counts = Counts::default();
        let out = cover_json(&text, &mut counts);
        let read: Value = serde_json::from_str(&out).unwrap();
        prop_assert!(same_but_covered(&tree, &read), "{text} became {out}");
        prop_assert_eq!(counts.is_empty(), matches!(out, Cow::Borrowed(_)));
    }

    #[test]
    fn no_text_makes_it_panic_and_covering_twice_changes_nothing(text in awkward()) {
        let mut end = 0;
        for finding in scan(&text) {
            prop_assert!(end <= finding.range.start && finding.range.start < finding.range.end);
            prop_assert!(text.get(finding.range.clone()).is_some());
            end = finding.range.end;
        }
        for once in [covered(&text), cover_json(&text, &mut Counts::default()).into_owned()] {
            let mut counts = Counts::default();
            prop_assert_eq!(cover(&once, &mut counts), once.as_str());
            prop_assert!(counts.is_empty());
        }
    }

    #[test]
    fn what_only_looks_like_a_secret_stays(text in harmless()) {
        prop_assert_eq!(scan(&text), []);
        prop_assert_eq!(scan(&format!("id {text}, at {text}")), []);
    }
}

fn covered(text: &str) -> String {
    cover(text, &mut Counts::default()).into_owned()
}

/// Whether a value is still there, or its digits are, whatever they are cut with.
fn holds(text: &str, value: &str, core: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    text.contains(value) || (!core.is_empty() && digits.contains(core))
}

/// Whether `after` is `before` with what is in it covered, and nothing else.
fn same_but_covered(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(b, a)| same_but_covered(b, a))
        }
        (Value::Object(before), Value::Object(after)) => {
            // Two keys that are covered may become one.
            before.iter().all(|(key, value)| {
                let found = after.get(&covered(key));
                found.is_some_and(|found| covered(key) != *key || same_but_covered(value, found))
            })
        }
        (Value::Number(before), Value::String(after)) => covered(&before.to_string()) == *after,
        (Value::String(before), Value::String(after)) => covered(before) == *after,
        _ => before == after && scan(&before.to_string()).is_empty(),
    }
}

/// The document with every character of its strings escaped.
fn escaped(tree: &Value) -> String {
    let text = |text: &str| {
        let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        format!("\"{units}\"")
    };
    match tree {
        Value::String(inside) => text(inside),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(escaped).collect::<Vec<_>>().join(" ,"))
        }
        Value::Object(members) => {
            let members =
                members.iter().map(|(key, value)| format!("{}: {}", text(key), escaped(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(",\n"))
        }
        scalar => scalar.to_string(),
    }
}
