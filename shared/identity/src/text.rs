//! Which texts may name somebody.

/// Bytes, at most, that a name may have.
pub(crate) const NAME_LIMIT: usize = 255;

/// Whether `text` may name somebody: compared byte for byte, so it must look like the bytes it is.
///
/// Refused are control characters, what has no shape of its own on a page (zero-width, direction
/// marks, fillers, tags), space other than U+0020, and space at either end. Letters that look like
/// other letters are not: they are other names, and stay so.
pub(crate) fn names_somebody(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= NAME_LIMIT
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && text.chars().all(visible)
}

fn visible(c: char) -> bool {
    let space = c.is_whitespace() && c != ' ';
    !c.is_control() && !space && !INVISIBLE.iter().any(|(from, to)| (*from..=*to).contains(&c))
}

/// The format characters (general category Cf) and `Default_Ignorable_Code_Point` of Unicode 17,
/// and the characters for annotation.
const INVISIBLE: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_does_not_look_like_its_bytes_is_none() {
        for text in [
            "",
            " alice",
            "alice ",
            "a\0b",
            "a\u{200b}b",
            "a\u{202e}b",
            "a\u{feff}",
            "a\u{a0}b",
            "a\tb",
            "a\u{85}",
            "a\u{2066}b",
            "a\u{e0041}",
            "a\u{ad}b",
            "a\u{3164}",
        ] {
            assert!(!names_somebody(text), "{text:?}");
        }
        assert!(!names_somebody(&"x".repeat(NAME_LIMIT + 1)));
    }

    #[test]
    fn a_name_in_any_script_is_one() {
        for text in ["alice", "аlice", "José", "Jose\u{301}", "李 雷", "a|b|c", "corp\\alice"] {
            assert!(names_somebody(text), "{text:?}");
        }
        assert!(names_somebody(&"x".repeat(NAME_LIMIT)));
    }
}
