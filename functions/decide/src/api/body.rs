//! What a caller decides.

use approvals::Said;
use doors::Problem;
use http::{HeaderMap, header};
use request::{Digest, json};
use serde::Deserialize;
use utoipa::ToSchema;

use super::bad;
use crate::said::{comment, verdict};

/// What is said to a request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// `approve` or `refuse`.
    #[schema(example = "approve")]
    verdict: String,
    /// The digest of what was read, as `GET /v1/approvals/{id}` tells it.
    #[schema(value_type = String)]
    digest: Digest,
    /// Why, for the record; at most 1000 letters.
    comment: Option<String>,
}

pub(super) fn read(body: &[u8]) -> Result<Said, Box<Problem>> {
    let decision: Decision =
        json::strict_as(body, DEPTH).map_err(|error| Box::new(bad(&error.to_string())))?;
    let verdict = verdict(&decision.verdict);
    let verdict = verdict.ok_or_else(|| Box::new(bad("`verdict` is `approve` or `refuse`")))?;
    let comment = comment(decision.comment.as_deref().unwrap_or_default());
    let comment = comment.map_err(|_| Box::new(bad("`comment` is longer than 1000 letters")))?;
    Ok(Said { digest: decision.digest, verdict, comment })
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

const DEPTH: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_one_verdict_on_one_digest() {
        let digest = Digest::of(b"a");
        let read = |text: &str| read(text.replace("DIGEST", &digest.to_string()).as_bytes());
        let said = read(r#"{"verdict":"approve","digest":"DIGEST","comment":" fine "}"#).unwrap();
        assert_eq!((said.digest, said.comment.as_deref()), (digest, Some("fine")));
        for wrong in [
            "",
            "{}",
            r#"{"verdict":"approve"}"#,
            r#"{"verdict":"yes","digest":"DIGEST"}"#,
            r#"{"verdict":"approve","digest":"abc"}"#,
            r#"{"verdict":"approve","verdict":"refuse","digest":"DIGEST"}"#,
            r#"{"verdict":"approve","digest":"DIGEST","group":"dba"}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let long =
            format!(r#"{{"verdict":"refuse","digest":"DIGEST","comment":"{}"}}"#, "x".repeat(1001));
        assert!(read(&long).is_err());
    }
}
