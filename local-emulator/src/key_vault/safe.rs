//! What a vault keeps, secrets or keys, in versions by Key Vault's rules.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use uuid::Uuid;

/// One version of a secret or of a key. No `Debug`: it holds what the vault is there for.
#[derive(Clone)]
pub(super) struct Version<T> {
    /// 32 hex digits.
    pub(super) id: String,
    pub(super) value: T,
    /// Unix seconds.
    pub(super) created: i64,
}

/// All of one kind by their names in lower case (Key Vault's names do not differ by case), each
/// with its newest version last.
pub(super) struct Safe<T>(BTreeMap<String, Vec<Version<T>>>);

impl<T> Default for Safe<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Clone> Safe<T> {
    pub(super) fn put(&mut self, name: &str, value: T) -> Version<T> {
        let version = Version {
            id: Uuid::new_v4().simple().to_string(),
            value,
            created: OffsetDateTime::now_utc().unix_timestamp(),
        };
        self.0.entry(name.to_ascii_lowercase()).or_default().push(version.clone());
        version
    }

    /// All versions, the oldest first.
    pub(super) fn versions(&self, name: &str) -> Option<&[Version<T>]> {
        self.0.get(&name.to_ascii_lowercase()).map(Vec::as_slice)
    }

    /// This version, or the newest.
    pub(super) fn find(&self, name: &str, id: Option<&str>) -> Option<&Version<T>> {
        let versions = self.versions(name)?;
        match id {
            Some(id) => versions.iter().find(|version| version.id == id),
            None => versions.last(),
        }
    }
}

/// What Key Vault takes for a name: 1 to 127 letters, digits and hyphens.
pub(super) fn is_name(name: &str) -> bool {
    (1..=127).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
