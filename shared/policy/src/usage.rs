//! What a statement may do with a tagged column, beyond showing it.

use std::{collections::BTreeMap, fmt};

/// What a tagged column may be used for. In the order of strictness, so that the strictest is the
/// greatest.
///
/// A target whose masks are put on results (`mask = "result"`) has nothing masked to compute with:
/// there, all but [`Usage::Deny`] act as [`Usage::Bare`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usage {
    /// As [`Usage::Masked`]; and aggregates over at least this many rows, 2 or more, see the values
    /// themselves.
    Group(u32),
    /// Everything, with the masked value.
    #[default]
    Masked,
    /// Everything, with a token at least as the masked value.
    Token,
    /// It stands alone in the outermost list, and nowhere else.
    Bare,
    /// It may not be mentioned.
    Deny,
}

/// Usages by tag; a tag that is not in here is [`Usage::Masked`].
pub(crate) type Usages = BTreeMap<String, Usage>;

impl Usage {
    /// The words that [`Usage::parse`] takes.
    pub(crate) const WORDS: &str = "group-K (K from 2), masked, token, bare or deny";

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "masked" => Self::Masked,
            "token" => Self::Token,
            "bare" => Self::Bare,
            "deny" => Self::Deny,
            other => Self::Group(least(other.strip_prefix("group-")?)?),
        })
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Group(least) => return write!(f, "group-{least}"),
            Self::Masked => "masked",
            Self::Token => "token",
            Self::Bare => "bare",
            Self::Deny => "deny",
        })
    }
}

/// A number without sign or leading zero, so that each has one word.
fn least(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|n| plain && *n >= 2)
}

/// The stricter of both for every tag, where one that says nothing says [`Usage::Masked`].
pub(crate) fn stricter(a: &Usages, b: &Usages) -> Usages {
    let of = |usages: &Usages, tag| usages.get(tag).copied().unwrap_or_default();
    a.keys().chain(b.keys()).map(|tag| (tag.clone(), of(a, tag).max(of(b, tag)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_one_usage_and_written_back_the_same() {
        for word in ["group-2", "group-25", "masked", "token", "bare", "deny"] {
            assert_eq!(Usage::parse(word).unwrap().to_string(), word);
        }
        for word in ["", "group", "group-", "group-0", "group-1", "group-+5", "group-05", "Deny"] {
            assert_eq!(Usage::parse(word), None, "{word}");
        }
    }

    #[test]
    fn usages_are_ordered_by_what_they_refuse() {
        let words = ["group-2", "group-9", "masked", "token", "bare", "deny"];
        let usages: Vec<Usage> = words.into_iter().filter_map(Usage::parse).collect();
        assert_eq!(usages.len(), 6);
        assert!(usages.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn who_says_nothing_about_a_tag_says_masked() {
        let one = Usages::from([("age".into(), Usage::Group(5)), ("ssn".into(), Usage::Deny)]);
        let both = stricter(&one, &Usages::new());
        assert_eq!(both["age"], Usage::Masked);
        assert_eq!(both["ssn"], Usage::Deny);
    }
}
