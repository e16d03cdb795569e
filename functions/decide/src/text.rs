//! Text that others wrote, made safe to look at: escaped, set apart from what stands around it, with
//! everything visible that would otherwise not be, or would look like something else.
//!
//! A template takes a [`Foreign`] and nothing else for such text; what maud writes by itself is
//! escaped too, but says nothing of what cannot be seen.

mod frame;
mod odd;
mod unseen;

use std::fmt::Write as _;

use maud::{Escaper, Render, html};

pub(crate) use odd::{Odd, odd};
pub(crate) use unseen::is_unseen;

/// Text by somebody else, on one line or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Foreign(String);

impl Foreign {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Its beginning, for a line of a list; whether that is all of it.
    pub(crate) fn begun(&self, letters: usize) -> (Self, bool) {
        let line = self.0.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let begun: String = line.trim().chars().take(letters).collect();
        let whole = begun.len() == self.0.trim().len();
        (Self(begun), whole)
    }

    /// How it stands in a page of plain text, beside text of ours.
    pub(crate) fn framed(&self) -> String {
        frame::framed(&self.0)
    }
}

impl Render for Foreign {
    /// `bdi` keeps the direction of its letters to itself (HTML, 4.5.24).
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str("<bdi>");
        marked(&self.0, buffer);
        buffer.push_str("</bdi>");
    }
}

/// Writes a text, escaped and with marks, without setting it apart.
pub(crate) fn marked(text: &str, buffer: &mut String) {
    pieces(text, |piece| match piece {
        // Never fails: a `String` takes it.
        Piece::Text(text) => _ = Escaper::new(buffer).write_str(text),
        Piece::Mark(code) => {
            let mark = html! { span.unseen { "⟦U+" (format!("{code:04X}")) "⟧" } };
            mark.render_to(buffer);
        }
    });
}

enum Piece<'t> {
    Text(&'t str),
    Mark(u32),
}

/// A text as runs that can be seen, and characters that cannot.
fn pieces<'t>(text: &'t str, mut each: impl FnMut(Piece<'t>)) {
    let mut combined = 0;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        combined = if unseen::combines(c) { combined + 1 } else { 0 };
        if !is_unseen(c) && combined <= COMBINED {
            continue;
        }
        if let Some(run) = text.get(start..at).filter(|run| !run.is_empty()) {
            each(Piece::Text(run));
        }
        each(Piece::Mark(u32::from(c)));
        start = at + c.len_utf8();
    }
    if let Some(run) = text.get(start..).filter(|run| !run.is_empty()) {
        each(Piece::Text(run));
    }
}

/// Marks above one letter. No script of a living language stacks more.
const COMBINED: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Foreign::new(text).render().into_string()
    }

    #[test]
    fn text_is_escaped_and_set_apart() {
        let shown = shown("<script>alert(\"1\")</script>&'");
        assert!(!shown.contains("<script"), "{shown}");
        assert!(shown.starts_with("<bdi>&lt;script&gt;") && shown.ends_with("</bdi>"), "{shown}");
        assert!(shown.contains("&quot;") && shown.contains("&amp;"), "{shown}");
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        for (text, code) in [
            ("a\u{202e}b", "202E"),
            ("a\u{2066}b", "2066"),
            ("a\u{200b}b", "200B"),
            ("a\u{feff}b", "FEFF"),
            ("a\u{0}b", "0000"),
            ("a\u{1b}[31mb", "001B"),
            ("a\rb", "000D"),
            ("a\u{a0}b", "00A0"),
            ("a\u{e0041}b", "E0041"),
            ("a\u{2028}b", "2028"),
            ("a\u{3164}b", "3164"),
            ("a\u{e000}b", "E000"),
        ] {
            let mark = format!("⟦U+{code}⟧");
            assert!(shown(text).contains(&mark), "{}", shown(text));
            assert!(Foreign::new(text).framed().contains(&mark), "{text:?}");
            assert!(!shown(text).contains(text), "{text:?}");
        }
    }

    #[test]
    fn letters_of_any_script_and_lines_stay_as_they_are() {
        let text = "Straße 李雷 مرحبا\n\tJose\u{301} é";
        assert_eq!(shown(text), format!("<bdi>{text}</bdi>"));
        assert_eq!(Foreign::new(text).framed(), "│ Straße 李雷 مرحبا\n│ \tJose\u{301} é\n");
    }

    #[test]
    fn marks_do_not_pile_up() {
        let tower = format!("a{}", "\u{301}".repeat(9));
        assert_eq!(shown(&tower).matches("⟦U+0301⟧").count(), 6);
    }

    #[test]
    fn the_beginning_of_a_text_is_one_line_of_it() {
        let (begun, whole) = Foreign::new("\n  SELECT 1\nFROM t").begun(6);
        assert_eq!((begun.as_str(), whole), ("SELECT", false));
        let (begun, whole) = Foreign::new(" SELECT 1 ").begun(60);
        assert_eq!((begun.as_str(), whole), ("SELECT 1", true));
    }
}
