//! What a child asked for beyond its parent.

/// The first thing in which rights are not within others, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` {remedy}")]
pub struct Widening {
    path: String,
    remedy: String,
}

impl Widening {
    pub(crate) fn at(path: String, remedy: impl Into<String>) -> Self {
        Self { path, remedy: remedy.into() }
    }

    /// Where it stands in the text that was asked with, such as `[0].max_rows`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}
