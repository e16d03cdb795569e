//! Before any key is looked for: is this one compact JWS, of an issuer we know, as we want it?

use request::json;
use serde_json::{Map, Value};

use crate::{Error, algorithm::Algorithm, base64url, config::Issuer, profile};

/// Bytes of a whole token. API Gateway gives all headers of a request 10 KiB together.
const TOKEN_LIMIT: usize = 8 * 1024;
/// Nesting of a header; a real one has 1.
const HEADER_DEPTH: usize = 4;
/// Nesting of the claims; enough for the chains of `act` that are seen.
const CLAIMS_DEPTH: usize = 24;
/// How many claims there may be.
const CLAIMS_LIMIT: usize = 64;
/// Bytes of a key's name.
const KID_LIMIT: usize = 256;

/// The only members that a header may have. Others change how a token is read (`b64`, `crit`,
/// `zip`), bring a key along (`jku`, `jwk`, `x5c`, `x5u`; RFC 8725, 3.10), or we do not know what
/// they mean. The thumbprints of a certificate are admitted because real issuers send them; nobody
/// reads them.
const HEADER_MEMBERS: [&str; 5] = ["alg", "kid", "typ", "x5t", "x5t#S256"];

/// A token in its three parts, each in the alphabet of base64url.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'a> {
    signed: &'a str,
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    /// Header and payload as they were signed (RFC 7515, 5.2, step 8).
    pub(crate) fn signed(&self) -> &'a str {
        self.signed
    }

    /// The header, still in base64url.
    pub(crate) fn header(&self) -> &'a str {
        self.header
    }

    /// The payload, still in base64url.
    pub(crate) fn payload(&self) -> &'a str {
        self.payload
    }

    /// The signature, still in base64url.
    pub(crate) fn signature(&self) -> &'a str {
        self.signature
    }
}

/// What the header says of the token. Nothing here is proven.
pub(crate) struct Header {
    algorithm: String,
    kind: Option<String>,
    kid: Option<String>,
    bare: bool,
}

impl Header {
    /// The name of the key, where the token gives one.
    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }
}

/// The claims of a token whose signature nobody has looked at yet. Good for finding the issuer, and
/// for being handed to [`crate::keys::check`]; for nothing else.
pub(crate) struct Said(Map<String, Value>);

impl Said {
    /// The claims, for the one who has just checked the signature over them.
    pub(crate) fn into_claims(self) -> Map<String, Value> {
        self.0
    }
}

/// Step 1: one compact JWS within bounds.
pub(crate) fn split(token: &str) -> Result<Parts<'_>, Error> {
    if token.len() > TOKEN_LIMIT {
        return Err(Error::Form("it is longer than 8 KiB"));
    }
    compact(token).map_err(Error::Form)
}

/// The parts of a compact JWS, or what is wrong with its form. Any other character than those of
/// base64url makes it none (RFC 8725bis, 3.14), so white space, `=` and the JSON form end here.
pub(crate) fn compact(text: &str) -> Result<Parts<'_>, &'static str> {
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !text.bytes().all(letter) {
        return Err("it holds characters other than those of base64url");
    }
    let form = "it has not the three parts of a signed token";
    let Some((signed, signature)) = text.rsplit_once('.') else { return Err(form) };
    match signed.split_once('.') {
        Some((header, payload)) if !payload.contains('.') => match base64url::decode(signature) {
            Some(_) => Ok(Parts { signed, header, payload, signature }),
            // Before any key is looked for, which may cost a fetch.
            None => Err("its signature is not in canonical base64url"),
        },
        _ => Err(form),
    }
}

/// Step 2: a header that reads one way only, and asks for nothing special.
pub(crate) fn header(parts: &Parts<'_>) -> Result<Header, Error> {
    let members = object(parts.header, HEADER_DEPTH)
        .ok_or(Error::Form("its header is not strict JSON in canonical base64url"))?;
    if !members.keys().all(|name| HEADER_MEMBERS.contains(&name.as_str())) {
        return Err(Error::Form(
            "its header has members other than alg, kid, typ, x5t and x5t#S256",
        ));
    }
    Ok(Header {
        algorithm: word(&members, "alg", "a text")?.ok_or(Error::Header("alg", "present"))?,
        kind: word(&members, "typ", "a text")?,
        kid: word(&members, "kid", "at most 256 visible ASCII characters")?,
        bare: members.keys().all(|name| matches!(name.as_str(), "alg" | "kid" | "typ")),
    })
}

