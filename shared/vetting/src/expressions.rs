//! The walk over expressions: calls, sub-selects, mentions of columns, and all that holds others.

use pg_query::{
    NodeEnum,
    protobuf::{AIndirection, ColumnRef, FuncCall, Node, SortBy, SubLink, WindowDef},
};

use crate::{
    Error,
    functions::{self, Use},
    reviewed,
    statements::Walk,
};

impl Walk<'_> {
    /// Each of these, in order.
    pub(crate) fn each(&mut self, nodes: &[Node]) -> Result<(), Error> {
        nodes.iter().try_for_each(|node| self.node(node))
    }

    /// This, if it is there.
    pub(crate) fn maybe(&mut self, node: Option<&Node>) -> Result<(), Error> {
        node.map_or(Ok(()), |node| self.node(node))
    }

    /// One expression, or one of the pieces that stand among expressions.
    pub(crate) fn node(&mut self, node: &Node) -> Result<(), Error> {
        // An empty node stands for DISTINCT without ON and for absent column lists.
        let Some(node) = &node.node else { return Ok(()) };
        match node {
            NodeEnum::AConst(constant) => self.constant(constant),
            NodeEnum::AExpr(expression) => self.operator(expression),
            NodeEnum::AIndirection(indirection) => self.indirection(indirection),
            NodeEnum::CollateClause(clause) => self.collate(clause),
            NodeEnum::ColumnDef(column) => self.column_def(column),
            NodeEnum::ColumnRef(column) => self.column(column),
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
    fn plain(&mut self, node: &NodeEnum) -> Result<(), Error> {
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
                self.implied(&["="])?;
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

    fn list(&mut self, name: &'static str, nodes: &[Node]) -> Result<(), Error> {
        self.see(name);
        self.each(nodes)
    }

    /// The parts of a name.
    pub(crate) fn strings<'n>(&mut self, nodes: &'n [Node]) -> Result<Vec<&'n str>, Error> {
        nodes.iter().map(|node| self.string(node)).collect()
    }

    fn string<'n>(&mut self, node: &'n Node) -> Result<&'n str, Error> {
        let Some(NodeEnum::String(name)) = &node.node else {
            return Err(Error::Unfollowed("name"));
        };
        self.see("String");
        Ok(&name.sval)
    }

    /// A mention of a column, of all columns, or of a whole row.
    fn column(&mut self, column: &ColumnRef) -> Result<(), Error> {
        self.see("ColumnRef");
        let mut parts = Vec::new();
        for field in &column.fields {
            match &field.node {
                Some(NodeEnum::AStar(_)) => self.see("AStar"),
                _ => parts.push(self.string(field)?),
            }
        }
        match column.fields.len() {
            0..=3 => Ok(()),
            _ => Err(Error::Parts(parts.join("."))),
        }
    }

    /// `(x).name`, `(x).*` and `x[1]`.
    fn indirection(&mut self, indirection: &AIndirection) -> Result<(), Error> {
        self.see("AIndirection");
        self.maybe(indirection.arg.as_deref())?;
        for step in &indirection.indirection {
            match &step.node {
                Some(NodeEnum::String(_)) => self.see("String"),
                Some(NodeEnum::AStar(_)) => self.see("AStar"),
                _ => self.node(step)?,
            }
        }
        Ok(())
    }

    /// A call, whose name is handed back without its schema.
    pub(crate) fn call<'n>(&mut self, call: &'n FuncCall) -> Result<(&'n str, Use), Error> {
        self.see("FuncCall");
        let parts = self.strings(&call.funcname)?;
        let refused = |name: &str, why| {
            let reason = functions::never(name).or(why);
            Error::Function { name: parts.join("."), reason }
        };
        let (schema, name) = match *parts.as_slice() {
            [name] => (None, name),
            [schema @ "pg_catalog", name] => (Some(schema), name),
            _ => return Err(refused(parts.last().copied().unwrap_or_default(), None)),
        };
        // WITHIN GROUP makes arguments of what it sorts by.
        let sorted = if call.agg_within_group { call.agg_order.len() } else { 0 };
        let count = call.args.len().saturating_add(sorted);
        let usage = reviewed::function(&self.scope.catalogue, schema, name, count)
            .map_err(|why| refused(name, Some(why.why())))?;
        self.notes.has_aggregate |= call.over.is_none()
            && (usage == Use::Aggregate || call.agg_within_group || call.agg_star);
        self.notes.functions.insert(name.to_owned());
        if count == 1 {
            // It would be a cast, were there a type of this name.
            self.notes.types.insert(name.to_owned());
        }
        self.notes.narrowed |= call.agg_filter.is_some()
            || call.over.is_some()
            || call.agg_distinct
            || call.agg_within_group
            || !call.agg_order.is_empty();
        self.each(&call.args)?;
        self.each(&call.agg_order)?;
        self.maybe(call.agg_filter.as_deref())?;
        call.over.as_deref().map_or(Ok(()), |window| self.window(window))?;
        Ok((name, usage))
    }

    fn window(&mut self, window: &WindowDef) -> Result<(), Error> {
        self.see("WindowDef");
        self.each(&window.partition_clause)?;
        self.each(&window.order_clause)?;
        self.maybe(window.start_offset.as_deref())?;
        self.maybe(window.end_offset.as_deref())
    }

    fn sort(&mut self, sort: &SortBy) -> Result<(), Error> {
        self.see("SortBy");
        if !sort.use_op.is_empty() {
            return Err(Error::Clause("ORDER BY … USING"));
        }
        self.maybe(sort.node.as_deref())
    }

    fn sublink(&mut self, link: &SubLink) -> Result<(), Error> {
        self.see("SubLink");
        match link.oper_name.as_slice() {
            [] => self.implied(&["="])?,
            name => self.operator_name(name, false)?,
        }
        self.maybe(link.testexpr.as_deref())?;
        match link.subselect.as_ref().and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::SelectStmt(select)) => {
                self.notes.verbs.insert(crate::Verb::Select);
                self.select(select)
            }
            _ => Err(Error::Unfollowed("sub-select")),
        }
    }
}
