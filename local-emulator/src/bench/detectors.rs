//! How fast the detectors read: in this process, one core, beside what reads fastest and what is
//! usually taken.

mod rows;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use masking::detect;
use regex::RegexSet;
use serde::Serialize;

use super::{Effort, spread::rounded};
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
}

/// One way to read the same rows.
#[derive(Debug, Serialize)]
pub(super) struct Reader {
    pub(super) what: &'static str,
    /// Megabytes of 10⁶ bytes a second.
    pub(super) mb_per_s: f64,
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
        let mut lines = vec![String::new(), format!("{title:<48}{:>8}{:>12}", "MB/s", "× memchr")];
        for Reader { what, mb_per_s, of_memchr } in &self.readers {
            lines.push(format!("  {what:<46}{mb_per_s:>8}{of_memchr:>12.3}"));
        }
        lines.push("  Presidio's patterns: see tests/tests/detectors, not measured here".into());
        lines.push(format!("  planted {}, found {}", self.planted, self.found));
        lines.push(format!("{:<48}{:>8}", "A cell in which nothing is", "µs"));
        for ShortCell { text, us } in &self.cells {
            lines.push(format!("  {text:<46}{us:>8.3}"));
        }
        lines.extend(self.aims());
        lines.join("\n")
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

/// Reads 16 MiB of rows in every way.
pub(super) fn measure(effort: Effort) -> Detectors {
    let Rows { text, planted } = Rows::of(SIZE);
    let passes = effort.of(PASSES);
    let each = |separator: &'static [char]| text.split(separator);
    let count = |text: &str| detect::scan(text).len();
    let found: usize = each(ROW).map(count).sum();
    let patterns = RegexSet::new(PATTERNS).unwrap_or_default();
    let matched = |text: &str| patterns.matches(text).len();
    let ways: [(&'static str, &dyn Fn() -> usize); 6] = [
        (MEMCHR, &|| memchr::memchr_iter(0, text.as_bytes()).count()),
        (WHOLE, &|| count(&text)),
        ("rows", &|| each(ROW).map(count).sum()),
        (CELLS, &|| each(CELL).map(count).sum()),
        ("RegexSet, rows", &|| each(ROW).map(matched).sum()),
        ("RegexSet, cells", &|| each(CELL).map(matched).sum()),
    ];
    let speeds = ways.map(|(what, way)| (what, text.len() as f64 / 1e6 / median(passes, way)));
    let fastest = speeds.first().map_or(f64::NAN, |(_, speed)| *speed);
    let reader = |(what, speed): (&'static str, f64)| Reader {
        what,
        mb_per_s: speed.round(),
        of_memchr: rounded(speed / fastest),
    };
    let readers = speeds.into_iter().map(reader).collect();
    let cells = SHORT.iter().map(|text| short(text, passes)).collect();
    Detectors { bytes: text.len(), planted, found, readers, cells }
}

/// The time of the median pass, in seconds.
fn median(passes: u32, way: &dyn Fn() -> usize) -> f64 {
    let mut times: Vec<Duration> = (0..passes)
        .map(|_| {
            let began = Instant::now();
            black_box(way());
            began.elapsed()
        })
        .collect();
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
