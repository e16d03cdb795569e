//! What is known of a statement once its names are resolved: the facts of its reading.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{How, Oid, Resolved, Rests, Source};
use policy::Mode;

use crate::{
    Error, Reading, Relation, Scope, Verb, classes::Class, judge, normal, notes::Notes,
    read::refused, tags::Tags,
};

/// The reading of a statement, which is masked by nothing yet.
///
/// # Errors
/// [`Error::Gap`] for a parameter left out; a text that does not fall into tokens.
pub(crate) fn of(
    text: &str,
    class: Class,
    main: Verb,
    notes: &Notes,
    resolved: &Resolved,
    tags: &Tags,
    scope: &Scope,
) -> Result<Reading, Error> {
    let parameters = parameters(notes)?;
    let by_relation = by_relation(resolved, scope);
    let returns = main.writes() && !resolved.outputs.is_empty();
    Ok(Reading {
        class,
        words: None,
        main,
        verbs: notes.verbs.clone(),
        reads: named(resolved, scope, |source| !source.written || returns),
        writes: named(resolved, scope, |source| source.written),
        columns: by_relation.values().flatten().cloned().collect(),
        functions: notes.functions.clone(),
        tags: shown(resolved, tags),
        uses: uses(resolved, tags),
        resolved: by_relation,
        unfiltered: resolved.unfiltered.iter().filter_map(|oid| relation(*oid, scope)).collect(),
        tagged: in_force(resolved, tags, scope),
        tagged_in_scope: resolved.sources.iter().any(|s| tags.columns(s.relation).is_some()),
        mode: Mode::Result,
        outputs: resolved.outputs.clone(),
        masked_outputs: Vec::new(),
        key_parameters: false,
        columns_by_number: numbered(resolved, scope),
        rests: rests(resolved, notes, scope),
        has_where: notes.has_where,
        has_set_operation: notes.has_set_operation,
        has_aggregate: notes.has_aggregate,
        parameters,
        normalized: normal::normalized(text, parameters)?,
        fingerprint: pg_query::fingerprint(text, 0, 0).map_err(refused)?.hex,
    })
}

fn relation(oid: Oid, scope: &Scope) -> Option<Relation> {
    scope.catalogue.numbered(oid).map(named_as)
}

fn named_as(found: &catalogue::Relation) -> Relation {
    Relation { schema: found.schema.clone(), name: found.name.clone() }
}

/// The relations that are named, and those that share rows with them.
fn kin<'s>(resolved: &Resolved, scope: &'s Scope) -> impl Iterator<Item = &'s catalogue::Relation> {
    let on = &scope.catalogue;
    let all: BTreeSet<Oid> = resolved.sources.iter().flat_map(|s| on.family(s.relation)).collect();
    all.into_iter().filter_map(|oid| on.numbered(oid))
}

fn named(
    resolved: &Resolved,
    scope: &Scope,
    which: impl Fn(&Source) -> bool,
) -> BTreeSet<Relation> {
    let sources = resolved.sources.iter().filter(|source| which(source));
    sources.filter_map(|source| relation(source.relation, scope)).collect()
}

fn by_relation(resolved: &Resolved, scope: &Scope) -> BTreeMap<Relation, BTreeSet<String>> {
    let mut by: BTreeMap<Relation, BTreeSet<String>> = BTreeMap::new();
    for used in &resolved.uses {
        let Some(found) = scope.catalogue.numbered(used.relation) else { continue };
        let Some(column) = found.numbered(used.column) else { continue };
        by.entry(named_as(found)).or_default().insert(column.name.clone());
    }
    by
}

/// The tags of what ends up in the result.
fn shown(resolved: &Resolved, tags: &Tags) -> BTreeSet<String> {
    let columns = resolved.outputs.iter().flat_map(|output| &output.lineage.columns);
    columns.filter_map(|(relation, column)| tags.tag(*relation, *column)).map(Into::into).collect()
}

fn uses(resolved: &Resolved, tags: &Tags) -> BTreeSet<(String, &'static str)> {
    // What nobody mentions any more is no use.
    let ends = resolved.uses.iter().filter(|used| used.how != How::Passed);
    let tagged = ends.filter_map(|used| {
        let tag = tags.tag(used.relation, used.column)?;
        Some((tag.to_owned(), judge::word(&used.how)))
    });
    tagged.collect()
}

fn in_force(resolved: &Resolved, tags: &Tags, scope: &Scope) -> policy::Tags {
    let mut named = policy::Tags::new();
    for found in kin(resolved, scope) {
        let columns = tags.columns(found.oid).into_iter().flatten();
        let columns = columns.filter_map(|(number, tag)| Some((found.numbered(*number)?, tag)));
        let columns = columns.map(|(column, tag)| (column.name.clone(), tag.clone()));
        named.entry(found.full_name()).or_default().extend(columns);
    }
    named
}

fn numbered(resolved: &Resolved, scope: &Scope) -> BTreeMap<(Oid, i16), (String, String)> {
    let mut names = BTreeMap::new();
    for found in kin(resolved, scope) {
        let name = found.full_name();
        let columns = found.columns.iter();
        names.extend(columns.map(|c| ((found.oid, c.number), (name.clone(), c.name.clone()))));
    }
    names
}

fn rests(resolved: &Resolved, notes: &Notes, scope: &Scope) -> Rests {
    let on = &scope.catalogue;
    let mut relations = BTreeSet::new();
    for source in &resolved.sources {
        relations.extend(on.family(source.relation));
        relations.extend(on.behind(source.relation).into_keys().flat_map(|oid| on.family(oid)));
    }
    on.rests(
        relations,
        notes.functions.clone(),
        notes.operators.clone(),
        notes.types.clone(),
        notes.collations.clone(),
    )
}

/// How many parameters there are, none of them left out.
fn parameters(notes: &Notes) -> Result<u16, Error> {
    let mut wanted = 0;
    for &number in &notes.parameters {
        wanted += 1;
        if number != wanted {
            return Err(Error::Gap(wanted.into()));
        }
    }
    Ok(wanted)
}
