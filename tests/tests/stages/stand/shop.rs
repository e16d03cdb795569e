//! What the databases of these tests consist of.

use std::sync::Arc;

use catalogue::{Catalogue, Draft, Relation};

/// The same tables in every schema that a test may name, and one elsewhere.
pub(crate) fn draft(schema: &str) -> Draft {
    let mut draft = vetting::draft(schema);
    for (at, schema) in ["public", "sales"].into_iter().enumerate() {
        let first = 20_000 + 100 * u32::try_from(at).unwrap();
        draft.relations.extend(shop(first, schema));
    }
    draft.relations.push(Relation::table(21_000, "other", "orders", ORDERS));
    draft
}

pub(crate) fn catalogue(schema: &str) -> Arc<Catalogue> {
    Arc::new(Catalogue::of(draft(schema)).unwrap())
}

fn shop(first: u32, schema: &str) -> Vec<Relation> {
    let customers = &[("id", "integer"), ("name", "text"), ("email", "text"), ("ssn", "text")];
    let customers = [customers.as_slice(), &[("card", "text")]].concat();
    vec![
        Relation::table(first, schema, "orders", ORDERS),
        Relation::table(first + 1, schema, "customers", &customers),
        Relation::table(first + 2, schema, "notes", &[("id", "integer")]),
        Relation::table(first + 3, schema, "drafts", &[("id", "integer")]),
    ]
}

const ORDERS: &[(&str, &str)] = &[
    ("id", "integer"),
    ("customer", "integer"),
    ("name", "text"),
    ("note", "text"),
    ("total", "numeric(12,2)"),
];
