//! Which sort keys start with a prefix and come after a key, as one `BETWEEN`.

use state::Key;

/// The first and the last text of the range, both within it; `None` where no key can be.
///
/// A query takes one condition on its sort key. Characters on either side of the alphabet of keys
/// turn "starts with" and "comes after" into it: a space sorts before all of them, `~` after.
pub(super) fn range(prefix: &str, after: Option<&Key>) -> Option<(String, String)> {
    let after = after.map(|key| format!("{} ", key.as_str())).unwrap_or_default();
    let first = after.max(prefix.to_owned());
    // DynamoDB takes no empty text for a key.
    let first = if first.is_empty() { " ".to_owned() } else { first };
    let last = format!("{prefix}~");
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(prefix: &str, after: Option<&str>, key: &str) -> bool {
        let after = after.map(|key| Key::new(key).unwrap());
        range(prefix, after.as_ref())
            .is_some_and(|(first, last)| (first.as_str()..=last.as_str()).contains(&key))
    }

    #[test]
    fn a_range_holds_what_starts_with_the_prefix_and_comes_after() {
        let keys = ["-", "a", "a-", "a.b", "a:", "aa", "ab", "b", "z"];
        for prefix in ["", "a", "a-", "b", "zz"] {
            for after in keys.into_iter().map(Some).chain([None]) {
                for key in keys {
                    let expected = key.starts_with(prefix) && after.is_none_or(|a| key > a);
                    assert_eq!(within(prefix, after, key), expected, "{prefix} {after:?} {key}");
                }
            }
        }
    }
}
