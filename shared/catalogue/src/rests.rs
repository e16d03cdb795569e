//! What a verdict rests on: the part of a snapshot that must still be so where the statement runs.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Catalogue, FIRST_NORMAL, Oid};

/// What must not have changed since a statement's names were looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rests {
    /// The stamps of the relations, by number.
    pub relations: BTreeMap<Oid, String>,
    /// All objects within reach that were made by users and have a name that is used: `f` functions,
    /// `o` operators, `t` types, `c` collations; with their names and numbers. A new one could take
    /// the place of what was meant.
    pub objects: BTreeSet<(char, String, Oid)>,
    /// Names of functions that are used.
    pub functions: BTreeSet<String>,
    /// Names of operators that are used.
    pub operators: BTreeSet<String>,
    /// Names of types that are used.
    pub types: BTreeSet<String>,
    /// Names of collations that are used.
    pub collations: BTreeSet<String>,
    /// Casts made by users, sorted: they are applied without being written.
    pub casts: Vec<String>,
}

impl Catalogue {
    /// What a statement that uses these relations and names rests on. Added to the relations are all
    /// that share rows with them, those that views among them show, and so on.
    #[must_use]
    pub fn rests(
        &self,
        relations: impl IntoIterator<Item = Oid>,
        functions: BTreeSet<String>,
        operators: BTreeSet<String>,
        types: BTreeSet<String>,
        collations: BTreeSet<String>,
    ) -> Rests {
        let mut objects = BTreeSet::new();
        for name in &functions {
            objects.extend(made('f', name, self.functions(name).iter().map(|f| f.oid)));
        }
        for name in &operators {
            objects.extend(made('o', name, self.operators(name).iter().map(|o| o.oid)));
        }
        for name in &types {
            objects.extend(made('t', name, self.types(name).iter().map(|t| t.oid)));
        }
        for name in &collations {
            objects.extend(made('c', name, self.collations(name).iter().map(|c| c.oid)));
        }
        let mut casts = self.casts().to_vec();
        casts.sort_unstable();
        let relations = self.stamps(relations);
        Rests { relations, objects, functions, operators, types, collations, casts }
    }

    fn stamps(&self, relations: impl IntoIterator<Item = Oid>) -> BTreeMap<Oid, String> {
        let mut stamps = BTreeMap::new();
        let mut next: Vec<Oid> = relations.into_iter().collect();
        while let Some(oid) = next.pop() {
            if stamps.contains_key(&oid) {
                continue;
            }
            let found = self.numbered(oid);
            // The system's own do not change. One of a user's that is not in the snapshot has no
            // stamp, and so is never proven to be the same.
            if found.is_none() && oid < FIRST_NORMAL {
                continue;
            }
            stamps.insert(oid, found.map(|relation| relation.stamp.clone()).unwrap_or_default());
            next.extend(self.family(oid));
            next.extend(found.iter().flat_map(|r| &r.rests_on).map(|on| on.relation));
        }
        stamps
    }
}

/// Those of these numbers that users can have made.
fn made(
    kind: char,
    name: &str,
    numbers: impl Iterator<Item = Oid>,
) -> impl Iterator<Item = (char, String, Oid)> {
    let ours = numbers.filter(|oid| *oid >= FIRST_NORMAL);
    ours.map(move |oid| (kind, name.to_owned(), oid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draft, Kind, Relation, RestsOn};

    fn relation(oid: Oid, parents: &[Oid], rests_on: &[Oid]) -> Relation {
        Relation {
            oid,
            schema: "public".into(),
            name: format!("r{oid}"),
            kind: Kind::Table,
            columns: Vec::new(),
            parents: parents.to_vec(),
            rests_on: rests_on.iter().map(|&relation| RestsOn { relation, column: 1 }).collect(),
            calls: Vec::new(),
            has_rules: false,
            readable: true,
            rows: None,
            stamp: format!("s{oid}"),
        }
    }

    fn rests(relations: Vec<Relation>, on: Oid) -> Vec<(Oid, String)> {
        let catalogue = Catalogue::of(Draft { relations, ..Draft::default() }).unwrap();
        let none = BTreeSet::new;
        catalogue.rests([on], none(), none(), none(), none()).relations.into_iter().collect()
    }

    #[test]
    fn a_view_rests_on_the_whole_families_of_what_it_shows() {
        let (view, inner, child, parent, cousin) = (20_001, 20_002, 20_003, 20_004, 20_005);
        let all = vec![
            relation(view, &[], &[inner]),
            relation(inner, &[], &[child]),
            relation(child, &[parent], &[]),
            relation(parent, &[], &[]),
            relation(cousin, &[parent], &[]),
            relation(20_006, &[], &[]),
        ];
        let wanted = [view, inner, child, parent, cousin].map(|oid| (oid, format!("s{oid}")));
        assert_eq!(rests(all, view), wanted);
    }

    #[test]
    fn what_the_snapshot_does_not_know_is_never_proven() {
        let all = vec![relation(20_001, &[], &[20_002, 1259])];
        let wanted = [(20_001, "s20001".to_owned()), (20_002, String::new())];
        assert_eq!(rests(all, 20_001), wanted);
    }
}
