//! Keys: read from a JWKS document once, strictly, and used by exactly one algorithm each.

use std::collections::{HashMap, HashSet};

use jsonwebtoken::{DecodingKey, crypto};
use request::{Digest, json};
use serde_json::{Map, Value};

use crate::{
    Error,
    algorithm::Algorithm,
    base64url,
    gate::{self, Parts, Said},
    roca,
};

/// Bytes of a JWKS document.
pub(crate) const SET_LIMIT: usize = 256 * 1024;
/// Keys in one document.
const KEYS_LIMIT: usize = 64;
/// Nesting of a document: the set, its list, a key, a list in it, and some to spare.
const SET_DEPTH: usize = 8;
/// Bits of an RSA modulus (RFC 7518, 3.3, and what the primitive takes).
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The exponent of nearly every RSA key, and the smallest that FIPS 186-5 allows (A.1.1).
const RSA_EXPONENT: u64 = 65_537;
/// What keys of tokens are for, by RFC 7517, 4.2. Where another word is wanted, it has to be there.
const SIGNATURES: &str = "sig";
/// Members of which a public key has none (RFC 7518, 6.2.2 and 6.3.2).
const PRIVATE_MEMBERS: [&str; 7] = ["d", "dp", "dq", "oth", "p", "q", "qi"];

/// Why a whole document is refused. Says nothing of what the keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadSet {
    #[error("the key set holds the same key id twice")]
    Doubled,
    #[error("the key set holds no key that can be used")]
    Empty,
    #[error("the key set is larger than 256 KiB or holds more than 64 keys")]
    Large,
    #[error("the key set is not strict JSON of the form of RFC 7517")]
    Malformed,
    #[error("the key set holds a private key")]
    Private,
}

/// A key and the one algorithm it is for.
#[derive(Debug)]
pub(crate) struct Key {
    algorithm: Algorithm,
    signature_bytes: usize,
    primitive: DecodingKey,
}

/// The keys of one issuer that can be used, by their ids.
#[derive(Debug)]
pub(crate) struct KeySet {
    named: HashMap<String, std::sync::Arc<Key>>,
    only: Option<std::sync::Arc<Key>>,
}

impl KeySet {
    /// Reads a document. What makes the set itself doubtful refuses it whole; a key that we cannot
    /// use (another use, another algorithm, a symmetric one, a weak modulus) is left out, as
    /// RFC 7517, 5 has it.
    pub(crate) fn read(document: &[u8], algorithms: &[Algorithm]) -> Result<Self, BadSet> {
        Self::read_for(document, algorithms, SIGNATURES)
    }

    /// The same of a document that has another word for what its keys are for (`use`).
    pub(crate) fn read_for(
        document: &[u8],
        algorithms: &[Algorithm],
        purpose: &str,
    ) -> Result<Self, BadSet> {
        if document.len() > SET_LIMIT {
            return Err(BadSet::Large);
        }
        let set = json::strict(document, SET_DEPTH).map_err(|_| BadSet::Malformed)?;
        let list = set.get("keys").and_then(Value::as_array).ok_or(BadSet::Malformed)?;
        if list.len() > KEYS_LIMIT {
            return Err(BadSet::Large);
        }
        let mut ids = HashSet::new();
        let mut usable = Vec::new();
        for entry in list {
            let entry = entry.as_object().ok_or(BadSet::Malformed)?;
            let id = harmless(entry)?;
            if id.is_some_and(|id| !ids.insert(id)) {
                return Err(BadSet::Doubled);
            }
            usable.extend(
                key_for(entry, algorithms, purpose).map(|key| (id, std::sync::Arc::new(key))),
            );
        }
        Self::of(usable)
    }

    fn of(usable: Vec<(Option<&str>, std::sync::Arc<Key>)>) -> Result<Self, BadSet> {
        let only = match usable.as_slice() {
            [] => return Err(BadSet::Empty),
            [(_, key)] => Some(key.clone()),
            _ => None,
        };
        let named =
            usable.into_iter().filter_map(|(id, key)| Some((id?.to_owned(), key))).collect();
        Ok(Self { named, only })
    }

    /// The key of this id; without an id, the only key there is.
    pub(crate) fn find(&self, kid: Option<&str>) -> Option<std::sync::Arc<Key>> {
        match kid {
            Some(kid) => self.named.get(kid).cloned(),
            None => self.only.clone(),
        }
    }
}

/// Claims whose signature has been checked with the issuer's key. Only [`check`] makes them.
pub(crate) struct Signed(Map<String, Value>);

