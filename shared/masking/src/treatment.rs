//! What is done to the cells of one column, decided once before the first row.

use std::borrow::Cow;

use policy::Mask;

use crate::Cell;

/// The treatment of a column.
pub(crate) enum Treatment {
    /// Policy opened its tag: shown as it is.
    Bare,
    /// Not tagged: shown, after the detectors have looked at it.
    Detect,
    /// Policy shows its last four characters.
    Last4(String),
    /// Shown as NULL.
    Null,
    /// Shown as a mark that names the tag.
    Redact(String),
}

impl Treatment {
    /// The treatment that a tag gets.
    pub(crate) fn of(mask: Mask, tag: &str) -> Self {
        match mask {
            Mask::Bare => Self::Bare,
            Mask::Last4 => Self::Last4(mark(tag)),
            Mask::Null => Self::Null,
            Mask::Redact => Self::Redact(mark(tag)),
        }
    }

    /// The treatment of a column of which nobody knows where it comes from.
    pub(crate) fn unknown() -> Self {
        Self::Redact(mark("computed"))
    }

    /// Whether it hides the column whole.
    pub(crate) fn hides(&self) -> bool {
        !matches!(self, Self::Bare | Self::Detect)
    }

    /// The cell as it may be shown; only for a treatment that hides. NULL stays NULL: a mark in its
    /// place would be taken for a value that is there.
    pub(crate) fn hide<'c>(&'c self, cell: Cell<'c>) -> Cell<'c> {
        match (self, cell) {
            (_, Cell::Null) | (Self::Null, _) => Cell::Null,
            (Self::Last4(mark), Cell::Text(text)) => match last_four(&text) {
                Some(end) => Cell::Text(Cow::Owned(format!("****{end}"))),
                None => Cell::Text(Cow::Borrowed(mark)),
            },
            (Self::Last4(mark) | Self::Redact(mark), _) => Cell::Text(Cow::Borrowed(mark)),
            (Self::Bare | Self::Detect, cell) => cell,
        }
    }
}

fn mark(tag: &str) -> String {
    format!("[masked:{tag}]")
}

/// The last four characters, where they are at most half of all.
fn last_four(text: &str) -> Option<String> {
    let count = text.chars().count();
    (count >= 8).then(|| text.chars().skip(count - 4).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(mask: Mask, cell: Cell<'_>) -> Option<String> {
        match Treatment::of(mask, "card").hide(cell) {
            Cell::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }

    #[test]
    fn four_characters_are_shown_only_of_at_least_eight() {
        let text = |text| Cell::Text(Cow::Borrowed(text));
        assert_eq!(shown(Mask::Last4, text("4111111111111111")).as_deref(), Some("****1111"));
        assert_eq!(shown(Mask::Last4, text("ÄÖÜß5678")).as_deref(), Some("****5678"));
        assert_eq!(shown(Mask::Last4, text("1234567")).as_deref(), Some("[masked:card]"));
    }

    #[test]
    fn what_is_no_text_is_never_shown_in_part() {
        let number = Cell::Number(Cow::Borrowed("4111111111111111"));
        assert_eq!(shown(Mask::Last4, number).as_deref(), Some("[masked:card]"));
        let json = Cell::Json(Cow::Borrowed("\"4111111111111111\""));
        assert_eq!(shown(Mask::Last4, json).as_deref(), Some("[masked:card]"));
    }

    #[test]
    fn null_stays_null() {
        assert_eq!(shown(Mask::Redact, Cell::Null), None);
    }
}
