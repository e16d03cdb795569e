//! What two entries have in common.

use crate::{LIST_LIMIT, place::Place, postgres::Postgres};

impl Postgres {
    /// The widest entry within both, as far as one can be written down. Nothing where they have no
    /// location, action, object or time in common.
    pub(crate) fn meet(&self, other: &Self) -> Option<Self> {
        let met = Self {
            bounds: self.bounds.meet(&other.bounds),
            span: self.span.meet(other.span)?,
            locations: self.locations.intersection(&other.locations).cloned().collect(),
            actions: self.actions.intersection(&other.actions).copied().collect(),
            // To leave objects out is to grant less.
            objects: self.objects.meet(&other.objects).first(LIST_LIMIT),
            except: self.except.join(&other.except),
            place: Place::default(),
        };
        met.is_sound().then_some(met)
    }

    /// Whether something is granted, and all that restricts it fits. To leave out an exception or a
    /// mask would be to grant more, so that an entry with too many of them is none.
    fn is_sound(&self) -> bool {
        let granted = [self.locations.len(), self.actions.len(), self.objects.len()];
        granted.into_iter().all(|n| n > 0)
            && self.except.len() <= LIST_LIMIT
            && self.bounds.masked.len() <= LIST_LIMIT
    }
}
