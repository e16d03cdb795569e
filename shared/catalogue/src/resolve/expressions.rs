//! Expressions: what flows into their values, and what they only use.

use pg_query::{
    NodeEnum,
    protobuf::{AExpr, CaseExpr, Node, RowExpr, SelectStmt, SubLink, SubLinkType},
};

use crate::{
    Error, How,
    resolve::{flow::Flow, walk::Walk},
};

impl<'a> Walk<'a> {
    /// An expression that ends in this use.
    pub(super) fn used(&mut self, node: &'a Node, how: How) -> Result<Flow, Error> {
        let flow = self.expression(node)?;
        self.pieces.used(&flow, how);
        Ok(flow)
    }

    /// The same for one that may not be there.
    pub(super) fn maybe_used(&mut self, node: Option<&'a Node>, how: How) -> Result<(), Error> {
        node.map_or(Ok(()), |node| self.used(node, how).map(drop))
    }

    /// All of these, computed with.
    pub(super) fn together(
        &mut self,
        nodes: impl IntoIterator<Item = &'a Node>,
    ) -> Result<Flow, Error> {
        let mut all = Flow::default();
        for node in nodes {
            all.add(self.expression(node)?);
        }
        Ok(all)
    }

    /// One expression.
    pub(super) fn expression(&mut self, node: &'a Node) -> Result<Flow, Error> {
        self.enter()?;
        let flow = match &node.node {
            Some(node) => self.any(node)?,
            None => Flow::default(),
        };
        self.leave();
        Ok(flow)
    }

    fn any(&mut self, node: &'a NodeEnum) -> Result<Flow, Error> {
        match node {
            NodeEnum::AConst(_)
            | NodeEnum::ParamRef(_)
            | NodeEnum::SetToDefault(_)
            | NodeEnum::SqlvalueFunction(_) => Ok(Flow::default()),
            NodeEnum::AExpr(expression) => self.operator(expression),
            NodeEnum::AIndirection(indirection) => self.indirection(indirection),
            NodeEnum::ColumnRef(reference) => self.column(reference),
            NodeEnum::FuncCall(call) => self.call(call),
            NodeEnum::RowExpr(row) => self.row_expression(row),
            NodeEnum::SubLink(link) => self.sub_link(link, 1),
            NodeEnum::CaseExpr(case) => self.case(case),
            other => self.plain(other),
        }
    }

    /// Expressions that are made of others and mean no more.
    fn plain(&mut self, node: &'a NodeEnum) -> Result<Flow, Error> {
        match node {
            NodeEnum::AArrayExpr(array) => self.together(&array.elements),
            NodeEnum::BoolExpr(expression) => self.together(&expression.args),
            NodeEnum::BooleanTest(test) => self.together(test.arg.as_deref()),
            NodeEnum::CoalesceExpr(coalesce) => self.together(&coalesce.args),
            NodeEnum::CollateClause(clause) => self.together(clause.arg.as_deref()),
            NodeEnum::GroupingFunc(grouping) => self.together(&grouping.args),
            NodeEnum::List(list) => self.together(&list.items),
            NodeEnum::MinMaxExpr(extreme) => self.together(&extreme.args),
            NodeEnum::NamedArgExpr(argument) => self.together(argument.arg.as_deref()),
            NodeEnum::NullTest(test) => self.together(test.arg.as_deref()),
            NodeEnum::TypeCast(cast) => self.together(cast.arg.as_deref()),
            _ => Err(Error::Syntax("expression")),
        }
    }

    fn operator(&mut self, expression: &'a AExpr) -> Result<Flow, Error> {
        let (left, right) = (expression.lexpr.as_deref(), expression.rexpr.as_deref());
        if let Some(Node { node: Some(NodeEnum::RowExpr(row)) }) = left
            && let Some(Node { node: Some(NodeEnum::SubLink(link)) }) = right
        {
            let mut all = self.row_expression(row)?;
            all.add(self.sub_link(link, row.args.len())?);
            return Ok(all);
        }
        self.together(left.into_iter().chain(right))
    }

    fn case(&mut self, case: &'a CaseExpr) -> Result<Flow, Error> {
        let mut all =
            self.together(case.arg.as_deref().into_iter().chain(case.defresult.as_deref()))?;
        for when in &case.args {
            let Some(NodeEnum::CaseWhen(when)) = &when.node else {
                return Err(Error::Syntax("CASE"));
            };
            all.add(self.together(when.expr.as_deref().into_iter().chain(when.result.as_deref()))?);
        }
        Ok(all)
    }

    fn row_expression(&mut self, row: &'a RowExpr) -> Result<Flow, Error> {
        let mut all = Flow::default();
        self.items(&row.args)?.into_iter().for_each(|flow| all.add(flow));
        Ok(all)
    }

    /// A list of expressions in which `x.*` stands for all columns of `x`.
    pub(super) fn items(&mut self, nodes: &'a [Node]) -> Result<Vec<Flow>, Error> {
        let mut flows = Vec::new();
        for node in nodes {
            match self.starred(node, false)? {
                Some(outs) => flows.extend(outs.into_iter().map(|out| out.flow)),
                None => flows.push(self.expression(node)?),
            }
        }
        Ok(flows)
    }

    /// A sub-select that makes a value, of so many columns where it is compared with a row.
    fn sub_link(&mut self, link: &'a SubLink, width: usize) -> Result<Flow, Error> {
        use SubLinkType as Type;
        let kind = Type::try_from(link.sub_link_type).unwrap_or(Type::Undefined);
        let select = linked(link)?;
        let mut all = self.together(link.testexpr.as_deref())?;
        let outs = self.select(select, None)?;
        if let Some(first) = outs.first() {
            self.firsts.insert(std::ptr::from_ref(link).addr(), first.clone());
        }
        match kind {
            // Nobody sees what EXISTS selects, but what is computed there may fail.
            Type::ExistsSublink => {
                for out in outs {
                    let how = match out.flow.straight() {
                        Some(_) => How::Passed,
                        None => How::Filter,
                    };
                    self.pieces.used(&out.flow, how);
                }
            }
            Type::AllSublink | Type::AnySublink | Type::RowcompareSublink => {
                outs.into_iter().for_each(|out| all.add(out.flow));
            }
            Type::ArraySublink | Type::ExprSublink if outs.len() == width => {
                outs.into_iter().for_each(|out| all.add(out.flow));
            }
            _ => return Err(Error::Syntax("sub-select")),
        }
        Ok(all)
    }
}

/// The select of a sub-link.
pub(super) fn linked(link: &SubLink) -> Result<&SelectStmt, Error> {
    match link.subselect.as_ref().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::SelectStmt(select)) => Ok(select),
        _ => Err(Error::Syntax("sub-select")),
    }
}
