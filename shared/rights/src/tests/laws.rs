//! The laws of the order, over random rights.

use proptest::prelude::*;

use super::{
    draws::{any_rights, of_1000, rights},
    narrowed::parent_and_child,
};
use crate::Rights;

fn within(a: &Rights, b: &Rights) -> bool {
    a.leq(b).is_ok()
}

#[test]
fn the_laws_are_not_shown_on_strangers() {
    let related = of_1000((rights(0), rights(9)), |(a, b)| !a.is_empty() && within(&a, &b));
    assert!(related > 200, "only {related} of 1000 pairs are related");
    let chains = of_1000((rights(1), rights(7), rights(9)), |(a, b, c)| {
        !a.is_empty() && within(&a, &b) && within(&b, &c)
    });
    assert!(chains > 30, "only {chains} of 1000 triples are chains");
    let common = of_1000((any_rights(), any_rights()), |(a, b)| !a.meet(&b).is_empty());
    assert!(common > 300, "only {common} of 1000 pairs have something in common");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn rights_are_within_themselves(a in any_rights()) {
        prop_assert!(within(&a, &a));
        prop_assert!(within(&Rights::none(), &a));
        prop_assert_eq!(within(&a, &Rights::none()), a.is_empty());
    }

    #[test]
    fn rights_within_each_other_are_the_same(a in any_rights(), b in any_rights()) {
        prop_assert_eq!(within(&a, &b) && within(&b, &a), a == b);
    }

    #[test]
    fn what_is_narrowed_is_within_and_back_only_if_it_is_the_same(
        (parent, child) in parent_and_child(),
    ) {
        prop_assert_eq!(child.leq(&parent), Ok(()));
        prop_assert_eq!(within(&parent, &child), parent == child);
    }

    #[test]
    fn what_is_within_the_middle_is_within_the_end(
        a in rights(1), b in rights(7), c in rights(9),
    ) {
        if within(&a, &b) && within(&b, &c) {
            prop_assert!(within(&a, &c));
        }
    }

    #[test]
    fn a_child_is_within_whatever_its_parent_is_within(
        (parent, child) in parent_and_child(), other in rights(8),
    ) {
        if within(&parent, &other) {
            prop_assert!(within(&child, &other));
        }
    }

    #[test]
    fn a_meet_is_within_both_and_the_same_from_either_side(a in any_rights(), b in any_rights()) {
        let met = a.meet(&b);
        prop_assert_eq!(met.leq(&a), Ok(()));
        prop_assert_eq!(met.leq(&b), Ok(()));
        prop_assert_eq!(&met, &b.meet(&a));
        prop_assert_eq!(&met.meet(&a), &met);
    }

    #[test]
    fn rights_meet_themselves_in_themselves(a in any_rights()) {
        prop_assert_eq!(a.meet(&a), a.clone());
        prop_assert_eq!(a.meet(&Rights::none()), Rights::none());
    }

    #[test]
    fn what_is_within_both_is_within_their_meet(
        c in rights(0), a in rights(8), b in rights(8), (parent, child) in parent_and_child(),
    ) {
        if within(&c, &a) && within(&c, &b) {
            prop_assert_eq!(c.leq(&a.meet(&b)), Ok(()));
        }
        prop_assert_eq!(parent.meet(&child), child);
    }

    #[test]
    fn a_meet_of_three_does_not_depend_on_the_order(
        a in any_rights(), b in any_rights(), c in any_rights(),
    ) {
        prop_assert_eq!(a.meet(&b).meet(&c), a.meet(&b.meet(&c)));
    }

    #[test]
    fn rights_are_read_again_as_they_were_written(a in any_rights(), b in any_rights()) {
        for rights in [&a, &a.meet(&b)] {
            let again = Rights::parse(&rights.to_json());
            prop_assert_eq!(again.as_ref(), Ok(rights));
        }
    }
}
