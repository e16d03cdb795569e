//! How a name is looked up, from the inside out.

use std::rc::Rc;

use pg_query::{NodeEnum, protobuf::ColumnRef};

use crate::{
    Error, Oid, Qualified,
    resolve::{
        flow::Flow,
        scope::{Found, Item, Range},
        walk::{Out, Walk},
    },
};

impl<'a> Walk<'a> {
    /// A mention of a column, or of a whole row, as it stands in an expression.
    pub(super) fn column(&mut self, reference: &'a ColumnRef) -> Result<Flow, Error> {
        let (parts, star) = parts(reference)?;
        match (parts.as_slice(), star) {
            ([name], false) => match self.bare(name)? {
                Some(found) => Ok(self.hit(found)),
                None => {
                    let range = self.named(None, name)?;
                    let range = range.ok_or_else(|| Error::Column((*name).to_owned()))?;
                    Ok(self.row(&range))
                }
            },
            ([qualifier @ .., name], false) => {
                let range = self.holder(reference, qualifier)?;
                self.field_of(range, name)
            }
            ([_, ..], true) => {
                let range = self.holder(reference, &parts)?;
                Ok(self.row(&range))
            }
            ([], _) => Err(Error::Syntax("AStar")),
        }
    }

    /// A column of this range by its name.
    pub(super) fn field_of(&mut self, range: Rc<Range<'a>>, name: &str) -> Result<Flow, Error> {
        let hit = range.column(name)?.ok_or_else(|| Error::Column(name.to_owned()))?;
        Ok(self.hit((range, hit)))
    }

    /// A column without a qualifier, from the inside out. One that is only guessed must be nothing
    /// else.
    fn bare(&mut self, name: &str) -> Result<Option<Found<'a>>, Error> {
        let mut guess: Option<Found<'a>> = None;
        for level in self.levels.iter_mut().rev() {
            let Some(found) = level.column(name)? else { continue };
            if guess.is_some() {
                return Err(Error::Ambiguous(name.to_owned()));
            }
            match found.0.guessed(found.1) {
                true => guess = Some(found),
                false => return Ok(Some(found)),
            }
        }
        Ok(guess)
    }

    /// The range that a mention is a whole row of, if it is one.
    pub(super) fn whole(
        &mut self,
        reference: &'a ColumnRef,
    ) -> Result<Option<Rc<Range<'a>>>, Error> {
        let (parts, star) = parts(reference)?;
        match (parts.as_slice(), star) {
            ([name], false) => match self.bare(name)? {
                Some(_) => Ok(None),
                None => self.named(None, name),
            },
            ([_, ..], true) => self.holder(reference, &parts).map(Some),
            _ => Ok(None),
        }
    }

    /// The range that stands before the last dot.
    pub(super) fn holder(
        &mut self,
        reference: &ColumnRef,
        qualifier: &[&str],
    ) -> Result<Rc<Range<'a>>, Error> {
        let unknown = || Error::Qualifier(qualifier.join("."));
        let range = match *qualifier {
            [name] => self.named(None, name)?,
            [schema, name] => {
                let relation = self.on.relation(Some(schema), name).ok_or_else(unknown)?.oid;
                let at = usize::try_from(reference.location);
                let at = at.map_err(|_| Error::Syntax("ColumnRef"))?;
                self.qualified.push(Qualified { relation, at });
                self.named(Some(relation), name)?
            }
            _ => None,
        };
        range.ok_or_else(unknown)
    }

    /// A range by its name, from the inside out.
    fn named(&self, relation: Option<Oid>, name: &str) -> Result<Option<Rc<Range<'a>>>, Error> {
        for level in self.levels.iter().rev() {
            let found = level.range(name, relation)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// All columns that `*` stands for at this level.
    pub(super) fn everything(&mut self) -> Result<Vec<Out<'a>>, Error> {
        let frames = &self.level()?.frames;
        let items: Vec<Item<'a>> = frames.iter().flat_map(|frame| &frame.items).cloned().collect();
        let mut outs = Vec::new();
        let mut any = false;
        for item in items.iter().filter(|item| item.by_column) {
            any = true;
            outs.extend(self.all_of(&item.range)?);
        }
        match any {
            true => Ok(outs),
            false => Err(Error::Syntax("SELECT * without FROM")),
        }
    }
}

/// The parts of a mention, and whether `*` follows them.
pub(super) fn parts(reference: &ColumnRef) -> Result<(Vec<&str>, bool), Error> {
    let mut parts = Vec::new();
    let mut star = false;
    for field in &reference.fields {
        match &field.node {
            Some(NodeEnum::String(part)) if !star => parts.push(part.sval.as_str()),
            Some(NodeEnum::AStar(_)) if !star => star = true,
            _ => return Err(Error::Syntax("ColumnRef")),
        }
    }
    match parts.len() {
        0..=3 => Ok((parts, star)),
        _ => Err(Error::Qualifier(parts.join("."))),
    }
}
