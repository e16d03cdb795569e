//! One request: who says they are asking, for what, of which target.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::{Deadline, Digest, Error, IdempotencyKey, Presented, RequestId, TargetName, json};

/// The access token exactly as it came in. It has no `Debug` or `Display`: a token is never printed.
///
/// ```compile_fail
/// fn leak(token: &request::Bearer) -> String {
///     format!("{token:?}")
/// }
/// ```
pub struct Bearer(Zeroizing<String>);

impl Bearer {
    /// The token after `Bearer ` in the one `Authorization` header.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(Zeroizing::new(token))
    }

    /// The token, for the verifier.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// One SQL text as the agent wrote it: not empty, no NUL, at most 64 KiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement(String);

impl Statement {
    /// Bytes, at most. Real analytic SQL is below 20 KiB; a parser is exposed to no more than this.
    pub const LIMIT: usize = 64 * 1024;

    /// Takes the text if it is within bounds.
    ///
    /// # Errors
    /// Empty, too long, or holding a NUL (which PostgreSQL's parser would take for the end).
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(Error::Empty("statement"));
        }
        if text.len() > Self::LIMIT {
            return Err(Error::Long("statement", Self::LIMIT));
        }
        if text.contains('\0') {
            return Err(Error::Alphabet("statement", "text without NUL"));
        }
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// The values for `$1`, `$2`, … in order, as JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(Vec<Value>);

impl Params {
    /// How many there may be. PostgreSQL's own limit is 65,535; nobody writes 1,000 by hand.
    pub const LIMIT: usize = 1000;

    /// Takes the values if there are not too many.
    ///
    /// # Errors
    /// More than [`Self::LIMIT`].
    pub fn new(values: Vec<Value>) -> Result<Self, Error> {
        if values.len() > Self::LIMIT {
            return Err(Error::Long("params", Self::LIMIT));
        }
        Ok(Self(values))
    }

    /// The values.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.0
    }
}

/// Why the agent says it asks; for people and the record, never for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Bytes, at most.
    pub const LIMIT: usize = 1024;

    /// Takes a short text without control characters, so that it cannot act up on a page or a terminal.
    ///
    /// # Errors
    /// Empty, too long, or holding a control character.
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(Error::Empty("reason"));
        }
        if text.len() > Self::LIMIT {
            return Err(Error::Long("reason", Self::LIMIT));
        }
        if text.chars().any(char::is_control) {
            return Err(Error::Alphabet("reason", "printable text"));
        }
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Where the request came from, as the platform (never a header) says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The peer's address, where the platform gives one.
    pub ip: Option<std::net::IpAddr>,
}

/// One request, whole.
pub struct Ask {
    /// Its id, made here.
    pub id: RequestId,
    /// What the acting agent shows of itself.
    pub presented: Presented,
    /// The one target this request may touch.
    pub target: TargetName,
    /// What is to be run there.
    pub statement: Statement,
    /// The values for its parameters.
    pub params: Params,
    /// Why, in the agent's words.
    pub reason: Option<Reason>,
    /// The caller's name for this very request; it runs at most once.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Where it came from.
    pub source: Source,
    /// When an answer must be out.
    pub deadline: Deadline,
}

impl Ask {
    /// The digest of what is asked: target, statement bytes and parameters. Any changed byte is
    /// another request.
    #[must_use]
    pub fn digest(&self) -> Digest {
        asked(&self.target, &self.statement, &self.params)
    }
}

/// The digest of what is asked, from its parts.
#[must_use]
pub fn asked(target: &TargetName, statement: &Statement, params: &Params) -> Digest {
    let params: Vec<String> = params.values().iter().map(Value::to_string).collect();
    Digest::of(&json::canonical(&serde_json::json!({
        "params": params, // as text: a number is the characters the agent sent
        "statement": statement.text(),
        "target": target.as_str(),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_with_a_nul_is_not_taken() {
        assert_eq!(
            Statement::new("select 1\0; drop table t"),
            Err(Error::Alphabet("statement", "text without NUL"))
        );
    }

    #[test]
    fn a_statement_is_taken_up_to_its_limit_and_not_beyond() {
        assert!(Statement::new("x".repeat(Statement::LIMIT)).is_ok());
        assert_eq!(
            Statement::new("x".repeat(Statement::LIMIT + 1)),
            Err(Error::Long("statement", Statement::LIMIT))
        );
    }

    #[test]
    fn a_reason_cannot_carry_a_terminal_escape() {
        assert!(Reason::new("monthly report").is_ok());
        assert!(Reason::new("\u{1b}[2Jgone").is_err());
    }
}
