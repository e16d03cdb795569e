//! The statements of `tests/corpus`: what the files hold, as their README says.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::stand::Mode;

/// What is expected of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Answered,
    Refused,
    /// Answered, and it may have changed something.
    Written,
}

/// One statement of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) family: String,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) params: Vec<Value>,
    pub(crate) expected: BTreeMap<&'static str, Expected>,
    /// Whether it has to do with a tagged column (of an analyst's statement).
    pub(crate) tagged: bool,
}

impl Case {
    pub(crate) fn expected(&self, mode: Mode) -> Expected {
        self.expected[mode.word()]
    }
}

/// All statements of this folder, by family.
pub(crate) fn cases(folder: &str) -> Vec<Case> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "sql"));
    files.retain(|file| file.file_stem().is_some_and(|name| name != "schema"));
    files.sort();
    let all: Vec<Case> = files.iter().flat_map(|file| read(file)).collect();
    let names: BTreeSet<&str> = all.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), all.len(), "a name is there twice");
    all
}

/// Where the corpora of this crate are.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn read(file: &Path) -> Vec<Case> {
    let family = file.file_stem().unwrap().to_str().unwrap();
    let text = fs::read_to_string(file).unwrap();
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        match head(family, line) {
            Some(case) => cases.push(case),
            None => {
                if let Some(case) = cases.last_mut() {
                    case.text.push_str(line);
                    case.text.push('\n');
                }
            }
        }
    }
    for case in &mut cases {
        case.text = expanded(case.text.trim_end_matches('\n'));
    }
    cases
}

/// The line before a statement: `-- name | key: value | … | why`.
fn head(family: &str, line: &str) -> Option<Case> {
    let mut parts = line.strip_prefix("-- ")?.split(" | ");
    let name = parts.next()?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(plain) {
        return None;
    }
    let mut case = Case {
        family: family.into(),
        name: name.into(),
        text: String::new(),
        params: Vec::new(),
        expected: BTreeMap::new(),
        tagged: false,
    };
    for part in parts {
        match part.split_once(": ") {
            Some(("params", json)) => case.params = serde_json::from_str(json).unwrap(),
            Some((mode, word)) if Mode::of(mode).is_some() => {
                case.expected.insert(Mode::of(mode)?.word(), verdict(word));
            }
            _ => case.tagged |= part == "tagged",
        }
    }
    Some(case)
}

fn verdict(word: &str) -> Expected {
    match word {
        "answered" => Expected::Answered,
        "refused" => Expected::Refused,
        "written" => Expected::Written,
        other => panic!("`{other}` is no verdict"),
    }
}

/// `{U+202E}` is that character, and `{60×(}` is sixty of what stands behind the sign.
fn expanded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}').and_then(|(inner, rest)| Some((one(inner)?, rest))) {
            Some((piece, after)) => {
                out.push_str(&piece);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

fn one(inner: &str) -> Option<String> {
    if let Some(code) = inner.strip_prefix("U+") {
        return char::from_u32(u32::from_str_radix(code, 16).ok()?).map(String::from);
    }
    let (count, piece) = inner.split_once('×')?;
    Some(piece.repeat(count.parse().ok()?))
}

#[test]
fn the_notation_of_the_corpus_is_read() {
    assert_eq!(expanded("a{U+0041}b{3×(}c{1×x y }{k} '{}'"), "aAb(((cx y {k} '{}'");
    let case =
        head("f", "-- a-b | result: refused | schema: written | params: [1, \"x\"] | why").unwrap();
    assert_eq!((case.name.as_str(), case.params.len()), ("a-b", 2));
    assert_eq!(case.expected["schema"], Expected::Written);
    assert!(head("f", "-- A comment that goes on | x").is_none());
    assert!(head("f", "SELECT 1 -- x").is_none());
}

#[test]
fn every_bypass_has_a_verdict_for_every_mode() {
    let cases = cases("bypass");
    assert!(cases.len() >= 300, "{}", cases.len());
    for case in &cases {
        assert_eq!(case.expected.len(), Mode::ALL.len(), "{}", case.name);
    }
    assert!(self::cases("analyst").len() >= 150);
}
