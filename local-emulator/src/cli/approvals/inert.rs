//! Text by others on a terminal: what it holds is shown, and does nothing.
//!
//! Every character that has no shape of its own, that turns others around, or that a terminal obeys
//! stands as `\u{…}`, and a backslash as `\\`, so that what is printed stands for one text and no other.

use std::collections::BTreeMap;

use serde_json::Value;

/// On one line.
pub(super) fn line(text: &str) -> String {
    text.chars().map(shown).collect()
}

/// On as many lines as it takes, none of them wider than the terminal. Each begins with a bar, and what
/// is continued with a plus: no line of a text can be taken for one of ours.
pub(super) fn block(text: &str) -> String {
    let mut out = String::new();
    for line in text.split('\n') {
        let line = line
            .strip_suffix('\r')
            .map_or_else(|| self::line(line), |line| self::line(line) + "\\r");
        let mut mark = "  | ";
        for piece in wrapped(&line, WIDTH - 4) {
            out.push_str(mark);
            out.push_str(piece.trim_end());
            out.push('\n');
            mark = "  + ";
        }
    }
    out.push_str(&strange(text));
    out
}

/// Which letters beyond ASCII a text has. Some look like others, and some are read from the right.
fn strange(text: &str) -> String {
    let mut found: BTreeMap<char, usize> = BTreeMap::new();
    for c in text.chars().filter(|c| !c.is_ascii()) {
        *found.entry(c).or_default() += 1;
    }
    if found.is_empty() {
        return String::new();
    }
    let one = |(c, many): (&char, &usize)| format!("U+{:04X} {} x{many}", u32::from(*c), shown(*c));
    let mut named: Vec<String> = found.iter().take(MOST).map(one).collect();
    if found.len() > MOST {
        named.push(format!("and {} others", found.len() - MOST));
    }
    field("beyond ASCII", &named.join(", "))
}

/// A name and what belongs to it, in two columns. The text is taken as it is: ours, or made inert.
pub(super) fn field(name: &str, text: &str) -> String {
    let mut out = String::new();
    let mut name = format!("  {name:<14}");
    for piece in wrapped(text, WIDTH - name.len().min(WIDTH / 2)) {
        out.push_str(format!("{name}{piece}").trim_end());
        out.push('\n');
        name = " ".repeat(name.len());
    }
    out
}

/// JSON that is ASCII: readers get back every character, and a terminal meets none of them.
pub(super) fn json(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            // RFC 8259, 7: beyond the first plane in two.
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out.push('\n');
    out
}

/// One character as it is printed.
fn shown(c: char) -> String {
    match c {
        '"' | '\'' => c.to_string(),
        // Escapes what is not printable, by Unicode, and marks that would stand on another letter.
        c => c.escape_debug().collect(),
    }
}

/// Pieces of at most so many columns, at a space where there is one near the end. An escape is not torn
/// apart.
fn wrapped(text: &str, columns: usize) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(end) = end(rest, columns) {
        let (piece, more) = rest.split_at(end);
        pieces.push(piece);
        rest = more;
    }
    pieces.push(rest);
    pieces
}

/// The byte at which a line has to end; `None` where all of the text fits.
fn end(text: &str, columns: usize) -> Option<usize> {
    let (mut used, mut space, mut escape) = (0, 0, None);
    for (at, c) in text.char_indices() {
        used += width(c);
        if used > columns {
            let torn = escape.filter(|start: &usize| *start > 0).unwrap_or(at);
            let near = space > 0 && at - space < columns / 2;
            let end = if near { space } else { torn };
            // A column too narrow for one character would never end.
            return Some(end.max(text.chars().next().map_or(1, char::len_utf8)));
        }
        match c {
            ' ' => space = at + 1,
            '\\' if escape.is_none() => escape = Some(at),
            _ => {}
        }
        if escape.is_some_and(|start| is_over(text.get(start..=at).unwrap_or_default(), c)) {
            escape = None;
        }
    }
    None
}

/// Whether an escape that begins like this is complete with this character.
fn is_over(escape: &str, c: char) -> bool {
    match escape.len() {
        0 | 1 => false,
        2 => c != 'u',
        _ => c == '}',
    }
}

/// Columns of a character. Those of scripts with wide letters count as wide, whichever they are.
fn width(c: char) -> usize {
    if c < '\u{1100}' { 1 } else { 2 }
}

/// Columns of a terminal that everybody has.
pub(super) const WIDTH: usize = 80;
/// Characters that are named one by one.
const MOST: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let hostile =
            "\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}drop\u{2066}\u{200b}\u{9b}31m\r\u{8}\u{feff}\u{e0041}";
        let text = line(hostile);
        assert_eq!(
            text,
            "\\u{1b}[2J\\u{1b}]0;x\\u{7}\\u{202e}drop\\u{2066}\\u{200b}\\u{9b}31m\\r\\u{8}\\u{feff}\\u{e0041}"
        );
        assert_eq!(line(r"a\u{202e}"), r"a\\u{202e}", "two texts are never shown alike");
        assert_eq!(line("select 'a', \"b\" -- é 李"), "select 'a', \"b\" -- é 李");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_none_looks_like_ours() {
        let text =
            format!("select 1\nApproved by: dba-1\n{}\n{}", "x".repeat(1000), "李".repeat(200));
        let block = block(&text);
        for line in block.lines() {
            assert!(line.chars().map(width).sum::<usize>() <= WIDTH, "{line}");
            let ours = line.starts_with("  beyond ASCII  ") || line.starts_with("                ");
            assert!(line.starts_with("  | ") || line.starts_with("  + ") || ours, "{line}");
        }
        assert!(block.contains("  | Approved by: dba-1\n"));
        assert_eq!(block.matches('x').count(), 1001, "all of it, and once in the count");
    }

    #[test]
    fn an_escape_is_not_torn_apart() {
        for before in 60..80 {
            let text = format!("{}\u{202e}{}", "a".repeat(before), "b".repeat(40));
            let block = block(&text);
            let first = block.lines().filter(|line| line.contains("\\u{202e}")).count();
            assert!(first >= 1, "{block}");
        }
    }

    #[test]
    fn letters_that_look_like_others_are_named() {
        let block = block("select * from p\u{430}yroll");
        assert!(block.contains("beyond ASCII  U+0430 \u{430} x1"), "{block}");
        assert!(!super::block("select 1").contains("ASCII"));
    }

    #[test]
    fn a_text_is_broken_at_spaces_and_kept_whole() {
        let text = "word ".repeat(60);
        let pieces = wrapped(&text, 30);
        assert_eq!(pieces.concat(), text);
        assert!(pieces.iter().all(|piece| piece.len() <= 30 && piece.ends_with(' ')), "{pieces:?}");
        assert_eq!(wrapped("", 10), [""]);
    }

    #[test]
    fn json_is_ascii_and_means_the_same() {
        let value = serde_json::json!({ "a": "\u{202e}é🦀\u{1b}\u{7f}\n" });
        let text = json(&value);
        assert!(text.bytes().all(|b| (0x20..0x7f).contains(&b) || b == b'\n'), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
