//! Whether enough people have agreed: each of them fills one place only, whatever groups they are in.

use std::collections::{BTreeMap, BTreeSet};

/// How many people are still missing of which groups, when each of `people` fills at most one place in
/// one of their groups; empty where it is enough. Of the ways to place them it takes one that fills as
/// many places as can be filled (a maximum matching, found by augmenting paths: Kuhn, 1955).
#[must_use]
pub fn missing(
    wanted: &BTreeMap<String, u32>,
    people: &[BTreeSet<String>],
) -> BTreeMap<String, u32> {
    let mut table = Table { wanted, placed: BTreeMap::new() };
    // Fewer people fill fewer places: what is cut off is not counted, and never counted as more.
    for person in people.iter().take(PEOPLE) {
        table.place(person, &mut BTreeSet::new());
    }
    table.free()
}

/// People at most who are placed. Nobody asks that many; it bounds the work.
const PEOPLE: usize = 256;

/// Who sits where.
struct Table<'a> {
    wanted: &'a BTreeMap<String, u32>,
    placed: BTreeMap<&'a str, Vec<&'a BTreeSet<String>>>,
}

impl<'a> Table<'a> {
    /// Finds a place for one person, and where there is none asks those who sit in their groups to
    /// move. A group that was asked is not asked again, so that this ends.
    fn place(&mut self, person: &'a BTreeSet<String>, asked: &mut BTreeSet<&'a str>) -> bool {
        let wanted = self.wanted;
        for (group, places) in wanted.iter().filter(|(group, _)| person.contains(*group)) {
            if !asked.insert(group) {
                continue;
            }
            let seated = self.seated(group);
            if seated.len() < usize::try_from(*places).unwrap_or(usize::MAX) {
                self.placed.entry(group).or_default().push(person);
                return true;
            }
            for (seat, other) in seated.into_iter().enumerate() {
                if self.place(other, asked) {
                    let seat =
                        self.placed.get_mut(group.as_str()).and_then(|all| all.get_mut(seat));
                    seat.into_iter().for_each(|seat| *seat = person);
                    return true;
                }
            }
        }
        false
    }

    fn seated(&self, group: &str) -> Vec<&'a BTreeSet<String>> {
        self.placed.get(group).cloned().unwrap_or_default()
    }

    /// The places that nobody fills.
    fn free(&self) -> BTreeMap<String, u32> {
        let free = |(group, places): (&String, &u32)| {
            let filled = u32::try_from(self.seated(group).len()).unwrap_or(u32::MAX);
            let left = places.saturating_sub(filled);
            (left > 0).then(|| (group.clone(), left))
        };
        self.wanted.iter().filter_map(free).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*, sample};

    use super::*;

    fn wanted(places: &[(&str, u32)]) -> BTreeMap<String, u32> {
        places.iter().map(|(group, count)| ((*group).to_owned(), *count)).collect()
    }

    fn person(groups: &[&str]) -> BTreeSet<String> {
        groups.iter().map(|group| (*group).to_owned()).collect()
    }

    #[test]
    fn one_person_in_two_groups_fills_one_place() {
        let both = wanted(&[("dba", 1), ("privacy", 1)]);
        let one = person(&["dba", "privacy"]);
        assert_eq!(missing(&both, std::slice::from_ref(&one)).values().sum::<u32>(), 1);
        assert!(missing(&both, &[one.clone(), one]).is_empty());
    }

    #[test]
    fn whoever_came_first_moves_where_another_needs_the_place() {
        let both = wanted(&[("dba", 1), ("privacy", 1)]);
        let (either, dba) = (person(&["dba", "privacy"]), person(&["dba"]));
        assert!(missing(&both, &[either.clone(), dba.clone()]).is_empty());
        assert!(missing(&both, &[dba, either]).is_empty());
        // Three in a row have to move, so that the last one finds a place.
        let row = wanted(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)]);
        let people = [&["a", "b"][..], &["b", "c"], &["c", "d"], &["a"]].map(person);
        assert!(missing(&row, &people).is_empty());
    }

    #[test]
    fn what_is_missing_is_named() {
        let asked = wanted(&[("dba", 2), ("privacy", 1)]);
        assert_eq!(missing(&asked, &[]), asked);
        let one = missing(&asked, &[person(&["dba"])]);
        assert_eq!(one, wanted(&[("dba", 1), ("privacy", 1)]));
        let strangers = [person(&[]), person(&["support"])];
        assert_eq!(missing(&asked, &strangers), asked);
        let many = [person(&["dba"]), person(&["dba"]), person(&["dba"])];
        assert_eq!(missing(&asked, &many), wanted(&[("privacy", 1)]));
    }

    #[test]
    fn where_nobody_is_wanted_nobody_is_missing() {
        assert!(missing(&BTreeMap::new(), &[]).is_empty());
        assert!(missing(&wanted(&[("dba", 0)]), &[]).is_empty());
    }

    #[test]
    fn more_people_than_anybody_asks_end_soon_and_are_not_counted_as_more() {
        let crowd = vec![person(&["a", "b", "c"]); 100_000];
        assert!(missing(&wanted(&[("a", 50), ("b", 50), ("c", 50)]), &crowd).is_empty());
        assert_eq!(missing(&wanted(&[("a", u32::MAX)]), &crowd)["a"], u32::MAX - PEOPLE as u32);
    }

    /// The most places that can be filled: every way to give everybody a place or none is tried.
    fn most(wanted: &BTreeMap<String, u32>, people: &[BTreeSet<String>]) -> u32 {
        let Some((first, rest)) = people.split_first() else { return 0 };
        let mut best = most(wanted, rest);
        for group in first {
            let mut left = wanted.clone();
            match left.get_mut(group) {
                Some(places) if *places > 0 => *places -= 1,
                _ => continue,
            }
            best = best.max(1 + most(&left, rest));
        }
        best
    }

    fn places() -> impl Strategy<Value = BTreeMap<String, u32>> {
        collection::btree_map(group(), 0..4_u32, 0..5)
    }

    fn crowd() -> impl Strategy<Value = Vec<BTreeSet<String>>> {
        collection::vec(collection::btree_set(group(), 0..4), 0..7)
    }

    fn group() -> impl Strategy<Value = String> {
        sample::select(["a", "b", "c", "d", "e"].as_slice()).prop_map(str::to_owned)
    }

    proptest! {
        #[test]
        fn as_many_places_are_filled_as_can_be(wanted in places(), people in crowd()) {
            let all: u32 = wanted.values().sum();
            let free = missing(&wanted, &people);
            prop_assert_eq!(all - free.values().sum::<u32>(), most(&wanted, &people));
            prop_assert!(free.iter().all(|(group, left)| (1..=wanted[group]).contains(left)));
        }

        #[test]
        fn one_more_person_never_makes_more_missing(
            wanted in places(), people in crowd(), one in crowd()
        ) {
            let before: u32 = missing(&wanted, &people).values().sum();
            let more = [people, one.into_iter().take(1).collect()].concat();
            let after: u32 = missing(&wanted, &more).values().sum();
            prop_assert!(after <= before && before <= after + 1);
        }
    }
}
