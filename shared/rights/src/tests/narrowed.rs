//! Rights made from others by taking away, at random.

use std::collections::BTreeSet;

use proptest::{
    prelude::*,
    sample::{Index, select, subsequence},
};

use super::draws::{self, COLUMNS, RELATIONS, TAGS};
use crate::{
    Bounds, Rights, bounds::lesser, object::Object, objects::Objects, place::Place,
    postgres::Postgres, span::Span,
};

/// How to make one entry of the child from one of the parent.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    entry: Index,
    /// Which locations and actions to keep, by their bits; the first one where it is none.
    keep: u8,
    /// Objects to keep, each gone down into as far as there are names.
    objects: Vec<(Index, Vec<&'static str>)>,
    except: BTreeSet<Object>,
    masked: Vec<&'static str>,
    approval: bool,
    limits: [Option<u64>; 3],
    ends: [Option<u64>; 2],
}

fn cut() -> impl Strategy<Value = Cut> {
    let relation = select(&RELATIONS[..]).prop_map(|name| vec![name]);
    let column = (select(&RELATIONS[..]), select(&COLUMNS[..])).prop_map(|(a, b)| vec![a, b]);
    let down = prop_oneof![3 => Just(vec![]), 1 => relation, 1 => column];
    let limit = || select(vec![None, None, Some(5), Some(50), Some(500)]);
    let end = |n| prop_oneof![2 => Just(None), 1 => Just(Some(n))];
    (
        any::<Index>(),
        any::<u8>(),
        prop::collection::vec((any::<Index>(), down), 1..4),
        prop_oneof![2 => Just(BTreeSet::new()), 1 => prop::collection::btree_set(draws::object(), 1)],
        prop_oneof![2 => Just(vec![]), 1 => subsequence(TAGS.to_vec(), 1..=2)],
        prop::bool::weighted(0.2),
        [limit(), limit(), limit()],
        [end(120), end(280)],
    )
        .prop_map(|(entry, keep, objects, except, masked, approval, limits, ends)| Cut {
            entry,
            keep,
            objects,
            except,
            masked,
            approval,
            limits,
            ends,
        })
}

/// A parent, and a child that was made by taking away from it.
pub(super) fn parent_and_child() -> impl Strategy<Value = (Rights, Rights)> {
    let cuts = prop::collection::vec(cut(), 1..4);
    (draws::any_rights(), cuts, any::<bool>()).prop_map(|(parent, cuts, total)| {
        let child = child(&parent, &cuts, total);
        (parent, child)
    })
}

/// The child of `parent` by these cuts; its budget is `total` if it forgoes its windows.
pub(super) fn child(parent: &Rights, cuts: &[Cut], total: bool) -> Rights {
    if parent.is_empty() {
        return Rights::none();
    }
    let entries = cuts.iter().map(|cut| cut.of(&parent.entries)).collect();
    let budget = parent.budget().map(|budget| {
        let once = budget.once();
        (if total { once } else { *budget }, Place::default())
    });
    Rights::normal(&entries, budget)
}

impl Cut {
    fn of(&self, parents: &[Postgres]) -> Postgres {
        let parent = self.entry.get(parents);
        let all: Vec<Object> = parent.objects.iter().cloned().collect();
        let objects = self.objects.iter().map(|(one, down)| deeper(one.get(&all), down)).collect();
        let except = Objects::of(self.except.clone());
        Postgres {
            bounds: self.bounds(&parent.bounds),
            span: self.span(parent.span),
            locations: kept(&parent.locations, self.keep),
            actions: kept(&parent.actions, self.keep >> 2),
            objects: Objects::of(objects),
            except: parent.except.join(&except),
            place: Place::default(),
        }
    }

    fn bounds(&self, parent: &Bounds) -> Bounds {
        let masked = self.masked.iter().map(|&tag| tag.to_owned());
        Bounds {
            approval: parent.approval || self.approval,
            masked: parent.masked.iter().cloned().chain(masked).collect(),
            max_rows: lesser(parent.max_rows, self.limits[0]),
            max_bytes: lesser(parent.max_bytes, self.limits[1]),
            timeout_ms: lesser(parent.timeout_ms, self.limits[2]),
        }
    }

    fn span(&self, parent: Span) -> Span {
        let [not_before, not_after] = self.ends;
        parent.meet(Span { not_before, not_after }).unwrap_or(parent)
    }
}

fn kept<T: Clone + Ord>(all: &BTreeSet<T>, bits: u8) -> BTreeSet<T> {
    let chosen = all.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1);
    let chosen: BTreeSet<T> = chosen.map(|(_, one)| one.clone()).collect();
    if chosen.is_empty() { all.iter().take(1).cloned().collect() } else { chosen }
}

fn deeper(object: &Object, down: &[&str]) -> Object {
    let mut object = object.clone();
    for name in down {
        let text = object.to_string();
        let above = text.strip_suffix(".*").unwrap_or(&text);
        object = Object::parse(&format!("{above}.\"{name}\"")).unwrap_or(object);
    }
    object
}
