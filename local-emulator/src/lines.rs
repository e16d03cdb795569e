//! Text for terminals: in lines that fit, without anything that a terminal would obey.

/// Words in lines of at most so many characters; a word that is longer has a line to itself.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The text with everything spelt out that moves a cursor, colours what follows or turns the direction
/// of reading around: what agents and their issuers write is shown to operators. Lines stay lines.
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => plain.push(c),
            '\t' => plain.push(' '),
            c if c.is_control() || TURNING.contains(&c) => plain.extend(c.escape_unicode()),
            c => plain.push(c),
        }
    }
    plain
}

/// Marks, embeddings, overrides and isolates of the direction of text (Unicode Annex 9).
const TURNING: [char; 12] = [
    '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_words_allow() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrapped("a-word-that-is-longer then", 8),
            ["", "a-word-that-is-longer", "then"][1..]
        );
        assert_eq!(wrapped("", 8), [""]);
    }

    #[test]
    fn a_terminal_is_told_nothing_but_text() {
        assert_eq!(harmless("a\u{1b}[2J\u{202e}b\r\n\tc"), "a\\u{1b}[2J\\u{202e}b\\u{d}\n c");
    }
}
