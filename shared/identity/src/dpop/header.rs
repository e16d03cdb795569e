//! The header of a proof: its type, its algorithm, and a public key that is fit to be believed.

use serde_json::{Map, Value};

use super::{Error, OwnerKey};
use crate::{
    algorithm::Algorithm,
    gate::{self, Parts},
    keys::{self, Key},
};

/// Nesting of a header: itself, the key, a list in the key, and one to spare.
const DEPTH: usize = 4;

/// The members of a header (RFC 9449, 4.2), all of them needed. More would be allowed by the RFC and
/// are not by us: the key is the one in `jwk`, and whatever names another beside it (`kid`, `jku`,
/// `x5c`) or changes how the rest is read (`crit`, `b64`) can only lead to two readings.
const MEMBERS: [&str; 3] = ["typ", "alg", "jwk"];

/// The algorithms of proofs. Anybody may bring a key, so there is no need for the oldest of them.
const ALGORITHMS: [Algorithm; 4] =
    [Algorithm::Es256, Algorithm::Ed25519, Algorithm::Es384, Algorithm::Ps256];

/// What a key may have besides its parameters. `ext` is what browsers add (WebCrypto, 25).
const KEY_MEMBERS: [&str; 11] =
    ["alg", "crv", "e", "ext", "key_ops", "kid", "kty", "n", "use", "x", "y"];

/// A header whose key could have made a proof. Whether it did is not known yet.
#[derive(Debug)]
pub(super) struct Shown {
    algorithm: Algorithm,
    key: Key,
    jwk: Map<String, Value>,
}

/// Reads the header.
pub(super) fn read(parts: &Parts<'_>) -> Result<Shown, Error> {
    let mut members = gate::object(parts.header(), DEPTH)
        .ok_or(Error::Form("its header is not strict JSON in canonical base64url"))?;
    if !members.keys().all(|name| MEMBERS.contains(&name.as_str())) {
        return Err(Error::Header("have no members but typ, alg and jwk"));
    }
    of_type(&members)?;
    let algorithm = algorithm(&members)?;
    match members.remove("jwk") {
        Some(Value::Object(jwk)) => Ok(Shown { algorithm, key: admitted(&jwk, algorithm)?, jwk }),
        Some(_) => Err(Error::Key("be an object")),
        None => Err(Error::Header("have the member jwk")),
    }
}

impl Shown {
    /// The key's thumbprint, if the key signed this proof, and the key where others can encrypt for it.
    // INVARIANT: there is nothing of a key that was not admitted and did not sign.
    pub(super) fn signed(&self, parts: &Parts<'_>) -> Result<(String, Option<OwnerKey>), Error> {
        if !keys::signed_by(parts, self.algorithm, &self.key) {
            return Err(Error::Signature);
        }
        let thumbprint = keys::thumbprint(&self.jwk).ok_or(Error::Signature)?;
        let point = (self.algorithm == Algorithm::Es256).then(|| OwnerKey::of(&self.jwk));
        Ok((thumbprint, point.flatten()))
    }
}

fn of_type(members: &Map<String, Value>) -> Result<(), Error> {
    match members.get("typ") {
        None => Err(Error::Header("have the member typ")),
        Some(Value::String(kind)) if gate::media_type(kind).as_deref() == Some("dpop+jwt") => {
            Ok(())
        }
        Some(_) => Err(Error::Type),
    }
}

fn algorithm(members: &Map<String, Value>) -> Result<Algorithm, Error> {
    let name = members.get("alg").ok_or(Error::Header("have the member alg"))?;
    let named = name.as_str().and_then(Algorithm::named);
    named.filter(|algorithm| ALGORITHMS.contains(algorithm)).ok_or(Error::Algorithm)
}

/// The key, if it is public, stands for itself, and is one for this algorithm.
fn admitted(jwk: &Map<String, Value>, algorithm: Algorithm) -> Result<Key, Error> {
    if keys::is_private(jwk) {
        return Err(Error::Key("be the public key alone; this key is known to others now"));
    }
    if !jwk.keys().all(|name| KEY_MEMBERS.contains(&name.as_str())) {
        return Err(Error::Key("have no members but those of a plain public key"));
    }
    let unfit = Error::Key("be a key for the proof's algorithm, in canonical base64url");
    keys::key(jwk, &[algorithm]).ok_or(unfit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{keys::thumbprint, tests::vectors};

    #[test]
    fn the_keys_of_the_rfcs_have_the_thumbprints_that_the_rfcs_say() {
        for (rfc, algorithm) in [("rfc7638", Algorithm::Ps256), ("rfc8037", Algorithm::Ed25519)] {
            let vector = &vectors::read("rfc_vectors.json")[rfc];
            let mut jwk = vector["jwk"].as_object().unwrap().clone();
            // RFC 8037 prints the private half as well.
            jwk.remove("d");
            assert!(admitted(&jwk, algorithm).is_ok());
            assert_eq!(thumbprint(&jwk).as_deref(), vector["thumbprint"].as_str());
        }
    }
}
