//! The names of what is made for a profile, and how names and texts are written in SQL.

use super::Error;

/// Names for one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The profile.
    pub profile: String,
    /// The schema of the masked views.
    pub schema: String,
    /// Whom the views belong to: a role that nobody logs in as.
    pub owner: String,
    /// The schema with the key of the tokens.
    pub keys: String,
}

impl Names {
    /// The names for this profile.
    ///
    /// # Errors
    /// [`Error::Profile`]: it makes no name.
    pub fn of(profile: &str) -> Result<Self, Error> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let starts = profile.starts_with(|c: char| c.is_ascii_lowercase());
        // 32 with what is put around it stay within the 63 bytes of a name.
        if !starts || profile.len() > 32 || !profile.bytes().all(fits) {
            return Err(Error::Profile(profile.to_owned()));
        }
        Ok(Self {
            profile: profile.to_owned(),
            schema: format!("masked_{profile}"),
            owner: format!("masked_{profile}_owner"),
            keys: format!("masked_{profile}_keys"),
        })
    }

    /// What the comment of everything that is made begins with, by which it is known again.
    pub(super) fn mark(&self) -> String {
        format!("made by `postern mask apply` for profile {}", self.profile)
    }
}

/// A name in double quotes.
pub(super) fn quoted(name: &str) -> String {
    vetting::masks::quoted(name)
}

/// A relation with its schema.
pub(super) fn full(schema: &str, name: &str) -> String {
    format!("{}.{}", quoted(schema), quoted(name))
}

/// A text in single quotes; the scripts see to it that a backslash stands for itself.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A line of a comment: whatever is in it, it stays one.
pub(super) fn line(text: &str) -> String {
    format!("-- {}", text.replace(['\n', '\r'], " "))
}
