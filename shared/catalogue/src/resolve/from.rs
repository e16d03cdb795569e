//! FROM: relations, WITH queries, sub-selects and joins, and who sees whom.

use std::{borrow::Cow, collections::HashSet, rc::Rc};

use pg_query::{
    NodeEnum,
    protobuf::{Alias, JoinExpr, JoinType, Node, RangeSubselect, RangeVar},
};

use crate::{
    Error, How,
    resolve::{
        flow::Flow,
        scope::{Column, Columns, Frame, Item, Range},
        walk::{Walk, renamed, text},
    },
};

/// The name and the column names of an alias.
pub(super) fn named(alias: Option<&Alias>) -> Option<(&str, &[Node])> {
    alias.map(|alias| (alias.aliasname.as_str(), alias.colnames.as_slice()))
}

/// Something in FROM by itself, and all that comes into view with it.
type Entry<'a> = (Rc<Range<'a>>, Vec<Item<'a>>);

impl<'a> Walk<'a> {
    /// A FROM or USING clause. Relations of one without WHERE are noted as unfiltered.
    pub(super) fn from(&mut self, nodes: &'a [Node], filtered: bool) -> Result<(), Error> {
        self.level()?.unfiltered = !filtered;
        self.level()?.frames.push(Frame::lateral(true));
        for node in nodes {
            let (_, items) = self.entry(node)?;
            for frame in &self.level()?.frames {
                frame.refuse_twice(&items)?;
            }
            self.frame()?.extend(items);
        }
        self.level()?.frames.iter_mut().for_each(Frame::open);
        Ok(())
    }

