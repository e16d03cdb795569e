//! JWT-SVIDs of a SPIFFE trust domain (SPIFFE, JWT-SVID and SPIFFE-ID standards).
//!
//! A trust domain answers for every id in it and for none outside, whatever `iss` says.

use serde_json::Value;

use super::{BLANK, Given, Members, Profile, Source, look, setting::Setting};
use crate::{Error, algorithm::Algorithm};

const SCHEME: &str = "spiffe://";

pub(super) const PROFILE: Profile = Profile {
    name: "spiffe",
    settings: &[Setting::text(
        "trust_domain",
        is_trust_domain,
        "a trust domain: a-z, 0-9, ., - and _, without spiffe://",
    )
    .needed()],
    // The trust domain is the issuer of tokens that name none.
    issuers: &["spiffe://{trust_domain}", "https://*"],
    algorithms: &[Algorithm::Rs256, Algorithm::Es256, Algorithm::Es384, Algorithm::Ps256],
    types: &["", "jwt", "jose"],
    lifetime_s: Some(60 * 60),
    sole_audience: true,
    optional: &["iss", "iat"],
    bare_header: true,
    key_use: "jwt-svid",
    coherent: of_the_trust_domain,
    groups: Source::Made(prefixes),
    ..BLANK
};

/// Who issued a token without `iss`, if its subject is of a trust domain: that, as `spiffe://…`.
pub(crate) fn trust_domain(claims: &Members) -> Option<&str> {
    let id = claims.get("sub").and_then(Value::as_str)?;
    let (domain, _) = parts(id)?;
    id.get(..SCHEME.len() + domain.len())
}

fn of_the_trust_domain(claims: &Members, given: &Given) -> Result<(), Error> {
    match parts(look::needed(claims, &["sub"])?) {
        Some((domain, _)) if given.one("trust_domain") == Some(domain) => Ok(()),
        _ => Err(Error::Claim("sub", "a SPIFFE id of the trust domain")),
    }
}

/// The id itself and all beginnings of it that end with a `/`.
fn prefixes(claims: &Members) -> Result<Vec<String>, Error> {
    let id = look::needed(claims, &["sub"])?;
    let beginnings = id.match_indices('/').filter_map(|(at, slash)| id.get(..at + slash.len()));
    let within = beginnings.filter(|beginning| beginning.len() > SCHEME.len());
    Ok(within.chain([id]).map(str::to_owned).collect())
}

/// The trust domain and the path of a SPIFFE id (SPIFFE-ID, 2). One without a path names no workload.
fn parts(id: &str) -> Option<(&str, &str)> {
    let (domain, path) = id.strip_prefix(SCHEME)?.split_once('/')?;
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let segment = |text: &str| !matches!(text, "" | "." | "..") && text.bytes().all(letter);
    (is_trust_domain(domain) && path.split('/').all(segment)).then_some((domain, path))
}

fn is_trust_domain(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    !text.is_empty() && text.bytes().all(|b| letter(b) || matches!(b, b'.' | b'-' | b'_'))
}
