//! What the rights of a chain leave of what policy permits.

use std::collections::BTreeSet;

use identity::Chain;
use rights::{Action, Asked, Bounds, Use};

use crate::{Error, Facts, Target, Verb};

/// The bounds of the rights under which the chain may do this; `None` for a caller whom policy alone
/// bounds.
///
/// # Errors
/// [`Error::Rights`]: it may not.
pub(crate) fn of(who: &Chain, target: &Target, facts: &Facts) -> Result<Option<Bounds>, Error> {
    let Some(rights) = who.rights() else { return Ok(None) };
    let uses = facts.relations.iter().map(|(schema, relation)| Use {
        schema,
        relation,
        // Which columns of which relation are meant is not resolved, so any may be.
        columns: None,
    });
    let asked = Asked {
        target: target.name.as_str(),
        actions: facts.verbs.iter().map(|verb| action(*verb)).collect::<BTreeSet<_>>(),
        uses: uses.collect(),
        at: who.believed().seconds(),
    };
    rights.allows(&asked).map(Some).ok_or(Error::Rights)
}

fn action(verb: Verb) -> Action {
    match verb {
        Verb::Delete => Action::Delete,
        Verb::Insert => Action::Insert,
        Verb::Select => Action::Select,
        Verb::Update => Action::Update,
    }
}
