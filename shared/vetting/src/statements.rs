//! The walk over statements: past every piece of syntax, to what is called, cast and written.
//!
//! What the names of relations and columns are, the catalogue's resolver finds out.

use pg_query::{
    NodeEnum,
    protobuf::{
        DeleteStmt, InsertStmt, Node, OnConflictAction, OnConflictClause, RangeVar,
        ReturningClause, UpdateStmt,
    },
};

use crate::{Error, Relation, Scope, Verb, inventory::Counts, notes::Notes};

/// One pass over a parsed statement.
pub(crate) struct Walk<'s> {
    pub(crate) scope: &'s Scope,
    pub(crate) notes: Notes,
    /// What was come past, to be held against the inventory.
    pub(crate) seen: Counts,
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

impl<'s> Walk<'s> {
    pub(crate) fn new(scope: &'s Scope) -> Self {
        Self { scope, notes: Notes::default(), seen: Counts::new() }
    }

    /// Counts a piece of syntax as come past.
    pub(crate) fn see(&mut self, name: &'static str) {
        *self.seen.entry(name).or_default() += 1;
    }

    /// Reads the outermost statement.
    pub(crate) fn statement(&mut self, node: &NodeEnum) -> Result<(), Error> {
        match node {
            NodeEnum::DeleteStmt(delete) => self.delete(delete),
            NodeEnum::InsertStmt(insert) => self.insert(insert),
            NodeEnum::SelectStmt(select) => self.outermost(select),
            NodeEnum::UpdateStmt(update) => self.update(update),
            _ => Err(Error::Unfollowed("statement")),
        }
    }

    fn insert(&mut self, insert: &InsertStmt) -> Result<(), Error> {
        self.see("InsertStmt");
        self.notes.verbs.insert(Verb::Insert);
        self.with(insert.with_clause.as_ref())?;
        self.target(insert.relation.as_ref())?;
        insert.cols.iter().try_for_each(|column| self.assignment(column))?;
        if let Some(source) = insert.select_stmt.as_ref().and_then(|node| node.node.as_ref()) {
            let NodeEnum::SelectStmt(source) = source else {
                return Err(Error::Unfollowed("source"));
            };
            if source.values_lists.is_empty() {
                self.notes.verbs.insert(Verb::Select);
            }
            self.select(source)?;
        }
        if let Some(clause) = &insert.on_conflict_clause {
            self.conflict(clause)?;
        }
        self.returning(insert.returning_clause.as_ref())
    }

    fn update(&mut self, update: &UpdateStmt) -> Result<(), Error> {
        self.see("UpdateStmt");
        self.notes.verbs.insert(Verb::Update);
        self.with(update.with_clause.as_ref())?;
        self.target(update.relation.as_ref())?;
        self.from(&update.from_clause)?;
        update.target_list.iter().try_for_each(|assignment| self.assignment(assignment))?;
        self.outermost_where(update.where_clause.as_deref())?;
        self.returning(update.returning_clause.as_ref())
    }

    fn delete(&mut self, delete: &DeleteStmt) -> Result<(), Error> {
        self.see("DeleteStmt");
        self.notes.verbs.insert(Verb::Delete);
        self.with(delete.with_clause.as_ref())?;
        self.target(delete.relation.as_ref())?;
        self.from(&delete.using_clause)?;
        self.outermost_where(delete.where_clause.as_deref())?;
        self.returning(delete.returning_clause.as_ref())
    }

    pub(crate) fn outermost_where(&mut self, condition: Option<&Node>) -> Result<(), Error> {
        self.notes.has_where = condition.is_some();
        self.maybe(condition)
    }

    fn target(&mut self, target: Option<&RangeVar>) -> Result<(), Error> {
        self.relation(target.ok_or(Error::Unfollowed("target"))?)
    }

    fn returning(&mut self, clause: Option<&ReturningClause>) -> Result<(), Error> {
        let Some(clause) = clause else { return Ok(()) };
        self.see("ReturningClause");
        self.notes.verbs.insert(Verb::Select);
        self.each(&clause.options)?;
        self.each(&clause.exprs)
    }

    fn conflict(&mut self, clause: &OnConflictClause) -> Result<(), Error> {
        self.see("OnConflictClause");
        match OnConflictAction::try_from(clause.action) {
            Ok(OnConflictAction::OnconflictNothing) => {}
            Ok(OnConflictAction::OnconflictUpdate) => {
                self.notes.verbs.insert(Verb::Update);
            }
            _ => return Err(Error::Unfollowed("ON CONFLICT")),
        }
        if let Some(infer) = &clause.infer {
            self.see("InferClause");
            infer.index_elems.iter().try_for_each(|element| self.index_element(element))?;
            self.maybe(infer.where_clause.as_deref())?;
        }
        clause.target_list.iter().try_for_each(|assignment| self.assignment(assignment))?;
        self.maybe(clause.where_clause.as_deref())
    }

    fn index_element(&mut self, node: &Node) -> Result<(), Error> {
        let Some(NodeEnum::IndexElem(element)) = &node.node else {
            return Err(Error::Unfollowed("ON CONFLICT"));
        };
        self.see("IndexElem");
        if !element.opclass.is_empty() {
            return Err(Error::Clause("operator class in ON CONFLICT"));
        }
        self.collation(&element.collation)?;
        self.each(&element.opclassopts)?;
        self.maybe(element.expr.as_deref())
    }

    /// One column of INSERT, or one assignment of SET.
    fn assignment(&mut self, node: &Node) -> Result<(), Error> {
        let Some(NodeEnum::ResTarget(target)) = &node.node else {
            return Err(Error::Unfollowed("assignment"));
        };
        self.see("ResTarget");
        for step in &target.indirection {
            match &step.node {
                Some(NodeEnum::String(_)) => self.see("String"),
                _ => self.node(step)?,
            }
        }
        self.maybe(target.val.as_deref())
    }

    /// A relation, or a WITH query, by name; none of the system's.
    pub(crate) fn relation(&mut self, var: &RangeVar) -> Result<(), Error> {
        self.see("RangeVar");
        if !var.catalogname.is_empty() {
            let name = [&var.catalogname, &var.schemaname, &var.relname];
            return Err(Error::Parts(name.map(String::as_str).join(".")));
        }
        let schema = match var.schemaname.as_str() {
            "" => self.scope.catalogue.schema(),
            named => named,
        };
        let relation = Relation { schema: schema.to_owned(), name: var.relname.clone() };
        if relation.is_system() {
            return Err(Error::System(relation.to_string()));
        }
        self.alias(var.alias.as_ref())
    }
}
