//! Where in its text a statement names relations, and what is put there instead.

use std::{collections::BTreeMap, ops::Range};

use catalogue::{Oid, Qualified, Resolved, Source};
use pg_query::protobuf::{ScanToken, Token};

use super::Error;
use crate::masks::{Replacement, quoted};

/// The text with each source that is replaced written as its masking select.
pub(super) fn masked(
    text: &str,
    resolved: &Resolved,
    replaced: &BTreeMap<Oid, Replacement>,
) -> Result<String, Error> {
    let words = Words::of(text)?;
    let mut edits = Vec::new();
    for source in resolved.sources.iter().filter(|source| !source.written) {
        if let Some(replacement) = replaced.get(&source.relation) {
            words.source(source, replacement, &mut edits).ok_or(Error::Place)?;
        }
    }
    for column in resolved.qualified.iter().filter(|column| replaced.contains_key(&column.relation))
    {
        edits.push(words.schema(column).ok_or(Error::Place)?);
    }
    apply(text, edits).ok_or(Error::Place)
}

/// A piece of the text, and what takes its place.
pub(super) type Edit = (Range<usize>, String);

/// Applies edits that do not overlap.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|(range, _)| range.start);
    // A column of a WITH query may have been come past more than once.
    edits.dedup();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in edits {
        out.push_str(text.get(done..range.start)?);
        out.push_str(&new);
        done = range.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// One word of the text, which is no comment.
pub(super) struct Word {
    pub(super) range: Range<usize>,
    pub(super) kind: Token,
    is_name: bool,
}

/// The words of a text.
pub(super) struct Words(pub(super) Vec<Word>);

impl Words {
    pub(super) fn of(text: &str) -> Result<Self, Error> {
        let tokens = pg_query::scan_tokens(text).map_err(|_| Error::Unread)?;
        let words: Option<_> = tokens.iter().filter(|token| !is_comment(token)).map(word).collect();
        words.map(Self).ok_or(Error::Place)
    }

    /// The kind of the word `steps` after this one, or before it.
    pub(super) fn kind(&self, at: usize, steps: isize) -> Option<Token> {
        Some(self.0.get(at.checked_add_signed(steps)?)?.kind)
    }

    fn starting(&self, at: usize) -> Option<usize> {
        self.0.binary_search_by_key(&at, |word| word.range.start).ok()
    }

    /// The last word of the name that begins with this one: `U&"…" UESCAPE '…'` are three.
    fn name(&self, first: usize) -> Option<usize> {
        let escaped = self.kind(first, 1) == Some(Token::Uescape);
        self.0.get(first)?.is_name.then_some(if escaped { first + 2 } else { first })
    }

    /// The last word of a name that may have a schema before it.
    fn qualified_name(&self, first: usize) -> Option<usize> {
        let last = self.name(first)?;
        match self.kind(last, 1) {
            Some(Token::Ascii46) => self.name(last + 2),
            _ => Some(last),
        }
    }

    /// What the source is written with, from the first word to the last.
    fn extent(&self, source: &Source) -> Option<(usize, usize)> {
        let first = self.starting(source.at)?;
        let last = self.qualified_name(first)?;
        let star = self.kind(last, 1) == Some(Token::Ascii42);
        match (self.kind(first, -2), self.kind(first, -1)) {
            _ if !source.only => Some((first, if star { last + 1 } else { last })),
            (_, Some(Token::Only)) => Some((first - 1, last)),
            (Some(Token::Only), Some(Token::Ascii40)) => {
                (self.kind(last, 1) == Some(Token::Ascii41)).then_some((first - 2, last + 1))
            }
            _ => None,
        }
    }

    fn source(
        &self,
        source: &Source,
        replacement: &Replacement,
        edits: &mut Vec<Edit>,
    ) -> Option<()> {
        let (first, last) = self.extent(source)?;
        let range = self.0.get(first)?.range.start..self.0.get(last)?.range.end;
        let select = replacement.select(source.only);
        let alias =
            if source.aliased { String::new() } else { format!(" AS {}", quoted(&source.name)) };
        edits.push((range, format!("({select}){alias}")));
        if self.kind(first, -1) == Some(Token::Table) {
            let table = self.0.get(first.checked_sub(1)?)?;
            edits.push((table.range.clone(), "SELECT * FROM ".into()));
        }
        Some(())
    }

    /// The schema of a column, with its dot: what is read has none any more.
    fn schema(&self, column: &Qualified) -> Option<Edit> {
        let first = self.starting(column.at)?;
        let dot = self.name(first)?.checked_add(1)?;
        let dot = self.0.get(dot).filter(|word| word.kind == Token::Ascii46)?;
        Some((self.0.get(first)?.range.start..dot.range.end, String::new()))
    }
}

fn is_comment(token: &ScanToken) -> bool {
    matches!(token.token(), Token::CComment | Token::SqlComment)
}

fn word(token: &ScanToken) -> Option<Word> {
    let range = usize::try_from(token.start).ok()?..usize::try_from(token.end).ok()?;
    let kind = token.token();
    // Most keywords are names too, where the grammar wants one.
    let is_name = matches!(kind, Token::Ident | Token::Uident) || token.keyword_kind > 0;
    Some(Word { range, kind, is_name })
}
