//! INSERT, UPDATE and DELETE: what is assigned, where that comes from, and RETURNING.

use std::rc::Rc;

use pg_query::{
    NodeEnum,
    protobuf::{
        DeleteStmt, InsertStmt, MultiAssignRef, Node, RangeVar, ResTarget, ReturningClause,
        SelectStmt, SubLink, UpdateStmt,
    },
};

use crate::{
    Error, How, Relation,
    resolve::{
        expressions::linked,
        flow::Flow,
        scope::{Frame, Item, Level, Range},
        walk::{Out, Walk},
    },
};

/// The first server that knows `old` and `new` in RETURNING.
const OLD_AND_NEW: u32 = 18;

impl<'a> Walk<'a> {
    /// The outermost statement.
    pub(super) fn statement(&mut self, node: &'a NodeEnum) -> Result<Vec<Out<'a>>, Error> {
        if let NodeEnum::SelectStmt(select) = node {
            return self.select(select, None);
        }
        self.levels.push(Level::default());
        match node {
            NodeEnum::DeleteStmt(delete) => self.delete(delete),
            NodeEnum::InsertStmt(insert) => self.insert(insert),
            NodeEnum::UpdateStmt(update) => self.update(update),
            _ => Err(Error::Syntax("statement")),
        }
    }

    fn delete(&mut self, delete: &'a DeleteStmt) -> Result<Vec<Out<'a>>, Error> {
        self.with(delete.with_clause.as_ref())?;
        let filtered = delete.where_clause.is_some();
        let (_, target) = self.target(delete.relation.as_ref(), filtered)?;
        self.from(&delete.using_clause, filtered)?;
        self.maybe_used(delete.where_clause.as_deref(), How::Filter)?;
        self.returning(delete.returning_clause.as_ref(), &target)
    }

    fn update(&mut self, update: &'a UpdateStmt) -> Result<Vec<Out<'a>>, Error> {
        self.with(update.with_clause.as_ref())?;
        let filtered = update.where_clause.is_some();
        let (relation, target) = self.target(update.relation.as_ref(), filtered)?;
        self.from(&update.from_clause, filtered)?;
        self.assignments(&update.target_list, relation)?;
        self.maybe_used(update.where_clause.as_deref(), How::Filter)?;
        self.returning(update.returning_clause.as_ref(), &target)
    }

    /// What UPDATE or DELETE changes: FROM must not name it again, and may not use it.
    fn target(
        &mut self,
        var: Option<&'a RangeVar>,
        filtered: bool,
    ) -> Result<(&'a Relation, Rc<Range<'a>>), Error> {
        let (relation, range) = self.written(var)?;
        if !filtered {
            self.unfiltered.insert(relation.oid);
        }
        let item = Item::new(range);
        let target = Rc::clone(&item.range);
        let mut frame = Frame::lateral(false);
        frame.extend(vec![item]);
        self.level()?.frames.push(frame);
        Ok((relation, target))
    }

    fn written(&mut self, var: Option<&'a RangeVar>) -> Result<(&'a Relation, Range<'a>), Error> {
        let range = self.source(var.ok_or(Error::Syntax("target"))?, true)?;
        Ok((range.relation.ok_or(Error::Syntax("target"))?, range))
    }

    fn insert(&mut self, insert: &'a InsertStmt) -> Result<Vec<Out<'a>>, Error> {
        self.with(insert.with_clause.as_ref())?;
        let (relation, range) = self.written(insert.relation.as_ref())?;
        let target = Rc::new(range);
        let count = self.inserted(&insert.cols, relation)?;
        if let Some(source) = &insert.select_stmt {
            let Some(NodeEnum::SelectStmt(source)) = &source.node else {
                return Err(Error::Syntax("INSERT"));
            };
            let flows = self.offered(source)?;
            let unmatched = !insert.cols.is_empty() && flows.len() < count;
            if flows.len() > count || unmatched {
                return Err(Error::Columns(relation.name.clone()));
            }
            flows.iter().for_each(|flow| self.pieces.used(flow, How::Written));
        }
        if let Some(conflict) = insert.on_conflict_clause.as_deref() {
            self.conflict(conflict, relation, &target)?;
        }
        let item = Item { range: Rc::clone(&target), by_name: true, by_column: true };
        self.see_only(vec![item])?;
        self.returning(insert.returning_clause.as_ref(), &target)
    }

    /// The columns that an INSERT names, or else all; how many values it takes.
    fn inserted(&mut self, columns: &'a [Node], relation: &'a Relation) -> Result<usize, Error> {
        for node in columns {
            let target = assigned(node)?;
            self.assign(target, relation)?;
        }
        if !columns.is_empty() {
            return Ok(columns.len());
        }
        for column in relation.columns.iter().filter(|column| !column.generated) {
            let piece = self.pieces.base(relation.oid, column.number);
            self.pieces.used(&Flow::of(piece), How::Target);
        }
        Ok(relation.columns.len())
    }

    /// What an INSERT writes, column by column.
    fn offered(&mut self, source: &'a SelectStmt) -> Result<Vec<Flow>, Error> {
        let outs = self.select(source, None)?;
        Ok(outs.into_iter().map(|out| out.flow).collect())
    }

    /// A column that is assigned to, perhaps only in part.
    fn assign(&mut self, target: &'a ResTarget, relation: &'a Relation) -> Result<(), Error> {
        let column = relation.column(&target.name);
        let column = column.ok_or_else(|| Error::Column(target.name.clone()))?;
        let piece = self.pieces.base(relation.oid, column.number);
        self.pieces.used(&Flow::of(piece), How::Target);
        for step in &target.indirection {
            match &step.node {
                Some(NodeEnum::String(_)) => {}
                Some(NodeEnum::AIndices(indices)) => {
                    for bound in [&indices.lidx, &indices.uidx].into_iter().flatten() {
                        self.used(bound, How::Written)?;
                    }
                }
                _ => return Err(Error::Syntax("assignment")),
            }
        }
        Ok(())
    }

    /// SET.
    pub(super) fn assignments(
        &mut self,
        nodes: &'a [Node],
        relation: &'a Relation,
    ) -> Result<(), Error> {
        let mut several = Vec::new();
        for node in nodes {
            let target = assigned(node)?;
            self.assign(target, relation)?;
            let value = target.val.as_deref().ok_or(Error::Syntax("assignment"))?;
            let flow = match &value.node {
                Some(NodeEnum::MultiAssignRef(part)) => self.one_of(part, &mut several)?,
                _ => self.expression(value)?,
            };
            self.pieces.used(&flow, How::Written);
        }
        Ok(())
    }

    /// One of several columns that are set at once. The parser repeats what they are set to before each,
    /// and it is read with the first.
    fn one_of(&mut self, part: &'a MultiAssignRef, several: &mut Vec<Flow>) -> Result<Flow, Error> {
        if part.colno == 1 {
            *several = match part.source.as_deref().and_then(|source| source.node.as_ref()) {
                Some(NodeEnum::RowExpr(row)) => self.items(&row.args)?,
                Some(NodeEnum::SubLink(link)) => self.set_from(link)?,
                _ => return Err(Error::Syntax("assignment")),
            };
        }
        let at = usize::try_from(part.colno).ok().and_then(|number| number.checked_sub(1));
        let fits = usize::try_from(part.ncolumns).is_ok_and(|count| count == several.len());
        let flow = at.and_then(|at| several.get(at)).filter(|_| fits);
        flow.cloned().ok_or(Error::Syntax("assignment"))
    }

    fn set_from(&mut self, link: &'a SubLink) -> Result<Vec<Flow>, Error> {
        let outs = self.select(linked(link)?, None)?;
        Ok(outs.into_iter().map(|out| out.flow.computed()).collect())
    }

    /// Leaves nothing in view at this level but these.
    pub(super) fn see_only(&mut self, items: Vec<Item<'a>>) -> Result<(), Error> {
        let mut frame = Frame::default();
        frame.open();
        frame.extend(items);
        self.level()?.frames = vec![frame];
        Ok(())
    }

    fn returning(
        &mut self,
        clause: Option<&'a ReturningClause>,
        target: &Range<'a>,
    ) -> Result<Vec<Out<'a>>, Error> {
        let Some(clause) = clause else { return Ok(Vec::new()) };
        if !clause.options.is_empty() {
            return Err(Error::Syntax("RETURNING WITH"));
        }
        for name in ["old", "new"] {
            if self.on.major() >= OLD_AND_NEW && self.level()?.range(name, None)?.is_none() {
                let mut item = Item::new(versioned(target, name));
                item.by_column = false;
                let frames = &mut self.level()?.frames;
                frames.iter_mut().take(1).for_each(|frame| frame.extend(vec![item.clone()]));
            }
        }
        self.targets(&clause.exprs)
    }
}

/// The target under another name: its rows before or after the change, or those that are offered.
pub(super) fn versioned<'a>(target: &Range<'a>, name: &'a str) -> Range<'a> {
    Range { relation: target.relation, ..Range::made(Some(name), Rc::clone(&target.columns)) }
}

fn assigned(node: &Node) -> Result<&ResTarget, Error> {
    match &node.node {
        Some(NodeEnum::ResTarget(target)) => Ok(target),
        _ => Err(Error::Syntax("assignment")),
    }
}
