//! How functions are used, and why the well-known forbidden ones are forbidden.

use std::sync::LazyLock;

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

/// Why the function of this name is never permitted, if somebody wrote down why.
pub(crate) fn never(name: &str) -> Option<&'static str> {
    let hit = |pattern: &str| match pattern.split_once('*') {
        Some((head, tail)) => name.starts_with(head) && name.ends_with(tail),
        None => name == pattern,
    };
    NEVER.iter().find(|(_, patterns)| patterns.iter().any(|p| hit(p))).map(|(why, _)| *why)
}

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
    fn what_is_often_tried_is_refused_with_its_reason() {
        assert_eq!(never("pg_sleep_for"), Some("waits"));
        assert_eq!(never("dblink_exec"), Some("opens connections"));
        assert_eq!(
            never("to_tsvector"),
            Some("looks up how to prepare text for searching; cast to `tsvector` or `tsquery`")
        );
        assert_eq!(never("lower"), None);
        assert!(NEVER.len() > 5);
    }
}
