//! A statement that was read, found to keep to the rules, and permitted as what it turned out to be.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use catalogue::Catalogue;
use pg_query::protobuf::ParseResult;
use policy::{Facts, Permit};
use request::{Digest, Params, Statement};

use crate::{
    Error, Reading, Relation, Scope, Verb,
    masks::holds_mark,
    plan::{self, Body},
    read::Found,
    room::with_room,
};

/// A statement that was read and breaks none of the rules for everybody; policy has not been asked
/// about it yet. It swallows the permit.
pub struct Looked {
    body: Statement,
    params: Params,
    found: Arc<Found>,
    tree: Option<ParseResult>,
    scope: Scope,
    permit: Permit,
}

impl Looked {
    /// The statement as the planner may be asked about it, where a policy wants to know how many rows
    /// to expect. What policy has not opened yet is masked in it, so that the answer tells nothing of
    /// tagged values.
    ///
    /// # Errors
    /// [`Error::Rewritten`].
    pub fn estimable(&self) -> Result<Option<plan::Estimable<'_>>, Error> {
        match self.permit.wants_estimate() {
            true => {
                let Self { params, found, scope, .. } = self;
                with_room(|| plan::estimable(found, self.body(), params, scope)).map(Some)
            }
            false => Ok(None),
        }
    }

    /// What was read, held with its parameters against the rules for everybody.
    ///
    /// # Errors
    /// [`Error`]: it breaks one, or the parameters are not as many.
    pub(crate) fn held(
        body: Statement,
        params: Params,
        (found, tree): (Arc<Found>, Option<ParseResult>),
        scope: Scope,
        permit: Permit,
    ) -> Result<Self, Error> {
        let wanted = usize::from(found.reading.parameters);
        if wanted != params.values().len() {
            return Err(Error::Parameters { wanted, given: params.values().len() });
        }
        if found.reading.main.writes() && writes_mark(&found, &params) {
            return Err(Error::Mark);
        }
        Ok(Self { body, params, found, tree, scope, permit })
    }

    fn body(&self) -> Body<'_> {
        Body { text: self.body.text(), tree: self.tree.as_ref() }
    }

    /// The permit it was read under.
    #[must_use]
    pub fn permit(&self) -> &Permit {
        &self.permit
    }
}

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
    sent: String,
    params: Params,
    reading: Reading,
    estimated_rows: Option<u64>,
    permit: Permit,
}

impl<S> Vetted<S> {
    /// The statement as it was asked, read only.
    #[must_use]
    pub fn body(&self) -> &S {
        &self.body
    }

    /// The text that the target is sent: the statement with its masks put in.
    #[must_use]
    pub fn sent(&self) -> &str {
        &self.sent
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

    /// Rows to expect, where a policy wanted to know.
    #[must_use]
    pub fn estimated_rows(&self) -> Option<u64> {
        self.estimated_rows
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

/// Asks policy a second time, with the facts, and puts in the masks that it demands.
///
/// # Errors
/// [`Error`]: policy does not permit what the statement turned out to be, or it cannot be masked.
pub fn vet(
    looked: Looked,
    estimated_rows: Option<u64>,
    reason_given: bool,
) -> Result<Vetted<Statement>, Error> {
    let Looked { body, params, found, tree, scope, permit } = looked;
    let permit = permit.judge(&facts(&found.reading, estimated_rows), reason_given)?;
    if let (Some(words), true) = (found.reading.words, permit.duties().approvers().is_empty()) {
        return Err(Error::Unapproved(words.into()));
    }
    let asked = Body { text: body.text(), tree: tree.as_ref() };
    let plan = with_room(|| plan::of(&found, asked, &permit, &scope))?;
    let mut reading = found.reading.clone();
    reading.masked_outputs = plan.masked_outputs;
    reading.key_parameters = plan.key_parameters;
    Ok(Vetted { body, sent: plan.sent, params, reading, estimated_rows, permit })
}

/// Whether a mask stands in what is written: taken for a value, it would replace the one it hides.
fn writes_mark(found: &Found, params: &Params) -> bool {
    let texts = found.texts.iter().any(|text| holds_mark(text));
    // As JSON, so that what is inside of arrays and documents is seen as well.
    texts || params.values().iter().any(|value| holds_mark(&value.to_string()))
}

/// A key of the tags that is no relation's name would leave its columns bare, so that it refuses.
pub(crate) fn scope(permit: &Permit, catalogue: &Arc<Catalogue>) -> Result<Scope, Error> {
    let target = permit.target();
    let mut tagged: BTreeMap<Relation, BTreeMap<String, String>> = BTreeMap::new();
    for (name, columns) in &target.tags {
        let relation = Relation::parse(name, &target.schema)?;
        tagged.entry(relation).or_default().extend(columns.clone());
    }
    Ok(Scope { catalogue: Arc::clone(catalogue), tagged, mode: target.mode })
}

fn facts(reading: &Reading, estimated_rows: Option<u64>) -> Facts {
    let names =
        |relations: &BTreeSet<Relation>| relations.iter().map(ToString::to_string).collect();
    let resolved = reading.resolved.iter();
    Facts {
        verbs: reading.verbs.clone(),
        reads: names(&reading.reads),
        writes: names(&reading.writes),
        relations: reading.reads.union(&reading.writes).map(pair).collect(),
        columns_of: columns_of(reading),
        columns: reading.columns.clone(),
        resolved: resolved
            .flat_map(|(relation, all)| {
                all.iter().map(move |column| format!("{relation}.{column}"))
            })
            .collect(),
        functions: reading.functions.clone(),
        tags: reading.tags.clone(),
        uses: reading.uses.iter().map(|(tag, how)| format!("{tag}:{how}")).collect(),
        unfiltered: names(&reading.unfiltered),
        class: reading.class.name().into(),
        estimated_rows,
        tagged: reading.tagged_in_scope,
        has_where: reading.has_where,
        has_set_operation: reading.has_set_operation,
        has_aggregate: reading.has_aggregate,
        parameters: reading.parameters,
    }
}

/// The columns of each relation that is used column by column. Rows are deleted whole.
fn columns_of(reading: &Reading) -> BTreeMap<(String, String), BTreeSet<String>> {
    let whole =
        |relation: &&Relation| reading.main == Verb::Delete && reading.writes.contains(*relation);
    let relations = reading.reads.union(&reading.writes).filter(|relation| !whole(relation));
    let columns = |relation| reading.resolved.get(relation).cloned().unwrap_or_default();
    relations.map(|relation| (pair(relation), columns(relation))).collect()
}

fn pair(relation: &Relation) -> (String, String) {
    (relation.schema.clone(), relation.name.clone())
}
