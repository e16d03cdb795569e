//! The reviewed lists as a snapshot, for whoever reads statements without a server at hand.

use catalogue::Draft;

use super::lists::LISTS;

/// The newest major version that the lists were held against; the grammar is of the same.
const NEWEST: u32 = 18;

/// A snapshot of a database of the newest version with nothing in it but what is on the lists.
#[must_use]
pub fn draft(schema: &str) -> Draft {
    built_in(schema, NEWEST)
}

/// A snapshot of a database of this major version with nothing in it but what is on the lists.
#[must_use]
pub fn built_in(schema: &str, major: u32) -> Draft {
    Draft {
        schema: schema.into(),
        major,
        functions: LISTS.functions(major),
        operators: LISTS.operators(major),
        types: LISTS.types(major),
        collations: LISTS.collations(major),
        ..Draft::default()
    }
}
