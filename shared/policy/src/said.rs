//! What one policy's annotations say.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Demand, Mask, Usage, Window,
    limits::Most,
    target::{TAG, is_tag},
    usage::Usages,
};

/// The duties that one policy attaches to what it permits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) masks: BTreeMap<String, Mask>,
    pub(crate) usages: Usages,
    pub(crate) demand: Demand,
    pub(crate) most: Most,
    /// The first annotation that is about approvers and names none.
    condition: Option<String>,
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
                let count = count.parse().ok().filter(|n| *n > 0 && is_group(group));
                let count = count.ok_or("approvers are written as `2 of dba, 1 of privacy`")?;
                match self.demand.approvers.insert(group.to_owned(), count) {
                    None => Ok(()),
                    Some(_) => Err(format!("group `{group}` is named twice")),
                }
            }),
            "approve_within" | "approver_acr" | "approver_login" | "run_window" => {
                self.condition.get_or_insert_with(|| name.to_owned());
                self.ask(name, value)
            }
            "max_rows" => number(value).map(|n| self.most.rows = Some(n)),
            "max_bytes" => number(value).map(|n| self.most.bytes = Some(n)),
            "max_cells" => number(value).map(|n| self.most.cells = Some(n)),
            "timeout_ms" => number(value).map(|n| self.most.time_ms = Some(n)),
            other => Err(format!("`@{other}` is no duty: {DUTIES}")),
        }
    }

    /// What is wrong with all of it together: a condition for approvers is never done where nobody is
    /// asked.
    pub(crate) fn whole(self) -> Result<Self, String> {
        match &self.condition {
            Some(name) if self.demand.approvers.is_empty() => {
                Err(format!("`@{name}` without `@approvers` would never be done"))
            }
            _ => Ok(self),
        }
    }

    fn ask(&mut self, name: &str, value: &str) -> Result<(), String> {
        let demand = &mut self.demand;
        match name {
            "approve_within" => demand.within_ms = stretch(value)?.saturating_mul(1000),
            "approver_login" => demand.login_s = Some(stretch(value)?),
            "approver_acr" => demand.acr = classes(value)?,
            _ => demand.windows = vec![Window::parse(value)?],
        }
        Ok(())
    }
}

const DUTIES: &str = "id, describe, mask, use, approvers, approve_within, approver_acr, \
                      approver_login, run_window, max_rows, max_bytes, max_cells, timeout_ms";

/// Seconds in the units that a stretch of time is written in.
const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];

/// Seconds, at least and at most. In less than a minute nobody reads what they approve, and what is
/// older than a week nobody remembers.
const STRETCH: std::ops::RangeInclusive<u64> = 60..=7 * 86_400;

/// Whether somebody can be in a group of this name (see `identity::GroupName`).
fn is_group(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    !text.is_empty() && text.len() <= 63 && text.bytes().all(fits)
}

/// Seconds, written as `30m`.
fn stretch(text: &str) -> Result<u64, String> {
    let seconds = || -> Option<u64> {
        let (unit, seconds) = UNITS.iter().find(|(unit, _)| text.ends_with(*unit))?;
        let number = text.strip_suffix(*unit)?;
        let plain = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0');
        number.parse::<u64>().ok().filter(|_| plain)?.checked_mul(*seconds)
    };
    let fits = seconds().filter(|seconds| STRETCH.contains(seconds));
    fits.ok_or_else(|| format!("`{text}` is no time as `90s`, `30m`, `4h` or `2d`, 1m to 7d"))
}

/// Authentication context classes. They are compared by their bytes, so that one that is never sent is
/// not taken for one.
fn classes(text: &str) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    for class in text.split(',').map(str::trim) {
        if class.is_empty() || !class.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(format!("`{class}` is no authentication context class"));
        }
        if !found.insert(class.to_owned()) {
            return Err(format!("class `{class}` is named twice"));
        }
    }
    Ok(found)
}

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
            ("approvers", "2 of DBA"),
            ("approvers", "2 of dba or so"),
            ("approve_within", "59s"),
            ("approve_within", "8d"),
            ("approve_within", "30"),
            ("approve_within", "030m"),
            ("approve_within", "+30m"),
            ("approve_within", "1h30m"),
            ("approve_within", "99999999999999999999d"),
            ("approve_within", "9999999999999999999d"),
            ("approver_login", "0m"),
            ("approver_login", "m"),
            ("approver_acr", ""),
            ("approver_acr", "phr,"),
            ("approver_acr", "phr phrh"),
            ("approver_acr", "phr, phr"),
            ("run_window", "22:00-06:00"),
            ("run_window", "22:00-06:00 Europe/Bonn"),
            ("max_rows", "-1"),
            ("max_cells", "0"),
        ] {
            assert!(heard(name, value).is_err(), "@{name}(\"{value}\")");
        }
    }

    #[test]
    fn conditions_for_approvers_are_read() {
        let mut said = heard("approvers", "2 of dba, 1 of privacy").unwrap();
        for (name, value) in [
            ("approve_within", "30m"),
            ("approver_login", "90s"),
            ("approver_acr", "phr, http://schemas.openid.net/pape/policies/2007/06/multi-factor"),
            ("run_window", "Mon-Fri 22:00-06:00 Europe/Berlin"),
        ] {
            said.hear(name, value).unwrap();
        }
        let demand = said.whole().unwrap().demand;
        assert_eq!(demand.approvers, [("dba".into(), 2), ("privacy".into(), 1)].into());
        assert_eq!((demand.within_ms, demand.login_s), (1_800_000, Some(90)));
        assert_eq!((demand.acr.len(), demand.windows.len()), (2, 1));
        let days = |text| heard("approve_within", text).unwrap().demand.within_ms;
        assert_eq!((days("60s"), days("4h"), days("7d")), (60_000, 14_400_000, 604_800_000));
    }

    #[test]
    fn a_condition_for_approvers_wants_approvers() {
        for (name, value) in [
            ("approve_within", "1h"),
            ("approver_login", "15m"),
            ("approver_acr", "phr"),
            ("run_window", "22:00-06:00 UTC"),
        ] {
            let mut said = heard(name, value).unwrap();
            let why = said.clone().whole().unwrap_err();
            assert!(why.contains(&format!("`@{name}` without `@approvers`")), "{why}");
            said.hear("approvers", "1 of dba").unwrap();
            assert!(said.whole().is_ok(), "in whichever order they stand");
        }
        assert!(heard("max_rows", "7").unwrap().whole().is_ok());
    }

    #[test]
    fn one_group_has_one_number() {
        // The second number would be the one that counts, and may be the smaller.
        let why = heard("approvers", "2 of dba, 1 of dba").unwrap_err();
        assert!(why.contains("`dba` is named twice"), "{why}");
    }

    #[test]
    fn one_tag_has_one_word() {
        let why = heard("mask", "ssn:redact, ssn:bare").unwrap_err();
        assert!(why.contains("`ssn` is named twice"), "{why}");
        assert!(heard("use", "ssn:deny, ssn:masked").is_err());
    }
}
