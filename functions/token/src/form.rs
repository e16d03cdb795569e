//! A form, read so that it has one meaning: no parameter twice, no spelling that others read
//! differently.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use request::Bearer;
use zeroize::Zeroizing;

/// The parameters of a form. It holds tokens, and is not printed.
pub(crate) struct Form(BTreeMap<String, Zeroizing<String>>);

/// Why a form has no one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    /// It is not a form at all.
    Form,
    /// More parameters than anybody needs.
    Long,
    /// A parameter twice (RFC 6749, 3.2).
    Twice,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "the body is not a form of names and values",
            Self::Long => "the form has more than 32 parameters",
            Self::Twice => "a parameter stands twice in the form",
        })
    }
}

impl Form {
    /// Reads it. A parameter without a value is as good as none (RFC 6749, 3.2), and a second one is
    /// refused all the same.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Bad> {
        let (mut seen, mut all) = (BTreeSet::new(), BTreeMap::new());
        for pair in bytes.split(|byte| *byte == b'&').filter(|_| !bytes.is_empty()) {
            if seen.len() == PARAMETERS {
                return Err(Bad::Long);
            }
            let at = pair.iter().position(|byte| *byte == b'=').ok_or(Bad::Form)?;
            let (name, value) = pair.split_at_checked(at).ok_or(Bad::Form)?;
            let name = decoded(name)?.to_string();
            let value = decoded(value.get(1..).unwrap_or_default())?;
            if name.is_empty() || !seen.insert(name.clone()) {
                return Err(if name.is_empty() { Bad::Form } else { Bad::Twice });
            }
            if !value.is_empty() {
                all.insert(name, value);
            }
        }
        Ok(Self(all))
    }

    /// The parameter's value, where it has one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }

    /// The same as a token.
    pub(crate) fn token(&self, name: &str) -> Option<Bearer> {
        self.get(name).map(|text| Bearer::new(text.to_owned()))
    }
}

/// Text of a form: `+` is a space, and `%` stands before two digits.
fn decoded(text: &[u8]) -> Result<Zeroizing<String>, Bad> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next())? << 4 | digit(rest.next())?,
            byte => *byte,
        });
    }
    String::from_utf8(bytes).map(Zeroizing::new).map_err(|_| Bad::Form)
}

fn digit(byte: Option<&u8>) -> Result<u8, Bad> {
    let digit = byte.and_then(|byte| char::from(*byte).to_digit(16));
    digit.and_then(|digit| u8::try_from(digit).ok()).ok_or(Bad::Form)
}

/// The token endpoint knows a dozen.
const PARAMETERS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(text: &str) -> Option<Bad> {
        Form::read(text.as_bytes()).err()
    }

    #[test]
    fn values_are_what_was_meant() {
        let form = Form::read(b"a=1%2B2+3&b=%7B%22x%22%3A%5B%5D%7D&c=").unwrap();
        assert_eq!((form.get("a"), form.get("b")), (Some("1+2 3"), Some("{\"x\":[]}")));
        assert_eq!((form.get("c"), form.get("d")), (None, None));
        assert!(Form::read(b"").is_ok());
    }

    #[test]
    fn a_parameter_twice_is_refused_however_it_is_spelt() {
        for text in ["a=1&a=2", "a=1&a=1", "a=1&a=", "a=&a=1", "a=1&%61=2"] {
            assert_eq!(bad(text), Some(Bad::Twice), "{text}");
        }
    }

    #[test]
    fn what_readers_read_differently_is_refused() {
        for text in ["a", "a=1&", "&a=1", "=1", "a=%", "a=%4", "a=%zz", "a=%ff", "{\"a\":1}"] {
            assert_eq!(bad(text), Some(Bad::Form), "{text}");
        }
    }

    #[test]
    fn nobody_needs_a_thousand_parameters() {
        let text: Vec<String> = (0..33).map(|n| format!("p{n}=1")).collect();
        assert_eq!(bad(&text.join("&")), Some(Bad::Long));
    }
}
