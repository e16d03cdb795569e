//! Pieces of a statement, one after the other, every byte in exactly one of them.

use super::words;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `-- …` or `/* … */`.
    Comment,
    /// A word that means something to PostgreSQL.
    Keyword,
    /// A number.
    Number,
    /// Space, operators, names.
    Plain,
    /// `$1`.
    Param,
    /// A name in double quotes.
    Quoted,
    /// `'…'`, `E'…'`, `$tag$…$tag$`.
    Text,
}

impl Kind {
    /// Its class in the style sheet.
    pub(crate) fn class(self) -> Option<&'static str> {
        match self {
            Self::Comment => Some("c"),
            Self::Keyword => Some("k"),
            Self::Number => Some("n"),
            Self::Plain => None,
            Self::Param => Some("p"),
            Self::Quoted => Some("q"),
            Self::Text => Some("s"),
        }
    }
}

/// The pieces of a statement.
pub(super) fn pieces(text: &str) -> Vec<(Kind, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (kind, length) = next(rest);
        // A length that is none would be a fault of ours: then the rest is plain, and said.
        let (piece, after) = rest.split_at_checked(length.max(1)).unwrap_or((rest, ""));
        pieces.push((kind, piece));
        rest = after;
    }
    pieces
}

/// The first piece, and its length in bytes.
fn next(rest: &str) -> (Kind, usize) {
    let mut letters = rest.chars();
    let (first, second) = (letters.next().unwrap_or(' '), letters.next());
    match (first, second) {
        ('-', Some('-')) => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        ('/', Some('*')) => (Kind::Comment, comment(rest)),
        ('\'', _) => (Kind::Text, quoted(rest, '\'', false, 1)),
        ('e' | 'E', Some('\'')) => (Kind::Text, quoted(rest, '\'', true, 2)),
        ('b' | 'B' | 'x' | 'X' | 'n' | 'N', Some('\'')) => {
            (Kind::Text, quoted(rest, '\'', false, 2))
        }
        ('"', _) => (Kind::Quoted, quoted(rest, '"', false, 1)),
        ('$', Some('0'..='9')) => (Kind::Param, 1 + run(after(rest, 1), |c| c.is_ascii_digit())),
        ('$', _) => dollar(rest).map_or((Kind::Plain, 1), |length| (Kind::Text, length)),
        ('0'..='9', _) => {
            (Kind::Number, run(rest, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_'))
        }
        _ if is_word(first) => {
            let length = run(rest, |c| is_word(c) || c.is_ascii_digit() || c == '$');
            let word = rest.get(..length).unwrap_or_default();
            (if words::is_key(word) { Kind::Keyword } else { Kind::Plain }, length)
        }
        _ => (Kind::Plain, first.len_utf8()),
    }
}

/// Comments nest (4.1.5). One that does not end goes to the end.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    let bytes = rest.as_bytes();
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// To the closing quote; a doubled one does not close, nor one behind a backslash where those count.
fn quoted(rest: &str, quote: char, escapes: bool, from: usize) -> usize {
    let mut letters = after(rest, from).char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        if escapes && c == '\\' {
            letters.next();
        } else if c == quote {
            match letters.peek() {
                Some((_, next)) if *next == quote => _ = letters.next(),
                _ => return from + at + c.len_utf8(),
            }
        }
    }
    rest.len()
}

/// `$tag$ … $tag$` (4.1.2.4); nothing where this is no such thing.
fn dollar(rest: &str) -> Option<usize> {
    let tag = run(after(rest, 1), |c| is_word(c) || c.is_ascii_digit());
    let opening = rest.get(..tag + 2).filter(|opening| opening.ends_with('$'))?;
    let body = after(rest, opening.len());
    Some(body.find(opening).map_or(rest.len(), |at| at + 2 * opening.len()))
}

/// Bytes of the letters at the beginning that are such.
fn run(text: &str, such: impl Fn(char) -> bool) -> usize {
    text.find(|c| !such(c)).unwrap_or(text.len())
}

fn after(text: &str, bytes: usize) -> &str {
    text.get(bytes..).unwrap_or_default()
}

fn is_word(c: char) -> bool {
    c.is_alphabetic() || c == '_' || (!c.is_ascii() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, text: &str) -> Vec<&str> {
        pieces(text)
            .into_iter()
            .filter(|(found, _)| *found == kind)
            .map(|(_, piece)| piece)
            .collect()
    }

    #[test]
    fn what_is_inside_a_string_or_a_comment_is_one_piece() {
        for (kind, text, wants) in [
            (Kind::Text, "SELECT 'a''b' x", vec!["'a''b'"]),
            (Kind::Text, r"SELECT E'a\'b' x", vec![r"E'a\'b'"]),
            (Kind::Text, r"SELECT 'a\' x", vec![r"'a\'"]),
            (Kind::Text, "SELECT $a$ 'x' $b$ -- $a$ y", vec!["$a$ 'x' $b$ -- $a$"]),
            (Kind::Text, "SELECT $$x$$", vec!["$$x$$"]),
            (Kind::Text, "SELECT 'open", vec!["'open"]),
            (Kind::Quoted, "SELECT \"a\"\"b\" FROM t", vec!["\"a\"\"b\""]),
            (Kind::Comment, "a /* b /* c */ d */ e", vec!["/* b /* c */ d */"]),
            (Kind::Comment, "a -- b 'c\nd", vec!["-- b 'c"]),
            (Kind::Comment, "a /* open", vec!["/* open"]),
            (Kind::Param, "WHERE a = $12 AND b = $1", vec!["$12", "$1"]),
            (Kind::Keyword, "select Name FROM from_x", vec!["select", "FROM"]),
            (Kind::Number, "1 + 2.5 + 0x1F", vec!["1", "2.5", "0x1F"]),
        ] {
            assert_eq!(of(kind, text), wants, "{text}");
        }
    }

    #[test]
    fn the_pieces_are_the_text() {
        for text in
            ["", "SELECT 1", "é$", "$é$ $", "'", "\"", "/*", "-", "a\u{202e}b", "E'\\", "$1$"]
        {
            let whole: String = pieces(text).into_iter().map(|(_, piece)| piece).collect();
            assert_eq!(whole, text);
        }
    }
}
