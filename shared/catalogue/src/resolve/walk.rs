//! One pass over a statement: what it has come past, and what came of it.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use pg_query::{
    NodeEnum,
    protobuf::{Node, RangeVar},
};

use crate::{
    Catalogue, Error, How, Kind, Oid, Output, Qualified, Relation, Resolved, Source,
    resolve::{
        flow::{Flow, Pieces},
        scope::{Column, Columns, Found, Frame, Hit, Level, Range},
        with::Query,
    },
};

/// A column of a select's result.
#[derive(Clone, Debug)]
pub(super) struct Out<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) flow: Flow,
}

/// A derived column: what it is, and whether somebody mentioned it.
#[derive(Debug)]
pub(super) struct Mark {
    flow: Flow,
    mentioned: bool,
}

/// The pass.
pub(super) struct Walk<'a> {
    pub(super) on: &'a Catalogue,
    pub(super) pieces: Pieces,
    pub(super) levels: Vec<Level<'a>>,
    /// All WITH queries.
    pub(super) queries: Vec<Query<'a>>,
    /// By the address of a sub-link, its first column.
    pub(super) firsts: HashMap<usize, Out<'a>>,
    marks: Vec<Mark>,
    tables: HashMap<Oid, Rc<Columns<'a>>>,
    depth: usize,
    sources: Vec<Source>,
    pub(super) unfiltered: BTreeSet<Oid>,
    pub(super) qualified: Vec<Qualified>,
}

/// Steps down, at most. The parser goes no deeper than 100; WITH RECURSIVE lets queries be entered from
/// one another.
const DEEPEST: usize = 128;

/// Columns of a result, at most (PostgreSQL's `MaxTupleAttributeNumber`).
const WIDEST: usize = 1664;

impl<'a> Walk<'a> {
    pub(super) fn new(on: &'a Catalogue) -> Self {
        Self {
            on,
            pieces: Pieces::default(),
            levels: Vec::new(),
            queries: Vec::new(),
            firsts: HashMap::new(),
            marks: Vec::new(),
            tables: HashMap::new(),
            depth: 0,
            sources: Vec::new(),
            unfiltered: BTreeSet::new(),
            qualified: Vec::new(),
        }
    }

