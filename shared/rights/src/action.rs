//! What may be done to objects.

use std::fmt;

/// What a statement does. Closed: what has no name here cannot be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Removes rows.
    Delete,
    /// Adds rows.
    Insert,
    /// Reads rows.
    Select,
    /// Changes rows.
    Update,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Delete, Self::Insert, Self::Select, Self::Update];

    /// As `actions` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Insert => "insert",
            Self::Select => "select",
            Self::Update => "update",
        }
    }

    /// By its name, in exactly this spelling.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
