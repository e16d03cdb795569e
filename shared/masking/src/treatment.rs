//! What is done to the cells of one column, decided once before the first row.

use std::{borrow::Cow, sync::Arc};

use credentials::MaskKey;
use policy::{Family, Mask};

use crate::{
    Cell,
    digits::Digits,
    mark::{mark, message, token},
    round, year,
};

/// The treatment of a column.
pub(crate) enum Treatment {
    /// Policy opened its tag: shown as it is.
    Bare,
    /// Not tagged, or masked by the target: shown, after the detectors have looked at it.
    Detect,
    /// Shown in part, replaced, or not at all.
    Hide(Hiding),
}

impl Treatment {
    /// The treatment that a tag gets in a column of this type. Without a key, what takes one is
    /// redacted.
    pub(crate) fn of(mask: Mask, tag: &str, kind: &str, key: Option<&Arc<MaskKey>>) -> Self {
        let operator = match mask.over(Family::of(kind)) {
            Mask::Bare => return Self::Bare,
            Mask::Last4 => Operator::Last4,
            Mask::Year => Operator::Year,
            Mask::Round(step) => Operator::Round { step, least: least(kind) },
            Mask::Fpe => key
                .and_then(|key| Digits::new(tag, key))
                .map_or(Operator::Redact, |digits| Operator::Fpe(Box::new(digits))),
            Mask::Token => key.map_or(Operator::Redact, |key| Operator::Token {
                tag: tag.to_owned(),
                key: Arc::clone(key),
            }),
            Mask::Null => Operator::Null,
            Mask::Redact => Operator::Redact,
        };
        Self::Hide(Hiding { mark: mark(tag), padded: kind == PADDED, operator })
    }

    /// The treatment of a column of which nobody knows where it comes from.
    pub(crate) fn unknown() -> Self {
        let operator = Operator::Redact;
        Self::Hide(Hiding { mark: mark("computed"), padded: false, operator })
    }

    /// Whether it hides the column whole.
    pub(crate) fn hides(&self) -> bool {
        matches!(self, Self::Hide(_))
    }
}

/// `char(n)`, as PostgreSQL calls it: what fills it up is not part of its value.
const PADDED: &str = "bpchar";

/// How the values of a column are hidden.
pub(crate) struct Hiding {
    mark: String,
    padded: bool,
    operator: Operator,
}

enum Operator {
    Last4,
    Year,
    Round { step: u64, least: Option<i64> },
    Fpe(Box<Digits>),
    Token { tag: String, key: Arc<MaskKey> },
    Null,
    Redact,
}

impl Hiding {
    /// The cell as it may be shown: what the operator makes of it, and the mark where it makes
    /// nothing. NULL stays NULL: a mark in its place would be taken for a value that is there.
    pub(crate) fn hide<'c>(&'c self, cell: Cell<'c>) -> Cell<'c> {
        match (&self.operator, cell) {
            (_, Cell::Null) | (Operator::Null, _) => Cell::Null,
            (_, Cell::Text(text)) => {
                self.shown(&text).map_or(self.marked(), |text| Cell::Text(Cow::Owned(text)))
            }
            (Operator::Round { .. }, Cell::Number(text)) => {
                self.shown(&text).map_or(self.marked(), |text| Cell::Number(Cow::Owned(text)))
            }
            (Operator::Token { .. }, Cell::Number(text)) => {
                self.shown(&text).map_or(self.marked(), |text| Cell::Text(Cow::Owned(text)))
            }
            _ => self.marked(),
        }
    }

    fn marked(&self) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(&self.mark))
    }

    /// What is shown of a text.
    fn shown(&self, text: &str) -> Option<String> {
        let text = if self.padded { text.trim_end_matches(' ') } else { text };
        match &self.operator {
            Operator::Last4 => last_four(text).map(|end| format!("****{end}")),
            Operator::Year => year::cut(text),
            Operator::Round { step, least: None } => round::down(text, *step),
            Operator::Round { step, least: Some(least) } => round::down_to(text, *step, *least),
            Operator::Fpe(digits) => digits.replace(text),
            Operator::Token { tag, key } => Some(token(tag, &key.hmac(&message(tag, text)))),
            Operator::Null | Operator::Redact => None,
        }
    }
}

