//! Tables of variants and the verdict that each must get.

use std::collections::BTreeSet;

use identity::{Chain, Error, Verified};
use request::Presented;

use super::{Stand, proof::bearer};

/// One variant of an attack.
pub(crate) struct Row {
    what: String,
    shown: Presented,
    wants: String,
}

impl Row {
    /// The token that is shown.
    pub(crate) fn token(&self) -> &str {
        self.shown.token.expose()
    }
}

/// What is wrong with a token, the token as a bearer's, and the verdict: `subject@alias` of who is
/// believed, or the error in short.
pub(crate) fn row(what: impl Into<String>, token: String, wants: &str) -> Row {
    shown(what, bearer(&token), wants)
}

/// The same of a whole request.
pub(crate) fn shown(what: impl Into<String>, shown: Presented, wants: &str) -> Row {
    Row { what: what.into(), shown, wants: wants.into() }
}

/// Each variant gets its verdict, on a verifier of its own that has no keys of others yet.
pub(crate) fn judge(rows: Vec<Row>) {
    judge_on(Stand::new, rows);
}

/// The same, and nobody asks anybody for anything meanwhile.
pub(crate) fn judge_unasked(rows: Vec<Row>) {
    judge_unasked_on(Stand::new, rows);
}

/// On another verifier.
pub(crate) fn judge_on(stand: impl Fn() -> Stand, rows: Vec<Row>) {
    judge_by(rows, |row| met(&stand().believe(&row.shown)));
}

/// On another verifier, which asks nobody.
pub(crate) fn judge_unasked_on(stand: impl Fn() -> Stand, rows: Vec<Row>) {
    judge_by(rows, |row| {
        let stand = stand();
        let met = met(&stand.believe(&row.shown));
        match stand.source.asked() {
            0 => met,
            times => format!("{met}, after {times} fetches"),
        }
    });
}

fn judge_by(rows: Vec<Row>, judge: impl Fn(&Row) -> String) {
    let names: BTreeSet<&str> = rows.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(names.len(), rows.len(), "two variants have one name");
    let wrong = rows.iter().filter_map(|row| {
        let (met, Row { what, wants, .. }) = (judge(row), row);
        (met != *wants).then(|| format!("{what}: {met}, not {wants}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// The verdict in short.
pub(crate) fn met(verdict: &Result<Verified<Chain>, Error>) -> String {
    match verdict {
        Ok(chain) => {
            let actor = chain.get().root();
            format!("{}@{}", actor.subject(), actor.issuer())
        }
        Err(error) => short(error),
    }
}

/// An error by its variant and what it points at.
pub(crate) fn short(error: &Error) -> String {
    match error {
        Error::Audience(false) => "audience".into(),
        Error::Audience(true) => "audience alone".into(),
        Error::Claim(name, _) => format!("claim {name}"),
        Error::Early(name) => format!("early {name}"),
        Error::Form(_) => "form".into(),
        Error::Header(name, _) => format!("header {name}"),
        Error::Kind(name) => format!("kind {name}"),
        Error::Proof(cause) => format!("proof {}", word(cause)),
        other => word(other),
    }
}

/// The name of an error's variant.
fn word(error: &impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    let name = text.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    name.to_ascii_lowercase()
}
