//! Words that are printed as keywords: those that shape a statement. PostgreSQL has more.

/// Whether it is one, in whatever case.
pub(super) fn is_key(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    KEYS.binary_search(&lower.as_str()).is_ok()
}

/// Sorted.
const KEYS: &[&str] = &[
    "all", "alter", "analyze", "and", "any", "array", "as", "asc", "between", "by", "case", "cast",
    "coalesce", "collate", "column", "constraint", "create", "cross", "current_date",
    "current_timestamp", "default", "delete", "desc", "distinct", "drop", "else", "end", "except",
    "exists", "explain", "false", "fetch", "filter", "for", "from", "full", "function", "grant",
    "group", "grouping", "having", "ilike", "in", "index", "inner", "insert", "intersect",
    "interval", "into", "is", "join", "lateral", "left", "like", "limit", "materialized", "merge",
    "natural", "not", "null", "nulls", "offset", "on", "only", "or", "order", "outer", "over",
    "partition", "primary", "recursive", "references", "returning", "revoke", "right", "row",
    "rows", "select", "set", "show", "similar", "some", "table", "then", "to", "true", "truncate",
    "union", "unique", "update", "using", "values", "view", "when", "where", "window", "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_so_that_each_is_found() {
        assert!(KEYS.is_sorted());
        assert!(is_key("Select") && !is_key("selects"));
    }
}
