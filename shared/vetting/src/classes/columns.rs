//! Columns, constraints and elements of indexes, as far as they are plain.

use pg_query::{
    Node, NodeEnum,
    protobuf::{ColumnDef, ConstrType, Constraint, IndexElem, TypeCast, TypeName},
};

use super::{define::Definition, fancy, inside, only};
use crate::Error;

/// A column, made or given another type.
pub(super) fn column(into: &mut Definition, column: &ColumnDef) -> Result<(), Error> {
    let plain = ColumnDef {
        colname: column.colname.clone(),
        type_name: column.type_name.clone(),
        coll_clause: column.coll_clause.clone(),
        constraints: column.constraints.clone(),
        is_local: column.is_local,
        location: column.location,
        ..ColumnDef::default()
    };
    only(column, &plain, "a column with USING, STORAGE, COMPRESSION or OPTIONS")?;
    let type_name = column.type_name.as_ref().ok_or(Error::Unfollowed("column"))?;
    if !counts_up(type_name) {
        let cast = TypeCast { type_name: Some(type_name.clone()), ..TypeCast::default() };
        into.pieces.push(Node { node: Some(NodeEnum::TypeCast(Box::new(cast))) });
    }
    if let Some(clause) = &column.coll_clause {
        into.pieces.push(Node { node: Some(NodeEnum::CollateClause(clause.clone())) });
    }
    for node in &column.constraints {
        match inside(Some(node))? {
            NodeEnum::Constraint(found) => constraint(into, found)?,
            _ => return Err(Error::Unfollowed("constraint")),
        }
    }
    Ok(())
}

/// A constraint of a column or of a table.
pub(super) fn constraint(into: &mut Definition, found: &Constraint) -> Result<(), Error> {
    use ConstrType as Type;
    const CLAUSE: &str = "a constraint with USING INDEX, WITH, PERIOD or WITHOUT OVERLAPS";
    let mut plain = Constraint {
        contype: found.contype,
        conname: found.conname.clone(),
        deferrable: found.deferrable,
        initdeferred: found.initdeferred,
        is_enforced: found.is_enforced,
        skip_validation: found.skip_validation,
        initially_valid: found.initially_valid,
        keys: found.keys.clone(),
        location: found.location,
        ..Constraint::default()
    };
    match Type::try_from(found.contype) {
        Ok(
            Type::ConstrNull
            | Type::ConstrNotnull
            | Type::ConstrAttrDeferrable
            | Type::ConstrAttrNotDeferrable
            | Type::ConstrAttrDeferred
            | Type::ConstrAttrImmediate,
        ) => {}
        Ok(Type::ConstrIdentity) => plain.generated_when.clone_from(&found.generated_when),
        Ok(Type::ConstrPrimary | Type::ConstrUnique) => {
            plain.including.clone_from(&found.including);
            plain.nulls_not_distinct = found.nulls_not_distinct;
        }
        Ok(Type::ConstrCheck | Type::ConstrDefault) => {
            plain.raw_expr.clone_from(&found.raw_expr);
            plain.is_no_inherit = found.is_no_inherit;
            into.maybe(found.raw_expr.as_deref())?;
        }
        Ok(Type::ConstrForeign) => {
            refer(&mut plain, found);
            into.table(found.pktable.as_ref())?;
        }
        Ok(Type::ConstrGenerated) => return fancy("GENERATED ALWAYS AS an expression"),
        _ => return fancy("EXCLUDE"),
    }
    only(found, &plain, CLAUSE)
}

/// What `REFERENCES` may say.
fn refer(plain: &mut Constraint, found: &Constraint) {
    plain.pktable.clone_from(&found.pktable);
    plain.fk_attrs.clone_from(&found.fk_attrs);
    plain.pk_attrs.clone_from(&found.pk_attrs);
    plain.fk_matchtype.clone_from(&found.fk_matchtype);
    plain.fk_upd_action.clone_from(&found.fk_upd_action);
    plain.fk_del_action.clone_from(&found.fk_del_action);
    plain.fk_del_set_cols.clone_from(&found.fk_del_set_cols);
}

/// A column or expression of an index.
pub(super) fn index_element(into: &mut Definition, node: &Node) -> Result<(), Error> {
    let NodeEnum::IndexElem(element) = inside(Some(node))? else {
        return Err(Error::Unfollowed("index"));
    };
    let plain = IndexElem {
        name: element.name.clone(),
        expr: element.expr.clone(),
        ordering: element.ordering,
        nulls_ordering: element.nulls_ordering,
        ..IndexElem::default()
    };
    only(element.as_ref(), &plain, "an index with COLLATE or an operator class")?;
    into.maybe(element.expr.as_deref())
}

/// Whether the expression consists of these pieces only. A column with a table's name before it could be
/// a call, and so could a field.
pub(super) fn is_simple(node: &Node) -> bool {
    let all = |nodes: &[Node]| nodes.iter().all(is_simple);
    let maybe = |node: &Option<Box<Node>>| node.as_deref().is_none_or(is_simple);
    match &node.node {
        Some(NodeEnum::AArrayExpr(array)) => all(&array.elements),
        Some(NodeEnum::AConst(_) | NodeEnum::SqlvalueFunction(_)) => true,
        Some(NodeEnum::AExpr(expression)) => maybe(&expression.lexpr) && maybe(&expression.rexpr),
        Some(NodeEnum::BoolExpr(expression)) => all(&expression.args),
        Some(NodeEnum::BooleanTest(test)) => maybe(&test.arg),
        Some(NodeEnum::CoalesceExpr(coalesce)) => all(&coalesce.args),
        Some(NodeEnum::ColumnRef(column)) => is_name(&column.fields),
        Some(NodeEnum::FuncCall(call)) => {
            all(&call.args) && call.agg_order.is_empty() && call.over.is_none()
        }
        Some(NodeEnum::List(list)) => all(&list.items),
        Some(NodeEnum::NullTest(test)) => maybe(&test.arg),
        Some(NodeEnum::TypeCast(cast)) => maybe(&cast.arg),
        _ => false,
    }
}

fn is_name(fields: &[Node]) -> bool {
    matches!(fields, [Node { node: Some(NodeEnum::String(_)) }])
}

/// `serial` and its like are no types but ways to write an integer with a sequence.
fn counts_up(name: &TypeName) -> bool {
    let [Node { node: Some(NodeEnum::String(word)) }] = name.names.as_slice() else { return false };
    let plain = TypeName {
        names: name.names.clone(),
        typemod: -1,
        location: name.location,
        ..TypeName::default()
    };
    let serial = ["bigserial", "serial", "serial2", "serial4", "serial8", "smallserial"];
    *name == plain && serial.contains(&word.sval.as_str())
}