    /// What came of it, with these columns as the outermost result.
    pub(super) fn done(mut self, outs: Vec<Out<'a>>) -> Result<Resolved, Error> {
        if outs.len() > WIDEST {
            return Err(Error::Syntax("result of more than 1664 columns"));
        }
        outs.iter().for_each(|out| self.pieces.used(&out.flow, How::Shown));
        for mark in self.marks.iter().filter(|mark| !mark.mentioned) {
            self.pieces.used(&mark.flow, How::Passed);
        }
        self.sources.sort_by_key(|source| source.at);
        self.qualified.sort_by_key(|column| column.at);
        self.qualified.dedup();
        let mut output = |out: Out<'_>| Output {
            name: out.name.into_owned(),
            lineage: self.pieces.lineage(&out.flow, self.on),
        };
        Ok(Resolved {
            outputs: outs.into_iter().map(&mut output).collect(),
            uses: self.pieces.uses(self.on),
            sources: self.sources,
            unfiltered: self.unfiltered,
            qualified: self.qualified,
        })
    }

    /// One step down, which must be taken back by [`Walk::leave`].
    pub(super) fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        match self.depth > DEEPEST {
            true => Err(Error::Syntax("nesting")),
            false => Ok(()),
        }
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The level that is being read.
    pub(super) fn level(&mut self) -> Result<&mut Level<'a>, Error> {
        self.levels.last_mut().ok_or(Error::Syntax("statement"))
    }

    /// The ranges of the FROM that is being read.
    pub(super) fn frame(&mut self) -> Result<&mut Frame<'a>, Error> {
        self.level()?.frames.last_mut().ok_or(Error::Syntax("FROM"))
    }

    /// The relation that a name in FROM, or of a target, stands for.
    pub(super) fn relation(&self, var: &RangeVar) -> Result<&'a Relation, Error> {
        if !var.catalogname.is_empty() {
            return Err(Error::Relation(var.catalogname.clone()));
        }
        let schema = Some(var.schemaname.as_str()).filter(|schema| !schema.is_empty());
        let found = self.on.relation(schema, &var.relname);
        let found = found.ok_or_else(|| Error::Relation(var.relname.clone()))?;
        match found.kind {
            Kind::Foreign | Kind::Other => Err(Error::Kind(found.full_name())),
            _ if found.has_rules => Err(Error::Kind(found.full_name())),
            _ => Ok(found),
        }
    }

    /// Notes where a relation is named, and makes a range of it.
    pub(super) fn source(&mut self, var: &'a RangeVar, written: bool) -> Result<Range<'a>, Error> {
        let relation = self.relation(var)?;
        let name = var.alias.as_ref().map_or(&var.relname, |alias| &alias.aliasname);
        self.sources.push(Source {
            relation: relation.oid,
            at: usize::try_from(var.location).map_err(|_| Error::Syntax("RangeVar"))?,
            name: name.clone(),
            aliased: var.alias.is_some(),
            only: !var.inh,
            written,
        });
        let columns = self.table(relation);
        let colnames = var.alias.as_ref().map_or(&[] as &[Node], |alias| &alias.colnames);
        Ok(Range {
            columns: renamed(columns, colnames, name)?,
            relation: Some(relation),
            aliased: var.alias.is_some(),
            ..Range::made(Some(name), Rc::default())
        })
    }

    /// The columns of a relation under their own names.
    fn table(&mut self, relation: &'a Relation) -> Rc<Columns<'a>> {
        if let Some(known) = self.tables.get(&relation.oid) {
            return Rc::clone(known);
        }
        let column = |column: &'a crate::Attribute| {
            let piece = self.pieces.base(relation.oid, column.number);
            Column::plain(Cow::Borrowed(column.name.as_str()), Some(piece))
        };
        let columns = Rc::new(Columns::of(relation.columns.iter().map(column).collect()));
        self.tables.insert(relation.oid, Rc::clone(&columns));
        columns
    }

    /// The columns of a sub-select or WITH query.
    pub(super) fn derive(&mut self, outs: &[Out<'a>]) -> Vec<Column<'a>> {
        let column = |out: &Out<'a>| {
            let piece = self.pieces.derived(&out.flow);
            let mut flow = out.flow.clone();
            if let Some(piece) = piece.filter(|_| flow.straight().is_none()) {
                flow = Flow::of(piece);
            }
            self.marks.push(Mark { flow, mentioned: false });
            let mark = Some(self.marks.len() - 1);
            Column { mark, ..Column::plain(out.name.clone(), piece) }
        };
        outs.iter().map(column).collect()
    }

    /// A mention of this column of a range.
    pub(super) fn mention(&mut self, column: &Column<'a>) -> Flow {
        if let Some(mark) = column.mark.and_then(|mark| self.marks.get_mut(mark)) {
            mark.mentioned = true;
        }
        column.piece.map(|piece| self.pieces.mention(piece)).unwrap_or_default()
    }

    /// What was found in a range, mentioned.
    pub(super) fn hit(&mut self, (range, hit): Found<'a>) -> Flow {
        match hit {
            Hit::System(relation, number) => {
                let piece = self.pieces.base(relation, number);
                self.pieces.mention(piece)
            }
            Hit::Column(at) => match range.columns.list.get(at) {
                Some(column) => self.mention(column),
                None => Flow::default(),
            },
        }
    }

    /// The whole row of a range.
    pub(super) fn row(&mut self, range: &Range<'a>) -> Flow {
        if let Some(piece) = range.row.get() {
            return Flow::of(piece).computed();
        }
        let piece = match range.relation {
            Some(relation) => self.pieces.base(relation.oid, 0),
            None => {
                let mut all = Flow::default();
                for column in &range.columns.list {
                    all.add(self.mention(column));
                }
                self.pieces.mix(all)
            }
        };
        range.row.set(Some(piece));
        self.pieces.mention(piece).computed()
    }

    /// All columns of a range, one by one.
    pub(super) fn all_of(&mut self, range: &Range<'a>) -> Result<Vec<Out<'a>>, Error> {
        if range.open {
            return Err(Error::Syntax("* of a function whose columns are not known"));
        }
        let columns = range.columns.list.iter();
        let out =
            |column: &Column<'a>| Out { name: column.name.clone(), flow: self.mention(column) };
        Ok(columns.map(out).collect())
    }
}

/// A name among names.
pub(super) fn text(node: &Node) -> Result<&str, Error> {
    match &node.node {
        Some(NodeEnum::String(text)) => Ok(&text.sval),
        _ => Err(Error::Syntax("name")),
    }
}

/// The same columns, the first of them under these names.
pub(super) fn renamed<'a>(
    columns: Rc<Columns<'a>>,
    names: &'a [Node],
    owner: &str,
) -> Result<Rc<Columns<'a>>, Error> {
    if names.is_empty() {
        return Ok(columns);
    }
    if names.len() > columns.list.len() {
        return Err(Error::Columns(owner.to_owned()));
    }
    let mut list = columns.list.clone();
    for (column, name) in list.iter_mut().zip(names) {
        column.name = Cow::Borrowed(text(name)?);
        column.guessed = false;
    }
    Ok(Rc::new(Columns::of(list)))
}
