//! How a tagged value is shown, and to values of which types each way can be applied.

use std::fmt;

/// How a tagged column is shown. In the order of strictness, so that the strictest is the greatest.
///
/// Policies are not made for one target, so that it is no mistake to want a key where a target has
/// none: there, `fpe` and `token` act as `redact`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mask {
    /// As it is.
    Bare,
    /// Its last four characters, where it has at least eight.
    Last4,
    /// The first of January of its year.
    Year,
    /// The next lower multiple of this number, which is 2 or more.
    Round(u64),
    /// Other digits in the place of its digits: the same ones for the same value, under the target's
    /// key.
    Fpe,
    /// A token in its place: the same one for the same value, under the target's key.
    Token,
    /// NULL.
    Null,
    /// A mark in its place.
    Redact,
}

impl Mask {
    /// The words that [`Mask::parse`] takes.
    pub const WORDS: &str = "bare, last4, year, round-N (N from 2), fpe, token, null or redact";

    /// The greatest step of `round-N`. A step beyond it would leave of most numbers their sign alone,
    /// and its multiples would soon be beyond a `bigint`.
    const WIDEST: u64 = 1_000_000_000_000;

    /// Reads one of [`Mask::WORDS`]; nothing for any other word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "bare" => Self::Bare,
            "last4" => Self::Last4,
            "year" => Self::Year,
            "fpe" => Self::Fpe,
            "token" => Self::Token,
            "null" => Self::Null,
            "redact" => Self::Redact,
            other => Self::Round(step(other.strip_prefix("round-")?)?),
        })
    }

    /// What it comes to for values of these types: what cannot be shown in part is not shown.
    #[must_use]
    pub fn over(self, family: Family) -> Self {
        let fits = match self {
            Self::Bare | Self::Null | Self::Redact => true,
            Self::Fpe | Self::Last4 => family == Family::Text,
            Self::Round(_) => matches!(family, Family::Integer | Family::Numeric),
            Self::Token => matches!(family, Family::Integer | Family::Text | Family::Uuid),
            Self::Year => family == Family::Moment,
        };
        if fits { self } else { Self::Redact }
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bare => "bare",
            Self::Last4 => "last4",
            Self::Year => "year",
            Self::Round(step) => return write!(f, "round-{step}"),
            Self::Fpe => "fpe",
            Self::Token => "token",
            Self::Null => "null",
            Self::Redact => "redact",
        })
    }
}

/// A number without sign or leading zero, so that each step has one word.
fn step(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|n| plain && (2..=Mask::WIDEST).contains(n))
}

/// Types of PostgreSQL that a mask treats alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// `smallint`, `integer` and `bigint`.
    Integer,
    /// `date` and `timestamp` with and without time zone.
    Moment,
    /// `numeric`.
    Numeric,
    /// All others, floating point, arrays and domains among them.
    Other,
    /// `text`, `varchar`, `char(n)`, `name` and `citext`.
    Text,
    /// `uuid`.
    Uuid,
}

impl Family {
    /// The family of the type with this name, as `pg_type` has it or as `format_type` writes it.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match plain(name).as_str() {
            "bigint" | "int2" | "int4" | "int8" | "integer" | "smallint" => Self::Integer,
            "date"
            | "timestamp"
            | "timestamp with time zone"
            | "timestamp without time zone"
            | "timestamptz" => Self::Moment,
            "numeric" => Self::Numeric,
            "bpchar" | "character" | "character varying" | "citext" | "name" | "text"
            | "varchar" => Self::Text,
            "uuid" => Self::Uuid,
            _ => Self::Other,
        }
    }
}

/// The name without the modifier, which may stand within: `timestamp(3) with time zone`.
fn plain(name: &str) -> String {
    match (name.split_once('('), name.rsplit_once(')')) {
        (Some((before, _)), Some((_, behind))) => format!("{before}{behind}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_one_mask_and_written_back_the_same() {
        let words = ["bare", "last4", "year", "round-2", "round-1000", "fpe", "token", "null"];
        for word in words.into_iter().chain(["redact"]) {
            assert_eq!(Mask::parse(word).unwrap().to_string(), word);
        }
        for word in ["", "Bare", "round", "round-", "round-0", "round-1", "round-+5", "round-010"] {
            assert_eq!(Mask::parse(word), None, "{word}");
        }
        assert_eq!(Mask::parse("round-1000000000001"), None, "beyond the widest step");
    }

    #[test]
    fn masks_are_ordered_by_what_they_hide() {
        let words = ["bare", "last4", "year", "round-2", "round-10", "fpe", "token", "null"];
        let masks: Vec<Mask> =
            words.into_iter().chain(["redact"]).filter_map(Mask::parse).collect();
        assert_eq!(masks.len(), 9);
        assert!(masks.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn a_type_is_known_by_either_of_its_names() {
        for (name, family) in [
            ("character varying(20)", Family::Text),
            ("character(3)", Family::Text),
            ("varchar", Family::Text),
            ("numeric(10,2)", Family::Numeric),
            ("timestamp(3) with time zone", Family::Moment),
            ("timestamptz", Family::Moment),
            ("int8", Family::Integer),
            ("uuid", Family::Uuid),
        ] {
            assert_eq!(Family::of(name), family, "{name}");
        }
    }

    #[test]
    fn what_nobody_listed_is_of_no_family() {
        for name in ["text[]", "_text", "float8", "money", "jsonb", "public.email", "time", ""] {
            assert_eq!(Family::of(name), Family::Other, "{name}");
        }
    }

    #[test]
    fn a_mask_that_does_not_fit_a_type_hides_all_of_it() {
        let partial = [Mask::Last4, Mask::Year, Mask::Round(5), Mask::Fpe, Mask::Token];
        assert!(partial.iter().all(|mask| mask.over(Family::Other) == Mask::Redact));
        assert_eq!(Mask::Year.over(Family::Text), Mask::Redact);
        assert_eq!(Mask::Last4.over(Family::Integer), Mask::Redact);
        assert_eq!(Mask::Token.over(Family::Numeric), Mask::Redact);
        assert_eq!(Mask::Round(5).over(Family::Integer), Mask::Round(5));
        assert_eq!(Mask::Bare.over(Family::Other), Mask::Bare);
    }
}
