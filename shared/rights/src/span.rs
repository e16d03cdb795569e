//! The time in which an entry is good.

use crate::{
    Error,
    members::{A_NUMBER, Members, NUMBERS},
};

// INVARIANT: not empty: where both ends are given, the first is not after the last.
/// From one second to another, both of them included; where an end is missing, without end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) not_before: Option<u64>,
    pub(crate) not_after: Option<u64>,
}

impl Span {
    pub(crate) fn read(members: &Members<'_>) -> Result<Self, Error> {
        let not_before = members.number("not_before", NUMBERS, A_NUMBER)?;
        let not_after = members.number("not_after", NUMBERS, A_NUMBER)?;
        Self::of(not_before, not_after).ok_or_else(|| Error::Shape {
            path: members.path("not_after"),
            wanted: "no earlier than `not_before`",
        })
    }

    fn of(not_before: Option<u64>, not_after: Option<u64>) -> Option<Self> {
        let empty = not_before.zip(not_after).is_some_and(|(first, last)| first > last);
        (!empty).then_some(Self { not_before, not_after })
    }

    /// The time that lies in both, if there is any.
    pub(crate) fn meet(self, other: Self) -> Option<Self> {
        let not_after = self.not_after.into_iter().chain(other.not_after).min();
        Self::of(self.not_before.max(other.not_before), not_after)
    }

    pub(crate) fn holds(self, at: u64) -> bool {
        self.not_before.is_none_or(|first| first <= at)
            && self.not_after.is_none_or(|last| at <= last)
    }
}
