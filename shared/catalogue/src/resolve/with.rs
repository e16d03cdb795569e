//! WITH queries: which are visible where, and what their columns are.

use std::rc::Rc;

use pg_query::{
    NodeEnum,
    protobuf::{CommonTableExpr, Node, SelectStmt, WithClause},
};

use crate::{
    Error,
    resolve::{
        flow::Flow,
        scope::{Columns, Range},
        walk::{Out, Walk, renamed},
    },
};

/// A WITH query.
#[derive(Debug)]
pub(super) struct Query<'a> {
    name: &'a str,
    names: &'a [Node],
    select: &'a SelectStmt,
    /// The level at which its WITH stands.
    level: usize,
    recursive: bool,
    state: State<'a>,
}

#[derive(Clone, Debug)]
enum State<'a> {
    Waiting,
    /// It is being read; of one that refers to itself, the columns of its first part are known.
    Reading(Option<Rc<Columns<'a>>>),
    Read(Rc<Columns<'a>>),
}

impl<'a> Walk<'a> {
    /// Reads all queries of a WITH clause into the level.
    pub(super) fn with(&mut self, clause: Option<&'a WithClause>) -> Result<(), Error> {
        let Some(clause) = clause else { return Ok(()) };
        let first = self.queries.len();
        for node in &clause.ctes {
            let query = self.announced(node, clause.recursive)?;
            if self.queries.iter().skip(first).any(|known| known.name == query.name) {
                return Err(Error::Twice(query.name.to_owned()));
            }
            let (number, name) = (self.queries.len(), query.name);
            self.queries.push(query);
            match clause.recursive {
                // All of them see each other, so that one may have to be read for another first.
                true => drop(self.level()?.queries.insert(name, number)),
                false => {
                    self.read(number)?;
                    self.level()?.queries.insert(name, number);
                }
            }
        }
        (first..self.queries.len()).try_for_each(|number| self.read(number).map(drop))
    }

    fn announced(&self, node: &'a Node, recursive: bool) -> Result<Query<'a>, Error> {
        let Some(NodeEnum::CommonTableExpr(query)) = &node.node else {
            return Err(Error::Syntax("WITH"));
        };
        Ok(Query {
            name: &query.ctename,
            names: &query.aliascolnames,
            select: body(query)?,
            level: self.levels.len().saturating_sub(1),
            recursive,
            state: State::Waiting,
        })
    }

    /// The columns of a query, which is read if it was not yet.
    fn read(&mut self, number: usize) -> Result<Rc<Columns<'a>>, Error> {
        let endless = Error::Syntax("WITH RECURSIVE");
        let query = self.queries.get_mut(number).ok_or(Error::Syntax("WITH"))?;
        match &query.state {
            State::Read(columns) | State::Reading(Some(columns)) => return Ok(Rc::clone(columns)),
            State::Reading(None) => return Err(endless),
            State::Waiting => query.state = State::Reading(None),
        }
        let (select, level, recursive) = (query.select, query.level, query.recursive);
        // It sees what its WITH sees, not what the place sees that mentions it.
        let above = self.levels.split_off((level + 1).min(self.levels.len()));
        let outs = self.select(select, recursive.then_some(number))?;
        self.levels.extend(above);
        self.finish(number, &outs)
    }

    /// The first part of a query that may refer to itself gives it its columns.
    pub(super) fn begin(&mut self, number: usize, outs: &[Out<'a>]) -> Result<(), Error> {
        let mut open = outs.to_vec();
        for out in &mut open {
            out.flow = Flow::of(self.pieces.mix(Flow::default()));
        }
        let columns = self.columns(number, &open)?;
        if let Some(query) = self.queries.get_mut(number) {
            query.state = State::Reading(Some(columns));
        }
        Ok(())
    }

    fn finish(&mut self, number: usize, outs: &[Out<'a>]) -> Result<Rc<Columns<'a>>, Error> {
        let begun = self.queries.get(number).map(|query| query.state.clone());
        let columns = match begun {
            Some(State::Reading(Some(columns))) => {
                for (column, out) in columns.list.iter().zip(outs) {
                    if let Some(piece) = column.piece {
                        self.pieces.fill(piece, out.flow.clone());
                    }
                }
                columns
            }
            _ => self.columns(number, outs)?,
        };
        if let Some(query) = self.queries.get_mut(number) {
            query.state = State::Read(Rc::clone(&columns));
        }
        Ok(columns)
    }

    fn columns(&mut self, number: usize, outs: &[Out<'a>]) -> Result<Rc<Columns<'a>>, Error> {
        let list = self.derive(outs);
        let query = self.queries.get(number).ok_or(Error::Syntax("WITH"))?;
        renamed(Rc::new(Columns::of(list)), query.names, query.name)
    }

    /// The WITH query that a name in FROM means, under its own or another name.
    pub(super) fn query(
        &mut self,
        name: &str,
        alias: Option<(&'a str, &'a [Node])>,
    ) -> Result<Option<Range<'a>>, Error> {
        let found = self.levels.iter().rev().find_map(|level| level.queries.get(name).copied());
        let Some(number) = found else { return Ok(None) };
        let columns = self.read(number)?;
        let own = self.queries.get(number).map_or("", |query| query.name);
        let (name, names) = alias.unwrap_or((own, &[]));
        Ok(Some(Range::made(Some(name), renamed(columns, names, name)?)))
    }
}

fn body(query: &CommonTableExpr) -> Result<&SelectStmt, Error> {
    if query.search_clause.is_some() || query.cycle_clause.is_some() {
        return Err(Error::Syntax("SEARCH or CYCLE"));
    }
    match query.ctequery.as_ref().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::SelectStmt(select)) => Ok(select),
        _ => Err(Error::Syntax("WITH")),
    }
}
