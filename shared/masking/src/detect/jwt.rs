//! JSON Web Tokens: three or five parts, the first of which is a header.

use std::ops::Range;

use super::{
    base64,
    view::{BASE64_URL, View, is},
};

/// The places in one word where a header may begin.
#[derive(Default)]
pub(super) struct Headers {
    /// Where the part that was looked at last ends, so that no part is read twice to its end.
    end: usize,
    tried: u8,
}

impl Headers {
    /// A token that begins here: the `e` of a `{` in base64.
    pub(super) fn token_at(&mut self, view: &View<'_>, at: usize) -> Option<Range<usize>> {
        if !OPENINGS.contains(&view.part(at..at + 3)) {
            return None;
        }
        if at >= self.end {
            self.end = view.run(at, BASE64_URL);
            self.tried = 0;
        }
        self.tried = self.tried.saturating_add(1);
        if view.at(self.end) != b'.' || self.end - at > LONGEST || self.tried > TRIES {
            return None;
        }
        let end = parts(view, self.end)?;
        is_header(view.part(at..self.end)).then_some(at..end)
    }
}

/// Where the parts behind the header end: two of a signed token, or four of an encrypted one. The
/// payload may be detached and the signature missing (RFC 7515, appendix F; RFC 7519, section 6).
fn parts(view: &View<'_>, header: usize) -> Option<usize> {
    let payload = view.run(header + 1, BASE64_URL);
    if view.at(payload) != b'.' {
        return None;
    }
    let mut end = view.run(payload + 1, BASE64_URL);
    for _ in 0..2 {
        if view.at(end) == b'.' && is(view.at(end + 1), BASE64_URL) {
            end = view.run(end + 1, BASE64_URL);
        }
    }
    Some(end)
}

/// Whether it decodes to a JSON object that names an algorithm.
fn is_header(part: &[u8]) -> bool {
    let header = base64::decode(part).and_then(|bytes| {
        serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes).ok()
    });
    header.is_some_and(|header| header.contains_key("alg"))
}

/// `{"`, `{` and a blank, a tab or the end of a line.
const OPENINGS: [&[u8]; 5] = [b"eyJ", b"eyA", b"ewk", b"ewo", b"ew0"];

/// The longest header that is looked at, in characters, and how many places in one part are tried.
const LONGEST: usize = 4096;
const TRIES: u8 = 32;

#[cfg(test)]
mod tests {
    use crate::detect::{Kind, tests::found_only};

    // RFC 7515, appendix A.1, and RFC 7519, section 6.1.
    const SIGNED: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const UNSECURED: &str = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

    fn found(text: &str) -> Vec<&str> {
        found_only(Kind::Jwt, text)
    }

    #[test]
    fn signed_unsecured_detached_and_encrypted_tokens_are_found() {
        let header = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0";
        let (detached, encrypted) = (format!("{header}..c2ln"), format!("{header}..aXY.Y3Q.dGFn"));
        for token in [SIGNED, UNSECURED, &detached, &encrypted] {
            assert_eq!(found(token), [token]);
            assert_eq!(found(&format!("Authorization: Bearer {token}\n")), [token]);
            assert_eq!(found(&format!("xx{token}")), [token]);
        }
    }

    #[test]
    fn dotted_words_without_a_header_are_not_tokens() {
        // The header of the second is {"a":1}.
        for text in [
            "eyJhbGciOiJub25lIn0",
            "eyJhIjoxfQ.eyJhIjoxfQ.c2ln",
            "eyJhbGciOiJub25lIn0.abc",
            "www.example.com/eyJ.x.y",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