/// The claims, parsed here and never again, so that there are no two readings of them.
pub(crate) fn payload(parts: &Parts<'_>) -> Result<Said, Error> {
    let claims = object(parts.payload, CLAIMS_DEPTH)
        .ok_or(Error::Form("its claims are not strict JSON in canonical base64url"))?;
    if claims.len() > CLAIMS_LIMIT {
        return Err(Error::Form("it has more than 64 claims"));
    }
    Ok(Said(claims))
}

/// Step 3: who is said to have issued it. Unproven: it only chooses whose keys are tried. A token
/// without `iss` is of the trust domain of its subject, if that has one.
pub(crate) fn issuer(said: &Said) -> Result<&str, Error> {
    let named = match said.0.get("iss") {
        None => profile::trust_domain(&said.0),
        Some(issuer) => issuer.as_str(),
    };
    named.ok_or(Error::Claim("iss", "a text"))
}

/// Step 4: the issuer's entry allows this algorithm and this type.
pub(crate) fn admit(header: &Header, issuer: &Issuer) -> Result<Algorithm, Error> {
    if issuer.profile().bare_header && !header.bare {
        return Err(Error::Form("its header has members other than alg, kid and typ"));
    }
    let algorithm = Algorithm::named(&header.algorithm)
        .filter(|algorithm| issuer.algorithms().contains(algorithm))
        .ok_or(Error::Algorithm)?;
    let kind = match &header.kind {
        Some(kind) => Some(media_type(kind).ok_or(Error::Type)?),
        None => None,
    };
    if !issuer.allows_type(kind.as_deref()) {
        return Err(Error::Type);
    }
    Ok(algorithm)
}

/// Step 4 for a token of ours: one algorithm, one type (RFC 9068, 2.1).
pub(crate) fn admit_own(header: &Header) -> Result<Algorithm, Error> {
    let kind = header.kind.as_deref().and_then(media_type);
    match (Algorithm::named(&header.algorithm), kind.as_deref()) {
        (Some(Algorithm::Es256), Some("at+jwt")) => Ok(Algorithm::Es256),
        (Some(Algorithm::Es256), _) => Err(Error::Type),
        _ => Err(Error::Algorithm),
    }
}

/// Step 4 for an ID token: an algorithm of its issuer, and the type of no other token.
pub(crate) fn admit_login(header: &Header, issuer: &Issuer) -> Result<Algorithm, Error> {
    let kind = header.kind.as_deref();
    if kind.is_some_and(|kind| media_type(kind).as_deref() != Some("jwt")) {
        return Err(Error::Type);
    }
    let algorithm = Algorithm::named(&header.algorithm);
    algorithm.filter(|found| issuer.algorithms().contains(found)).ok_or(Error::Algorithm)
}

/// Step 4 for a security event: an algorithm of its issuer, and the type of no other token (RFC 8417,
/// 2.3).
pub(crate) fn admit_event(header: &Header, issuer: &Issuer) -> Result<Algorithm, Error> {
    let kind = header.kind.as_deref().and_then(media_type);
    if kind.as_deref() != Some("secevent+jwt") {
        return Err(Error::Type);
    }
    let algorithm = Algorithm::named(&header.algorithm);
    algorithm.filter(|found| issuer.algorithms().contains(found)).ok_or(Error::Algorithm)
}

/// A type in the one spelling we compare: lower case, without the `application/` that may be left
/// out (RFC 7515, 4.1.9). `None` for a text that is no type.
pub(crate) fn media_type(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let kind = lower.strip_prefix("application/").unwrap_or(&lower);
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b'_');
    (!kind.is_empty() && kind.bytes().all(letter)).then(|| kind.to_owned())
}

/// Whether this may name a key. It is compared with names and used for nothing else, but a name
/// that could not stand in a key set costs no refetch of one.
pub(crate) fn names_a_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= KID_LIMIT && text.bytes().all(|b| b.is_ascii_graphic())
}

/// A part that is one JSON object, read strictly.
pub(crate) fn object(part: &str, depth: usize) -> Option<Map<String, Value>> {
    match json::strict(&base64url::decode(part)?, depth).ok()? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

fn word(
    members: &Map<String, Value>,
    name: &'static str,
    wants: &'static str,
) -> Result<Option<String>, Error> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if names_a_key(text) => Ok(Some(text.clone())),
        Some(_) => Err(Error::Header(name, wants)),
    }
}
