//! A statement that was read, found to keep to the rules, and permitted as what it turned out to be.

use std::collections::{BTreeMap, BTreeSet};

use policy::{Facts, Permit};
use request::{Digest, Params, Statement};

use crate::{Error, Reading, Relation, Scope, read};

/// A statement that keeps to its permit. It swallows the permit, so that a statement vetted for one
/// caller cannot run for another.
///
/// ```compile_fail
/// fn forge(permit: policy::Permit) -> vetting::Vetted<request::Statement> {
///     vetting::Vetted { body: request::Statement::new("drop table t").unwrap(), permit }
/// }
/// ```
pub struct Vetted<S> {
    body: S,
    params: Params,
    reading: Reading,
    permit: Permit,
}

impl<S> Vetted<S> {
    /// The statement, read only.
    #[must_use]
    pub fn body(&self) -> &S {
        &self.body
    }

    /// The values for its parameters.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// What it was found to be.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The permit it was vetted against.
    #[must_use]
    pub fn permit(&self) -> &Permit {
        &self.permit
    }
}

impl Vetted<Statement> {
    /// The digest of what was asked: of these very bytes, for whoever records or approves them.
    #[must_use]
    pub fn asked(&self) -> Digest {
        request::asked(&self.permit.target().name, &self.body, &self.params)
    }
}

/// Reads the statement and holds it against the permit: first the rules that hold for everybody,
/// then policy, asked a second time with the facts.
///
/// # Errors
/// [`Error`]: the statement cannot be read or breaks a rule, its parameters do not match, or policy
/// does not permit what it turned out to be.
pub fn vet(
    statement: Statement,
    params: Params,
    reason_given: bool,
    permit: Permit,
) -> Result<Vetted<Statement>, Error> {
    let reading = read(&statement, &scope(&permit)?)?;
    let wanted = usize::from(reading.parameters);
    if wanted != params.values().len() {
        return Err(Error::Parameters { wanted, given: params.values().len() });
    }
    let permit = permit.judge(&facts(&reading), reason_given)?;
    Ok(Vetted { body: statement, params, reading, permit })
}

/// A key of the tags that is no relation's name would leave its columns bare, so that it refuses.
fn scope(permit: &Permit) -> Result<Scope, Error> {
    let target = permit.target();
    let mut tagged: BTreeMap<Relation, BTreeMap<String, String>> = BTreeMap::new();
    for (name, columns) in &target.tags {
        let relation = Relation::parse(name, &target.schema)?;
        tagged.entry(relation).or_default().extend(columns.clone());
    }
    Ok(Scope { schema: target.schema.clone(), tagged })
}

fn facts(reading: &Reading) -> Facts {
    let names =
        |relations: &BTreeSet<Relation>| relations.iter().map(ToString::to_string).collect();
    Facts {
        verbs: reading.verbs.clone(),
        reads: names(&reading.reads),
        writes: names(&reading.writes),
        relations: reading.reads.union(&reading.writes).map(pair).collect(),
        columns: reading.columns.clone(),
        functions: reading.functions.clone(),
        tags: reading.tags.clone(),
        tagged: reading.tagged_in_scope,
        has_where: reading.has_where,
        has_set_operation: reading.has_set_operation,
        has_aggregate: reading.has_aggregate,
        parameters: reading.parameters,
    }
}

fn pair(relation: &Relation) -> (String, String) {
    (relation.schema.clone(), relation.name.clone())
}
