//! A column of a result, and where its values come from.

/// One column, as the driver found it described.
pub struct Column {
    /// Its name, as the statement calls it.
    pub name: String,
    /// Its type, as PostgreSQL calls it.
    pub kind: String,
    /// Where its values come from.
    pub origin: Origin,
}

/// Where the values of a column come from. A driver tells what the target said; which of it is
/// sensitive, the veil looks up itself.
pub enum Origin {
    /// This column of this relation, bare: the result's description names both.
    Bare {
        /// The relation, as `schema.name`.
        relation: String,
        /// The column's name there, whatever the statement calls it.
        column: String,
    },
    /// Something computed, or nobody knows.
    Unknown,
}
