//! Finds a canary in whatever can be read, also in pieces, backwards, or in other letters.
//!
//! A canary is a word of twelve consonants, nine digits, or a day that stands nowhere else.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Mutex,
};

use aho_corasick::AhoCorasick;
use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::Value;

/// The canaries of one database.
pub(crate) struct Canaries {
    words: AhoCorasick,
    digits: AhoCorasick,
    /// Each with hyphens and without.
    days: AhoCorasick,
    /// Texts without any: the same refusal is told many times.
    clean: Mutex<HashSet<String>>,
}

impl Canaries {
    /// All that stands in these cells.
    pub(crate) fn of(cells: &[String]) -> Self {
        let words = runs(cells, WORD, |c| c.is_ascii_alphabetic());
        let digits = runs(cells, DIGITS, |c| c.is_ascii_digit());
        let days = cells.iter().filter(|cell| is_day(cell.as_bytes()));
        let days = days.flat_map(|day| [day.clone(), day.replace('-', "")]).collect();
        let clean = Mutex::default();
        Self { words: any_of(words), digits: any_of(digits), days: any_of(days), clean }
    }

    /// The same without numbers and days: for answers that show parts of those.
    pub(crate) fn words(self) -> Self {
        let none = any_of(BTreeSet::new());
        Self { digits: none.clone(), days: none, ..self }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        let [words, digits, days] =
            [&self.words, &self.digits, &self.days].map(AhoCorasick::patterns_len);
        words + digits + days / 2
    }

    /// The first canary that can be made out.
    pub(crate) fn find(&self, text: &str, rows: Option<&Value>) -> Option<String> {
        let mut views = vec![text.to_owned()];
        views.extend(rows.into_iter().flat_map(readings));
        views.iter().find_map(|view| self.view(view))
    }

    /// The first canary that stands in a text as it is, or in other case: for texts full of digests,
    /// in which digits that are put together mean nothing.
    pub(crate) fn whole(&self, text: &str) -> Option<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let known = |word: &&str| {
            let word = word.to_ascii_lowercase();
            let is = |all: &AhoCorasick| all.find(&word).is_some_and(|hit| hit.len() == word.len());
            is(&self.words) || is(&self.digits) || is(&self.days)
        };
        words.into_iter().find(known).map(ToOwned::to_owned)
    }

    fn view(&self, text: &str) -> Option<String> {
        if self.clean.lock().unwrap().contains(text) {
            return None;
        }
        let found = self.within(text, LAYERS);
        if found.is_none() && text.len() < REMEMBERED {
            self.clean.lock().unwrap().insert(text.to_owned());
        }
        found
    }

    fn within(&self, text: &str, layers: usize) -> Option<String> {
        let backwards: String = text.chars().rev().collect();
        let found = [text, &backwards].into_iter().find_map(|text| self.plain(text));
        if found.is_some() || layers == 0 {
            return found;
        }
        let inner = [text, &backwards].into_iter().flat_map(decoded).collect::<Vec<_>>();
        inner.iter().find_map(|text| self.within(text, layers - 1))
    }

    fn plain(&self, text: &str) -> Option<String> {
        let all = text.to_ascii_lowercase();
        let of = |fits: fn(&char) -> bool| all.chars().filter(fits).collect::<String>();
        hit(&of(char::is_ascii_alphabetic), &self.words)
            .or_else(|| hit(&of(char::is_ascii_digit), &self.digits))
            .or_else(|| hit(&all, &self.days))
    }
}

fn any_of(texts: BTreeSet<String>) -> AhoCorasick {
    AhoCorasick::new(texts).unwrap()
}

/// All runs of such characters that are as long as this.
fn runs(cells: &[String], length: usize, of: fn(char) -> bool) -> BTreeSet<String> {
    let all = cells.iter().flat_map(|cell| cell.split(|c| !of(c)));
    all.filter(|run| run.len() == length).map(str::to_owned).collect()
}

fn hit(text: &str, among: &AhoCorasick) -> Option<String> {
    among.find(text).map(|hit| text.get(hit.range()).unwrap_or(text).to_owned())
}

/// `1723-10-14`, in form.
fn is_day(text: &[u8]) -> bool {
    text.len() == DAY && text[4] == b'-' && text[7] == b'-'
}

/// The cells one after the other, by rows and by columns; and those that are codes of letters.
fn readings(rows: &Value) -> Vec<String> {
    let rows: Vec<&Vec<Value>> =
        rows.as_array().into_iter().flatten().filter_map(Value::as_array).collect();
    let width = rows.iter().map(|row| row.len()).max().unwrap_or_default();
    let by_rows: Vec<&Value> = rows.iter().flat_map(|row| row.iter()).collect();
    let by_columns: Vec<&Value> =
        (0..width).flat_map(|at| rows.iter().filter_map(move |row| row.get(at))).collect();
    [by_rows, by_columns].iter().flat_map(|cells| [joined(cells), letters(cells)]).collect()
}

