//! Statements before and after, and what no longer passes for one of them.

mod exact;
mod floors;
mod random;
mod resolved;
mod shapes;

use catalogue::{Attribute, Kind, Qualified, Relation, Source};
use policy::Mask;

use super::*;
use crate::masks::{Key, KeyParameters};

const CUSTOMERS: Oid = 20_001;
const DOCTORS: Oid = 20_002;
const ORDERS: Oid = 20_003;

fn relation(oid: Oid, name: &str) -> Relation {
    let column = |(number, name): (i16, &str)| Attribute {
        number,
        name: name.into(),
        type_oid: 25,
        type_name: "text".into(),
        generated: false,
    };
    Relation {
        oid,
        schema: "app".into(),
        name: name.into(),
        kind: Kind::Table,
        columns: (1..).zip(["id", "ssn", "name"]).map(column).collect(),
        parents: Vec::new(),
        rests_on: Vec::new(),
        calls: Vec::new(),
        has_rules: false,
        readable: true,
        rows: None,
        stamp: String::new(),
    }
}

/// Both are masked: `customers` with a mark, `Ärzte` with a token.
fn replaced() -> BTreeMap<Oid, Replacement> {
    let with = |oid, name: &str, mask| {
        let mask = |column: &Attribute| (column.name == "ssn").then_some((mask, "ssn"));
        let key = Key::Parameters(KeyParameters::after(1));
        (oid, Replacement::of(&relation(oid, name), &mask, &key))
    };
    [with(CUSTOMERS, "customers", Mask::Redact), with(DOCTORS, "Ärzte", Mask::Token)].into()
}

/// A statement in which `{|name}` stands for a relation. Before the bar: `2` for `Ärzte`, `3` for
/// `orders`, which is not masked, and otherwise `customers`; `a` with an alias, `o` with ONLY,
/// `w` written; `n` another one that is called `customers`; `q` for a column with its schema.
fn marked(marked: &str) -> (String, Resolved) {
    let (mut text, mut resolved) = (String::new(), Resolved::default());
    let mut pieces = marked.split('{');
    text.push_str(pieces.next().unwrap());
    for piece in pieces {
        let (flags, rest) = piece.split_once('|').unwrap();
        let (name, rest) = rest.split_once('}').unwrap();
        let is = |flag| flags.contains(flag);
        let (relation, own) = match (is('2'), is('3')) {
            (true, _) => (DOCTORS, "Ärzte"),
            (_, true) if is('n') => (ORDERS, "customers"),
            (_, true) => (ORDERS, "orders"),
            _ => (CUSTOMERS, "customers"),
        };
        let (at, aliased, only, written) = (text.len(), is('a'), is('o'), is('w'));
        match is('q') {
            true => resolved.qualified.push(Qualified { relation, at }),
            false => {
                let name = own.to_owned();
                resolved.sources.push(Source { relation, at, name, aliased, only, written });
            }
        }
        text.push_str(name);
        text.push_str(rest);
    }
    (text, resolved)
}

fn rewritten(statement: &str) -> Result<String, Error> {
    let (text, resolved) = marked(statement);
    rewrite(&text, &parse(&text).unwrap(), &resolved, &replaced())
}

/// What a masked statement is, with `<c>` for the select over `customers`, `<o>` for that with ONLY,
/// and `<d>` for the one over `Ärzte`.
fn with_selects(text: &str) -> String {
    let all = replaced();
    let select = |oid, only| format!("({})", all[&oid].select(only));
    text.replace("<c>", &select(CUSTOMERS, false))
        .replace("<o>", &select(CUSTOMERS, true))
        .replace("<d>", &select(DOCTORS, false))
}
