//! JSON, token by token: what is covered changes, every other byte stays as it is.

use std::{borrow::Cow, ops::Range};

use super::{
    Counts, DEPTH, Finding, Hints, ROUNDS,
    grammar::{number_length, string_length},
    look, mask,
    names::Named,
    search, unescape,
};

pub(super) fn cover<'a>(text: &'a str, counts: &mut Counts) -> Cow<'a, str> {
    if search::is_too_short(text) {
        return Cow::Borrowed(text);
    }
    let Some(mut found) = Walk::new(text).findings() else {
        return super::cover(text, counts);
    };
    let mut covered = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        if found.is_empty() {
            return covered;
        }
        covered = Cow::Owned(replaced(&covered, &found, counts));
        found = Walk::new(&covered).findings().unwrap_or_default();
    }
    match found.first() {
        Some(place) => Cow::Owned(format!("\"{}\"", mask(place.finding.kind, counts))),
        None => covered,
    }
}

fn replaced(text: &str, found: &[Place], counts: &mut Counts) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for Place { finding, is_number } in found {
        out.push_str(text.get(kept..finding.range.start).unwrap_or_default());
        let quote = if *is_number { "\"" } else { "" };
        out.extend([quote, &mask(finding.kind, counts), quote]);
        kept = finding.range.end;
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

/// A finding, and whether it is a whole number rather than a part of a string.
struct Place {
    finding: Finding,
    is_number: bool,
}

/// What may stand next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

/// One way through a document. It does not recurse, so no depth is too much for it.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    /// What is open, and what the name of its field said of it.
    open: Vec<(Container, Option<Named>)>,
    hints: Hints,
    found: Vec<Place>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        let aws = ["AKIA", "ASIA", "ABIA", "ACCA"].iter().any(|prefix| text.contains(prefix));
        let hints = Hints { aws, ..Hints::default() };
        Self { text, at: 0, open: Vec::new(), hints, found: Vec::new() }
    }

    /// What is in the document, in its order; `None` if it is not JSON (RFC 8259).
    fn findings(mut self) -> Option<Vec<Place>> {
        let mut next = Next::Value;
        loop {
            self.blanks();
            next = match (self.peek(), next) {
                (None, Next::CommaOrEnd) if self.open.is_empty() => return Some(self.found),
                (Some(b','), Next::CommaOrEnd) => self.comma()?,
                (Some(b':'), Next::Colon) => self.step(Next::Value),
                (Some(b'"'), Next::Key | Next::KeyOrEnd) => self.key()?,
                (Some(b'}'), Next::KeyOrEnd | Next::CommaOrEnd) => self.close(Container::Object)?,
                (Some(b']'), Next::ValueOrEnd | Next::CommaOrEnd) => {
                    self.close(Container::Array)?
                }
                (Some(byte), Next::Value | Next::ValueOrEnd) => self.value(byte)?,
                _ => return None,
            };
        }
    }

    fn value(&mut self, byte: u8) -> Option<Next> {
        match byte {
            b'{' => return Some(self.enter(Container::Object, Next::KeyOrEnd)),
            b'[' => return Some(self.enter(Container::Array, Next::ValueOrEnd)),
            b'"' => self.string().map(drop)?,
            b'-' | b'0'..=b'9' => self.number()?,
            _ => self.word()?,
        }
        Some(Next::CommaOrEnd)
    }

    fn key(&mut self) -> Option<Next> {
        self.hints.named = None;
        let key = self.string()?;
        self.hints.named = Named::of(self.text.get(key)?);
        Some(Next::Colon)
    }

    fn comma(&mut self) -> Option<Next> {
        Some(match self.open.last()?.0 {
            Container::Array => self.step(Next::Value),
            Container::Object => self.step(Next::Key),
        })
    }

    fn enter(&mut self, container: Container, next: Next) -> Next {
        self.open.push((container, self.hints.named));
        self.step(next)
    }

    fn close(&mut self, container: Container) -> Option<Next> {
        let (opened, named) = self.open.pop()?;
        self.hints.named = named;
        (opened == container).then(|| self.step(Next::CommaOrEnd))
    }

    fn step(&mut self, next: Next) -> Next {
        self.at += 1;
        next
    }

    /// Reads a string, looks into it, and says where its inside stands.
    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at + 1;
        let end = start + string_length(self.rest(start))?;
        self.at = end + 1;
        let inside = self.text.get(start..end)?;
        for mut finding in unescape::find_in_string(inside, self.hints, DEPTH) {
            finding.range = start + finding.range.start..start + finding.range.end;
            self.found.push(Place { finding, is_number: false });
        }
        Some(start..end)
    }

    fn number(&mut self) -> Option<()> {
        let length = number_length(self.rest(self.at))?;
        let range = self.at..self.at + length;
        self.at = range.end;
        if length >= SHORTEST
            && let Some(found) = look(self.text.get(range.clone())?, self.hints, 0).first()
        {
            let finding = Finding { kind: found.kind, range };
            self.found.push(Place { finding, is_number: true });
        }
        Some(())
    }

    fn word(&mut self) -> Option<()> {
        let rest = self.rest(self.at);
        let word =
            [b"true".as_slice(), b"false", b"null"].into_iter().find(|w| rest.starts_with(w))?;
        self.at += word.len();
        Some(())
    }

    fn blanks(&mut self) {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.rest(self.at).iter().take_while(blank).count();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.text.as_bytes().get(from..).unwrap_or_default()
    }
}