/// The least value of an integer type.
fn least(kind: &str) -> Option<i64> {
    Some(match kind {
        "int2" => i16::MIN.into(),
        "int4" => i32::MIN.into(),
        "int8" => i64::MIN,
        _ => return None,
    })
}

/// The last four characters, where they are at most half of all.
fn last_four(text: &str) -> Option<String> {
    let count = text.chars().count();
    (count >= 8).then(|| text.chars().skip(count - 4).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    use super::*;

    fn key() -> Arc<MaskKey> {
        Arc::new(MaskKey::new(Zeroizing::new([7; 32])))
    }

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(text))
    }

    fn number(text: &str) -> Cell<'_> {
        Cell::Number(Cow::Borrowed(text))
    }

    fn json(text: &str) -> Cell<'_> {
        Cell::Json(Cow::Borrowed(text))
    }

    /// What is shown of a cell of this type, with a letter for the kind of cell that it is then.
    fn shown(mask: Mask, kind: &str, cell: Cell<'_>) -> String {
        let Treatment::Hide(hiding) = Treatment::of(mask, "card", kind, Some(&key())) else {
            panic!("{mask} hides nothing")
        };
        match hiding.hide(cell) {
            Cell::Null => "null".into(),
            Cell::Text(text) => format!("t:{text}"),
            Cell::Number(text) => format!("n:{text}"),
            Cell::Bool(_) | Cell::Json(_) => "other".into(),
        }
    }

    const MARK: &str = "t:[masked:card]";
    const HIDING: [Mask; 7] = [
        Mask::Last4,
        Mask::Year,
        Mask::Round(10),
        Mask::Fpe,
        Mask::Token,
        Mask::Null,
        Mask::Redact,
    ];

    #[test]
    fn four_characters_are_shown_only_of_at_least_eight() {
        let last4 = |value| shown(Mask::Last4, "text", text(value));
        assert_eq!(last4("4111111111111111"), "t:****1111");
        assert_eq!(last4("ÄÖÜß5678"), "t:****5678");
        assert_eq!(last4("1234567"), MARK);
    }

    #[test]
    fn what_is_no_text_is_never_shown_in_part() {
        assert_eq!(shown(Mask::Last4, "int8", text("4111111111111111")), MARK);
        assert_eq!(shown(Mask::Last4, "text", number("4111111111111111")), MARK);
        assert_eq!(shown(Mask::Last4, "text", json("\"4111111111111111\"")), MARK);
        assert_eq!(shown(Mask::Fpe, "int8", text("4111111111111111")), MARK);
        assert_eq!(shown(Mask::Fpe, "text[]", json("[\"4111111111111111\"]")), MARK);
    }

    #[test]
    fn a_year_is_left_of_moments_alone() {
        assert_eq!(shown(Mask::Year, "date", text("1984-05-06")), "t:1984-01-01");
        let moment = text("1984-05-06T07:08:09Z");
        assert_eq!(shown(Mask::Year, "timestamptz", moment), "t:1984-01-01T00:00:00Z");
        assert_eq!(shown(Mask::Year, "text", text("1984-05-06")), MARK);
        assert_eq!(shown(Mask::Year, "date", text("078-05-1120")), MARK);
        assert_eq!(shown(Mask::Year, "interval", text("P1Y")), MARK);
    }

    #[test]
    fn a_number_is_rounded_in_the_shape_that_it_came_in() {
        assert_eq!(shown(Mask::Round(1000), "int4", number("51234")), "n:51000");
        assert_eq!(shown(Mask::Round(1000), "int8", text("-1")), "t:-1000");
        assert_eq!(shown(Mask::Round(1000), "int2", number("-32768")), "n:-32768");
        assert_eq!(shown(Mask::Round(1000), "int4", number("-2147483648")), "n:-2147483648");
        let least = "-9223372036854775808";
        assert_eq!(shown(Mask::Round(1000), "int8", text(least)), format!("t:{least}"));
        assert_eq!(shown(Mask::Round(1000), "numeric", text("-2147483648")), "t:-2147484000");
        assert_eq!(shown(Mask::Round(10), "numeric", text("51.99")), "t:50");
        assert_eq!(shown(Mask::Round(10), "float8", number("51.99")), MARK);
        assert_eq!(shown(Mask::Round(10), "int4", number("5e1")), MARK);
        assert_eq!(shown(Mask::Round(10), "text", text("51")), MARK);
    }

    /// `printf 'card\0value' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…`
    #[test]
    fn a_token_is_what_others_reckon_too() {
        let token = shown(Mask::Token, "text", text("value"));
        assert_eq!(token, "t:tok_card_e7df327e98db12d60e507cf0");
    }

    #[test]
    fn a_token_is_the_same_for_whatever_type_holds_the_same_text() {
        let token = |kind, cell| shown(Mask::Token, kind, cell);
        let seven = token("text", text("7"));
        assert!(seven.starts_with("t:tok_card_"), "{seven}");
        assert_eq!(token("int4", number("7")), seven);
        assert_eq!(token("int8", text("7")), seven);
        assert_eq!(token("bpchar", text("7   ")), seven, "what fills it up is not its value");
        assert_ne!(token("text", text("7   ")), seven);
        assert_ne!(token("text", text("8")), seven);
        assert_eq!(token("numeric", text("7")), MARK);
        assert_eq!(token("bool", Cell::Bool(true)), MARK);
    }

    #[test]
    fn other_tags_and_other_keys_have_other_tokens() {
        let token = |tag: &str, byte| {
            let key = Arc::new(MaskKey::new(Zeroizing::new([byte; 32])));
            let Treatment::Hide(hiding) = Treatment::of(Mask::Token, tag, "text", Some(&key))
            else {
                panic!("a token hides")
            };
            let Cell::Text(shown) = hiding.hide(text("value")) else { panic!("a token is text") };
            shown.rsplit('_').next().unwrap().to_owned()
        };
        assert_eq!(token("a", 1), token("a", 1));
        assert_ne!(token("a", 1), token("b", 1));
        assert_ne!(token("a", 1), token("a", 2));
    }

    #[test]
    fn without_a_key_what_takes_one_is_redacted() {
        for mask in [Mask::Token, Mask::Fpe] {
            let Treatment::Hide(hiding) = Treatment::of(mask, "card", "text", None) else {
                panic!("{mask} hides nothing")
            };
            let Cell::Text(shown) = hiding.hide(text("4111111111111111")) else {
                panic!("a mark is text")
            };
            assert_eq!(shown, "[masked:card]");
        }
    }

    #[test]
    fn null_stays_null_under_every_mask_and_for_every_type() {
        for kind in ["text", "int4", "int8", "numeric", "date", "uuid", "jsonb", "bool"] {
            for mask in HIDING {
                assert_eq!(shown(mask, kind, Cell::Null), "null", "{mask} of {kind}");
            }
        }
    }

    #[test]
    fn what_policy_opens_is_bare_for_every_type() {
        for kind in ["text", "jsonb", "whatever"] {
            assert!(matches!(Treatment::of(Mask::Bare, "a", kind, None), Treatment::Bare));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        /// Whatever a column is said to be and whatever comes: it is never shown whole.
        #[test]
        fn a_value_is_never_shown_as_it_is(value in "[a-zA-Z]{9,30}", which in 0_usize..7, kind in 0_usize..6) {
            let kind = ["text", "int4", "numeric", "date", "uuid", "jsonb"][kind];
            let shown = shown(HIDING[which], kind, text(&value));
            prop_assert!(
                shown == "null" || shown == MARK || shown.starts_with("t:tok_card_")
                    || shown == format!("t:****{}", last_four(&value).unwrap()),
                "{}", shown
            );
        }
    }
}
