//! The functions that may be called, and why the well-known others may not.

use std::{collections::BTreeMap, sync::LazyLock};

/// How a permitted function is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It makes one value of many rows.
    Aggregate,
    /// It makes rows, so that it may stand in FROM.
    Set,
    /// It makes a value of values.
    Value,
}

/// How the function of this name is used, if it is permitted.
pub(crate) fn permitted(name: &str) -> Option<Use> {
    PERMITTED.get(name).copied()
}

/// Why the function of this name never is, if somebody wrote down why.
pub(crate) fn never(name: &str) -> Option<&'static str> {
    let hit = |pattern: &str| match pattern.split_once('*') {
        Some((head, tail)) => name.starts_with(head) && name.ends_with(tail),
        None => name == pattern,
    };
    NEVER.iter().find(|(_, patterns)| patterns.iter().any(|p| hit(p))).map(|(why, _)| *why)
}

/// Whether a built-in function of this name takes a whole row and tells what is in it, so that
/// writing the name as a column of a relation would show that row.
pub(crate) fn takes_rows(name: &str) -> bool {
    TAKES_ROWS.split_whitespace().any(|known| known == name)
}

/// Those that can be called with one `record`, `anyelement` or `"any"`.
const TAKES_ROWS: &str = "
    any_value array_agg concat count first_value hash_record hash_record_extended json_agg
    json_agg_strict json_build_array json_build_object jsonb_agg jsonb_agg_strict jsonb_build_array
    jsonb_build_object lag last_value lead max min num_nonnulls num_nulls quote_literal
    quote_nullable record_out record_send row_to_json to_json to_jsonb
";

static PERMITTED: LazyLock<BTreeMap<&'static str, Use>> = LazyLock::new(|| {
    let mut section = Use::Value;
    let mut functions = BTreeMap::new();
    for line in lines(include_str!("functions.txt")) {
        match line {
            "[aggregate]" => section = Use::Aggregate,
            "[set]" => section = Use::Set,
            line if line.starts_with('[') => section = Use::Value,
            line => functions.extend(line.split_whitespace().map(|name| (name, section))),
        }
    }
    functions
});

static NEVER: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines(include_str!("never.txt")) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(why) => reasons.push((why, Vec::new())),
            None => {
                if let Some((_, patterns)) = reasons.last_mut() {
                    patterns.extend(line.split_whitespace());
                }
            }
        }
    }
    reasons
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_function_is_both_permitted_and_never() {
        let both: Vec<_> = PERMITTED.keys().filter(|name| never(name).is_some()).collect();
        assert_eq!(both, Vec::<&&str>::new());
        assert!(PERMITTED.len() > 300 && NEVER.len() > 5);
    }

    #[test]
    fn sections_tell_how_a_function_is_used() {
        assert_eq!(permitted("count"), Some(Use::Aggregate));
        assert_eq!(permitted("unnest"), Some(Use::Set));
        assert_eq!(permitted("lower"), Some(Use::Value));
        assert_eq!(permitted("pg_sleep"), None);
        assert_eq!(never("pg_sleep_for"), Some("waits"));
    }

    #[test]
    fn every_line_of_the_list_is_names_only() {
        let plain = |name: &&str| {
            name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        assert_eq!(PERMITTED.keys().find(|name| !plain(name)), None);
    }
}
