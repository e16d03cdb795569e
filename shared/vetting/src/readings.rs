//! Statements that were read a moment ago, so that whoever sends the same again has it judged at once.
//!
//! What a statement is follows from its text, the catalogue, and what is tagged where; reading it takes
//! most of the time of vetting. Policy is asked each time.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use catalogue::Catalogue;
use pg_query::protobuf::ParseResult;
use policy::{Mode, Permit};
use request::{Digest, Params, Statement};

use crate::{
    Error, Looked, Relation, Scope,
    read::{self, Found},
    vetted,
};

/// Reads the statement by the target's catalogue and holds it against the rules for everybody.
///
/// # Errors
/// [`Error`]: the statement cannot be read or breaks a rule, or its parameters do not match.
pub fn look(
    statement: Statement,
    params: Params,
    permit: Permit,
    catalogue: &Arc<Catalogue>,
) -> Result<Looked, Error> {
    Readings::new().look(statement, params, permit, catalogue)
}

/// What was read of statements, as long as it is of use. It holds up to 64 statements of up to 4 KiB.
///
/// INVARIANT: a reading is used under the very catalogue and the tags that it was made with. And each
/// session has its own: how long an answer takes must tell nobody what others have asked.
#[derive(Default)]
pub struct Readings(Mutex<HashMap<Asked, Kept>>);

/// A session of an agent, and what it asked.
#[derive(PartialEq, Eq, Hash)]
struct Asked {
    session: Digest,
    text: String,
}

struct Kept {
    /// Weak, so that no database is remembered longer than it is known; nothing else can come to lie
    /// where it lay.
    catalogue: Weak<Catalogue>,
    tagged: BTreeMap<Relation, BTreeMap<String, String>>,
    mode: Mode,
    found: Arc<Found>,
}

impl Readings {
    /// Nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What [`look`] does, with what is known of the statement.
    ///
    /// # Errors
    /// The same.
    pub fn look(
        &self,
        statement: Statement,
        params: Params,
        permit: Permit,
        catalogue: &Arc<Catalogue>,
    ) -> Result<Looked, Error> {
        let scope = vetted::scope(&permit, catalogue)?;
        let found = self.find(&statement, &permit, &scope)?;
        Looked::held(statement, params, found, scope, permit)
    }

    fn find(
        &self,
        statement: &Statement,
        permit: &Permit,
        scope: &Scope,
    ) -> Result<(Arc<Found>, Option<ParseResult>), Error> {
        let text = statement.text().to_owned();
        let asked = Asked { session: permit.who().get().session(), text };
        let known = self.all().get(&asked).and_then(|kept| kept.under(scope));
        if let Some(known) = known {
            return Ok((known, None));
        }
        let (found, tree) = read::find(statement, scope)?;
        let found = Arc::new(found);
        if asked.text.len() <= LONGEST {
            let mut all = self.all();
            if all.len() >= MOST {
                all.clear();
            }
            all.insert(asked, Kept::of(&found, scope));
        }
        Ok((found, tree))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Asked, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many there are; never which.
impl fmt::Debug for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readings").field("statements", &self.all().len()).finish()
    }
}

impl Kept {
    fn of(found: &Arc<Found>, scope: &Scope) -> Self {
        let Scope { catalogue, tagged, mode } = scope;
        let (catalogue, tagged) = (Arc::downgrade(catalogue), tagged.clone());
        Self { catalogue, tagged, mode: *mode, found: Arc::clone(found) }
    }

    /// What was found, if it would be found again.
    fn under(&self, scope: &Scope) -> Option<Arc<Found>> {
        let Scope { catalogue, tagged, mode } = scope;
        let same = self.catalogue.as_ptr() == Arc::as_ptr(catalogue)
            && self.tagged == *tagged
            && self.mode == *mode;
        same.then(|| Arc::clone(&self.found))
    }
}

/// Statements; with what is found of each, a few MiB at most.
const MOST: usize = 64;
/// Bytes of a statement.
const LONGEST: usize = 4 << 10;