fn joined(cells: &[&Value]) -> String {
    let text = |cell: &&Value| match cell {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    cells.iter().map(text).collect()
}

/// Numbers taken for codes of letters, and booleans for bits of codes.
fn letters(cells: &[&Value]) -> String {
    let code = |cell: &&Value| {
        let number = match cell {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.and_then(|code| u8::try_from(code).ok()).filter(u8::is_ascii_graphic).map(char::from)
    };
    cells.iter().filter_map(code).collect()
}

/// What runs of base64, hexadecimal digits and percent signs stand for.
fn decoded(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/-_=".contains(c);
    // Encoders break lines, and JSON writes that as `\n`.
    let whole = text.replace("\\n", "").replace(['\n', '\r'], "");
    for run in whole.split(|c: char| !is_base64(c)).filter(|run| run.len() >= SHORTEST) {
        for start in 0..4.min(run.len()) {
            let run = run.get(start..).unwrap_or_default().trim_end_matches('=');
            let cut = run.get(..run.len() - usize::from(run.len() % 4 == 1)).unwrap_or_default();
            all.extend(ENGINES.iter().filter_map(|engine| engine.decode(cut).ok()).map(lossy));
        }
    }
    for run in whole.split(|c: char| !c.is_ascii_hexdigit()).filter(|run| run.len() >= SHORTEST) {
        all.extend((0..2).map(|start| lossy(hex(run.get(start..).unwrap_or_default()))));
    }
    let whole = whole.to_lowercase();
    if whole.contains('%') || whole.contains("\\x") || whole.contains("\\u") {
        all.push(unescaped(&whole));
    }
    all
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(run: &str) -> Vec<u8> {
    let digits: Vec<u8> = run.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

/// `%62`, `\x62` and `\u0062` by what they stand for.
fn unescaped(text: &str) -> String {
    let mut out = text.to_owned();
    for code in (0x30..0x3a).chain(0x61..0x7b).chain(0x41..0x5b_u8) {
        let letter = char::from(code).to_string();
        for form in [format!("%{code:02x}"), format!("\\x{code:02x}"), format!("\\u{code:04x}")] {
            if out.contains(&form) {
                out = out.replace(&form, &letter);
            }
        }
    }
    out
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const ENGINES: [GeneralPurpose; 2] =
    [GeneralPurpose::new(&STANDARD, LENIENT), GeneralPurpose::new(&URL_SAFE, LENIENT)];

const REMEMBERED: usize = 1000;

/// Encodings within encodings that are followed.
const LAYERS: usize = 2;
const SHORTEST: usize = 12;
const WORD: usize = 12;
const DIGITS: usize = 9;
const DAY: usize = 10;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn canaries() -> Canaries {
        Canaries::of(&["bcdfghjklmnp 930000017".into(), "1723-10-14".into()])
    }

    #[test]
    fn a_canary_is_found_in_any_form() {
        let canaries = canaries();
        assert_eq!(canaries.len(), 3);
        assert!(canaries.whole(r#"{"a":"BcdfghJklmnp 1"}"#).is_some());
        assert!(canaries.whole("(1723-10-14)").is_some() && canaries.whole("x930000017").is_none());
        for text in [
            "x bcdfghjklmnp y",
            "BCDFGHJKLMNP",
            "pnmlkjhgfdcb",
            "b.c.d.f.g.h.j.k.l.m.n.p",
            "930,000,017.25",
            "710000039",
            "on 1723-10-14.",
            "17231014",
            "YmNkZmdoamtsbW5wIDkzMDAwMDAxNw==",
            "==wNxADMwADMzkDIw5WbstmaodmZkNmY",
            "\\x62636466676168",
            "\\x6263646667686a6b6c6d6e70",
            "62636466 - ",
            "%62%63%64%66%67%68%6a%6b%6c%6d%6e%70",
            "NjI2MzY0NjY2NzY4NmE2YjZjNmQ2ZTcwMjAzOTMzMzAzMDMwMzAzMDMxMzc=",
        ] {
            let wanted = !["\\x62636466676168", "62636466 - "].contains(&text);
            assert_eq!(canaries.find(text, None).is_some(), wanted, "{text}");
        }
    }

    #[test]
    fn a_canary_in_pieces_is_put_together() {
        let word = "bcdfghjklmnp";
        let rows: Vec<Value> = word.chars().map(|c| json!([c.to_string(), "x"])).collect();
        assert!(canaries().find("", Some(&Value::Array(rows))).is_some());
        let codes: Vec<Value> = word.bytes().map(|b| json!([b])).collect();
        assert!(canaries().find("", Some(&Value::Array(codes))).is_some());
        let halves = json!([["bcdfgh"], ["jklmnp"]]);
        assert!(canaries().find("", Some(&halves)).is_some());
        assert_eq!(canaries().find("", Some(&json!([["bcdfgh", "jklmn", 93, 17]]))), None);
    }
}
