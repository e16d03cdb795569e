//! Rights: any two texts, and the laws of their order.

use request::json;
use rights::{Action, Asked, Error, Rights, Use};

use crate::{input::halves, stand::NOW};

/// One text, or two in two lines.
pub fn rights(data: &[u8]) {
    let (first, second) = halves(data);
    let second = read(second);
    let first = first.map_or_else(|| second.clone(), read);
    for rights in first.iter().chain(&second) {
        one(rights);
    }
    if let (Some(a), Some(b)) = (first, second) {
        two(&a, &b);
    }
}

/// As a token's claims are read, with nesting to spare.
fn read(text: &[u8]) -> Option<Rights> {
    let value = json::strict(text, DEPTH).ok()?;
    match Rights::parse(&value) {
        Ok(rights) => Some(rights),
        Err(error) => {
            printable(&error);
            None
        }
    }
}

/// What holds for any rights.
fn one(rights: &Rights) {
    let written = rights.to_json();
    assert_eq!(Rights::parse(&written).as_ref(), Ok(rights), "what is written is read as it was");
    assert_eq!(rights.leq(rights), Ok(()), "nothing is wider than itself");
    assert_eq!(&rights.meet(rights), rights, "with itself it has all in common");
    assert!(Rights::none().leq(rights).is_ok(), "nothing at all is within everything");
    assert_eq!(rights.locations().is_empty(), rights.is_empty());
}

/// What holds for any two.
fn two(a: &Rights, b: &Rights) {
    let met = a.meet(b);
    assert_eq!(met, b.meet(a), "which of the two is asked makes no difference");
    assert!(met.leq(a).is_ok() && met.leq(b).is_ok(), "what both have, each has");
    one(&met);
    if a.leq(b).is_ok() {
        assert_eq!(&met, a, "a narrower one has all it has in common with the wider");
        assert!(b.leq(a).is_err() || a == b, "two that are within each other are one");
        for asked in questions(a) {
            assert!(a.allows(&asked).is_none() || b.allows(&asked).is_some(), "{asked:?}");
        }
    }
}

/// Things to ask about: those that seeds speak of, wherever the rights reach.
fn questions(rights: &Rights) -> Vec<Asked<'_>> {
    let relations = [("public", "orders"), ("public", "Orders"), ("sales", "orders")];
    let whats = relations.iter().flat_map(|(schema, relation)| {
        let columns = [None, Some(["id"].into()), Some(["id", "email"].into())];
        columns.map(|columns| vec![Use { schema, relation, columns }])
    });
    let whats: Vec<_> = whats.chain([Vec::new()]).collect();
    let targets = rights.locations();
    let each = targets.iter().flat_map(|target| {
        Action::ALL
            .iter()
            .flat_map(|action| whats.iter().map(|uses| (*target, [*action].into(), uses.clone())))
    });
    each.map(|(target, actions, uses)| Asked { target, actions, uses, at: NOW }).collect()
}

/// What is told about rights can be shown on a terminal, and in a line.
fn printable(error: &Error) {
    let told = error.to_string();
    assert!(told.len() < 2_000 && !told.chars().any(char::is_control), "{told:?}");
}

/// As deep as the claims of a token may be.
const DEPTH: usize = 24;
