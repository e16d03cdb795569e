//! What a caller shows, out of the headers: one token, at most one proof, and nothing elsewhere
//! (RFC 6750, 2.1; RFC 9449, 4.3 and 7.1).

use http::{HeaderMap, Method, StatusCode, Uri, header};
use request::{Bearer, Over, Presented, Proof, Scheme};

use crate::Problem;

/// Reads the token and the proof for this request.
///
/// # Errors
/// 401 where there is no token, 400 where there is more than one of either.
pub fn presented(headers: &HeaderMap, over: Over) -> Result<Presented, Box<Problem>> {
    let Some(credentials) = one(headers, header::AUTHORIZATION.as_str())? else {
        return Err(wanted());
    };
    // The scheme is case-insensitive (RFC 9110, 11.1); the token is taken as it is.
    let (scheme, token) = match credentials.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => (Scheme::Bearer, token),
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("dpop") => (Scheme::Dpop, token),
        _ => return Err(wanted()),
    };
    if token.is_empty() {
        return Err(wanted());
    }
    Ok(Presented { scheme, token: Bearer::new(token.to_owned()), proof: proof(headers)?, over })
}

/// The proof, where there is one.
///
/// # Errors
/// 400 where there are several (RFC 9449, 4.3).
pub fn proof(headers: &HeaderMap) -> Result<Option<Proof>, Box<Problem>> {
    Ok(one(headers, "dpop")?.map(|text| Proof::new(text.to_owned())))
}

/// The request that a proof is made for, without its body.
#[must_use]
pub fn over(method: &Method, uri: &Uri) -> Over {
    Over { method: method.as_str().to_owned(), path: uri.path().to_owned(), body: None }
}

/// The one value of a header of which there may be one.
///
/// # Errors
/// 400 where there are several, in several lines or in one: platforms join lines by commas, which
/// no token and no proof has.
pub fn one<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Box<Problem>> {
    let mut all = headers.get_all(name).iter();
    let value = match (all.next(), all.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.to_str().ok().filter(|text| !text.contains(',')),
        (Some(_), Some(_)) => None,
    };
    match value {
        Some(text) => Ok(Some(text)),
        None => {
            let text = format!("one `{name}` header with one value is wanted");
            Err(Box::new(Problem::plain(StatusCode::BAD_REQUEST, &text)))
        }
    }
}

fn wanted() -> Box<Problem> {
    let text = "a token is wanted: `Authorization: DPoP …` or `Authorization: Bearer …`";
    Box::new(Problem::unauthenticated(text))
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn read(lines: &[(&str, &str)]) -> Result<Presented, u16> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let over = over(&Method::POST, &Uri::from_static("/v1/query?a=b"));
        presented(&headers, over).map_err(|problem| problem.into_response().status().as_u16())
    }

    fn refused(lines: &[(&str, &str)]) -> Option<u16> {
        read(lines).err()
    }

    #[test]
    fn a_token_and_its_proof_are_read_as_they_are() {
        let shown = read(&[("authorization", "dPoP a.b.c"), ("DPoP", "d.e.f")]).unwrap();
        assert_eq!((shown.scheme, shown.token.expose()), (Scheme::Dpop, "a.b.c"));
        assert_eq!(shown.proof.unwrap().expose(), "d.e.f");
        let over = Over { method: "POST".into(), path: "/v1/query".into(), body: None };
        assert_eq!(shown.over, over);
        let shown = read(&[("authorization", "Bearer  a")]).unwrap();
        assert_eq!((shown.scheme, shown.token.expose()), (Scheme::Bearer, " a"));
        assert!(shown.proof.is_none());
    }

    #[test]
    fn without_a_token_nobody_is_known() {
        for value in ["Bearer", "Bearer ", "DPoP", "Basic c3VwcG9ydA==", "a.b.c", ""] {
            assert_eq!(refused(&[("authorization", value)]), Some(401), "{value:?}");
        }
        assert_eq!(refused(&[]), Some(401));
        assert_eq!(refused(&[("dpop", "d.e.f")]), Some(401));
    }

    #[test]
    fn two_of_a_kind_are_refused_in_two_lines_and_in_one() {
        let good = ("authorization", "Bearer a.b.c");
        assert_eq!(refused(&[good, good]), Some(400));
        assert_eq!(refused(&[("authorization", "Bearer a.b.c, Bearer a.b.c")]), Some(400));
        assert_eq!(refused(&[("authorization", "Bearer ä")]), Some(400));
        assert_eq!(refused(&[good, ("dpop", "d.e.f"), ("dpop", "d.e.f")]), Some(400));
        assert_eq!(refused(&[good, ("dpop", "d.e.f,d.e.f")]), Some(400));
    }
}
