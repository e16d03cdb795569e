//! Runs a table of bad tokens.

use std::collections::BTreeSet;

use super::stand::{Stand, kind};

/// What is wrong with the token, the token, and the error it must meet.
pub(crate) type Row = (String, String, String);

pub(crate) fn row(what: impl Into<String>, token: impl Into<String>, meets: &str) -> Row {
    (what.into(), token.into(), meets.into())
}

/// Errors that need no key. Whatever meets one of them must not have cost a fetch.
const WITHOUT_KEYS: [&str; 6] = ["form", "header", "issuer", "algorithm", "type", "claim iss"];

pub(crate) const LONG: &str = "form: it is longer than 8 KiB";
pub(crate) const LETTERS: &str = "form: it holds characters other than those of base64url";
pub(crate) const PARTS: &str = "form: it has not the three parts of a signed token";
pub(crate) const HEADER: &str = "form: its header is not strict JSON in canonical base64url";
pub(crate) const MEMBERS: &str =
    "form: its header has members other than alg, kid, typ, x5t and x5t#S256";
pub(crate) const CLAIMS: &str = "form: its claims are not strict JSON in canonical base64url";
pub(crate) const MANY: &str = "form: it has more than 64 claims";

/// Each token meets its error, on a verifier of its own.
pub(crate) fn all_are_refused(rows: Vec<Row>) {
    let names: BTreeSet<&str> = rows.iter().map(|(what, ..)| what.as_str()).collect();
    assert_eq!(names.len(), rows.len(), "two rows say the same");
    let wrong: Vec<String> = rows.iter().filter_map(misjudged).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn misjudged((what, token, meets): &Row) -> Option<String> {
    let stand = Stand::new();
    let met = match stand.believe(token) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => kind(&error),
    };
    let early = WITHOUT_KEYS.iter().any(|start| met.starts_with(start));
    if met != *meets {
        return Some(format!("{what}: {met}, not {meets}"));
    }
    (early && stand.source.asked() > 0).then(|| format!("{what}: keys were fetched for it"))
}
