//! What each relation of the base schema comes to: a view of these columns, or none and why.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest;
use catalogue::{Attribute, Catalogue, FIRST_NORMAL, Kind, Oid, Relation};
use policy::Mask;
use vetting::masks::{Key, Replacement};

use super::{Error, Order, names::full, survey::Survey};

/// What is to be made.
pub(super) struct Plan {
    /// The views, by name.
    pub(super) views: Vec<View>,
    /// What gets none, with the reason.
    pub(super) passed_over: Vec<(String, String)>,
    /// Whether a token is made anywhere.
    pub(super) keyed: bool,
}

/// One view.
pub(super) struct View {
    pub(super) name: String,
    /// Its tagged columns and their masks, in words.
    pub(super) masked: Vec<String>,
    pub(super) row_security: bool,
    /// Its query.
    pub(super) query: String,
    /// A digest of the query and its columns' types: another one, another view.
    pub(super) digest: String,
}

/// Tags in force, by relation and column.
type Tags<'t> = BTreeMap<Oid, BTreeMap<i16, &'t str>>;

/// Plans a view for every relation that can have one.
pub(super) fn of(order: &Order<'_>, survey: &Survey) -> Result<Plan, Error> {
    let tags = tags(order, survey)?;
    let mut plan = Plan { views: Vec::new(), passed_over: Vec::new(), keyed: false };
    let mut relations: Vec<&Relation> =
        survey.catalogue.relations().filter(|r| r.schema == survey.base).collect();
    relations.sort_by(|a, b| a.name.cmp(&b.name));
    for relation in relations {
        match obstacle(relation, &tags, &survey.catalogue) {
            Some(why) => plan.passed_over.push((relation.name.clone(), why)),
            None => plan.add(order, survey, relation, &tags),
        }
    }
    Ok(plan)
}

impl Plan {
    fn add(&mut self, order: &Order<'_>, survey: &Survey, relation: &Relation, tags: &Tags<'_>) {
        let tagged = tags.get(&relation.oid);
        let mask = |column: &Attribute| {
            let tag = *tagged?.get(&column.number)?;
            // A value that is computed from a tagged one is not of its form.
            let derived = survey.computed.contains_key(&(relation.oid, column.number));
            Some((if derived { Mask::Redact } else { order.masks.mask(tag) }, tag))
        };
        let table = full(&order.names.keys, "token");
        let (inner, outer) =
            (format!("SELECT inner_pad FROM {table}"), format!("SELECT outer_pad FROM {table}"));
        let key = Key::Texts { inner: &inner, outer: &outer };
        let replacement = Replacement::of(relation, &mask, &key);
        self.keyed |= replacement.keyed();
        let query = replacement.select(false);
        let masked = relation.columns.iter().filter_map(|column| {
            let (mask, tag) = mask(column)?;
            Some(format!("{} ({tag}) as {mask}", column.name))
        });
        self.views.push(View {
            name: relation.name.clone(),
            masked: masked.collect(),
            row_security: survey.row_security.contains(&relation.oid),
            digest: fingerprint(&query, relation),
            query,
        });
    }
}

/// Why a relation gets no view: its values would not be those of columns whose tags are known.
fn obstacle(relation: &Relation, tags: &Tags<'_>, on: &Catalogue) -> Option<String> {
    match relation.kind {
        Kind::Table | Kind::Partitioned => return None,
        Kind::Foreign => return Some("its rows are somewhere else".into()),
        Kind::Other => return Some("it is neither a table nor a view".into()),
        Kind::View | Kind::Materialized => {}
    }
    if tags.contains_key(&relation.oid) {
        return None;
    }
    if on.numbered(relation.oid).is_some_and(calls) {
        return Some("its query calls a function that somebody made".into());
    }
    for (oid, columns) in on.behind(relation.oid) {
        let Some(behind) = on.numbered(oid) else {
            return Some("its query reads what cannot be followed".into());
        };
        if calls(behind) {
            return Some(format!(
                "the query of `{}` calls a function that somebody made",
                behind.name
            ));
        }
        if let Some(column) = shown(behind, &columns, tags) {
            return Some(format!(
                "it shows `{}.{column}` under names that have no tags",
                behind.name
            ));
        }
    }
    None
}

fn calls(relation: &Relation) -> bool {
    relation.calls.iter().any(|function| *function >= FIRST_NORMAL)
}

/// A tagged column of a relation behind a view; a whole row has all of them.
fn shown<'r>(behind: &'r Relation, columns: &BTreeSet<i16>, tags: &Tags<'_>) -> Option<&'r str> {
    let tagged = tags.get(&behind.oid)?;
    let found = tagged.keys().find(|number| columns.contains(&0) || columns.contains(number))?;
    behind.numbered(*found).map(|column| column.name.as_str())
}

/// Tags hold for a relation and all that shares rows with it, by the columns' names, and for columns
/// that are computed from a tagged one.
fn tags<'t>(order: &Order<'t>, survey: &Survey) -> Result<Tags<'t>, Error> {
    let mut tags = Tags::new();
    for (name, columns) in &order.target.tags {
        let on = &survey.catalogue;
        let found = on.relations().find(|relation| alike(&relation.full_name(), name));
        let found = found.ok_or_else(|| Error::Missing(format!("relation `{name}`")))?;
        for (column, tag) in columns {
            let mut known = false;
            for kin in on.family(found.oid).into_iter().filter_map(|oid| on.numbered(oid)) {
                for attribute in kin.columns.iter().filter(|a| alike(&a.name, column)) {
                    known = true;
                    let tags = tags.entry(kin.oid).or_default();
                    let other = tags.insert(attribute.number, tag);
                    // INVARIANT: no mask is chosen between two by the order of a file.
                    if other.is_some_and(|other| other != tag) {
                        return Err(Error::Tags(format!("{}.{}", kin.full_name(), attribute.name)));
                    }
                }
            }
            if !known {
                return Err(Error::Column(format!("{name}.{column}")));
            }
        }
    }
    for ((relation, column), from) in &survey.computed {
        let Some(tagged) = tags.get_mut(relation) else { continue };
        let tag = from.iter().find_map(|number| tagged.get(number).copied());
        if let Some(tag) = tag {
            tagged.entry(*column).or_insert(tag);
        }
    }
    Ok(tags)
}

/// Names in the configuration are found in whatever case: a misspelt one would leave a column bare.
fn alike(name: &str, other: &str) -> bool {
    name == other || name.to_lowercase() == other.to_lowercase()
}

fn fingerprint(query: &str, relation: &Relation) -> String {
    let columns = relation.columns.iter();
    let columns: Vec<String> =
        columns.map(|column| format!("{} {}", column.name, column.type_name)).collect();
    let text = format!("{query}\n{}", columns.join("\n"));
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
