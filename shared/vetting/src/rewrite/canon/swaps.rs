//! Pieces of a tree that are written as if others stood in their place, and the names in a tree.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    rc::Rc,
};

use pg_query::protobuf::Alias;

use super::{
    Canon,
    serializer::{Done, Stop},
};

/// What is to stand in place of what, by where that begins in the text.
#[derive(Debug, Default)]
pub(in crate::rewrite) struct Swaps {
    pub(in crate::rewrite) relations: BTreeMap<i64, Swap>,
    /// Columns that lose their schema: the bytes of its name, and of the relation's behind it.
    pub(in crate::rewrite) columns: BTreeMap<i64, (Vec<u8>, Vec<u8>)>,
}

impl Swaps {
    pub(super) fn len(&self) -> usize {
        self.relations.len() + self.columns.len()
    }
}

/// A relation that gives way to a select.
#[derive(Debug)]
pub(in crate::rewrite) struct Swap {
    pub(in crate::rewrite) schema: String,
    pub(in crate::rewrite) name: String,
    /// Whether its children are left out.
    pub(in crate::rewrite) only: bool,
    /// The bytes of the select, as a node.
    pub(in crate::rewrite) select: Rc<[u8]>,
}

/// The names in a tree.
#[derive(Debug, Default)]
pub(in crate::rewrite) struct Names {
    pub(in crate::rewrite) relations: Vec<Named>,
    /// WITH queries.
    pub(in crate::rewrite) queries: BTreeSet<String>,
    /// Whatever else columns may be qualified with: aliases, and functions, which are their own.
    pub(in crate::rewrite) others: BTreeSet<String>,
}

/// A relation as it is named.
#[derive(Clone, Debug, Default)]
pub(in crate::rewrite) struct Named {
    pub(in crate::rewrite) catalog: String,
    /// Empty where none was written.
    pub(in crate::rewrite) schema: String,
    pub(in crate::rewrite) name: String,
    /// Whether its children are left out.
    pub(in crate::rewrite) only: bool,
    /// Where it begins in the text, in bytes.
    pub(in crate::rewrite) at: i64,
}

/// A struct that is being written.
pub(super) struct Piece<'c, 'w> {
    pub(super) canon: &'c mut Canon<'w>,
    kind: &'static str,
    start: usize,
    at: i64,
    named: Named,
    /// The alias of a relation, or the parts of a column's name.
    part: Range<usize>,
}

impl<'c, 'w> Piece<'c, 'w> {
    pub(super) fn begin(canon: &'c mut Canon<'w>, kind: &'static str) -> Self {
        let start = canon.out.len();
        canon.word(b'{', kind.as_bytes());
        Self { canon, kind, start, at: -1, named: Named::default(), part: 0..0 }
    }

    /// Keeps what a swap has to know of a field that was just written.
    pub(super) fn note(&mut self, key: &'static str, value: Range<usize>) {
        match (self.kind, key) {
            ("ColumnRef" | "RangeVar", "location") => self.at = self.canon.number,
            ("ColumnRef", "fields") | ("RangeVar", "alias") => self.part = value,
            ("RangeVar", "catalogname") => self.named.catalog = self.canon.last_text(),
            ("RangeVar", "schemaname") => self.named.schema = self.canon.last_text(),
            ("RangeVar", "relname") => self.named.name = self.canon.last_text(),
            ("RangeVar", "inh") => self.named.only = !self.canon.flag,
            ("CommonTableExpr", "ctename") => {
                let name = self.canon.last_text();
                self.canon.names.queries.insert(name);
            }
            // Of a function's name, the last part was written last.
            ("Alias", "aliasname") | ("FuncCall", "funcname") => {
                let name = self.canon.last_text();
                self.canon.names.others.insert(name);
            }
            _ => {}
        }
    }

    pub(super) fn finish(mut self) -> Done {
        self.canon.out.push(b'}');
        match self.kind {
            "ColumnRef" => self.column(),
            "RangeVar" => self.relation(),
            _ => Ok(()),
        }
    }

    fn column(&mut self) -> Done {
        let Some((schema, relation)) = self.canon.swaps.columns.get(&self.at) else {
            return Ok(());
        };
        // Behind the bracket that opens the list.
        let start = self.part.start.saturating_add(1);
        let fields = self.canon.out.get(start..).unwrap_or_default();
        let rest = fields.strip_prefix(schema.as_slice()).ok_or(Stop)?;
        if !rest.starts_with(relation) {
            return Err(Stop);
        }
        self.canon.out.drain(start..start + schema.len());
        self.canon.made += 1;
        Ok(())
    }

    fn relation(&mut self) -> Done {
        let named = Named { at: self.at, ..std::mem::take(&mut self.named) };
        self.canon.names.relations.push(named.clone());
        let Some(swap) = self.canon.swaps.relations.get(&self.at) else { return Ok(()) };
        let is_it = named.name == swap.name
            && named.only == swap.only
            && named.catalog.is_empty()
            && (named.schema.is_empty() || named.schema == swap.schema);
        if !is_it {
            return Err(Stop);
        }
        let alias = self.canon.out.get(self.part.clone()).unwrap_or_default().to_vec();
        self.canon.out.truncate(self.start);
        self.canon.made += 1;
        self.subselect(&swap.select, &alias, named.name)
    }

    /// Writes what the parser makes of `(SELECT …) AS name`.
    fn subselect(&mut self, select: &[u8], alias: &[u8], name: String) -> Done {
        self.canon.word(b'{', b"RangeSubselect");
        self.canon.word(b'k', b"lateral");
        self.canon.truth(false);
        self.canon.word(b'k', b"subquery");
        self.canon.out.push(b'o');
        self.canon.out.extend_from_slice(select);
        self.canon.word(b'k', b"alias");
        let own = Some(Alias { aliasname: name, colnames: Vec::new() });
        let own = super::plain(&own).map_err(|_| Stop)?;
        self.canon.out.extend_from_slice(if alias == b"n" { &own } else { alias });
        self.canon.out.push(b'}');
        Ok(())
    }
}
