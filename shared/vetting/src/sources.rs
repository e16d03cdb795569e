//! The walk over FROM: relations, joins, sub-selects and functions that make rows.

use std::rc::Rc;

use pg_query::{
    NodeEnum,
    protobuf::{Alias, FuncCall, JoinExpr, Node, RangeFunction, RangeSubselect, RangeVar},
};

use crate::{
    Error, Relation,
    functions::{self, Use},
    notes::{Columns, Range, Source},
    selects::outputs,
    statements::Walk,
};

impl<'t> Walk<'_, 't> {
    /// A FROM or USING clause.
    pub(crate) fn from(&mut self, items: &'t [Node]) -> Result<(), Error> {
        if !items.is_empty() {
            self.notes.verbs.insert(crate::Verb::Select);
        }
        items.iter().try_for_each(|item| self.source(item))
    }

    fn source(&mut self, node: &'t Node) -> Result<(), Error> {
        match &node.node {
            Some(NodeEnum::JoinExpr(join)) => self.join(join),
            Some(NodeEnum::RangeFunction(function)) => self.function_source(function),
            Some(NodeEnum::RangeSubselect(query)) => self.query_source(query),
            Some(NodeEnum::RangeVar(var)) => self.relation_source(var),
            _ => Err(Error::Unfollowed("FROM")),
        }
    }

    fn relation_source(&mut self, var: &'t RangeVar) -> Result<(), Error> {
        let with = self.with.iter().rfind(|(name, _)| *name == var.relname);
        match with {
            Some((_, known)) if var.schemaname.is_empty() && var.catalogname.is_empty() => {
                let known = known.clone();
                self.see("RangeVar");
                self.made(&var.relname, var.alias.as_ref(), known)
            }
            _ => {
                let relation = self.relation(var)?;
                self.notes.reads.insert(relation.clone());
                self.named(var, relation).map(drop)
            }
        }
    }

    /// Notes the name under which a relation's columns can be had.
    pub(crate) fn named(&mut self, var: &'t RangeVar, relation: Relation) -> Result<Source, Error> {
        let renamed = self.alias(var.alias.as_ref())?;
        let tags = self.scope.tags(&relation);
        if !renamed.is_empty() {
            if tags.is_some() {
                return Err(Error::Renamed(relation.to_string()));
            }
            // Which columns these are is for the catalogue to know.
            self.notes.columns.insert("*".into());
        }
        let source = Source::Relation(relation, tags);
        let name = var.alias.as_ref().map_or(&var.relname, |alias| &alias.aliasname);
        self.range_of(name, source.clone(), Rc::new(renamed.into_iter().collect()));
        Ok(source)
    }

    fn query_source(&mut self, query: &'t RangeSubselect) -> Result<(), Error> {
        self.see("RangeSubselect");
        let inner = query.subquery.as_ref().and_then(|node| node.node.as_ref());
        let Some(NodeEnum::SelectStmt(select)) = inner else {
            return Err(Error::Unfollowed("FROM"));
        };
        self.subselect(select)?;
        self.made("", query.alias.as_ref(), Rc::new(outputs(select)))
    }

    fn function_source(&mut self, function: &'t RangeFunction) -> Result<(), Error> {
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
        let known = function.coldeflist.iter().filter_map(|node| match &node.node {
            Some(NodeEnum::ColumnDef(column)) => Some(column.colname.as_str()),
            _ => None,
        });
        let known = Rc::new(known.collect());
        self.each(&function.coldeflist)?;
        self.made("", function.alias.as_ref(), known)
    }

    fn row_maker(&mut self, call: &'t FuncCall) -> Result<(), Error> {
        let name = self.call(call)?;
        match functions::permitted(name) {
            Some(Use::Set) => Ok(()),
            _ => Err(Error::Source(name.into())),
        }
    }

    fn join(&mut self, join: &'t JoinExpr) -> Result<(), Error> {
        self.see("JoinExpr");
        let start = self.notes.ranges.len();
        for side in [&join.larg, &join.rarg].into_iter().flatten() {
            self.source(side)?;
        }
        let inside = start..self.notes.ranges.len();
        let using = self.strings(&join.using_clause)?;
        self.notes.columns.extend(using.iter().map(ToString::to_string));
        self.notes.using.extend(using);
        if join.is_natural {
            self.notes.natural = true;
            self.notes.columns.insert("*".into());
        }
        for alias in [&join.alias, &join.join_using_alias].into_iter().flatten() {
            self.notes.joins.push((&alias.aliasname, inside.clone()));
            self.notes.columns.insert("*".into());
            self.made("", Some(alias), Columns::default())?;
        }
        self.maybe(join.quals.as_deref())
    }

    /// Notes the name of something that is no relation.
    fn made(
        &mut self,
        name: &'t str,
        alias: Option<&'t Alias>,
        known: Columns<'t>,
    ) -> Result<(), Error> {
        let renamed = self.alias(alias)?;
        let name = alias.map_or(name, |alias| &alias.aliasname);
        let known = if renamed.is_empty() { known } else { Rc::new(renamed.into_iter().collect()) };
        self.range_of(name, Source::Made, known);
        Ok(())
    }

    fn range_of(&mut self, name: &'t str, source: Source, known: Columns<'t>) {
        let level = self.level;
        self.notes.ranges.push(Range { name, level, source, known });
    }

    /// The names that an alias gives to columns.
    fn alias(&mut self, alias: Option<&'t Alias>) -> Result<Vec<&'t str>, Error> {
        let Some(alias) = alias else { return Ok(Vec::new()) };
        self.see("Alias");
        self.strings(&alias.colnames)
    }
}
