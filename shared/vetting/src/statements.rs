//! The walk over statements: what is written, and what is shown outermost.

use pg_query::{
    NodeEnum,
    protobuf::{
        DeleteStmt, InsertStmt, Node, OnConflictAction, OnConflictClause, RangeVar,
        ReturningClause, UpdateStmt,
    },
};

use crate::{
    Error, Relation, Scope, Verb,
    inventory::Counts,
    notes::{Columns, Conflict, Notes, Place, Range, Source},
};

/// One pass over a parsed statement.
pub(crate) struct Walk<'s, 't> {
    pub(crate) scope: &'s Scope,
    pub(crate) notes: Notes<'t>,
    /// What was come past, to be held against the inventory.
    pub(crate) seen: Counts,
    /// The WITH queries that can be named here, innermost last, with their columns.
    pub(crate) with: Vec<(&'t str, Columns<'t>)>,
    /// The select that is being read; 0 is the outermost statement.
    pub(crate) level: usize,
    /// How many selects were come past so far.
    pub(crate) levels: usize,
    pub(crate) place: Place<'t>,
}

/// The name of a kind of statement, if the walk can follow it.
pub(crate) fn verb(node: &NodeEnum) -> Option<Verb> {
    Some(match node {
        NodeEnum::DeleteStmt(_) => Verb::Delete,
        NodeEnum::InsertStmt(_) => Verb::Insert,
        NodeEnum::SelectStmt(_) => Verb::Select,
        NodeEnum::UpdateStmt(_) => Verb::Update,
        _ => return None,
    })
}

impl<'s, 't> Walk<'s, 't> {
    pub(crate) fn new(scope: &'s Scope) -> Self {
        Self {
            scope,
            notes: Notes::default(),
            seen: Counts::new(),
            with: Vec::new(),
            level: 0,
            levels: 0,
            place: Place::Inside,
        }
    }

    /// Counts a piece of syntax as come past.
    pub(crate) fn see(&mut self, name: &'static str) {
        *self.seen.entry(name).or_default() += 1;
    }

    /// Reads the outermost statement.
    pub(crate) fn statement(&mut self, node: &'t NodeEnum) -> Result<(), Error> {
        match node {
            NodeEnum::DeleteStmt(delete) => self.delete(delete),
            NodeEnum::InsertStmt(insert) => self.insert(insert),
            NodeEnum::SelectStmt(select) => self.select(select, 0),
            NodeEnum::UpdateStmt(update) => self.update(update),
            _ => Err(Error::Unfollowed("statement")),
        }
    }

    fn insert(&mut self, insert: &'t InsertStmt) -> Result<(), Error> {
        self.see("InsertStmt");
        self.notes.verbs.insert(Verb::Insert);
        let with = self.with.len();
        self.with(insert.with_clause.as_ref())?;
        let returns = insert.returning_clause.is_some();
        let target = self.target(insert.relation.as_ref(), returns)?;
        if insert.cols.is_empty() {
            self.notes.columns.insert("*".into());
        }
        for column in &insert.cols {
            self.assignment(column)?;
        }
        if let Some(source) = insert.select_stmt.as_ref().and_then(|node| node.node.as_ref()) {
            let NodeEnum::SelectStmt(source) = source else {
                return Err(Error::Unfollowed("source"));
            };
            if source.values_lists.is_empty() {
                self.notes.verbs.insert(Verb::Select);
            }
            self.subselect(source)?;
        }
        if let Some(clause) = &insert.on_conflict_clause {
            self.range("excluded", target.clone());
            self.conflict(clause)?;
        }
        self.returning(insert.returning_clause.as_ref(), target)?;
        self.with.truncate(with);
        Ok(())
    }

    fn update(&mut self, update: &'t UpdateStmt) -> Result<(), Error> {
        self.see("UpdateStmt");
        self.notes.verbs.insert(Verb::Update);
        let with = self.with.len();
        self.with(update.with_clause.as_ref())?;
        let target = self.target(update.relation.as_ref(), update.returning_clause.is_some())?;
        self.from(&update.from_clause)?;
        for assignment in &update.target_list {
            self.assignment(assignment)?;
        }
        self.outermost_where(update.where_clause.as_deref())?;
        self.returning(update.returning_clause.as_ref(), target)?;
        self.with.truncate(with);
        Ok(())
    }

    fn delete(&mut self, delete: &'t DeleteStmt) -> Result<(), Error> {
        self.see("DeleteStmt");
        self.notes.verbs.insert(Verb::Delete);
        let with = self.with.len();
        self.with(delete.with_clause.as_ref())?;
        let target = self.target(delete.relation.as_ref(), delete.returning_clause.is_some())?;
        self.from(&delete.using_clause)?;
        self.outermost_where(delete.where_clause.as_deref())?;
        self.returning(delete.returning_clause.as_ref(), target)?;
        self.with.truncate(with);
        Ok(())
    }

