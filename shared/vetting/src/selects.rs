//! The walk over SELECT: WITH, set operations and clauses, and which of them are outermost.

use std::{collections::BTreeSet, rc::Rc};

use pg_query::{
    NodeEnum,
    protobuf::{Node, SelectStmt, SetOperation, WithClause},
};

use crate::{
    Error, Verb,
    notes::Place,
    statements::{Walk, verb},
};

impl<'t> Walk<'_, 't> {
    pub(crate) fn with(&mut self, clause: Option<&'t WithClause>) -> Result<(), Error> {
        let Some(clause) = clause else { return Ok(()) };
        self.see("WithClause");
        let mut queries = Vec::new();
        for node in &clause.ctes {
            let Some(NodeEnum::CommonTableExpr(query)) = &node.node else {
                return Err(Error::Unfollowed("WITH"));
            };
            if self.scope.names_tagged(&query.ctename) {
                return Err(Error::Shadow(query.ctename.clone()));
            }
            let select = match query.ctequery.as_ref().and_then(|node| node.node.as_ref()) {
                Some(NodeEnum::SelectStmt(select)) => select,
                Some(node) => return Err(write_inside(node)),
                None => return Err(Error::Unfollowed("WITH")),
            };
            self.see("CommonTableExpr");
            let renamed = self.strings(&query.aliascolnames)?;
            let known =
                if renamed.is_empty() { outputs(select) } else { renamed.into_iter().collect() };
            let known = Rc::new(known);
            queries.push((query.ctename.as_str(), known, select));
        }
        if clause.recursive {
            // Each may name all of them, itself included.
            let names = queries.iter().map(|(name, known, _)| (*name, Rc::clone(known)));
            self.with.extend(names.collect::<Vec<_>>());
        }
        for (name, known, select) in queries {
            self.subselect(select)?;
            if !clause.recursive {
                self.with.push((name, known));
            }
        }
        Ok(())
    }

    /// A select inside of something else.
    pub(crate) fn subselect(&mut self, select: &'t SelectStmt) -> Result<(), Error> {
        self.levels += 1;
        let level = self.levels;
        let outer = (self.level, std::mem::replace(&mut self.place, Place::Inside));
        self.level = level;
        let result = self.select(select, level);
        (self.level, self.place) = outer;
        result
    }

    pub(crate) fn select(&mut self, select: &'t SelectStmt, level: usize) -> Result<(), Error> {
        self.see("SelectStmt");
        let with = self.with.len();
        self.with(select.with_clause.as_ref())?;
        match SetOperation::try_from(select.op) {
            Ok(SetOperation::SetopNone) => self.simple(select, level == 0)?,
            Ok(
                SetOperation::SetopUnion | SetOperation::SetopIntersect | SetOperation::SetopExcept,
            ) => {
                self.notes.has_set_operation = true;
                self.notes.verbs.insert(Verb::Select);
                for side in [&select.larg, &select.rarg].into_iter().flatten() {
                    self.subselect(side)?;
                }
                self.each(&select.sort_clause)?;
            }
            _ => return Err(Error::Unfollowed("set operation")),
        }
        self.maybe(select.limit_offset.as_deref())?;
        self.maybe(select.limit_count.as_deref())?;
        self.with.truncate(with);
        Ok(())
    }

    fn simple(&mut self, select: &'t SelectStmt, outermost: bool) -> Result<(), Error> {
        if select.values_lists.is_empty() || outermost {
            self.notes.verbs.insert(Verb::Select);
        }
        self.from(&select.from_clause)?;
        if outermost {
            self.shown(&select.target_list)?;
            self.notes.has_where = select.where_clause.is_some();
            let unnamed = |node: &Node| node.node.is_none();
            self.notes.distinct = select.distinct_clause.iter().any(unnamed);
            self.place = Place::Ordering;
        } else {
            self.each(&select.target_list)?;
        }
        for clause in [&select.distinct_clause, &select.group_clause, &select.sort_clause] {
            self.notes.position |= outermost && clause.iter().any(by_position);
            self.each(clause)?;
        }
        self.place = Place::Inside;
        self.notes.has_aggregate |=
            !select.group_clause.is_empty() || select.having_clause.is_some();
        self.each(&select.values_lists)?;
        self.each(&select.window_clause)?;
        self.maybe(select.where_clause.as_deref())?;
        self.maybe(select.having_clause.as_deref())
    }
}

/// The columns that a select is sure to have.
pub(crate) fn outputs(select: &SelectStmt) -> BTreeSet<&str> {
    let mut leftmost = select;
    while let Some(left) = &leftmost.larg {
        leftmost = left;
    }
    leftmost.target_list.iter().filter_map(output).collect()
}

fn output(node: &Node) -> Option<&str> {
    let Some(NodeEnum::ResTarget(target)) = &node.node else { return None };
    if !target.name.is_empty() {
        return Some(&target.name);
    }
    let last = match target.val.as_ref()?.node.as_ref()? {
        NodeEnum::ColumnRef(column) => column.fields.last()?,
        NodeEnum::FuncCall(call) => call.funcname.last()?,
        _ => return None,
    };
    match last.node.as_ref()? {
        NodeEnum::String(name) => Some(&name.sval),
        _ => None,
    }
}

/// Whether an element of ORDER BY, GROUP BY or DISTINCT ON is a number, which means a column of the
/// result by its position.
fn by_position(node: &Node) -> bool {
    match &node.node {
        Some(NodeEnum::AConst(_)) => true,
        Some(NodeEnum::GroupingSet(set)) => set.content.iter().any(by_position),
        Some(NodeEnum::List(list)) => list.items.iter().any(by_position),
        Some(NodeEnum::RowExpr(row)) => row.args.iter().any(by_position),
        Some(NodeEnum::SortBy(sort)) => sort.node.as_deref().is_some_and(by_position),
        _ => false,
    }
}

fn write_inside(node: &NodeEnum) -> Error {
    match verb(node) {
        Some(verb) => Error::WriteInside(verb.name().to_uppercase()),
        None => Error::Unfollowed("WITH"),
    }
}
