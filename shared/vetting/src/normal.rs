//! A statement without its literals and comments, so that it can be put on record and compared.

use pg_query::protobuf::{ScanToken, Token};

use crate::Error;

/// Writes the statement with each literal as a parameter above `highest`, each gap as one space, and
/// no comments.
///
/// # Errors
/// [`Error::Syntax`] if it does not fall into tokens.
pub(crate) fn normalized(text: &str, highest: u16) -> Result<String, Error> {
    let broken = || Error::Syntax("it does not fall into words".into());
    let tokens = pg_query::scan_tokens(text).map_err(|_| broken())?;
    let mut writer =
        Writer { out: String::with_capacity(text.len()), next: u32::from(highest), end: 0 };
    for token in tokens.iter().filter(|token| matters(token)) {
        writer.write(text, token).ok_or_else(broken)?;
    }
    Ok(writer.out)
}

/// The keywords that a statement starts with, in capitals: as many as there are before anything else,
/// at most `most`.
pub(crate) fn first_words(text: &str, most: usize) -> Vec<String> {
    let tokens = pg_query::scan_tokens(text).unwrap_or_default();
    let words = tokens.iter().filter(|token| matters(token)).take(most);
    // A keyword's kind is above zero; anything else may be text of the agent's.
    let keywords = words.take_while(|token| token.keyword_kind > 0);
    keywords.filter_map(|token| slice(text, token).map(str::to_uppercase)).collect()
}

struct Writer {
    out: String,
    next: u32,
    /// Where the last token ended in the text.
    end: i32,
}

impl Writer {
    fn write(&mut self, text: &str, token: &ScanToken) -> Option<()> {
        let word = slice(text, token)?;
        let literal = is_literal(token);
        let before = self.out.chars().next_back();
        let glued = |c: char| c.is_alphanumeric() || c == '_' || c == '"' || !c.is_ascii();
        let apart = token.start > self.end
            || (literal && before.is_some_and(glued))
            || (before.is_some_and(|c| c.is_ascii_digit()) && word.starts_with(glued));
        if apart && before.is_some() {
            self.out.push(' ');
        }
        if literal {
            self.next = self.next.checked_add(1)?;
            self.out.push_str(&format!("${}", self.next));
        } else {
            self.out.push_str(word);
        }
        self.end = token.end;
        Some(())
    }
}

fn slice<'t>(text: &'t str, token: &ScanToken) -> Option<&'t str> {
    text.get(usize::try_from(token.start).ok()?..usize::try_from(token.end).ok()?)
}

fn matters(token: &ScanToken) -> bool {
    !matches!(token.token(), Token::Ascii59 | Token::CComment | Token::SqlComment)
}

fn is_literal(token: &ScanToken) -> bool {
    matches!(
        token.token(),
        Token::Bconst
            | Token::Fconst
            | Token::Iconst
            | Token::Sconst
            | Token::Usconst
            | Token::Xconst
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_become_parameters_and_comments_go() {
        let text = "SELECT a, 'it''s', $1 + 2 -- 4111\n FROM t WHERE b = E'\\n' /* 5 */ AND c = $tag$x$tag$;";
        assert_eq!(
            normalized(text, 1).unwrap(),
            "SELECT a, $2, $1 + $3 FROM t WHERE b = $4 AND c = $5"
        );
    }

    #[test]
    fn a_literal_glued_to_a_word_is_parted_from_it() {
        assert_eq!(normalized("SELECT'a'b", 0).unwrap(), "SELECT $1 b");
        assert_eq!(
            normalized("SELECT U&'\\0061' UESCAPE '!', B'1', X'F', 1.5", 0).unwrap(),
            "SELECT $1 UESCAPE $2, $3, $4, $5"
        );
    }

    #[test]
    fn the_first_words_are_told_only_if_they_are_keywords() {
        assert_eq!(first_words("/* x */ drop table t cascade", 4), ["DROP", "TABLE"]);
        assert_eq!(first_words("drop table", 1), ["DROP"]);
        assert_eq!(first_words("'secret'", 1), [""; 0]);
    }
}
