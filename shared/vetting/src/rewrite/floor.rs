//! Adds to a select that its groups must have at least so many rows.

use pg_query::{
    Node, NodeEnum,
    protobuf::{BoolExpr, BoolExprType, ParseResult, SelectStmt, SetOperation, Token},
};

use super::{
    Error, canon, parse,
    splice::{Words, apply},
};
use crate::masks::quoted;

/// The outermost select, with a HAVING that leaves groups of fewer rows out. One that is there already
/// holds as well.
///
/// # Errors
/// As for [`at_least_of`].
#[cfg(test)]
pub(crate) fn at_least(text: &str, rows: u32) -> Result<String, Error> {
    at_least_of(text, rows, &[])
}

/// As [`at_least`], and in that many of the rows each of these columns has a value: the average of one
/// value and many NULLs is that one value. The columns are bare names, of the one relation in FROM.
///
/// # Errors
/// [`Error::Shape`] where there is no one select to add it to; [`Error::Differs`] should the result be
/// any other statement.
pub(crate) fn at_least_of(text: &str, rows: u32, columns: &[&str]) -> Result<String, Error> {
    let mut tree = parse(text)?;
    let select = outermost(&mut tree)?;
    let plain = select.op == SetOperation::SetopNone as i32 && select.values_lists.is_empty();
    if !plain {
        return Err(Error::Shape);
    }
    let enough = |of: String| format!("pg_catalog.count({of}) OPERATOR(pg_catalog.>=) {rows}");
    let mut floors = vec![enough("*".into())];
    floors.extend(columns.iter().map(|name| enough(quoted(name))));
    let clause = Clause::of(&Words::of(text)?).ok_or(Error::Shape)?;
    let added = clause.add(text, &floors.join(" AND ")).ok_or(Error::Place)?;
    select.having_clause = Some(Box::new(all_of(&floors, select.having_clause.take())?));
    match canon::plain(&parse(&added)?)? == canon::plain(&tree)? {
        true => Ok(added),
        false => Err(Error::Differs),
    }
}

fn outermost(tree: &mut ParseResult) -> Result<&mut SelectStmt, Error> {
    let [only] = tree.stmts.as_mut_slice() else { return Err(Error::Shape) };
    match only.stmt.as_mut().and_then(|node| node.node.as_mut()) {
        Some(NodeEnum::SelectStmt(select)) => Ok(select),
        _ => Err(Error::Shape),
    }
}

/// The condition by itself.
fn condition(floor: &str) -> Result<Node, Error> {
    let mut tree = parse(&format!("SELECT HAVING {floor}"))?;
    outermost(&mut tree)?.having_clause.take().map(|node| *node).ok_or(Error::Differs)
}

/// What the parser makes of these conditions and the one that was there before.
fn all_of(floors: &[String], before: Option<Box<Node>>) -> Result<Node, Error> {
    let mut args = floors.iter().map(|floor| condition(floor)).collect::<Result<Vec<_>, _>>()?;
    args.extend(before.map(|node| *node));
    match args.pop() {
        Some(only) if args.is_empty() => Ok(only),
        last => {
            args.extend(last);
            let boolop = BoolExprType::AndExpr as i32;
            let all = BoolExpr { xpr: None, boolop, args, location: 0 };
            Ok(Node { node: Some(NodeEnum::BoolExpr(Box::new(all))) })
        }
    }
}

/// Where the condition goes, in bytes.
struct Clause {
    /// Behind the word HAVING, where there is one.
    having: Option<usize>,
    /// Behind the last word that belongs before WINDOW, ORDER BY and what follows them.
    end: usize,
}

impl Clause {
    /// Goes through the words that stand in no parentheses.
    fn of(words: &Words) -> Option<Self> {
        let mut depth = 0_usize;
        let mut begun = false;
        let mut clause = Self { having: None, end: 0 };
        for (at, word) in words.0.iter().enumerate() {
            match word.kind {
                Token::Ascii40 => depth += 1,
                Token::Ascii41 => depth = depth.checked_sub(1)?,
                _ if depth > 0 || is_name(words, at) => {}
                Token::Select => begun = true,
                Token::Having => clause.having = Some(word.range.end),
                kind if begun && ends_groups(kind) => break,
                _ => {}
            }
            clause.end = word.range.end;
        }
        begun.then_some(clause)
    }

    fn add(&self, text: &str, floor: &str) -> Option<String> {
        let end = self.end..self.end;
        match self.having {
            None => apply(text, vec![(end, format!(" HAVING ({floor})"))]),
            Some(having) => {
                let before = (having..having, format!(" ({floor}) AND ("));
                apply(text, vec![before, (end, ")".into())])
            }
        }
    }
}

/// Whether a word is a name though it looks like a keyword: all are, behind AS or a dot.
fn is_name(words: &Words, at: usize) -> bool {
    matches!(words.kind(at, -1), Some(Token::As | Token::Ascii46))
}

fn ends_groups(kind: Token) -> bool {
    matches!(
        kind,
        Token::Ascii59
            | Token::Fetch
            | Token::For
            | Token::Limit
            | Token::Offset
            | Token::Order
            | Token::Window
    )
}
