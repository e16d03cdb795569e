//! How PostgreSQL calls a column of a result that was given no name (`FigureColname`).

use std::borrow::Cow;

use pg_query::{
    NodeEnum,
    protobuf::{AExprKind, MinMaxOp, Node, SqlValueFunctionOp, SubLink, SubLinkType},
};

use crate::resolve::walk::Walk;

/// A name, and whether it comes from more than a type or a keyword.
type Title<'a> = Option<(Cow<'a, str>, bool)>;

impl<'a> Walk<'a> {
    /// The name of an expression that was already read.
    pub(super) fn title_of(&self, node: &'a Node) -> Cow<'a, str> {
        self.title(node).map_or(Cow::Borrowed("?column?"), |(name, _)| name)
    }

    fn title(&self, node: &'a Node) -> Title<'a> {
        let strong = |name: &'a str| Some((Cow::Borrowed(name), true));
        match node.node.as_ref()? {
            NodeEnum::AArrayExpr(_) => strong("array"),
            NodeEnum::AExpr(expression) => {
                (expression.kind == AExprKind::AexprNullif as i32).then(|| strong("nullif"))?
            }
            NodeEnum::AIndirection(indirection) => match last(&indirection.indirection) {
                Some(name) => strong(name),
                None => self.title(indirection.arg.as_deref()?),
            },
            NodeEnum::CaseExpr(case) => {
                let inner = case.defresult.as_deref().and_then(|node| self.title(node));
                inner.filter(|(_, strong)| *strong).or(Some((Cow::Borrowed("case"), false)))
            }
            NodeEnum::CoalesceExpr(_) => strong("coalesce"),
            NodeEnum::CollateClause(clause) => self.title(clause.arg.as_deref()?),
            NodeEnum::ColumnRef(reference) => strong(last(&reference.fields)?),
            NodeEnum::FuncCall(call) => strong(last(&call.funcname)?),
            NodeEnum::GroupingFunc(_) => strong("grouping"),
            NodeEnum::MinMaxExpr(extreme) if extreme.op == MinMaxOp::IsLeast as i32 => {
                strong("least")
            }
            NodeEnum::MinMaxExpr(_) => strong("greatest"),
            NodeEnum::RowExpr(_) => strong("row"),
            NodeEnum::SqlvalueFunction(value) => strong(value_function(value.op)?),
            NodeEnum::SubLink(link) => self.sub_link_title(link),
            NodeEnum::TypeCast(cast) => {
                let inner = cast.arg.as_deref().and_then(|node| self.title(node));
                let name = cast.type_name.as_ref().and_then(|name| last(&name.names));
                inner
                    .filter(|(_, strong)| *strong)
                    .or(name.map(|name| (Cow::Borrowed(name), false)))
            }
            _ => None,
        }
    }

    fn sub_link_title(&self, link: &'a SubLink) -> Title<'a> {
        match SubLinkType::try_from(link.sub_link_type).ok()? {
            SubLinkType::ArraySublink => Some((Cow::Borrowed("array"), true)),
            SubLinkType::ExistsSublink => Some((Cow::Borrowed("exists"), true)),
            SubLinkType::ExprSublink => {
                let first = self.firsts.get(&std::ptr::from_ref(link).addr())?;
                Some((first.name.clone(), true))
            }
            _ => None,
        }
    }
}

/// The last name among names, stars and subscripts.
fn last(nodes: &[Node]) -> Option<&str> {
    nodes.iter().rev().find_map(|node| match &node.node {
        Some(NodeEnum::String(name)) => Some(name.sval.as_str()),
        _ => None,
    })
}

fn value_function(op: i32) -> Option<&'static str> {
    use SqlValueFunctionOp as Op;
    Some(match Op::try_from(op).ok()? {
        Op::SvfopCurrentCatalog => "current_catalog",
        Op::SvfopCurrentDate => "current_date",
        Op::SvfopCurrentRole => "current_role",
        Op::SvfopCurrentSchema => "current_schema",
        Op::SvfopCurrentTime | Op::SvfopCurrentTimeN => "current_time",
        Op::SvfopCurrentTimestamp | Op::SvfopCurrentTimestampN => "current_timestamp",
        Op::SvfopCurrentUser => "current_user",
        Op::SvfopLocaltime | Op::SvfopLocaltimeN => "localtime",
        Op::SvfopLocaltimestamp | Op::SvfopLocaltimestampN => "localtimestamp",
        Op::SvfopSessionUser => "session_user",
        Op::SvfopUser => "user",
        Op::SqlvalueFunctionOpUndefined => return None,
    })
}
