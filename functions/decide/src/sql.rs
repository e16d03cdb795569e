//! A statement as people read it: in lines, its words told apart by colour.
//!
//! This is no parser and decides nothing. It follows PostgreSQL's lexical rules (SQL Syntax, 4.1) so
//! that what is inside a string or a comment looks like it, however it is written.

mod lexer;
mod words;

use maud::{Markup, PreEscaped};

use crate::text::marked;
pub(crate) use lexer::Kind;

/// A statement cut into what one screen can bear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Lines of pieces.
    pub(crate) lines: Vec<Vec<(Kind, String)>>,
    /// Whether something was left out.
    pub(crate) cut: bool,
}

/// Reads a statement for the page.
pub(crate) fn listing(text: &str) -> Listing {
    let mut lines = vec![Vec::new()];
    let (mut letters, mut cut) = (0_usize, false);
    'all: for (kind, piece) in lexer::pieces(text) {
        for (nth, part) in piece.split('\n').enumerate() {
            if nth > 0 {
                lines.push(Vec::new());
                letters = 0;
            }
            let room = LINE.saturating_sub(letters);
            let fits: String = part.chars().take(room).collect();
            letters += part.chars().count();
            cut |= fits.len() < part.len();
            if lines.len() > LINES {
                cut = true;
                break 'all;
            }
            if let Some(line) = lines.last_mut().filter(|_| !fits.is_empty()) {
                line.push((kind, fits));
            }
        }
    }
    lines.truncate(LINES);
    Listing { lines, cut }
}

/// Whether a text of another kind would be cut as well.
pub(crate) fn is_long(text: &str) -> bool {
    text.lines().count() > LINES || text.lines().any(|line| line.chars().nth(LINE).is_some())
}

/// As much of a text as one screen can bear.
pub(crate) fn cut(text: &str) -> String {
    let line = |line: &str| -> String { line.chars().take(LINE).collect() };
    text.lines().take(LINES).map(line).collect::<Vec<_>>().join("\n")
}

impl Listing {
    /// One line as markup.
    pub(crate) fn line(pieces: &[(Kind, String)]) -> Markup {
        let mut buffer = String::new();
        for (kind, piece) in pieces {
            match kind.class() {
                None => marked(piece, &mut buffer),
                Some(class) => {
                    buffer.push_str("<span class=\"");
                    buffer.push_str(class);
                    buffer.push_str("\">");
                    marked(piece, &mut buffer);
                    buffer.push_str("</span>");
                }
            }
        }
        PreEscaped(buffer)
    }
}

/// Letters of a line, and lines of a statement, that are shown on the page itself. A statement has at
/// most 64 KiB; what nobody would scroll through stands on a page of its own.
const LINE: usize = 600;
const LINES: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(listing: &Listing) -> String {
        let line =
            |line: &Vec<(Kind, String)>| line.iter().map(|(_, piece)| piece.as_str()).collect();
        listing.lines.iter().map(line).collect::<Vec<String>>().join("\n")
    }

    #[test]
    fn a_listing_says_every_byte_of_a_statement() {
        for text in ["SELECT 1", "SELECT\n  'a\nb'\n-- c\n", "", "\n\n", "x\r\ny"] {
            let listing = listing(text);
            assert_eq!((whole(&listing).as_str(), listing.cut), (text, false));
        }
    }

    #[test]
    fn long_lines_and_many_lines_are_cut_and_said_to_be() {
        let long = format!("SELECT '{}'", "x".repeat(100_000));
        let listing = listing(&long);
        assert!(listing.cut && is_long(&long));
        assert_eq!(whole(&listing).chars().count(), LINE);
        let many = "a\n".repeat(LINES + 1);
        let listing = super::listing(&many);
        assert!(listing.cut && is_long(&many));
        assert_eq!(listing.lines.len(), LINES);
        let full = format!("{}a", "a\n".repeat(LINES - 1));
        assert!(!super::listing(&full).cut && !is_long(&full));
        assert_eq!(cut(&many).lines().count(), LINES);
    }

    #[test]
    fn a_line_is_escaped_whatever_it_holds() {
        let listing = listing("SELECT '</span><script>' \u{202e}");
        let line = Listing::line(&listing.lines[0]).into_string();
        assert!(!line.contains("<script"), "{line}");
        assert!(
            line.contains("⟦U+202E⟧") && line.contains("<span class=\"k\">SELECT</span>"),
            "{line}"
        );
    }
}
