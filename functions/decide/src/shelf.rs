//! What the page keeps between two requests of a browser: who is signed in, who is about to be, what
//! was read whole, and which proofs were used. It lies in one partition, by digests.

use std::sync::Arc;

use request::{Digest, json};
use serde_json::Value;
use state::{Item, Key, Partition, Store, Version, Write};

/// The store, as the page uses it.
#[derive(Clone)]
pub(crate) struct Shelf(Arc<dyn Store>);

/// What a shelf holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Who is signed in, by the digest of their cookie.
    Session,
    /// A sign-in that was begun, by the digest of its cookie.
    SignIn,
    /// That a session was shown a request to its last byte.
    Read,
    /// A proof of a key that was used.
    Proof,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::SignIn => "sign-in",
            Self::Read => "read",
            Self::Proof => "proof",
        }
    }
}

/// Why nothing was put or taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// It was there already, or is not there any more.
    #[error("it was used before")]
    Used,
    /// The store cannot be used.
    #[error("the store cannot be used")]
    Unavailable(#[source] state::Error),
}

impl From<state::Error> for Error {
    fn from(error: state::Error) -> Self {
        match error {
            state::Error::Conflict => Self::Used,
            other => Self::Unavailable(other),
        }
    }
}

impl Shelf {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }

    /// Puts it there, once, until then (in Unix seconds).
    pub(crate) async fn put(
        &self,
        kind: Kind,
        id: &Digest,
        value: Vec<u8>,
        until_s: u64,
    ) -> Result<(), Error> {
        let write = Write::Create { key: key(kind, id)?, value, expires_at: Some(until_s) };
        Ok(self.0.commit(&partition()?, &[write]).await?)
    }

    /// What is there; nothing where it was taken.
    pub(crate) async fn look(&self, kind: Kind, id: &Digest) -> Result<Option<Vec<u8>>, Error> {
        let item = self.item(kind, id).await?;
        Ok(item.map(|item| item.value).filter(|value| value != TAKEN))
    }

    /// Takes what is there: one of all who try gets it.
    pub(crate) async fn take(
        &self,
        kind: Kind,
        id: &Digest,
        until_s: u64,
    ) -> Result<Vec<u8>, Error> {
        let item = self.item(kind, id).await?.filter(|item| item.value != TAKEN);
        let Item { value, version } = item.ok_or(Error::Used)?;
        self.empty(kind, id, version, until_s).await?;
        Ok(value)
    }

    async fn empty(
        &self,
        kind: Kind,
        id: &Digest,
        version: Version,
        until_s: u64,
    ) -> Result<(), Error> {
        let (value, expires_at) = (TAKEN.to_vec(), Some(until_s));
        let write = Write::Replace { key: key(kind, id)?, value, version, expires_at };
        Ok(self.0.commit(&partition()?, &[write]).await?)
    }

    async fn item(&self, kind: Kind, id: &Digest) -> Result<Option<Item>, Error> {
        let found = self.0.read(&partition()?, &[key(kind, id)?]).await?;
        Ok(found.into_iter().flatten().next())
    }
}

/// Reads what we wrote as an object.
pub(crate) fn members(bytes: &[u8]) -> Option<serde_json::Map<String, Value>> {
    match json::strict(bytes, 4).ok()? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

fn partition() -> Result<Partition, Error> {
    Partition::new("people").ok_or(Error::Used)
}

fn key(kind: Kind, id: &Digest) -> Result<Key, Error> {
    Key::new(format!("{}:{id}", kind.name())).ok_or(Error::Used)
}

/// What is left of an item that was taken.
const TAKEN: &[u8] = b"-";

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf() -> (Shelf, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = on_disk::Sqlite::open(folder.path().join("state.db")).unwrap();
        (Shelf::new(Arc::new(store)), folder)
    }

    #[tokio::test]
    async fn what_is_taken_is_taken_once() {
        let (shelf, _folder) = shelf();
        let id = Digest::of(b"a");
        shelf.put(Kind::SignIn, &id, b"here".to_vec(), 9).await.unwrap();
        assert_eq!(shelf.look(Kind::SignIn, &id).await.unwrap().unwrap(), b"here");
        assert!(shelf.look(Kind::Session, &id).await.unwrap().is_none());
        assert_eq!(shelf.take(Kind::SignIn, &id, 9).await.unwrap(), b"here");
        assert!(matches!(shelf.take(Kind::SignIn, &id, 9).await, Err(Error::Used)));
        assert!(shelf.look(Kind::SignIn, &id).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_is_there_is_not_put_again() {
        let (shelf, _folder) = shelf();
        let id = Digest::of(b"a");
        shelf.put(Kind::Proof, &id, b"1".to_vec(), 9).await.unwrap();
        assert!(matches!(shelf.put(Kind::Proof, &id, b"1".to_vec(), 9).await, Err(Error::Used)));
    }
}
