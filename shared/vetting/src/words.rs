//! The walk over what is built in or not: constants, parameters, operators, types and collations.

use pg_query::{
    NodeEnum,
    protobuf::{
        AConst, AExpr, AExprKind, CollateClause, ColumnDef, Node, ParamRef, SqlValueFunction,
        SqlValueFunctionOp, TypeCast, TypeName, a_const::Val,
    },
};

use crate::{Error, reviewed, statements::Walk};

/// Parameters, at most: as many values as a request may carry.
const MOST_PARAMETERS: i32 = request::Params::LIMIT as i32;

impl Walk<'_> {
    pub(crate) fn constant(&mut self, constant: &AConst) -> Result<(), Error> {
        self.see("AConst");
        match &constant.val {
            None => {}
            Some(Val::Boolval(_)) => self.see("Boolean"),
            Some(Val::Bsval(_)) => self.see("BitString"),
            Some(Val::Fval(_)) => self.see("Float"),
            Some(Val::Ival(_)) => self.see("Integer"),
            Some(Val::Sval(text)) => {
                self.see("String");
                self.notes.texts.push(text.sval.clone());
            }
        }
        Ok(())
    }

    pub(crate) fn operator(&mut self, expression: &AExpr) -> Result<(), Error> {
        use AExprKind as Kind;
        self.see("AExpr");
        match Kind::try_from(expression.kind) {
            Err(_) | Ok(Kind::Undefined) => return Err(Error::Unfollowed("operator")),
            // Their names are keywords that stand for comparisons.
            Ok(
                Kind::AexprBetween
                | Kind::AexprBetweenSym
                | Kind::AexprNotBetween
                | Kind::AexprNotBetweenSym,
            ) => {
                self.strings(&expression.name)?;
                self.implied(&["<", "<=", ">", ">="])?;
            }
            Ok(_) => self.operator_name(&expression.name, expression.lexpr.is_none())?,
        }
        self.maybe(expression.lexpr.as_deref())?;
        self.maybe(expression.rexpr.as_deref())
    }

    pub(crate) fn operator_name(&mut self, name: &[Node], prefix: bool) -> Result<(), Error> {
        let parts = self.strings(name)?;
        match *parts.as_slice() {
            [name] => self.operator_of(name, prefix),
            _ => Err(Error::Operator(parts.join("."))),
        }
    }

    /// Operators that syntax stands for; PostgreSQL looks them up by name as if they were written.
    pub(crate) fn implied(&mut self, names: &[&str]) -> Result<(), Error> {
        names.iter().try_for_each(|name| self.operator_of(name, false))
    }

    fn operator_of(&mut self, name: &str, prefix: bool) -> Result<(), Error> {
        self.notes.operators.insert(name.to_owned());
        reviewed::operator(&self.scope.catalogue, name, prefix)
            .map_err(|_| Error::Operator(name.to_owned()))
    }

    pub(crate) fn cast(&mut self, cast: &TypeCast) -> Result<(), Error> {
        self.see("TypeCast");
        self.maybe(cast.arg.as_deref())?;
        cast.type_name.as_ref().map_or(Ok(()), |name| self.type_name(name))
    }

    fn type_name(&mut self, name: &TypeName) -> Result<(), Error> {
        self.see("TypeName");
        let parts = self.strings(&name.names)?;
        let refused = || Error::Type(parts.join("."));
        let (schema, part) = match *parts.as_slice() {
            [part] => (None, part),
            [schema, part] => (Some(schema), part),
            _ => return Err(refused()),
        };
        if name.setof || name.pct_type {
            return Err(refused());
        }
        self.notes.types.insert(part.to_owned());
        reviewed::type_name(&self.scope.catalogue, schema, part).map_err(|_| refused())?;
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

    pub(crate) fn collate(&mut self, clause: &CollateClause) -> Result<(), Error> {
        self.see("CollateClause");
        self.maybe(clause.arg.as_deref())?;
        self.collation(&clause.collname)
    }

    pub(crate) fn collation(&mut self, name: &[Node]) -> Result<(), Error> {
        let parts = self.strings(name)?;
        let refused = || Error::Collation(parts.join("."));
        let (schema, name) = match *parts.as_slice() {
            [] => return Ok(()),
            [name] => (None, name),
            [schema, name] => (Some(schema), name),
            _ => return Err(refused()),
        };
        self.notes.collations.insert(name.to_owned());
        reviewed::collation(&self.scope.catalogue, schema, name).map_err(|_| refused())
    }

    /// A column of `AS x(name type)` after a function.
    pub(crate) fn column_def(&mut self, column: &ColumnDef) -> Result<(), Error> {
        self.see("ColumnDef");
        column.type_name.as_ref().map_or(Ok(()), |name| self.type_name(name))?;
        column.coll_clause.as_deref().map_or(Ok(()), |clause| self.collate(clause))
    }

    pub(crate) fn parameter(&mut self, parameter: &ParamRef) -> Result<(), Error> {
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

    pub(crate) fn value_function(&mut self, value: &SqlValueFunction) -> Result<(), Error> {
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
