//! The walk over SELECT: WITH, set operations and clauses.

use pg_query::{
    NodeEnum,
    protobuf::{SelectStmt, SetOperation, WithClause},
};

use crate::{
    Error, Verb,
    statements::{Walk, verb},
};

impl Walk<'_> {
    pub(crate) fn with(&mut self, clause: Option<&WithClause>) -> Result<(), Error> {
        let Some(clause) = clause else { return Ok(()) };
        self.see("WithClause");
        for node in &clause.ctes {
            let Some(NodeEnum::CommonTableExpr(query)) = &node.node else {
                return Err(Error::Unfollowed("WITH"));
            };
            self.see("CommonTableExpr");
            self.strings(&query.aliascolnames)?;
            match query.ctequery.as_ref().and_then(|node| node.node.as_ref()) {
                Some(NodeEnum::SelectStmt(select)) => self.select(select)?,
                Some(node) => return Err(write_inside(node)),
                None => return Err(Error::Unfollowed("WITH")),
            }
        }
        Ok(())
    }

    /// The statement itself.
    pub(crate) fn outermost(&mut self, select: &SelectStmt) -> Result<(), Error> {
        self.notes.verbs.insert(Verb::Select);
        self.notes.has_where = select.where_clause.is_some();
        self.select(select)
    }

    pub(crate) fn select(&mut self, select: &SelectStmt) -> Result<(), Error> {
        self.see("SelectStmt");
        self.with(select.with_clause.as_ref())?;
        match SetOperation::try_from(select.op) {
            Ok(SetOperation::SetopNone) => self.simple(select)?,
            Ok(
                SetOperation::SetopUnion | SetOperation::SetopIntersect | SetOperation::SetopExcept,
            ) => {
                self.notes.has_set_operation = true;
                self.notes.verbs.insert(Verb::Select);
                for side in [&select.larg, &select.rarg].into_iter().flatten() {
                    self.select(side)?;
                }
                self.each(&select.sort_clause)?;
            }
            _ => return Err(Error::Unfollowed("set operation")),
        }
        self.maybe(select.limit_offset.as_deref())?;
        self.maybe(select.limit_count.as_deref())
    }

    fn simple(&mut self, select: &SelectStmt) -> Result<(), Error> {
        if select.values_lists.is_empty() {
            self.notes.verbs.insert(Verb::Select);
        }
        self.from(&select.from_clause)?;
        self.each(&select.target_list)?;
        for clause in [&select.distinct_clause, &select.group_clause, &select.sort_clause] {
            self.each(clause)?;
        }
        self.notes.has_aggregate |=
            !select.group_clause.is_empty() || select.having_clause.is_some();
        self.each(&select.values_lists)?;
        self.each(&select.window_clause)?;
        self.maybe(select.where_clause.as_deref())?;
        self.maybe(select.having_clause.as_deref())
    }
}

fn write_inside(node: &NodeEnum) -> Error {
    match verb(node) {
        Some(verb) => Error::WriteInside(verb.name().to_uppercase()),
        None => Error::Unfollowed("WITH"),
    }
}