    fn entry(&mut self, node: &'a Node) -> Result<Entry<'a>, Error> {
        self.enter()?;
        let found = match &node.node {
            Some(NodeEnum::JoinExpr(join)) => self.join(join)?,
            Some(NodeEnum::RangeFunction(function)) => alone(self.range_function(function)?),
            Some(NodeEnum::RangeSubselect(query)) => alone(self.sub_select(query)?),
            Some(NodeEnum::RangeVar(var)) => alone(self.range_var(var)?),
            _ => return Err(Error::Syntax("FROM")),
        };
        self.leave();
        Ok(found)
    }

    fn range_var(&mut self, var: &'a RangeVar) -> Result<Range<'a>, Error> {
        if var.schemaname.is_empty() && var.catalogname.is_empty() {
            let query = self.query(&var.relname, named(var.alias.as_ref()))?;
            if let Some(query) = query {
                return Ok(query);
            }
        }
        let range = self.source(var, false)?;
        if self.level()?.unfiltered {
            self.unfiltered.extend(range.relation.map(|relation| relation.oid));
        }
        Ok(range)
    }

    fn sub_select(&mut self, query: &'a RangeSubselect) -> Result<Range<'a>, Error> {
        let inner = query.subquery.as_ref().and_then(|node| node.node.as_ref());
        let Some(NodeEnum::SelectStmt(select)) = inner else {
            return Err(Error::Syntax("FROM"));
        };
        let before = std::mem::replace(&mut self.level()?.lateral, query.lateral);
        let outs = self.select(select, None)?;
        self.level()?.lateral = before;
        let list = self.derive(&outs);
        let alias = named(query.alias.as_ref());
        let (owner, names) = alias.unwrap_or(("sub-select", &[]));
        let columns = renamed(Rc::new(Columns::of(list)), names, owner)?;
        Ok(Range::made(alias.map(|(name, _)| name), columns))
    }

    fn join(&mut self, join: &'a JoinExpr) -> Result<Entry<'a>, Error> {
        let kind = JoinType::try_from(join.jointype).unwrap_or(JoinType::Undefined);
        let (left, right, mut frame) = self.sides(join, kind)?;
        let names = shared(join, &left, &right)?;
        let merged = self.merge(names, kind, &left, &right)?;
        if let Some(condition) = join.quals.as_deref() {
            frame.open();
            // ON sees nothing of its level but what it joins.
            let outside = std::mem::replace(&mut self.level()?.frames, vec![frame]);
            self.used(condition, How::Join)?;
            let inside = std::mem::replace(&mut self.level()?.frames, outside);
            frame = inside.into_iter().next().unwrap_or_default();
        }
        self.joined(join, merged, [left, right], frame.items)
    }

    fn sides(
        &mut self,
        join: &'a JoinExpr,
        kind: JoinType,
    ) -> Result<(Rc<Range<'a>>, Rc<Range<'a>>, Frame<'a>), Error> {
        let lateral = match kind {
            JoinType::JoinInner | JoinType::JoinLeft => true,
            JoinType::JoinFull | JoinType::JoinRight => false,
            _ => return Err(Error::Syntax("JOIN")),
        };
        let side = |node: &'a Option<Box<Node>>| node.as_deref().ok_or(Error::Syntax("JOIN"));
        let (left, items) = self.entry(side(&join.larg)?)?;
        let mut frame = Frame::lateral(lateral);
        frame.extend(items);
        self.level()?.frames.push(frame);
        let (right, items) = self.entry(side(&join.rarg)?)?;
        let mut frame = self.level()?.frames.pop().unwrap_or_default();
        frame.refuse_twice(&items)?;
        frame.extend(items);
        Ok((left, right, frame))
    }

    /// The columns that USING or NATURAL makes one of two.
    fn merge(
        &mut self,
        names: Vec<Cow<'a, str>>,
        kind: JoinType,
        left: &Range<'a>,
        right: &Range<'a>,
    ) -> Result<Vec<Column<'a>>, Error> {
        let mut merged = Vec::new();
        for name in names {
            let one = self.side(left, &name)?;
            let other = self.side(right, &name)?;
            self.pieces.used(&one, How::Join);
            self.pieces.used(&other, How::Join);
            let flow = self.merged(kind, one, other);
            let piece = self.pieces.derived(&flow);
            merged.push(Column::plain(name, piece));
        }
        Ok(merged)
    }

    fn side(&mut self, range: &Range<'a>, name: &str) -> Result<Flow, Error> {
        let at = range.columns.named(name)?;
        let column = at.and_then(|at| range.columns.list.get(at));
        Ok(self.mention(column.ok_or_else(|| Error::Column(name.to_owned()))?))
    }

    /// Which side a merged column shows. Of an inner join between different types that is the side
    /// that needs no conversion, which is not known here.
    fn merged(&self, kind: JoinType, left: Flow, right: Flow) -> Flow {
        let types = (self.type_of(&left), self.type_of(&right));
        let alike = matches!(types, (Some(one), Some(other)) if one == other);
        match kind {
            JoinType::JoinInner | JoinType::JoinLeft if alike => left,
            JoinType::JoinRight if alike => right,
            JoinType::JoinLeft => left.computed(),
            JoinType::JoinRight => right.computed(),
            _ => {
                let mut both = left;
                both.add(right);
                both
            }
        }
    }

    /// The type of the base column that a flow is.
    pub(super) fn type_of(&self, flow: &Flow) -> Option<&'a str> {
        let (relation, column) = self.pieces.column(flow)?;
        Some(self.on.numbered(relation)?.numbered(column)?.type_name.as_str())
    }

    /// The join itself: its columns, and what it hides.
    fn joined(
        &mut self,
        join: &'a JoinExpr,
        merged: Vec<Column<'a>>,
        sides: [Rc<Range<'a>>; 2],
        mut items: Vec<Item<'a>>,
    ) -> Result<Entry<'a>, Error> {
        let names: HashSet<_> = merged.iter().map(|column| column.name.clone()).collect();
        let mut list = merged.clone();
        let open = sides.iter().any(|side| side.open);
        for side in sides {
            let rest = side.columns.list.iter().filter(|column| !names.contains(&column.name));
            list.extend(rest.cloned());
        }
        let alias = named(join.alias.as_ref());
        let (owner, names) = alias.unwrap_or(("join", &[]));
        if open && !names.is_empty() {
            return Err(Error::Syntax("column names for a function whose columns are not known"));
        }
        let columns = renamed(Rc::new(Columns::of(list)), names, owner)?;
        match alias {
            Some(_) => items.clear(),
            None => items.iter_mut().for_each(|item| item.by_column = false),
        }
        if let Some((name, _)) = named(join.join_using_alias.as_ref()) {
            let mut using = Item::new(Range::made(Some(name), Rc::new(Columns::of(merged))));
            using.by_column = false;
            let mut frame = Frame::default();
            frame.extend(items.clone());
            frame.refuse_twice(std::slice::from_ref(&using))?;
            items.push(using);
        }
        let joined = Range::made(alias.map(|(name, _)| name), columns);
        let item = Item::new(Range { open, ..joined });
        let range = Rc::clone(&item.range);
        items.push(item);
        Ok((range, items))
    }
}

fn alone(range: Range<'_>) -> Entry<'_> {
    let item = Item::new(range);
    (Rc::clone(&item.range), vec![item])
}

/// The names by which both sides are joined.
fn shared<'a>(
    join: &'a JoinExpr,
    left: &Range<'a>,
    right: &Range<'a>,
) -> Result<Vec<Cow<'a, str>>, Error> {
    let mut names = Vec::new();
    if (left.open || right.open) && (join.is_natural || !join.using_clause.is_empty()) {
        return Err(Error::Syntax("USING over a function whose columns are not known"));
    }
    if join.is_natural {
        let others: HashSet<_> = right.columns.list.iter().map(|column| &column.name).collect();
        let names = left.columns.list.iter().map(|column| &column.name);
        return Ok(names.filter(|name| others.contains(name)).cloned().collect());
    }
    let mut seen = HashSet::new();
    for name in &join.using_clause {
        let name = text(name)?;
        if !seen.insert(name) {
            return Err(Error::Twice(name.to_owned()));
        }
        names.push(Cow::Borrowed(name));
    }
    Ok(names)
}
