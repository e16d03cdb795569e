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
    let asked = asked(target.name.as_str(), facts, who.believed().seconds())?;
    rights.allows(&asked).map(Some).ok_or(Error::Rights)
}

fn asked<'a>(target: &'a str, facts: &'a Facts, at: u64) -> Result<Asked<'a>, Error> {
    let actions: Option<BTreeSet<Action>> = facts.verbs.iter().map(|verb| action(*verb)).collect();
    let uses = facts.relations.iter().map(|of| Use {
        schema: &of.0,
        relation: &of.1,
        // INVARIANT: of a relation that was not resolved, any column may be meant.
        columns: facts.columns_of.get(of).map(|all| all.iter().map(String::as_str).collect()),
    });
    Ok(Asked { target, actions: actions.ok_or(Error::Rights)?, uses: uses.collect(), at })
}

/// The action that rights have for it. To ask what may be read is part of reading it; to change what a
/// database is made of is in nobody's rights.
fn action(verb: Verb) -> Option<Action> {
    match verb {
        Verb::Define => None,
        Verb::Delete => Some(Action::Delete),
        Verb::Describe | Verb::Select => Some(Action::Select),
        Verb::Insert => Some(Action::Insert),
        Verb::Update => Some(Action::Update),
    }
}

#[cfg(test)]
mod tests {
    use rights::Rights;
    use serde_json::json;

    use super::*;

    /// Whether a right to read two columns of `public.customers` reaches as far as this.
    fn within(facts: &Facts) -> bool {
        let rights = Rights::parse(&json!([{
            "type": "postgres",
            "locations": ["shop"],
            "actions": ["select"],
            "objects": ["public.customers.id", "public.customers.name"],
        }]));
        asked("shop", facts, 0).is_ok_and(|asked| rights.unwrap().allows(&asked).is_some())
    }

    fn reading(columns: Option<&[&str]>) -> Facts {
        let customers = ("public".to_owned(), "customers".to_owned());
        let all = |columns: &[&str]| columns.iter().map(|name| (*name).to_owned()).collect();
        Facts {
            verbs: [Verb::Select].into(),
            relations: [customers.clone()].into(),
            columns_of: columns.map(|columns| (customers, all(columns))).into_iter().collect(),
            ..Facts::default()
        }
    }

    #[test]
    fn a_right_to_columns_reaches_these_columns_and_no_others() {
        assert!(within(&reading(Some(&["id"]))));
        assert!(within(&reading(Some(&["id", "name"]))));
        assert!(within(&reading(Some(&[]))), "as in `count(*)`");
        assert!(!within(&reading(Some(&["id", "ssn"]))));
    }

    #[test]
    fn columns_that_were_not_resolved_may_be_any() {
        assert!(!within(&reading(None)));
    }

    #[test]
    fn whoever_may_read_something_may_ask_what_is_there() {
        let verbs = |verb| Facts { verbs: [verb].into(), ..Facts::default() };
        assert!(within(&verbs(Verb::Describe)));
        assert!(!within(&verbs(Verb::Define)), "another structure is in nobody's rights");
        let both = Facts { verbs: [Verb::Define].into(), ..reading(Some(&["id"])) };
        assert!(!within(&both));
    }
}
