//! The list of disagreements, compared with what there is: a line too many fails as much as a line too
//! few.

use std::collections::BTreeMap;

use crate::{cases::Case, judges::Verdicts};

/// The list. Before each paragraph of lines stands the reason for them.
const LISTED: &str = include_str!("disagreements.txt");

/// What was judged, and what everybody says of it.
pub(crate) struct Sides<'a> {
    pub(crate) cases: &'a [Case],
    pub(crate) ours: &'a [Option<String>],
    pub(crate) theirs: &'a Verdicts,
}

/// A line, and what cases are behind it.
type Found = BTreeMap<String, Vec<String>>;

impl Sides<'_> {
    /// How many cases there are, and how many each side believes.
    fn totals(&self) -> Vec<String> {
        let good = |verdicts: Vec<&Option<String>>| {
            let good = verdicts.iter().filter(|verdict| verdict.is_none()).count();
            format!("{} judged, {good} believed", verdicts.len())
        };
        let ours = format!("postern: {}", good(self.ours.iter().collect()));
        let theirs = self
            .theirs
            .iter()
            .map(|(name, verdicts)| format!("{name}: {}", good(verdicts.values().collect())));
        [ours].into_iter().chain(theirs).collect()
    }

    /// Every disagreement, as a line without its count.
    fn found(&self) -> Found {
        let mut found = Found::new();
        for (name, verdicts) in self.theirs {
            for (place, theirs) in verdicts {
                let kind = if self.cases[*place].proof.is_some() { "proof" } else { "token" };
                let line = match (&self.ours[*place], theirs) {
                    (Some(why), None) => format!("{name} believes a {kind}: {why}"),
                    (None, Some(why)) => format!("{name} refuses a {kind}: {why}"),
                    _ => continue,
                };
                found.entry(line).or_default().push(self.cases[*place].what.clone());
            }
        }
        found
    }
}

/// Holds what there is against the list.
pub(crate) fn compare(sides: &Sides<'_>) {
    let found = sides.found();
    let counted = found.iter().map(|(line, cases)| format!("{} {line}", cases.len()));
    let mut there: Vec<String> = sides.totals().into_iter().chain(counted).collect();
    let mut listed: Vec<&str> = lines().collect();
    there.sort();
    listed.sort_unstable();
    let mut told = String::new();
    for line in there.iter().filter(|line| !listed.contains(&line.as_str())) {
        told += &format!("not listed: {line}\n");
        let cases = line.split_once(' ').and_then(|(_, line)| found.get(line));
        for case in cases.into_iter().flatten().take(6) {
            told += &format!("    {case}\n");
        }
    }
    for line in listed.iter().filter(|line| !there.iter().any(|other| other == *line)) {
        told += &format!("listed and not there: {line}\n");
    }
    assert!(told.is_empty(), "\n{told}");
}

fn lines() -> impl Iterator<Item = &'static str> {
    LISTED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[test]
fn every_paragraph_of_the_list_begins_with_its_reason() {
    for paragraph in LISTED.split("\n\n") {
        assert!(paragraph.starts_with("# "), "no reason: {paragraph}");
    }
}
