//! What one policy's annotations say.

use std::collections::BTreeMap;

use crate::{
    Mask, Usage,
    limits::Most,
    target::{TAG, is_tag},
    usage::Usages,
};

/// The duties that one policy attaches to what it permits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) masks: BTreeMap<String, Mask>,
    pub(crate) usages: Usages,
    pub(crate) approvers: BTreeMap<String, u32>,
    pub(crate) most: Most,
}

impl Said {
    /// Reads one annotation. A misspelt duty would be a duty that is not done, so that a name nobody
    /// knows is a mistake.
    pub(crate) fn hear(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "id" | "describe" => Ok(()),
            "mask" => list(value, ':', |name, word| {
                let mask = Mask::parse(word)
                    .ok_or_else(|| format!("`{word}` is no mask: {}", Mask::WORDS))?;
                once(&mut self.masks, tag(name)?, mask)
            }),
            "use" => list(value, ':', |name, word| {
                let usage = Usage::parse(word)
                    .ok_or_else(|| format!("`{word}` is no use: {}", Usage::WORDS))?;
                once(&mut self.usages, tag(name)?, usage)
            }),
            "approvers" => list(value, ' ', |count, group| {
                let group = group.strip_prefix("of ").unwrap_or(group).trim();
                let count = count.parse().ok().filter(|n| *n > 0 && !group.is_empty());
                let count = count.ok_or("approvers are written as `2 of dba, 1 of privacy`")?;
                self.approvers.insert(group.to_owned(), count);
                Ok(())
            }),
            "max_rows" => number(value).map(|n| self.most.rows = Some(n)),
            "max_bytes" => number(value).map(|n| self.most.bytes = Some(n)),
            "max_cells" => number(value).map(|n| self.most.cells = Some(n)),
            "timeout_ms" => number(value).map(|n| self.most.time_ms = Some(n)),
            other => Err(format!("`@{other}` is no duty: {DUTIES}")),
        }
    }
}

const DUTIES: &str =
    "id, describe, mask, use, approvers, max_rows, max_bytes, max_cells, timeout_ms";

fn tag(text: &str) -> Result<&str, String> {
    if is_tag(text) { Ok(text) } else { Err(format!("`{text}` is no tag: {TAG}")) }
}

/// Of two words for one tag, one would be passed over.
fn once<W>(words: &mut BTreeMap<String, W>, tag: &str, word: W) -> Result<(), String> {
    match words.insert(tag.to_owned(), word) {
        None => Ok(()),
        Some(_) => Err(format!("tag `{tag}` is named twice")),
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| format!("`{text}` is not a positive number"))
}

fn list(
    text: &str,
    between: char,
    mut each: impl FnMut(&str, &str) -> Result<(), String>,
) -> Result<(), String> {
    text.split(',').try_for_each(|part| {
        let (left, right) = part.trim().split_once(between).ok_or_else(|| {
            format!("`{}` is not two words with `{between}` between", part.trim())
        })?;
        each(left.trim(), right.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(name: &str, value: &str) -> Result<Said, String> {
        let mut said = Said::default();
        said.hear(name, value).map(|()| said)
    }

    #[test]
    fn masks_and_uses_are_read_by_tag() {
        let said = heard("mask", "card:last4, age:round-10").unwrap();
        assert_eq!(said.masks["age"], Mask::Round(10));
        let said = heard("use", "salary:group-5,ssn:deny").unwrap();
        assert_eq!((said.usages["salary"], said.usages["ssn"]), (Usage::Group(5), Usage::Deny));
        assert_eq!(heard("max_cells", "500").unwrap().most.cells, Some(500));
    }

    #[test]
    fn a_misspelt_duty_is_a_mistake_and_not_passed_over() {
        assert!(heard("max_row", "10").unwrap_err().contains("`@max_row` is no duty"));
        for (name, value) in [
            ("mask", "ssn=bare"),
            ("mask", "ssn:show"),
            ("mask", "SSN:bare"),
            ("mask", ":bare"),
            ("use", "ssn:group-1"),
            ("use", "ssn:redact"),
            ("use", "s_n:deny"),
            ("approvers", "0 of dba"),
            ("max_rows", "-1"),
            ("max_cells", "0"),
        ] {
            assert!(heard(name, value).is_err(), "@{name}(\"{value}\")");
        }
    }

    #[test]
    fn one_tag_has_one_word() {
        let why = heard("mask", "ssn:redact, ssn:bare").unwrap_err();
        assert!(why.contains("`ssn` is named twice"), "{why}");
        assert!(heard("use", "ssn:deny, ssn:masked").is_err());
    }
}