/// Seven digits of a telephone number; everything else has more.
const SHORTEST: usize = 7;

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::detect::{Counts, Kind, cover_json};

    fn covered(text: &str) -> String {
        cover_json(text, &mut Counts::default()).into_owned()
    }

    #[test]
    fn only_what_is_found_changes() {
        let text =
            r#" {"mail" : "to ann@example.com", "n":[1.50,  -2e3, null,true], "ü":"\u00fc\n"} "#;
        let expected = text.replace("ann@example.com", "[masked:email]");
        assert_eq!(covered(text), expected);
        let mut counts = Counts::default();
        assert!(matches!(
            cover_json(r#"{"a":[1,2,{"b":"plain"}]}"#, &mut counts),
            Cow::Borrowed(_)
        ));
        assert!(counts.is_empty());
    }

    #[test]
    fn strings_and_keys_are_looked_at_as_what_they_spell() {
        assert_eq!(covered(r#"["ann\u0040example.com"]"#), r#"["[masked:email]"]"#);
        assert_eq!(covered(r#"{"\u0061nn@example.com":1}"#), r#"{"[masked:email]":1}"#);
        assert_eq!(covered(r#"["x \"ann@example.com\" y"]"#), r#"["x \"[masked:email]\" y"]"#);
        assert_eq!(
            covered(r#"["{\"a\":\"ann\\u0040example.com\"}"]"#),
            r#"["{\"a\":\"[masked:email]\"}"]"#
        );
    }

    #[test]
    fn a_number_that_is_a_card_becomes_a_string() {
        assert_eq!(
            covered(r#"{"pan":4111111111111111,"n":4111111111111112}"#),
            r#"{"pan":"[masked:card]","n":4111111111111112}"#
        );
        assert_eq!(
            covered("[-4111111111111111,0.4111111111111111]"),
            "[\"[masked:card]\",0.4111111111111111]"
        );
        assert_eq!(covered("4111111111111111"), "\"[masked:card]\"");
    }

    #[test]
    fn the_name_of_a_field_announces_what_stands_in_it() {
        assert_eq!(
            covered(r#"{"SSN":123456789,"id":123456789}"#),
            r#"{"SSN":"[masked:ssn]","id":123456789}"#
        );
        assert_eq!(covered(r#"{"ssn":"123456789"}"#), r#"{"ssn":"[masked:ssn]"}"#);
        let nested = r#"{"ssn":[{"id":123456789},987654321,123456789]}"#;
        let expected = r#"{"ssn":[{"id":123456789},987654321,"[masked:ssn]"]}"#;
        assert_eq!(covered(nested), expected);
        // Neither what is closed nor what is covered announces anything.
        for plain in [r#"[{"ssn":1},123456789]"#, r#"{"[masked:ssn]":123456789}"#] {
            assert_eq!(covered(plain), plain);
        }
        let keys =
            r#"{"id":"AKIAIOSFODNN7EXAMPLE","key":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}"#;
        assert_eq!(covered(keys), r#"{"id":"[masked:aws-key]","key":"[masked:aws-key]"}"#);
    }

    #[test]
    fn depth_is_no_hiding_place() {
        let text = format!("{}\"ann@example.com\"{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(covered(&text), text.replace("ann@example.com", "[masked:email]"));
    }

    #[test]
    fn what_is_not_json_is_plain_text() {
        for head in [
            "{\"a\":",
            "[1,]",
            "{,}",
            "\"",
            "{\"a\" 1}",
            "[01]",
            "[1.]",
            "nul",
            "[}",
            "\"\\q\"",
            "1 2",
            "[\"\u{1}\"]",
        ] {
            let text = format!("{head} ann@example.com");
            let mut counts = Counts::default();
            assert_eq!(cover_json(&text, &mut counts), format!("{head} [masked:email]"));
            assert_eq!(counts.of(Kind::Email), 1);
        }
    }
}
