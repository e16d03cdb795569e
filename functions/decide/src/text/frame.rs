//! Text of others in a page of plain text, where nothing but its lines sets it apart.
//!
//! A browser breaks lines that are too wide for it, and what it puts on a line of its own looks like one
//! of ours. So lines are broken here, narrower than any window that one reads in, and every one of them
//! begins with a bar. What a bar and a heading are made of is not taken from the text.

use super::{Piece, pieces};

/// The text between bars: `│` where a line of it begins, `┊` where one goes on.
pub(super) fn framed(text: &str) -> String {
    let mut lines = Lines::default();
    pieces(text, |piece| match piece {
        Piece::Text(text) => text.chars().for_each(|c| lines.put(c)),
        Piece::Mark(code) => lines.mark(code),
    });
    lines.end();
    lines.out
}

/// Lines as they grow.
#[derive(Default)]
struct Lines {
    out: String,
    line: String,
    columns: usize,
    goes_on: bool,
}

impl Lines {
    fn put(&mut self, c: char) {
        match c {
            '\n' => self.end(),
            // U+2500 and those after it: what frames are drawn with.
            '\u{2500}'..='\u{257f}' => self.mark(u32::from(c)),
            '\t' => self.push("\t", TAB),
            c => self.push(c.encode_utf8(&mut [0; 4]), width(c)),
        }
    }

    fn mark(&mut self, code: u32) {
        let mark = format!("⟦U+{code:04X}⟧");
        self.push(&mark, mark.chars().count());
    }

    fn push(&mut self, text: &str, columns: usize) {
        if self.columns + columns > WIDTH {
            self.end();
            self.goes_on = true;
        }
        self.line.push_str(text);
        self.columns += columns;
    }

    fn end(&mut self) {
        self.out.push_str(if self.goes_on { "┊ " } else { "│ " });
        self.out.push_str(&std::mem::take(&mut self.line));
        self.out.push('\n');
        (self.columns, self.goes_on) = (0, false);
    }
}

/// Columns of a character. Those of scripts with wide letters count as wide, whichever they are.
fn width(c: char) -> usize {
    if c < '\u{1100}' { 1 } else { 2 }
}

/// Columns of a line, without its bar: a terminal, and half a screen.
const WIDTH: usize = 78;
/// Columns of a tab, at most.
const TAB: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_text_is_without_its_bar_however_it_is_broken() {
        for end in
            ["\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}", "\u{1e}"]
        {
            let text = format!("select 1{end}──── Parameter $1 ────{end}7");
            let framed = framed(&text);
            // Whatever begins a line in some browser.
            let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
            for line in framed.trim_end_matches('\n').split(breaks) {
                assert!(line.starts_with("│ ") || line.starts_with("┊ "), "{end:?}: {framed}");
            }
            assert!(!framed.contains("────"), "{end:?}: {framed}");
        }
    }

    #[test]
    fn a_long_line_is_broken_here_and_not_by_a_browser() {
        let text = format!("select 1{}Reason, in the agent's words", " ".repeat(500));
        let framed = framed(&text);
        assert!(framed.lines().all(|line| line.chars().count() <= WIDTH + 2), "{framed}");
        assert!(framed.lines().skip(1).all(|line| line.starts_with("┊ ")), "{framed}");
        let again: String = framed.lines().filter_map(|line| line.get("│ ".len()..)).collect();
        assert_eq!(again, text, "all of it");
        let wide = super::framed(&"李\t\u{202e}".repeat(99));
        assert!(wide.lines().all(|line| line.chars().map(width).sum::<usize>() <= WIDTH + 4));
    }

    #[test]
    fn empty_lines_stay() {
        assert_eq!(framed("a\n\nb\n"), "│ a\n│ \n│ b\n│ \n");
        assert_eq!(framed(""), "│ \n");
    }
}
