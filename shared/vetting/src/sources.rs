//! The walk over FROM: relations, joins, sub-selects and functions that make rows.

use pg_query::{
    NodeEnum,
    protobuf::{Alias, FuncCall, JoinExpr, Node, RangeFunction, RangeSubselect},
};

use crate::{Error, functions::Use, statements::Walk};

impl Walk<'_> {
    /// A FROM or USING clause.
    pub(crate) fn from(&mut self, items: &[Node]) -> Result<(), Error> {
        if !items.is_empty() {
            self.notes.verbs.insert(crate::Verb::Select);
        }
        items.iter().try_for_each(|item| self.source(item))
    }

    fn source(&mut self, node: &Node) -> Result<(), Error> {
        match &node.node {
            Some(NodeEnum::JoinExpr(join)) => self.join(join),
            Some(NodeEnum::RangeFunction(function)) => self.function_source(function),
            Some(NodeEnum::RangeSubselect(query)) => self.query_source(query),
            Some(NodeEnum::RangeVar(var)) => self.relation(var),
            _ => Err(Error::Unfollowed("FROM")),
        }
    }

    fn query_source(&mut self, query: &RangeSubselect) -> Result<(), Error> {
        self.see("RangeSubselect");
        let inner = query.subquery.as_ref().and_then(|node| node.node.as_ref());
        let Some(NodeEnum::SelectStmt(select)) = inner else {
            return Err(Error::Unfollowed("FROM"));
        };
        self.select(select)?;
        self.alias(query.alias.as_ref())
    }

    fn function_source(&mut self, function: &RangeFunction) -> Result<(), Error> {
        self.see("RangeFunction");
        for pair in &function.functions {
            let Some(NodeEnum::List(pair)) = &pair.node else {
                return Err(Error::Unfollowed("FROM"));
            };
            self.see("List");
            let (first, rest) = pair.items.split_first().ok_or(Error::Unfollowed("FROM"))?;
            match &first.node {
                Some(NodeEnum::FuncCall(call)) => self.row_maker(call)?,
                _ => return Err(Error::Source("expression".into())),
            }
            self.each(rest)?;
        }
        self.each(&function.coldeflist)?;
        self.alias(function.alias.as_ref())
    }

    fn row_maker(&mut self, call: &FuncCall) -> Result<(), Error> {
        match self.call(call)? {
            (_, Use::Set) => Ok(()),
            (name, _) => Err(Error::Source(name.into())),
        }
    }

    fn join(&mut self, join: &JoinExpr) -> Result<(), Error> {
        self.see("JoinExpr");
        for side in [&join.larg, &join.rarg].into_iter().flatten() {
            self.source(side)?;
        }
        let using = self.strings(&join.using_clause)?;
        if join.is_natural || !using.is_empty() {
            self.implied(&["="])?;
        }
        self.alias(join.alias.as_ref())?;
        self.alias(join.join_using_alias.as_ref())?;
        self.maybe(join.quals.as_deref())
    }

    /// A name for something in FROM, perhaps with names for its columns.
    pub(crate) fn alias(&mut self, alias: Option<&Alias>) -> Result<(), Error> {
        let Some(alias) = alias else { return Ok(()) };
        self.see("Alias");
        self.strings(&alias.colnames).map(drop)
    }
}
