//! The bearer token of a request (RFC 6750, section 2.1): in one header, once, and nowhere else.

use http::{HeaderMap, header};
use request::Bearer;

use crate::problem::Problem;

/// Takes the token out of the headers.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Bearer, Box<Problem>> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (all.next(), all.next()) else {
        return Err(wanted("exactly one `Authorization` header is wanted"));
    };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
            Ok(Bearer::new(token.to_owned()))
        }
        _ => Err(wanted("a token is wanted: `Authorization: Bearer …`")),
    }
}

fn wanted(text: &str) -> Box<Problem> {
    Box::new(Problem::unauthenticated(text))
}