impl Signed {
    /// The claims.
    pub(crate) fn claims(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// Step 6: the signature over exactly the bytes that came in.
pub(crate) fn check(
    parts: &Parts<'_>,
    algorithm: Algorithm,
    key: &Key,
    said: Said,
) -> Result<Signed, Error> {
    if signed_by(parts, algorithm, key) {
        Ok(Signed(said.into_claims()))
    } else {
        Err(Error::Signature)
    }
}

/// Whether the signature is one of `algorithm` by `key`: canonical base64url, of the one length
/// that the algorithm and the key allow, and right.
pub(crate) fn signed_by(parts: &Parts<'_>, algorithm: Algorithm, key: &Key) -> bool {
    let length = base64url::decode(parts.signature()).map(|bytes| bytes.len());
    key.algorithm == algorithm
        && length == Some(key.signature_bytes)
        && crypto::verify(
            parts.signature(),
            parts.signed().as_bytes(),
            &key.primitive,
            algorithm.primitive(),
        )
        .unwrap_or(false)
}

/// Refuses what no public key set may hold, and gives the key's id.
fn harmless(entry: &Map<String, Value>) -> Result<Option<&str>, BadSet> {
    if text(entry, "kty").is_none() {
        return Err(BadSet::Malformed);
    }
    if PRIVATE_MEMBERS.iter().any(|name| entry.contains_key(*name)) {
        return Err(BadSet::Private);
    }
    match entry.get("kid") {
        None => Ok(None),
        Some(Value::String(id)) => Ok(Some(id)),
        Some(_) => Err(BadSet::Malformed),
    }
}

/// Whether the key holds what its owner keeps to himself, be it one half of a pair or all of a
/// symmetric key (RFC 7518, 6.4.1).
pub(crate) fn is_private(entry: &Map<String, Value>) -> bool {
    entry.contains_key("k") || PRIVATE_MEMBERS.iter().any(|name| entry.contains_key(*name))
}

/// The key, if we can use it.
pub(crate) fn key(entry: &Map<String, Value>, algorithms: &[Algorithm]) -> Option<Key> {
    key_for(entry, algorithms, SIGNATURES)
}

fn key_for(entry: &Map<String, Value>, algorithms: &[Algorithm], purpose: &str) -> Option<Key> {
    if !for_signatures(entry, purpose) || !named_well(entry) {
        return None;
    }
    let algorithm = algorithm(entry, algorithms)?;
    let (primitive, signature_bytes) = match algorithm {
        Algorithm::Es256 => (point(entry, 32)?, 64),
        Algorithm::Es384 => (point(entry, 48)?, 96),
        Algorithm::Ed25519 => (edwards(entry)?, 64),
        Algorithm::Ps256 | Algorithm::Rs256 => rsa(entry)?,
    };
    Some(Key { algorithm, signature_bytes, primitive })
}

/// The SHA-256 of a key's required members in canonical JSON (RFC 7638, 3; RFC 8037, 2). For a key
/// that [`key`] has read: its members are canonical base64url, so that one key has one thumbprint.
pub(crate) fn thumbprint(entry: &Map<String, Value>) -> Option<String> {
    let required: &[&str] = match text(entry, "kty")? {
        "EC" => &["crv", "kty", "x", "y"],
        "OKP" => &["crv", "kty", "x"],
        "RSA" => &["e", "kty", "n"],
        _ => return None,
    };
    let member = |name: &&str| Some(((*name).to_owned(), entry.get(*name)?.clone()));
    let members: Map<_, _> = required.iter().map(member).collect::<Option<_>>()?;
    Some(base64url::encode(Digest::of(&json::canonical(&Value::Object(members))).bytes()))
}

/// `use` and `key_ops`, where present, say that it checks signatures (RFC 7517, 4.2 and 4.3).
fn for_signatures(entry: &Map<String, Value>, purpose: &str) -> bool {
    let used = entry.get("use").map_or(purpose == SIGNATURES, |used| used == purpose);
    let operations = match entry.get("key_ops") {
        None => true,
        Some(Value::Array(list)) => list.iter().any(|operation| operation == "verify"),
        Some(_) => false,
    };
    used && operations
}

/// An id that no token could carry belongs to no key of ours.
fn named_well(entry: &Map<String, Value>) -> bool {
    entry.get("kid").is_none_or(|id| id.as_str().is_some_and(gate::names_a_key))
}

/// The one algorithm of the key: the one it names, or else the first of the issuer's entry that its
/// type and curve fit (RFC 8725, 3.1: one key, one algorithm).
fn algorithm(entry: &Map<String, Value>, algorithms: &[Algorithm]) -> Option<Algorithm> {
    let fits = |algorithm: &Algorithm| {
        let (kty, crv) = algorithm.key_type();
        entry.get("kty").and_then(Value::as_str) == Some(kty)
            && entry.get("crv").map(Value::as_str) == crv.map(Some)
    };
    let named = match entry.get("alg") {
        None => None,
        Some(name) => Some(Algorithm::named(name.as_str()?)?),
    };
    let mut fitting = algorithms.iter().copied().filter(fits);
    fitting.find(|algorithm| named.is_none_or(|named| named == *algorithm))
}

/// The coordinates at their full length (RFC 7518, 6.2.1.2). That they are on the curve is checked
/// by the primitive, each time.
fn point(entry: &Map<String, Value>, bytes: usize) -> Option<DecodingKey> {
    let (x, y) = (text(entry, "x")?, text(entry, "y")?);
    let whole = |text| base64url::decode(text).is_some_and(|part| part.len() == bytes);
    if whole(x) && whole(y) { DecodingKey::from_ec_components(x, y).ok() } else { None }
}

fn edwards(entry: &Map<String, Value>) -> Option<DecodingKey> {
    let x = text(entry, "x")?;
    let whole = base64url::decode(x)?.len() == 32;
    if whole { DecodingKey::from_ed_components(x).ok() } else { None }
}

/// The key and the length of its modulus, which is that of its signatures.
fn rsa(entry: &Map<String, Value>) -> Option<(DecodingKey, usize)> {
    let modulus = base64url::decode(text(entry, "n")?)?;
    let exponent = base64url::decode(text(entry, "e")?)?;
    let bits = modulus.len() * 8 - usize::try_from(modulus.first()?.leading_zeros()).ok()?;
    // No zero octet in front (RFC 7518, 2, Base64urlUInt), both odd.
    let minimal = *modulus.first()? != 0 && *exponent.first()? != 0;
    let odd = modulus.last()? & exponent.last()? & 1 == 1;
    if !minimal || !odd || !RSA_BITS.contains(&bits) || number(&exponent)? < RSA_EXPONENT {
        return None;
    }
    if roca::marked(&modulus) {
        return None;
    }
    Some((DecodingKey::from_rsa_raw_components(&modulus, &exponent), modulus.len()))
}

/// Up to 8 bytes, the most significant first.
fn number(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

fn text<'a>(entry: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    entry.get(name).and_then(Value::as_str)
}
