//! How each tag is shown: `ssn:redact, card:last4`, as a policy's `@mask` has it.

use std::{collections::BTreeMap, fmt};

use policy::{Mask, is_tag};

use super::Error;

/// Masks by tag. A tag that nobody mentions is redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masks(BTreeMap<String, Mask>);

impl Masks {
    /// Reads a list of `tag:word`.
    ///
    /// # Errors
    /// [`Error::Mask`]: a part of it is no such thing, or a tag is there twice.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut masks = BTreeMap::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let wrong = || Error::Mask(part.to_owned(), Mask::WORDS);
            let (tag, word) = part.split_once(':').ok_or_else(wrong)?;
            let mask = Mask::parse(word.trim()).ok_or_else(wrong)?;
            let fits = is_tag(tag.trim());
            if !fits || masks.insert(tag.trim().to_owned(), mask).is_some() {
                return Err(wrong());
            }
        }
        Ok(Self(masks))
    }

    /// How a column with this tag is shown.
    #[must_use]
    pub fn mask(&self, tag: &str) -> Mask {
        self.0.get(tag).copied().unwrap_or(Mask::Redact)
    }
}

impl fmt::Display for Masks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (tag, mask) in &self.0 {
            write!(f, "{tag} as {mask}, ")?;
        }
        f.write_str("all others as redact")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_read_as_policies_have_them() {
        let masks = Masks::parse("ssn:redact, card:last4,born: year , pay:round-1000").unwrap();
        assert_eq!(masks.mask("card"), Mask::Last4);
        assert_eq!(masks.mask("born"), Mask::Year);
        assert_eq!(masks.mask("pay"), Mask::Round(1000));
        assert_eq!(masks.mask("nobody-said"), Mask::Redact);
        assert_eq!(
            masks.to_string(),
            "born as year, card as last4, pay as round-1000, ssn as redact, all others as redact"
        );
    }

    #[test]
    fn what_is_no_mask_is_a_mistake() {
        for text in
            ["ssn", "ssn=bare", "ssn:show", "SSN:bare", "a:bare,a:null", "a:round-1", "a:round-010"]
        {
            assert!(Masks::parse(text).is_err(), "{text}");
        }
    }
}
