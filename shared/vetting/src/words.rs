//! The walk over what is built in or not: constants, parameters, operators, types and collations.

use pg_query::{
    NodeEnum,
    protobuf::{
        AConst, AExpr, AExprKind, CollateClause, ColumnDef, Node, ParamRef, SqlValueFunction,
        SqlValueFunctionOp, TypeCast, TypeName, a_const::Val,
    },
};

use crate::{Error, builtin, statements::Walk};

/// Parameters, at most: as many values as a request may carry.
const MOST_PARAMETERS: i32 = request::Params::LIMIT as i32;

impl<'t> Walk<'_, 't> {
    pub(crate) fn constant(&mut self, constant: &'t AConst) -> Result<(), Error> {
        self.see("AConst");
        match &constant.val {
            None => {}
            Some(Val::Boolval(_)) => self.see("Boolean"),
            Some(Val::Bsval(_)) => self.see("BitString"),
            Some(Val::Fval(_)) => self.see("Float"),
            Some(Val::Ival(_)) => self.see("Integer"),
            Some(Val::Sval(_)) => self.see("String"),
        }
        Ok(())
    }

    pub(crate) fn operator(&mut self, expression: &'t AExpr) -> Result<(), Error> {
        use AExprKind as Kind;
        self.see("AExpr");
        match Kind::try_from(expression.kind) {
            Err(_) | Ok(Kind::Undefined) => return Err(Error::Unfollowed("operator")),
            // Their names are keywords that stand for built-in comparisons.
            Ok(
                Kind::AexprBetween
                | Kind::AexprBetweenSym
                | Kind::AexprNotBetween
                | Kind::AexprNotBetweenSym,
            ) => drop(self.strings(&expression.name)?),
            Ok(_) => self.operator_name(&expression.name)?,
        }
        self.maybe(expression.lexpr.as_deref())?;
        self.maybe(expression.rexpr.as_deref())
    }

    pub(crate) fn operator_name(&mut self, name: &'t [Node]) -> Result<(), Error> {
        let parts = self.strings(name)?;
        match *parts.as_slice() {
            [name] if builtin::operator(name) => Ok(()),
            _ => Err(Error::Operator(parts.join("."))),
        }
    }

    pub(crate) fn cast(&mut self, cast: &'t TypeCast) -> Result<(), Error> {
        self.see("TypeCast");
        self.maybe(cast.arg.as_deref())?;
        cast.type_name.as_ref().map_or(Ok(()), |name| self.type_name(name))
    }

    fn type_name(&mut self, name: &'t TypeName) -> Result<(), Error> {
        self.see("TypeName");
        let parts = self.strings(&name.names)?;
        match *parts.as_slice() {
            [part] | ["pg_catalog", part]
                if builtin::type_name(part) && !name.setof && !name.pct_type => {}
            _ => return Err(Error::Type(parts.join("."))),
        }
        self.each(&name.typmods)?;
        for bound in &name.array_bounds {
            // `[]` is -1, `[3]` is 3.
            match &bound.node {
                Some(NodeEnum::Integer(_)) => self.see("Integer"),
                _ => return Err(Error::Unfollowed("array bound")),
            }
        }
        Ok(())
    }

    pub(crate) fn collate(&mut self, clause: &'t CollateClause) -> Result<(), Error> {
        self.see("CollateClause");
        self.maybe(clause.arg.as_deref())?;
        self.collation(&clause.collname)
    }

    pub(crate) fn collation(&mut self, name: &'t [Node]) -> Result<(), Error> {
        let parts = self.strings(name)?;
        match *parts.as_slice() {
            [] => Ok(()),
            [name] | ["pg_catalog", name] if builtin::collation(name) => Ok(()),
            _ => Err(Error::Collation(parts.join("."))),
        }
    }

    /// A column of `AS x(name type)` after a function.
    pub(crate) fn column_def(&mut self, column: &'t ColumnDef) -> Result<(), Error> {
        self.see("ColumnDef");
        column.type_name.as_ref().map_or(Ok(()), |name| self.type_name(name))?;
        column.coll_clause.as_deref().map_or(Ok(()), |clause| self.collate(clause))
    }

    pub(crate) fn parameter(&mut self, parameter: &'t ParamRef) -> Result<(), Error> {
        self.see("ParamRef");
        let number = parameter.number;
        let within = (1..=MOST_PARAMETERS).contains(&number);
        match u16::try_from(number) {
            Ok(number) if within => {
                self.notes.parameters.insert(number);
                Ok(())
            }
            _ => Err(Error::Parameter(number)),
        }
    }

    pub(crate) fn value_function(&mut self, value: &'t SqlValueFunction) -> Result<(), Error> {
        use SqlValueFunctionOp as Op;
        self.see("SqlValueFunction");
        match Op::try_from(value.op) {
            Ok(
                Op::SvfopCurrentDate
                | Op::SvfopCurrentTime
                | Op::SvfopCurrentTimeN
                | Op::SvfopCurrentTimestamp
                | Op::SvfopCurrentTimestampN
                | Op::SvfopLocaltime
                | Op::SvfopLocaltimeN
                | Op::SvfopLocaltimestamp
                | Op::SvfopLocaltimestampN,
            ) => Ok(()),
            Ok(Op::SvfopCurrentRole) => Err(Error::Session("CURRENT_ROLE")),
            Ok(Op::SvfopCurrentUser) => Err(Error::Session("CURRENT_USER")),
            Ok(Op::SvfopUser) => Err(Error::Session("USER")),
            Ok(Op::SvfopSessionUser) => Err(Error::Session("SESSION_USER")),
            Ok(Op::SvfopCurrentCatalog) => Err(Error::Session("CURRENT_CATALOG")),
            Ok(Op::SvfopCurrentSchema) => Err(Error::Session("CURRENT_SCHEMA")),
            _ => Err(Error::Unfollowed("value function")),
        }
    }
}
