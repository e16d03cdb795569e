//! Where values come from: pieces that flow together, followed back to base columns only at the end.
//!
//! A column that is computed from a thousand others and mentioned a thousand times stays one piece, so
//! that a statement takes no longer than its length.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{Catalogue, How, Lineage, Oid, Use};

/// The number of a piece.
pub(super) type Id = usize;

/// What one expression is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    /// The pieces; whether one gets there otherwise than through an aggregate or window.
    parts: BTreeMap<Id, bool>,
    /// Whether it is exactly one piece, as it is.
    straight: bool,
}

impl Flow {
    /// A piece by itself.
    pub(super) fn of(piece: Id) -> Self {
        Self { parts: BTreeMap::from([(piece, true)]), straight: true }
    }

    /// The same pieces, computed with.
    pub(super) fn computed(self) -> Self {
        Self { straight: false, ..self }
    }

    /// The same pieces, of which an aggregate or window makes something of its own.
    pub(super) fn indirect(mut self) -> Self {
        self.parts.values_mut().for_each(|direct| *direct = false);
        self.computed()
    }

    /// Computes with another one too.
    pub(super) fn add(&mut self, mut other: Self) {
        if self.parts.len() < other.parts.len() {
            std::mem::swap(&mut self.parts, &mut other.parts);
        }
        for (piece, direct) in other.parts {
            *self.parts.entry(piece).or_default() |= direct;
        }
        self.straight = false;
    }

    /// The one piece that it is.
    pub(super) fn straight(&self) -> Option<Id> {
        self.parts.keys().next().copied().filter(|_| self.straight)
    }
}

/// A piece: a base column, or what a sub-select made of others.
#[derive(Debug)]
enum Piece {
    /// A relation's column; 0 stands for the whole row.
    Base(Oid, i16),
    Mix(Flow),
}

/// All pieces of a statement, and what they are used for.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    all: Vec<Piece>,
    bases: HashMap<(Oid, i16), Id>,
    mentioned: BTreeSet<Id>,
    /// The base columns in a piece, once somebody asked.
    lineages: HashMap<Id, BTreeSet<(Oid, i16)>>,
    uses: BTreeMap<How, BTreeSet<(Id, bool, bool)>>,
}

impl Pieces {
    /// The piece that is this base column.
    pub(super) fn base(&mut self, relation: Oid, column: i16) -> Id {
        let next = self.all.len();
        let id = *self.bases.entry((relation, column)).or_insert(next);
        if id == next {
            self.all.push(Piece::Base(relation, column));
        }
        id
    }

    /// The piece that a derived column is; none for one that nothing flows into.
    pub(super) fn derived(&mut self, flow: &Flow) -> Option<Id> {
        match flow.straight() {
            None if flow.parts.is_empty() => None,
            None => Some(self.mix(flow.clone())),
            straight => straight,
        }
    }

    /// A piece made of others.
    pub(super) fn mix(&mut self, flow: Flow) -> Id {
        self.all.push(Piece::Mix(flow));
        self.all.len() - 1
    }

    /// Says later what a piece is made of.
    pub(super) fn fill(&mut self, piece: Id, flow: Flow) {
        if let Some(Piece::Mix(known)) = self.all.get_mut(piece) {
            known.add(flow);
        }
    }

    /// A mention of a piece.
    pub(super) fn mention(&mut self, piece: Id) -> Flow {
        self.mentioned.insert(piece);
        Flow::of(piece)
    }

    /// The base column that a flow is.
    pub(super) fn column(&self, flow: &Flow) -> Option<(Oid, i16)> {
        match self.all.get(flow.straight()?)? {
            Piece::Base(relation, column) => Some((*relation, *column)),
            Piece::Mix(_) => None,
        }
    }

    /// Notes what a flow ends in. What an aggregate made is not shown as the column itself.
    pub(super) fn used(&mut self, flow: &Flow, how: How) {
        let all = !matches!(how, How::Shown | How::Passed);
        let parts = flow.parts.iter().filter(|(_, direct)| all || **direct);
        let uses = self.uses.entry(how).or_default();
        uses.extend(parts.map(|(piece, direct)| (*piece, *direct, flow.straight)));
    }

    /// All uses of base columns. One that was mentioned and ends nowhere is handed on.
    pub(super) fn uses(&self, on: &Catalogue) -> BTreeSet<Use> {
        let mut uses = BTreeSet::new();
        let mut used = BTreeSet::new();
        for (how, roots) in &self.uses {
            let all = !matches!(how, How::Shown | How::Passed);
            let add = |column: (Oid, i16), straight| {
                used.insert(column);
                let straight = straight && column.1 != 0;
                uses.insert(Use {
                    relation: column.0,
                    column: column.1,
                    how: how.clone(),
                    straight,
                });
            };
            self.follow(roots.iter().map(|(id, _, straight)| (*id, *straight)), all, on, add);
        }
        for (column, id) in &self.bases {
            if self.mentioned.contains(id) && !used.contains(column) {
                self.follow([(*id, false)], true, on, |(relation, column), straight| {
                    uses.insert(Use { relation, column, how: How::Passed, straight });
                });
            }
        }
        uses
    }

    /// The base columns of one flow.
    pub(super) fn lineage(&mut self, flow: &Flow, on: &Catalogue) -> Lineage {
        let mut columns = BTreeSet::new();
        for part in flow.parts.keys() {
            if !self.lineages.contains_key(part) {
                let mut found = BTreeSet::new();
                self.follow([(*part, false)], true, on, |column, _| found.extend([column]));
                found.retain(|(_, column)| *column != 0);
                self.lineages.insert(*part, found);
            }
            columns.extend(self.lineages.get(part).into_iter().flatten().copied());
        }
        Lineage { straight: self.column(flow).is_some_and(|(_, column)| column != 0), columns }
    }

    /// Goes from these pieces back to the base columns in them.
    fn follow(
        &self,
        roots: impl IntoIterator<Item = (Id, bool)>,
        all: bool,
        on: &Catalogue,
        mut add: impl FnMut((Oid, i16), bool),
    ) {
        let mut next: Vec<(Id, bool)> = roots.into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some((id, straight)) = next.pop() {
            if !seen.insert((id, straight)) {
                continue;
            }
            match self.all.get(id) {
                Some(Piece::Base(relation, 0)) => {
                    let columns = on.numbered(*relation).into_iter().flat_map(|r| &r.columns);
                    let numbers = columns.map(|column| column.number);
                    std::iter::once(0).chain(numbers).for_each(|n| add((*relation, n), false));
                }
                Some(Piece::Base(relation, column)) => add((*relation, *column), straight),
                Some(Piece::Mix(flow)) => {
                    let parts = flow.parts.iter().filter(|(_, direct)| all || **direct);
                    next.extend(parts.map(|(part, _)| (*part, false)));
                }
                None => {}
            }
        }
    }
}
