//! Why a snapshot, or a name in a statement, is refused.

/// One cause. Messages carry the offending name and no other part of the statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A snapshot that contradicts itself: what is wrong with it.
    #[error("the catalogue cannot be used: {0}")]
    Snapshot(String),
    /// No relation of this name can be seen by the target's role.
    #[error("relation `{0}` does not exist")]
    Relation(String),
    /// A relation of a kind that may not be used: foreign tables, sequences, relations with rules.
    #[error("`{0}` is neither a plain table nor a view and may not be used")]
    Kind(String),
    /// No column of this name where it is mentioned; it may be a function written like one.
    #[error("column `{0}` does not exist here")]
    Column(String),
    /// Several columns that the name may mean.
    #[error("column `{0}` is ambiguous; write the table's name before it")]
    Ambiguous(String),
    /// A qualifier that names nothing in FROM.
    #[error("`{0}` is not the name of anything in FROM")]
    Qualifier(String),
    /// Two things in one FROM have the same name.
    #[error("`{0}` is named twice in FROM; give one of them an alias")]
    Twice(String),
    /// A column list with another number of names than there are columns.
    #[error("`{0}` is given more column names than it has columns")]
    Columns(String),
    /// A field of something that is not known to have it.
    #[error("`{0}` cannot be told to be a field here; name the column otherwise")]
    Field(String),
    /// Syntax that is not followed.
    #[error("syntax `{0}` cannot be resolved; write it in plainer SQL")]
    Syntax(&'static str),
}

impl Error {
    /// One word for the cause, stable across releases.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Snapshot(_) => "snapshot",
            Self::Relation(_) => "relation",
            Self::Kind(_) => "relation-kind",
            Self::Column(_) => "column",
            Self::Ambiguous(_) => "ambiguous",
            Self::Qualifier(_) => "qualifier",
            Self::Twice(_) => "twice",
            Self::Columns(_) => "columns",
            Self::Field(_) => "field",
            Self::Syntax(_) => "unresolved",
        }
    }
}
