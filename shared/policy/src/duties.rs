//! What policy demands of the rest of the way, read from the annotations of the policies that spoke.

use std::collections::BTreeMap;

use rights::Bounds;

use crate::{Error, target::Limits};

/// How a tagged column is shown. In the order of strictness, so that the strictest is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mask {
    /// As it is.
    Bare,
    /// Its last four characters, where it has at least eight.
    Last4,
    /// NULL.
    Null,
    /// A mark in its place.
    Redact,
}

impl Mask {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "bare" => Self::Bare,
            "last4" => Self::Last4,
            "null" => Self::Null,
            "redact" => Self::Redact,
            _ => return None,
        })
    }
}

/// Duties in force. Where several policies spoke, each holds: the strictest of all is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duties {
    masks: BTreeMap<String, Mask>,
    approvers: BTreeMap<String, u32>,
    limits: Limits,
}

impl Duties {
    /// The duties of a target that no policy has spoken about: its limits, every tag redacted.
    pub(crate) fn under(limits: Limits) -> Self {
        Self { masks: BTreeMap::new(), approvers: BTreeMap::new(), limits }
    }

    /// How a column with this tag is shown.
    #[must_use]
    pub fn mask(&self, tag: &str) -> Mask {
        self.masks.get(tag).copied().unwrap_or(Mask::Redact)
    }

    /// How many people of which groups have to agree; empty where nobody is asked.
    #[must_use]
    pub fn approvers(&self) -> &BTreeMap<String, u32> {
        &self.approvers
    }

    /// Rows, bytes and time, at most.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Adds what further policies demand of size, time and people. `said` holds one entry for each
    /// policy that spoke.
    pub(crate) fn bound_by<'a>(mut self, said: impl Iterator<Item = &'a Said>) -> Self {
        for duty in said {
            self.limits = self.limits.within(duty.max_rows, duty.max_bytes, duty.timeout_ms);
            for (group, count) in &duty.approvers {
                let most = self.approvers.entry(group.clone()).or_default();
                *most = (*most).max(*count);
            }
        }
        self
    }

    /// Opens what *all* of these policies open: a tag that one opens and another does not mention
    /// stays shut.
    pub(crate) fn shown_by<'a>(mut self, said: impl Iterator<Item = &'a Said>) -> Self {
        let shown = said.map(|duty| duty.masks.clone()).reduce(|a, b| both(&a, &b));
        self.masks = shown.unwrap_or_default();
        self
    }

    /// What remains within the bounds of the chain's rights.
    ///
    /// # Errors
    /// [`Error::Rights`]: people are to be asked each time, and policy names none.
    pub(crate) fn within(mut self, bounds: &Bounds) -> Result<Self, Error> {
        self.limits = self.limits.within(bounds.max_rows, bounds.max_bytes, bounds.timeout_ms);
        self.masks.retain(|tag, _| !bounds.masked.contains(tag));
        match bounds.approval && self.approvers.is_empty() {
            true => Err(Error::Rights),
            false => Ok(self),
        }
    }

    /// Both, for two verbs or two hops that were decided apart.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.masks = both(&self.masks, &other.masks);
        for (group, count) in other.approvers {
            let most = self.approvers.entry(group).or_default();
            *most = (*most).max(count);
        }
        let Limits { max_rows, max_bytes, timeout_ms } = other.limits;
        self.limits = self.limits.within(Some(max_rows), Some(max_bytes), Some(timeout_ms));
        self
    }
}

fn both(a: &BTreeMap<String, Mask>, b: &BTreeMap<String, Mask>) -> BTreeMap<String, Mask> {
    let strictest =
        |(tag, mask): (&String, &Mask)| b.get(tag).map(|other| (tag.clone(), *mask.max(other)));
    a.iter().filter_map(strictest).collect()
}

/// What one policy's annotations say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    masks: BTreeMap<String, Mask>,
    approvers: BTreeMap<String, u32>,
    max_rows: Option<u64>,
    max_bytes: Option<u64>,
    timeout_ms: Option<u64>,
}

impl Said {
    /// Reads one annotation. A misspelt duty would be a duty that is not done, so that a name nobody
    /// knows is a mistake.
    pub(crate) fn hear(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "id" | "describe" => Ok(()),
            "mask" => list(value, ':', |tag, word| {
                let mask = Mask::parse(word)
                    .ok_or_else(|| format!("`{word}` is no mask: bare, last4, null or redact"))?;
                self.masks.insert(tag.to_owned(), mask);
                Ok(())
            }),
            "approvers" => list(value, ' ', |count, group| {
                let group = group.strip_prefix("of ").unwrap_or(group).trim();
                let count = count.parse().ok().filter(|n| *n > 0 && !group.is_empty());
                let count = count.ok_or("approvers are written as `2 of dba, 1 of privacy`")?;
                self.approvers.insert(group.to_owned(), count);
                Ok(())
            }),
            "max_rows" => number(value).map(|n| self.max_rows = Some(n)),
            "max_bytes" => number(value).map(|n| self.max_bytes = Some(n)),
            "timeout_ms" => number(value).map(|n| self.timeout_ms = Some(n)),
            other => Err(format!(
                "`@{other}` is no duty: id, describe, mask, approvers, max_rows, max_bytes, timeout_ms"
            )),
        }
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

    fn said(pairs: &[(&str, &str)]) -> Said {
        let mut said = Said::default();
        for (name, value) in pairs {
            said.hear(name, value).unwrap();
        }
        said
    }

    fn limits() -> Limits {
        Limits { max_rows: 1000, max_bytes: 1 << 20, timeout_ms: 10_000 }
    }

    #[test]
    fn a_tag_that_nobody_mentions_is_redacted() {
        assert_eq!(Duties::under(limits()).mask("ssn"), Mask::Redact);
    }

    #[test]
    fn of_two_policies_the_stricter_word_holds_for_every_duty() {
        let open = said(&[("mask", "email:bare, card:last4"), ("max_rows", "5000")]);
        let shut = said(&[("mask", "card:null"), ("max_rows", "10"), ("approvers", "2 of dba")]);
        let duties = Duties::under(limits())
            .bound_by([&open, &shut].into_iter())
            .shown_by([&open, &shut].into_iter());
        assert_eq!(duties.mask("email"), Mask::Redact, "the second does not open it");
        assert_eq!(duties.mask("card"), Mask::Null);
        assert_eq!(duties.limits().max_rows, 10);
        assert_eq!(duties.approvers().get("dba"), Some(&2));
    }

    #[test]
    fn a_policy_cannot_widen_a_target_s_limits() {
        let wide = said(&[("max_rows", "999999")]);
        let duties = Duties::under(limits()).bound_by([&wide].into_iter());
        assert_eq!(duties.limits().max_rows, 1000);
    }

    #[test]
    fn a_misspelt_duty_is_a_mistake_and_not_passed_over() {
        let mut said = Said::default();
        assert!(said.hear("max_row", "10").unwrap_err().contains("`@max_row` is no duty"));
        assert!(said.hear("mask", "ssn=bare").is_err());
        assert!(said.hear("mask", "ssn:show").is_err());
        assert!(said.hear("approvers", "0 of dba").is_err());
        assert!(said.hear("max_rows", "-1").is_err());
    }
}
