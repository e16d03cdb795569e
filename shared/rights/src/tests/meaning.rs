//! What the order is for: whatever a child's rights allow, its parent's allow too.

use proptest::prelude::*;

use super::{
    draws::{any_rights, asked, of_1000, rights},
    narrowed::parent_and_child,
};
use crate::{Asked, Bounds, Rights, bounds::under};

fn as_wide(parent: &Bounds, child: &Bounds) -> bool {
    let limits = child.limits().into_iter().zip(parent.limits());
    limits.into_iter().all(|((_, ours), (_, theirs))| under(ours, theirs))
        && parent.masked.is_subset(&child.masked)
        && parent.approval <= child.approval
}

/// Everything that the child may choose to be held to, the parent can be held to less tightly.
fn follows(child: &Rights, parent: &Rights, asked: &Asked<'_>) -> Result<(), TestCaseError> {
    for ours in child.allowing(asked) {
        let wider = parent.allowing(asked).any(|theirs| as_wide(theirs, ours));
        prop_assert!(wider, "{ours:?} is within nothing of the parent's");
    }
    prop_assert!(parent.allows(asked).is_some() || child.allows(asked).is_none());
    Ok(())
}

#[test]
fn the_meaning_is_not_shown_on_refusals() {
    let narrowed = of_1000((parent_and_child(), asked()), |((_, child), asked)| {
        child.allows(&asked).is_some()
    });
    assert!(narrowed > 30, "only {narrowed} of 1000 questions to a child are allowed");
    let found = of_1000((rights(3), rights(9), asked()), |(child, parent, asked)| {
        child.leq(&parent).is_ok() && child.allows(&asked).is_some()
    });
    assert!(found > 30, "only {found} of 1000 questions to a related child are allowed");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, max_global_rejects: 30_000, ..Default::default() })]

    #[test]
    fn what_a_narrowed_child_may_its_parent_may(
        (parent, child) in parent_and_child(), asked in asked(),
    ) {
        follows(&child, &parent, &asked)?;
    }

    #[test]
    fn what_any_rights_within_others_may_the_others_may(
        child in rights(3), parent in rights(9), asked in asked(),
    ) {
        prop_assume!(child.leq(&parent).is_ok());
        follows(&child, &parent, &asked)?;
    }

    #[test]
    fn what_a_meet_may_both_may(a in any_rights(), b in any_rights(), asked in asked()) {
        let met = a.meet(&b);
        follows(&met, &a, &asked)?;
        follows(&met, &b, &asked)?;
    }

    #[test]
    fn less_is_allowed_where_more_is(rights in any_rights(), asked in asked(), n in 0_usize..3) {
        // A statement with one use fewer, or one action fewer, is no wider than it was.
        let mut less = asked.clone();
        less.uses.truncate(n);
        if less.actions.len() > 1 {
            less.actions.pop_last();
        }
        if rights.allows(&asked).is_some() {
            prop_assert!(rights.allows(&less).is_some());
        }
    }
}
