//! Which functions and operators a statement calls: what vetting notes, and what the server takes them
//! for.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use catalogue::{Catalogue, FIRST_NORMAL, Oid};
use policy::Mode;
use request::Statement;
use vetting::{Reading, Scope};

use crate::{server::Names, tree::Calls};

/// What is known of one server's functions and operators.
pub(crate) struct Known {
    scope: Scope,
    names: Names,
    /// Those on the reviewed lists.
    functions: BTreeSet<Oid>,
    operators: BTreeSet<Oid>,
}

/// What became of a statement's calls.
#[derive(Debug)]
pub(crate) enum Called {
    /// Both name the same functions, and all that the server takes are reviewed; there are any.
    Same,
    /// Nothing is called.
    None,
    /// Vetting permits no such statement, for a reason of this kind.
    Refused(&'static str),
    Differs(String),
}

impl Known {
    pub(crate) fn of(catalogue: Arc<Catalogue>, names: Names) -> Self {
        let reviewed = vetting::built_in(catalogue.schema(), catalogue.major());
        Self {
            functions: reviewed.functions.iter().map(|function| function.oid).collect(),
            operators: reviewed.operators.iter().map(|operator| operator.oid).collect(),
            scope: Scope { catalogue, tagged: BTreeMap::new(), mode: Mode::Result },
            names,
        }
    }

    /// The same, where names are looked up otherwise.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.scope.catalogue
    }

    /// Holds what vetting reads in a text against what the server made of it.
    pub(crate) fn compare(&self, text: &str, theirs: &Calls) -> Called {
        let read = Statement::new(text).map(|statement| vetting::read(&statement, &self.scope));
        let reading = match read {
            Ok(Ok(reading)) => reading,
            Ok(Err(error)) => return Called::Refused(error.kind()),
            Err(_) => return Called::Refused("statement"),
        };
        let mut differences = self.functions(&reading, theirs);
        differences.extend(self.operators(&reading, theirs));
        let made = |oid: &&Oid| **oid >= FIRST_NORMAL;
        differences.extend(theirs.casts.iter().find(made).map(|oid| format!("cast: {oid}")));
        match differences.is_empty() {
            true if theirs == &Calls::default() => Called::None,
            true => Called::Same,
            false => Called::Differs(differences.join(", ")),
        }
    }

    fn functions(&self, ours: &Reading, theirs: &Calls) -> Vec<String> {
        let name = |oid: &Oid| self.names.functions[oid].clone();
        let named: BTreeSet<String> = theirs.functions.iter().map(name).collect();
        let unreviewed = theirs.functions.difference(&self.functions);
        let mut differences: Vec<String> =
            unreviewed.map(|oid| format!("unreviewed: {}", name(oid))).collect();
        let sides = [(&ours.functions, &named, "ours"), (&named, &ours.functions, "theirs")];
        for (one, other, whose) in sides {
            differences.extend(one.difference(other).map(|name| format!("{whose}: {name}()")));
        }
        differences
    }

    /// Some keywords stand for several operators of which the server takes one, so that ours may be
    /// more.
    fn operators(&self, ours: &Reading, theirs: &Calls) -> Vec<String> {
        let name = |oid: &Oid| self.names.operators[oid].clone();
        let unreviewed = theirs.operators.difference(&self.operators);
        let unreviewed = unreviewed.map(|oid| format!("unreviewed: {}", name(oid)));
        let noted = &ours.rests.operators;
        let missed = theirs.operators.iter().map(name).filter(|name| !noted.contains(name));
        unreviewed.chain(missed.map(|name| format!("theirs: {name}"))).collect()
    }
}
