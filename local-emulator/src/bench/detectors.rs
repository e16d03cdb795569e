//! How fast the detectors read: in this process, one core, beside what reads fastest and what is
//! usually taken.

mod presidio;
mod rows;

use std::{hint::black_box, path::Path, time::Duration};

use masking::detect;
use regex::RegexSet;
use serde::Serialize;

use super::{Effort, cpu::timed, spread::rounded};
use presidio::Presidio;
use rows::Rows;

/// What was measured of detectors.
#[derive(Debug, Serialize)]
pub(super) struct Detectors {
    pub(super) bytes: usize,
    pub(super) planted: usize,
    /// What [`detect::scan`] found in the rows one by one.
    pub(super) found: usize,
    pub(super) readers: Vec<Reader>,
    pub(super) cells: Vec<ShortCell>,
    /// Of the first rows only; none where it is not installed.
    presidio: Option<Presidio>,
}

/// One way to read the same rows.
#[derive(Debug, Serialize)]
pub(super) struct Reader {
    pub(super) what: &'static str,
    /// Megabytes of 10⁶ bytes a second.
    pub(super) mb_per_s: f64,
    /// A cell in the mean, where it is handed cell by cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) us_per_cell: Option<f64>,
    /// As a part of what `memchr` reads in the same time.
    pub(super) of_memchr: f64,
}

/// A cell in which nothing is.
#[derive(Debug, Serialize)]
pub(super) struct ShortCell {
    pub(super) text: &'static str,
    pub(super) us: f64,
}

impl Detectors {
    /// For people to read, with what the figures were meant to be.
    pub(super) fn table(&self) -> String {
        let title = format!("Detectors, one core, {:.1} MB of rows", self.bytes as f64 / 1e6);
        let head = format!("{title:<46}{:>10}{:>12}{:>11}", "MB/s", "× memchr", "µs a cell");
        let mut lines = vec![String::new(), head];
        for Reader { what, mb_per_s, of_memchr, us_per_cell } in &self.readers {
            let cell = us_per_cell.map(|us| format!("{us:>11.3}")).unwrap_or_default();
            lines.push(format!("  {what:<44}{mb_per_s:>10}{of_memchr:>12.3}{cell}"));
        }
        lines.extend(match &self.presidio {
            Some(presidio) => presidio.lines(self.fastest()),
            None => vec!["  Presidio is not installed here and not measured".into()],
        });
        lines.push(format!("  planted {}, found {}", self.planted, self.found));
        lines.push(format!("{:<48}{:>8}", "A cell in which nothing is", "µs"));
        for ShortCell { text, us } in &self.cells {
            lines.push(format!("  {text:<46}{us:>8.3}"));
        }
        lines.extend(self.aims());
        lines.join("\n")
    }

    fn fastest(&self) -> f64 {
        self.readers.first().map_or(f64::NAN, |reader| reader.mb_per_s)
    }

    fn aims(&self) -> [String; 3] {
        let verdict = |met: bool| if met { "met" } else { "missed" };
        let speed = |what: &str, least: f64| {
            let reader = self.readers.iter().find(|one| one.what == what);
            let speed = reader.map_or(0.0, |one| one.mb_per_s);
            format!("  {:<8}{what:<50}{speed:>8} ≥ {least} MB/s", verdict(speed >= least))
        };
        let dearest = self.cells.iter().map(|one| one.us).fold(0.0, f64::max);
        let cell = "a short cell in which nothing is";
        let cell = format!("  {:<8}{cell:<50}{dearest:>8} ≤ 0.3 µs", verdict(dearest <= 0.3));
        [speed(WHOLE, 1000.0), speed(CELLS, 300.0), cell]
    }
}

