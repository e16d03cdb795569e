//! The walk over expressions: calls, sub-selects, mentions of columns, and all that holds others.

use pg_query::{
    NodeEnum,
    protobuf::{AIndirection, ColumnRef, FuncCall, Node, SortBy, SubLink, WindowDef},
};

use crate::{
    Error,
    functions::{self, Use},
    notes::{Mention, Place},
    statements::Walk,
};

impl<'t> Walk<'_, 't> {
    /// Each of these, in order.
    pub(crate) fn each(&mut self, nodes: &'t [Node]) -> Result<(), Error> {
        nodes.iter().try_for_each(|node| self.node(node))
    }

    /// This, if it is there.
    pub(crate) fn maybe(&mut self, node: Option<&'t Node>) -> Result<(), Error> {
        node.map_or(Ok(()), |node| self.node(node))
    }

    /// One expression, or one of the pieces that stand among expressions.
    pub(crate) fn node(&mut self, node: &'t Node) -> Result<(), Error> {
        // An empty node stands for DISTINCT without ON and for absent column lists.
        let Some(node) = &node.node else { return Ok(()) };
        match node {
            NodeEnum::AConst(constant) => self.constant(constant),
            NodeEnum::AExpr(expression) => self.operator(expression),
            NodeEnum::AIndirection(indirection) => self.indirection(indirection),
            NodeEnum::CollateClause(clause) => self.collate(clause),
            NodeEnum::ColumnDef(column) => self.column_def(column),
            NodeEnum::ColumnRef(column) => self.column(column, self.place),
            NodeEnum::FuncCall(call) => self.call(call).map(drop),
            NodeEnum::ParamRef(parameter) => self.parameter(parameter),
            NodeEnum::SortBy(sort) => self.sort(sort),
            NodeEnum::SqlvalueFunction(value) => self.value_function(value),
            NodeEnum::SubLink(link) => self.sublink(link),
            NodeEnum::TypeCast(cast) => self.cast(cast),
            NodeEnum::WindowDef(window) => self.window(window),
            other => self.plain(other),
        }
    }

    /// Pieces that mean no more than what is in them.
    fn plain(&mut self, node: &'t NodeEnum) -> Result<(), Error> {
        match node {
            NodeEnum::AArrayExpr(array) => self.list("AArrayExpr", &array.elements),
            NodeEnum::AIndices(indices) => {
                self.see("AIndices");
                self.maybe(indices.lidx.as_deref())?;
                self.maybe(indices.uidx.as_deref())
            }
            NodeEnum::BoolExpr(expression) => self.list("BoolExpr", &expression.args),
            NodeEnum::BooleanTest(test) => {
                self.see("BooleanTest");
                self.maybe(test.arg.as_deref())
            }
            NodeEnum::CaseExpr(case) => {
                self.see("CaseExpr");
                self.maybe(case.arg.as_deref())?;
                self.each(&case.args)?;
                self.maybe(case.defresult.as_deref())
            }
            NodeEnum::CaseWhen(when) => {
                self.see("CaseWhen");
                self.maybe(when.expr.as_deref())?;
                self.maybe(when.result.as_deref())
            }
            NodeEnum::CoalesceExpr(coalesce) => self.list("CoalesceExpr", &coalesce.args),
            NodeEnum::GroupingFunc(grouping) => self.list("GroupingFunc", &grouping.args),
            NodeEnum::GroupingSet(set) => self.list("GroupingSet", &set.content),
            NodeEnum::List(list) => self.list("List", &list.items),
            NodeEnum::MinMaxExpr(extreme) => self.list("MinMaxExpr", &extreme.args),
            NodeEnum::MultiAssignRef(assign) => {
                self.see("MultiAssignRef");
                self.maybe(assign.source.as_deref())
            }
            NodeEnum::NamedArgExpr(argument) => {
                self.see("NamedArgExpr");
                self.maybe(argument.arg.as_deref())
            }
            NodeEnum::NullTest(test) => {
                self.see("NullTest");
                self.maybe(test.arg.as_deref())
            }
            NodeEnum::ResTarget(target) => {
                self.see("ResTarget");
                self.each(&target.indirection)?;
                self.maybe(target.val.as_deref())
            }
            NodeEnum::RowExpr(row) => {
                self.strings(&row.colnames)?;
                self.list("RowExpr", &row.args)
            }
            NodeEnum::SetToDefault(_) => self.list("SetToDefault", &[]),
            _ => Err(Error::Unfollowed("expression")),
        }
    }

    fn list(&mut self, name: &'static str, nodes: &'t [Node]) -> Result<(), Error> {
        self.see(name);
        self.each(nodes)
    }

    /// The parts of a name.
    pub(crate) fn strings(&mut self, nodes: &'t [Node]) -> Result<Vec<&'t str>, Error> {
        nodes.iter().map(|node| self.string(node)).collect()
    }

    fn string(&mut self, node: &'t Node) -> Result<&'t str, Error> {
        let Some(NodeEnum::String(name)) = &node.node else {
            return Err(Error::Unfollowed("name"));
        };
        self.see("String");
        Ok(&name.sval)
    }

    /// A mention of a column, of all columns, or of a whole row.
    pub(crate) fn column(&mut self, column: &'t ColumnRef, place: Place<'t>) -> Result<(), Error> {
        self.see("ColumnRef");
        let mut parts = Vec::new();
        let mut star = false;
        for field in &column.fields {
            match &field.node {
                Some(NodeEnum::AStar(_)) => {
                    self.see("AStar");
                    star = true;
                }
                _ => parts.push(self.string(field)?),
            }
        }
        if column.fields.len() > 3 {
            return Err(Error::Parts(parts.join(".")));
        }
        self.notes.mentions.push(Mention { parts, star, level: self.level, place });
        Ok(())
    }

    /// `(x).name`, `(x).*` and `x[1]`.
    fn indirection(&mut self, indirection: &'t AIndirection) -> Result<(), Error> {
        self.see("AIndirection");
        let inner = indirection.arg.as_deref();
        let place = std::mem::replace(&mut self.place, Place::Inside);
        self.maybe(inner)?;
        let mut holder = inner.and_then(single_name);
        for step in &indirection.indirection {
            match &step.node {
                Some(NodeEnum::String(name)) => {
                    self.see("String");
                    self.notes.fields.push((holder, &name.sval));
                }
                Some(NodeEnum::AStar(_)) => {
                    self.see("AStar");
                    self.notes.columns.insert("*".into());
                }
                _ => self.node(step)?,
            }
            holder = None;
        }
        self.place = place;
        Ok(())
    }

    /// A call, whose name is handed back without its schema.
    pub(crate) fn call(&mut self, call: &'t FuncCall) -> Result<&'t str, Error> {
        self.see("FuncCall");
        let parts = self.strings(&call.funcname)?;
        let refused =
            |name: &str| Error::Function { name: parts.join("."), reason: functions::never(name) };
        let name = match *parts.as_slice() {
            [name] | ["pg_catalog", name] => name,
            _ => return Err(refused(parts.last().copied().unwrap_or_default())),
        };
        let usage = functions::permitted(name).ok_or_else(|| refused(name))?;
        self.notes.has_aggregate |= call.over.is_none()
            && (usage == Use::Aggregate || call.agg_within_group || call.agg_star);
        self.notes.functions.insert(name.to_owned());
        self.each(&call.args)?;
        self.each(&call.agg_order)?;
        self.maybe(call.agg_filter.as_deref())?;
        call.over.as_deref().map_or(Ok(()), |window| self.window(window))?;
        Ok(name)
    }

    fn window(&mut self, window: &'t WindowDef) -> Result<(), Error> {
        self.see("WindowDef");
        self.each(&window.partition_clause)?;
        self.each(&window.order_clause)?;
        self.maybe(window.start_offset.as_deref())?;
        self.maybe(window.end_offset.as_deref())
    }

    fn sort(&mut self, sort: &'t SortBy) -> Result<(), Error> {
        self.see("SortBy");
        if !sort.use_op.is_empty() {
            return Err(Error::Clause("ORDER BY … USING"));
        }
        self.maybe(sort.node.as_deref())
    }

    fn sublink(&mut self, link: &'t SubLink) -> Result<(), Error> {
        self.see("SubLink");
        if !link.oper_name.is_empty() {
            self.operator_name(&link.oper_name)?;
        }
        self.maybe(link.testexpr.as_deref())?;
        match link.subselect.as_ref().and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::SelectStmt(select)) => {
                self.notes.verbs.insert(crate::Verb::Select);
                self.subselect(select)
            }
            _ => Err(Error::Unfollowed("sub-select")),
        }
    }
}

/// The name in `(name)`, which may be that of a row.
fn single_name(node: &Node) -> Option<&str> {
    let Some(NodeEnum::ColumnRef(column)) = &node.node else { return None };
    match column.fields.as_slice() {
        [only] => match &only.node {
            Some(NodeEnum::String(name)) => Some(&name.sval),
            _ => None,
        },
        _ => None,
    }
}
