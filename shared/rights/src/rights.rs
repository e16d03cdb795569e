//! Rights in their normal form: what they are read from, compared by, and asked.

use std::collections::BTreeSet;

use request::json;
use serde_json::Value;

use crate::{
    Asked, Bounds, Budget, ENTRIES_LIMIT, Error, TEXT_LIMIT, Widening, members::Members,
    place::Place, postgres::Postgres,
};

/// What a node may ask for at most. It grants nothing by itself: policy decides, and rights only
/// bound what policy may permit.
// INVARIANT: the entries are sorted, none is within another, and a budget stands beside at least one.
// So two rights that are within each other are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    pub(crate) entries: Vec<Postgres>,
    budget: Option<(Budget, Place)>,
}

impl Rights {
    /// None at all. They are within all others.
    #[must_use]
    pub fn none() -> Self {
        Self { entries: Vec::new(), budget: None }
    }

    /// Reads `authorization_details` (RFC 9396, 2). An entry that lies within another is passed
    /// over, as it grants nothing of its own.
    ///
    /// # Errors
    /// Not a list of at most 16 entries and 16 KiB, an entry, member, action or value that is not
    /// known, the same twice, or a budget that nothing can be spent from.
    pub fn parse(value: &Value) -> Result<Self, Error> {
        let mut entries = BTreeSet::new();
        let mut budget = None;
        for (place, entry) in items(value)?.iter().enumerate() {
            let members = Members::of(place, entry)?;
            let first = match members.word("type")? {
                "postgres" => entries.insert(Postgres::read(&members)?),
                "budget" => budget.replace((Budget::read(&members)?, Place(place))).is_none(),
                _ => {
                    let path = members.path("type");
                    return Err(Error::Shape { path, wanted: "`postgres` or `budget`" });
                }
            };
            if !first {
                return Err(Error::Twice { path: format!("[{place}]") });
            }
        }
        match budget {
            Some((_, Place(place))) if entries.is_empty() => Err(Error::Shape {
                path: format!("[{place}]"),
                wanted: "beside an entry of type `postgres`: a budget alone grants nothing",
            }),
            _ => Ok(Self::normal(&entries, budget)),
        }
    }

    /// As `authorization_details`, in normal order; [`Rights::parse`] reads the same rights from it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let entries = self.entries.iter().map(Postgres::to_json);
        entries.chain(self.budget.iter().map(|(budget, _)| budget.to_json())).collect()
    }

    /// Whether nothing is allowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether these rights are within those of `parent`. Every entry must be within a single entry
    /// of the parent, and the budget within the parent's, where it has one.
    ///
    /// # Errors
    /// The first thing that is wider, by its path in the text that these rights were read from.
    pub fn leq(&self, parent: &Self) -> Result<(), Widening> {
        if self.is_empty() {
            return Ok(());
        }
        let mut asked: Vec<&Postgres> = self.entries.iter().collect();
        asked.sort_by_key(|entry| entry.place.0);
        asked.into_iter().try_for_each(|entry| entry.within(&parent.entries))?;
        self.budget_within(parent)
    }

    /// The widest rights within both, as far as they fit the limits of [`Rights::parse`]; what does
    /// not fit is left out. The same whichever of the two is asked.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        let pairs = self.entries.iter().flat_map(|a| other.entries.iter().map(move |b| a.meet(b)));
        let budget = match (self.budget, other.budget) {
            (Some((a, place)), Some((b, _))) => Some((a.meet(&b), place)),
            (a, b) => a.or(b),
        };
        Self::normal(&pairs.flatten().collect(), budget).fitting()
    }

    /// Whether one entry allows all of what is asked, and what then holds. Of several that do, the
    /// first in normal order answers. They are sorted by whether they need approval (no before yes),
    /// by their masked tags (none first), and by each limit (none first, then the least).
    ///
    /// Each of them would do; which of them answers may differ between a child and its parent. What
    /// holds for a child is within what *some* entry of its parent allows.
    #[must_use]
    pub fn allows(&self, asked: &Asked<'_>) -> Option<Bounds> {
        self.allowing(asked).next().cloned()
    }

    /// Whether an entry is about this target.
    #[must_use]
    pub fn names(&self, target: &str) -> bool {
        self.entries.iter().any(|entry| entry.names(target))
    }

    /// The targets that entries are about.
    #[must_use]
    pub fn locations(&self) -> BTreeSet<&str> {
        self.entries.iter().flat_map(|entry| &entry.locations).map(|name| name.as_str()).collect()
    }

    /// What may be used together at most, where that is limited.
    #[must_use]
    pub fn budget(&self) -> Option<&Budget> {
        self.budget.as_ref().map(|(budget, _)| budget)
    }

    /// The bounds of every entry that allows what is asked.
    pub(crate) fn allowing<'r>(&'r self, asked: &Asked<'_>) -> impl Iterator<Item = &'r Bounds> {
        self.entries.iter().filter(|entry| entry.allows(asked)).map(|entry| &entry.bounds)
    }

    /// Leaves out what another entry grants as well, and a budget that nothing can be spent from.
    pub(crate) fn normal(entries: &BTreeSet<Postgres>, budget: Option<(Budget, Place)>) -> Self {
        let within = |one: &Postgres, other: &Postgres| one != other && one.fault(other).is_none();
        let widest = |one: &&Postgres| !entries.iter().any(|other| within(one, other));
        let entries: Vec<Postgres> = entries.iter().filter(widest).cloned().collect();
        let budget = budget.filter(|_| !entries.is_empty());
        Self { entries, budget }
    }

    fn budget_within(&self, parent: &Self) -> Result<(), Widening> {
        match (&self.budget, &parent.budget) {
            (_, None) => Ok(()),
            (Some((budget, Place(place))), Some((most, _))) => match budget.fault(most) {
                Some((member, remedy)) => Err(Widening::at(format!("[{place}].{member}"), remedy)),
                None => Ok(()),
            },
            (None, Some(_)) => {
                let remedy = "must hold an entry of type `budget`: the parent has one";
                Err(Widening::at(WHOLE.to_owned(), remedy))
            }
        }
    }

    /// Cuts off the last entries until the rest can be read again, and counts the places anew.
    fn fitting(mut self) -> Self {
        self.entries.truncate(ENTRIES_LIMIT - usize::from(self.budget.is_some()));
        while json::canonical(&self.to_json()).len() > TEXT_LIMIT && self.entries.pop().is_some() {}
        for (place, entry) in self.entries.iter_mut().enumerate() {
            entry.place = Place(place);
        }
        let last = Place(self.entries.len());
        let budget = self.budget.filter(|_| !self.entries.is_empty());
        Self { budget: budget.map(|(budget, _)| (budget, last)), ..self }
    }
}

/// The name of the whole, for errors that are about no entry.
const WHOLE: &str = "authorization_details";

fn items(value: &Value) -> Result<&[Value], Error> {
    let whole = || WHOLE.to_owned();
    let Value::Array(items) = value else {
        return Err(Error::Shape { path: whole(), wanted: "a list of entries" });
    };
    if items.len() > ENTRIES_LIMIT {
        return Err(Error::Size { path: whole(), most: "16 entries" });
    }
    if json::canonical(value).len() > TEXT_LIMIT {
        return Err(Error::Size { path: whole(), most: "16 KiB" });
    }
    Ok(items)
}
