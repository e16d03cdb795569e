//! Random rights and random questions, over so few names that they often have to do with each other.

use std::collections::BTreeSet;

use proptest::{
    prelude::*,
    sample::{select, subsequence},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use request::TargetName;
use serde_json::json;

use crate::{
    Action, Asked, Bounds, Budget, Rights, Use, members::Members, object::Object, objects::Objects,
    place::Place, postgres::Postgres, span::Span,
};

pub(super) const LOCATIONS: [&str; 2] = ["crm", "shop"];
pub(super) const TAGS: [&str; 2] = ["email", "ssn"];
pub(super) const RELATIONS: [&str; 3] = ["orders", "customers", "Orders"];
pub(super) const COLUMNS: [&str; 3] = ["id", "name", "ssn"];
const OBJECTS: [&str; 9] = [
    "public.*",
    "sales.*",
    "public.orders",
    "public.customers",
    "public.\"Orders\"",
    "public.orders.id",
    "public.orders.name",
    "public.orders.ssn",
    "sales.orders",
];

pub(super) fn object() -> impl Strategy<Value = Object> {
    select(&OBJECTS[..]).prop_map(|text| Object::parse(text).unwrap())
}

/// The first of these with a weight of `width` in 10, or else one of the others.
fn wide_or<T: Clone + std::fmt::Debug + 'static>(
    width: u32,
    wide: T,
    other: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<T> {
    prop_oneof![width => Just(wide), 10 - width => other].boxed()
}

fn words(all: &[&'static str], least: usize) -> BoxedStrategy<BTreeSet<&'static str>> {
    subsequence(all.to_vec(), least..=all.len()).prop_map(BTreeSet::from_iter).boxed()
}

fn limit(width: u32) -> BoxedStrategy<Option<u64>> {
    wide_or(width, None, select(vec![Some(10), Some(100)]))
}

fn bounds(width: u32) -> impl Strategy<Value = Bounds> {
    let masked = wide_or(width, BTreeSet::new(), words(&TAGS, 0));
    let approval = wide_or(width, false, any::<bool>());
    (approval, masked, limit(width), limit(width), limit(width)).prop_map(
        |(approval, masked, max_rows, max_bytes, timeout_ms)| {
            let masked = masked.into_iter().map(str::to_owned).collect();
            Bounds { approval, masked, max_rows, max_bytes, timeout_ms }
        },
    )
}

fn entry(width: u32) -> impl Strategy<Value = Postgres> {
    let objects = |names: &[&str]| -> BTreeSet<Object> {
        names.iter().map(|text| Object::parse(text).unwrap()).collect()
    };
    let some = prop::collection::btree_set(object(), 1..4);
    let few = prop::collection::btree_set(object(), 0..2);
    (
        bounds(width),
        wide_or(width, None, select(vec![None, Some(100), Some(200)])),
        wide_or(width, None, select(vec![None, Some(300), Some(400)])),
        wide_or(width, BTreeSet::from(LOCATIONS), words(&LOCATIONS, 1)),
        wide_or(width, Action::ALL.to_vec(), subsequence(Action::ALL.to_vec(), 1..=4)),
        wide_or(width, objects(&OBJECTS[..2]), some),
        wide_or(width, objects(&[]), few),
    )
        .prop_map(|(bounds, not_before, not_after, locations, actions, objects, except)| {
            Postgres {
                bounds,
                span: Span { not_before, not_after },
                locations: locations
                    .into_iter()
                    .map(|name| TargetName::new(name).unwrap())
                    .collect(),
                actions: actions.into_iter().collect(),
                objects: Objects::of(objects),
                except: Objects::of(except),
                place: Place::default(),
            }
        })
}

fn budget(width: u32) -> BoxedStrategy<Option<Budget>> {
    let window = select(vec![None, Some(60), Some(90)]);
    let amounts = (limit(width), limit(width), limit(width), limit(width), window);
    let some = amounts.prop_map(|(rows, bytes, cells, statements, window_s)| {
        let mut entry = json!({});
        let members =
            [("rows", rows), ("bytes", bytes), ("cells", cells), ("statements", statements)];
        for (name, n) in members.into_iter().chain([("window_s", window_s)]) {
            entry.as_object_mut().unwrap().extend(n.map(|n| (name.to_owned(), n.into())));
        }
        Budget::read(&Members::of(0, &entry).unwrap()).ok()
    });
    wide_or(width, None, some)
}

/// Rights, the wider the greater `width` is (0 to 9).
pub(super) fn rights(width: u32) -> impl Strategy<Value = Rights> {
    let entries = prop::collection::btree_set(entry(width), 0..4);
    (entries, budget(width)).prop_map(|(entries, budget)| {
        Rights::normal(&entries, budget.map(|budget| (budget, Place::default())))
    })
}

/// Rights of any width.
pub(super) fn any_rights() -> impl Strategy<Value = Rights> {
    prop_oneof![rights(0), rights(5), rights(8)]
}

fn used() -> impl Strategy<Value = Use<'static>> {
    let columns = words(&["id", "name", "ssn", "*"], 0);
    let columns = prop_oneof![1 => Just(None), 3 => columns.prop_map(Some)];
    (select(vec!["public", "public", "sales"]), select(&RELATIONS[..]), columns)
        .prop_map(|(schema, relation, columns)| Use { schema, relation, columns })
}

pub(super) fn asked() -> impl Strategy<Value = Asked<'static>> {
    let actions = prop_oneof![
        4 => select(&Action::ALL[..]).prop_map(|action| vec![action]),
        1 => subsequence(Action::ALL.to_vec(), 0..=4),
    ];
    let target = select(vec!["crm", "shop", "shop", "hr"]);
    let at = select(vec![50, 100, 150, 250, 300, 350, 450]);
    (target, actions, prop::collection::vec(used(), 0..3), at).prop_map(
        |(target, actions, uses, at)| Asked {
            target,
            actions: actions.into_iter().collect(),
            uses,
            at,
        },
    )
}

/// How many of 1000 draws are such, always the same ones.
pub(super) fn of_1000<T>(draws: impl Strategy<Value = T>, such: impl Fn(T) -> bool) -> usize {
    let mut runner = TestRunner::deterministic();
    let mut draw = || draws.new_tree(&mut runner).unwrap().current();
    (0..1000).filter(|_| such(draw())).count()
}