/// Reads 16 MiB of rows in every way. What cuts them into rows and cells is not timed.
pub(super) fn measure(python: &Path, effort: Effort) -> Detectors {
    let Rows { text, planted } = Rows::of(SIZE);
    let passes = effort.of(PASSES);
    let rows: Vec<&str> = text.split(ROW).collect();
    let all: Vec<&str> = text.split(CELL).collect();
    let count = |text: &str| detect::scan(text).len();
    let each = |texts: &[&str]| texts.iter().map(|text| count(text)).sum::<usize>();
    let patterns = RegexSet::new(PATTERNS).unwrap_or_default();
    let matched = |texts: &[&str]| texts.iter().map(|text| patterns.matches(text).len()).sum();
    let ways: [Way<'_>; 6] = [
        (MEMCHR, false, &|| memchr::memchr_iter(0, text.as_bytes()).count()),
        (WHOLE, false, &|| count(&text)),
        ("rows", false, &|| each(&rows)),
        (CELLS, true, &|| each(&all)),
        ("RegexSet, rows", false, &|| matched(&rows)),
        ("RegexSet, cells", true, &|| matched(&all)),
    ];
    let times = ways.map(|(what, by_cell, way)| (what, by_cell, median(passes, way)));
    let fastest = times.first().map_or(f64::NAN, |(.., time)| *time);
    let reader = |(what, by_cell, time): (&'static str, bool, f64)| Reader {
        what,
        mb_per_s: (text.len() as f64 / 1e6 / time).round(),
        us_per_cell: by_cell.then(|| rounded(time * 1e6 / all.len() as f64)),
        of_memchr: rounded(fastest / time),
    };
    Detectors {
        bytes: text.len(),
        planted,
        found: each(&rows),
        readers: times.into_iter().map(reader).collect(),
        cells: SHORT.iter().map(|text| short(text, passes)).collect(),
        presidio: Presidio::measure(python, &text),
    }
}

/// What is timed, whether it goes cell by cell, and how.
type Way<'a> = (&'static str, bool, &'a dyn Fn() -> usize);

/// The time of the median pass, in seconds.
fn median(passes: u32, way: &dyn Fn() -> usize) -> f64 {
    let mut times: Vec<Duration> = (0..passes).map(|_| timed(way).1).collect();
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}

fn short(text: &'static str, passes: u32) -> ShortCell {
    let many = || (0..MANY).map(|_| detect::scan(black_box(text)).len()).sum();
    ShortCell { text, us: rounded(median(passes, &many) * 1e6 / f64::from(MANY)) }
}

/// The names of the ways that an aim is set for.
const WHOLE: &str = "whole buffer";
const CELLS: &str = "cells";
const MEMCHR: &str = "memchr of an absent byte";

const ROW: &[char] = &['\n'];
const CELL: &[char] = &['\n', '\t'];

const SIZE: usize = 16 << 20;
const PASSES: u32 = 20;
const MANY: u32 = 10_000;

const SHORT: &[&str] = &["Ann Lindqvist", "returned", "10000042", "2026-11-21 08:02:39.123456+00"];

/// What comes nearest to the detectors without their validators.
const PATTERNS: &[&str] = &[
    r"\b(?:\d[ -]?){12,18}\d\b",
    r"\b\d{3}-\d{2}-\d{4}\b",
    r"[\w.+-]+@[\w-]+\.[\w.-]+",
    r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b",
    r"\+\d{1,3}[ -]?(?:\d[ -]?){7,12}",
    r"\b(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}\b",
    r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*",
    r"-----BEGIN [A-Z ]*PRIVATE KEY",
    r"\bAIza[A-Za-z0-9_-]{35}\b",
    r"\bglpat-[A-Za-z0-9_-]{20}",
    r"\bxox[abeprs]-[A-Za-z0-9-]{10,}",
    r"\b[sr]k_live_[A-Za-z0-9]{16,}",
    r"://[^/\s:@]*:[^/\s@]+@",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_as_many_places_as_something_was_planted_in() {
        let Rows { text, planted } = Rows::of(1 << 18);
        let found: usize = text.split(CELL).map(|cell| detect::scan(cell).len()).sum();
        assert!(planted > 5);
        assert_eq!(found, planted);
        assert_eq!(RegexSet::new(PATTERNS).unwrap().len(), PATTERNS.len());
    }
}
