//! What somebody says to a request, whichever door it comes through: a verdict, and a comment.

use approvals::Verdict;

/// A verdict as it stands in a form or a body.
pub(crate) fn verdict(text: &str) -> Option<Verdict> {
    [Verdict::Approve, Verdict::Refuse].into_iter().find(|one| one.name() == text)
}

/// A comment without the blanks around it; nothing where nothing is left.
///
/// # Errors
/// [`TooLong`].
pub(crate) fn comment(text: &str) -> Result<Option<String>, TooLong> {
    let text = text.trim();
    match text.chars().nth(COMMENT) {
        Some(_) => Err(TooLong),
        None => Ok(Some(text.to_owned()).filter(|text| !text.is_empty())),
    }
}

/// A comment is longer than [`COMMENT`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Letters of a comment.
pub(crate) const COMMENT: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_one_of_two_words() {
        assert_eq!(verdict("approve"), Some(Verdict::Approve));
        assert_eq!(verdict("refuse"), Some(Verdict::Refuse));
        for text in ["", "Approve", "approve ", "yes"] {
            assert_eq!(verdict(text), None, "{text}");
        }
    }

    #[test]
    fn a_comment_is_counted_in_letters_without_the_blanks_around_it() {
        assert_eq!(comment(" \n "), Ok(None));
        let long = "é".repeat(COMMENT);
        assert_eq!(comment(&format!("  {long}\n")), Ok(Some(long.clone())));
        assert_eq!(comment(&(long + "é")), Err(TooLong));
    }
}
