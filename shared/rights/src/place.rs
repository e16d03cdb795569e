//! Where an entry stands in the text that rights were read from.

use std::cmp::Ordering;

/// The index of an entry, for whoever has to be told which of his entries is wrong. It says nothing
/// about what is granted: any two places are equal, so that deriving an order passes them over.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place(pub(crate) usize);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}