    fn outermost_where(&mut self, condition: Option<&'t Node>) -> Result<(), Error> {
        self.notes.has_where = condition.is_some();
        self.maybe(condition)
    }

    /// The relation that is written. WITH queries cannot be written, so that its name is never theirs.
    fn target(&mut self, target: Option<&'t RangeVar>, returns: bool) -> Result<Source, Error> {
        let var = target.ok_or(Error::Unfollowed("target"))?;
        let relation = self.relation(var)?;
        self.notes.writes.insert(relation.clone());
        if returns {
            self.notes.reads.insert(relation.clone());
        }
        self.named(var, relation)
    }

    fn returning(
        &mut self,
        clause: Option<&'t ReturningClause>,
        target: Source,
    ) -> Result<(), Error> {
        let Some(clause) = clause else { return Ok(()) };
        self.see("ReturningClause");
        self.notes.verbs.insert(Verb::Select);
        // From PostgreSQL 18 on these stand for the row before and after.
        self.range("old", target.clone());
        self.range("new", target);
        self.each(&clause.options)?;
        self.shown(&clause.exprs)
    }

    fn conflict(&mut self, clause: &'t OnConflictClause) -> Result<(), Error> {
        self.see("OnConflictClause");
        match OnConflictAction::try_from(clause.action) {
            Ok(OnConflictAction::OnconflictNothing) => {}
            Ok(OnConflictAction::OnconflictUpdate) => {
                self.notes.verbs.insert(Verb::Update);
            }
            _ => return Err(Error::Unfollowed("ON CONFLICT")),
        }
        let mut compared = Conflict { columns: Vec::new(), plain: false };
        if let Some(infer) = &clause.infer {
            self.see("InferClause");
            compared.plain = infer.conname.is_empty();
            for element in &infer.index_elems {
                match self.index_element(element)? {
                    Some(column) => compared.columns.push(column),
                    None => compared.plain = false,
                }
            }
            self.maybe(infer.where_clause.as_deref())?;
        }
        self.notes.conflict = Some(compared);
        for assignment in &clause.target_list {
            self.assignment(assignment)?;
        }
        self.maybe(clause.where_clause.as_deref())
    }

    /// The column that an element of ON CONFLICT names, or `None` for an expression.
    fn index_element(&mut self, node: &'t Node) -> Result<Option<&'t str>, Error> {
        let Some(NodeEnum::IndexElem(element)) = &node.node else {
            return Err(Error::Unfollowed("ON CONFLICT"));
        };
        self.see("IndexElem");
        if !element.opclass.is_empty() {
            return Err(Error::Clause("operator class in ON CONFLICT"));
        }
        self.collation(&element.collation)?;
        self.each(&element.opclassopts)?;
        self.maybe(element.expr.as_deref())?;
        if element.name.is_empty() {
            return Ok(None);
        }
        self.notes.columns.insert(element.name.clone());
        Ok(Some(&element.name))
    }

    /// One column of INSERT, or one assignment of SET.
    fn assignment(&mut self, node: &'t Node) -> Result<(), Error> {
        let Some(NodeEnum::ResTarget(target)) = &node.node else {
            return Err(Error::Unfollowed("assignment"));
        };
        self.see("ResTarget");
        self.notes.columns.insert(target.name.clone());
        for step in &target.indirection {
            match &step.node {
                Some(NodeEnum::String(_)) => self.see("String"),
                _ => self.node(step)?,
            }
        }
        self.maybe(target.val.as_deref())
    }

    /// The list of the outermost select, or RETURNING.
    pub(crate) fn shown(&mut self, targets: &'t [Node]) -> Result<(), Error> {
        for node in targets {
            let Some(NodeEnum::ResTarget(target)) = &node.node else {
                return Err(Error::Unfollowed("select list"));
            };
            self.see("ResTarget");
            self.each(&target.indirection)?;
            match target.val.as_ref().and_then(|value| value.node.as_ref()) {
                Some(NodeEnum::ColumnRef(column)) => {
                    self.column(column, Place::Shown(&target.name))?
                }
                _ => self.maybe(target.val.as_deref())?,
            }
        }
        Ok(())
    }

    /// Notes a name that columns of the statement at hand may be qualified with.
    pub(crate) fn range(&mut self, name: &'t str, source: Source) {
        let level = self.level;
        self.notes.ranges.push(Range { name, level, source, known: Columns::default() });
    }

    /// The relation that this names, which is none of the system's.
    pub(crate) fn relation(&mut self, var: &'t RangeVar) -> Result<Relation, Error> {
        self.see("RangeVar");
        if !var.catalogname.is_empty() {
            let name = [&var.catalogname, &var.schemaname, &var.relname];
            return Err(Error::Parts(name.map(String::as_str).join(".")));
        }
        let schema = if var.schemaname.is_empty() { &self.scope.schema } else { &var.schemaname };
        let relation = Relation { schema: schema.clone(), name: var.relname.clone() };
        if relation.is_system() {
            return Err(Error::System(relation.to_string()));
        }
        Ok(relation)
    }
}
