//! When an entry, and then rights, are within others.

use crate::{Widening, bounds::under, postgres::Postgres};

/// The first thing in which an entry is wider than another.
pub(crate) struct Fault {
    /// How many steps it was not wider in.
    step: usize,
    member: &'static str,
    remedy: String,
}

type Found = Option<(&'static str, String)>;

/// What is compared, in this order.
const STEPS: [fn(&Postgres, &Postgres) -> Found; 8] =
    [locations, actions, objects, except, masked, approval, limits, span];

impl Postgres {
    /// Why this entry is not within `parent`; nothing where it is.
    pub(crate) fn fault(&self, parent: &Self) -> Option<Fault> {
        STEPS.iter().enumerate().find_map(|(step, compare)| {
            compare(self, parent).map(|(member, remedy)| Fault { step, member, remedy })
        })
    }

    /// Holds the entry against all entries of the parent. One of them alone has to contain it: two
    /// that each contain a part do not add up.
    pub(crate) fn within(&self, parents: &[Self]) -> Result<(), Widening> {
        let mut closest: Option<Fault> = None;
        for parent in parents {
            let Some(fault) = self.fault(parent) else { return Ok(()) };
            // The parent's entry that was meant is likely the one that the child's fits longest.
            if closest.as_ref().is_none_or(|so_far| so_far.step < fault.step) {
                closest = Some(fault);
            }
        }
        let place = self.place.0;
        Err(match closest {
            Some(Fault { member, remedy, .. }) => {
                Widening::at(format!("[{place}].{member}"), remedy)
            }
            None => {
                Widening::at(format!("[{place}]"), "must be left out: the parent has no rights")
            }
        })
    }
}

fn locations(child: &Postgres, parent: &Postgres) -> Found {
    let beyond = child.locations.difference(&parent.locations).next()?;
    Some(("locations", format!("must leave out `{beyond}`, where the parent may not go")))
}

fn actions(child: &Postgres, parent: &Postgres) -> Found {
    let beyond = child.actions.difference(&parent.actions).next()?;
    Some(("actions", format!("must leave out `{beyond}`, which the parent may not do")))
}

fn objects(child: &Postgres, parent: &Postgres) -> Found {
    let beyond = child.objects.beyond(&parent.objects)?;
    Some(("objects", format!("must leave out `{beyond}`, not all of which is the parent's")))
}

fn except(child: &Postgres, parent: &Postgres) -> Found {
    let dropped = parent.except.beyond(&child.except)?;
    Some(("except", format!("must hold `{dropped}`, which the parent has to leave alone")))
}

fn masked(child: &Postgres, parent: &Postgres) -> Found {
    let dropped = parent.bounds.masked.difference(&child.bounds.masked).next()?;
    Some((
        "masked",
        format!("must hold `{}`, which the parent sees masked", dropped.escape_debug()),
    ))
}

fn approval(child: &Postgres, parent: &Postgres) -> Found {
    let dropped = parent.bounds.approval && !child.bounds.approval;
    dropped.then(|| ("approval", "must be `true`, as it is for the parent".to_owned()))
}

fn limits(child: &Postgres, parent: &Postgres) -> Found {
    let pairs = child.bounds.limits().into_iter().zip(parent.bounds.limits());
    pairs.into_iter().find_map(|((name, ours), (_, theirs))| {
        let most = theirs.filter(|_| !under(ours, theirs))?;
        Some((name, format!("must be given, and at most {most}")))
    })
}

fn span(child: &Postgres, parent: &Postgres) -> Found {
    let (ours, theirs) = (child.span, parent.span);
    let early = theirs.not_before.filter(|first| ours.not_before.is_none_or(|n| n < *first));
    let late = theirs.not_after.filter(|_| !under(ours.not_after, theirs.not_after));
    early
        .map(|n| ("not_before", format!("must be given, and at least {n}")))
        .or_else(|| late.map(|n| ("not_after", format!("must be given, and at most {n}"))))
}
