//! SELECT, VALUES and set operations.

use std::{borrow::Cow, rc::Rc};

use pg_query::{
    NodeEnum,
    protobuf::{SelectStmt, SetOperation},
};

use crate::{
    Error, How,
    resolve::{
        flow::Flow,
        scope::{Column, Columns, Frame, Item, Level, Range},
        walk::{Out, Walk},
    },
};

impl<'a> Walk<'a> {
    /// A select at a level of its own. `begins` is the WITH query whose body it is, if that may refer
    /// to itself.
    pub(super) fn select(
        &mut self,
        select: &'a SelectStmt,
        begins: Option<usize>,
    ) -> Result<Vec<Out<'a>>, Error> {
        if select.into_clause.is_some() || !select.locking_clause.is_empty() {
            return Err(Error::Syntax("INTO, FOR UPDATE or FOR SHARE"));
        }
        self.enter()?;
        self.levels.push(Level::default());
        self.with(select.with_clause.as_ref())?;
        let outs = match SetOperation::try_from(select.op) {
            Ok(SetOperation::SetopNone) if select.values_lists.is_empty() => self.simple(select)?,
            Ok(SetOperation::SetopNone) => self.values(select)?,
            Ok(
                SetOperation::SetopUnion | SetOperation::SetopIntersect | SetOperation::SetopExcept,
            ) => self.combined(select, begins)?,
            _ => return Err(Error::Syntax("set operation")),
        };
        self.maybe_used(select.limit_offset.as_deref(), How::Filter)?;
        self.maybe_used(select.limit_count.as_deref(), How::Filter)?;
        self.levels.pop();
        self.leave();
        Ok(outs)
    }

    fn simple(&mut self, select: &'a SelectStmt) -> Result<Vec<Out<'a>>, Error> {
        self.from(&select.from_clause, select.where_clause.is_some())?;
        self.windows(&select.window_clause)?;
        let outs = self.targets(&select.target_list)?;
        self.maybe_used(select.where_clause.as_deref(), How::Filter)?;
        self.maybe_used(select.having_clause.as_deref(), How::Filter)?;
        self.clauses(select, &outs)?;
        Ok(outs)
    }

    /// VALUES: its columns are called `column1` and so on.
    fn values(&mut self, select: &'a SelectStmt) -> Result<Vec<Out<'a>>, Error> {
        let mut columns: Vec<Flow> = Vec::new();
        for (at, row) in select.values_lists.iter().enumerate() {
            let Some(NodeEnum::List(row)) = &row.node else { return Err(Error::Syntax("VALUES")) };
            let flows = self.items(&row.items)?;
            match at {
                0 => columns = flows.into_iter().map(Flow::computed).collect(),
                _ if flows.len() != columns.len() => return Err(Error::Syntax("VALUES")),
                _ => columns.iter_mut().zip(flows).for_each(|(column, flow)| column.add(flow)),
            }
        }
        let name = |at: usize| Cow::Owned(format!("column{}", at + 1));
        let columns = columns.into_iter().enumerate();
        let outs: Vec<Out<'a>> = columns.map(|(at, flow)| Out { name: name(at), flow }).collect();
        self.visible(&outs)?;
        self.clauses(select, &outs)?;
        Ok(outs)
    }

    /// Makes columns of a select visible to its own ORDER BY.
    fn visible(&mut self, outs: &[Out<'a>]) -> Result<(), Error> {
        let mut list = Vec::new();
        for out in outs {
            let piece = self.pieces.derived(&out.flow);
            list.push(Column::plain(out.name.clone(), piece));
        }
        let mut frame = Frame::default();
        frame.open();
        frame.extend(vec![Item::new(Range::made(None, Rc::new(Columns::of(list))))]);
        self.level()?.frames.push(frame);
        Ok(())
    }

    /// UNION, INTERSECT or EXCEPT: its columns are called as on the left.
    fn combined(
        &mut self,
        select: &'a SelectStmt,
        begins: Option<usize>,
    ) -> Result<Vec<Out<'a>>, Error> {
        let side =
            |side: &'a Option<Box<SelectStmt>>| side.as_deref().ok_or(Error::Syntax("UNION"));
        let mut outs = self.select(side(&select.larg)?, None)?;
        if let Some(number) = begins {
            self.begin(number, &outs)?;
        }
        let others = self.select(side(&select.rarg)?, None)?;
        if outs.len() != others.len() {
            return Err(Error::Syntax("set operation"));
        }
        let compares = !(select.all && select.op == SetOperation::SetopUnion as i32);
        for (out, other) in outs.iter_mut().zip(others) {
            if compares {
                self.pieces.used(&out.flow, How::SetOperation);
                self.pieces.used(&other.flow, How::SetOperation);
            }
            out.flow.add(other.flow);
        }
        self.outputs_sorted(select, &outs)?;
        Ok(outs)
    }
}
