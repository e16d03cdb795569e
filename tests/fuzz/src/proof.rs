//! Proofs of possession: any text, and any header and claims that a key in our hands has signed.

use std::sync::LazyLock;

use identity::{Error, Proven, Shown};
use request::{Bearer, Presented, Proof, Scheme};
use serde_json::json;

use crate::{
    input::{halves, text, way},
    signer::Signer,
    stand::{NOW, STAND, done, over},
};

/// Ways: `a` is a proof as it is; `b` is a header and, in the next line, claims under ES256, `c` the
/// same under Ed25519. The request is always the same one.
pub fn proof(data: &[u8]) {
    let (way, rest) = way(data, 3);
    let bound = if way == 2 { &*BOUND_EDWARDS } else { &*BOUND_ELLIPTIC };
    let proof = if way == 0 { text(rest) } else { of(bound.key, rest) };
    let alone = done(identity::prove(&Proof::new(proof.clone()), &over(), &STAND.verifier));
    let nonce = done(identity::prove(&Proof::new(proof.clone()), &over(), &STAND.with_nonces));
    if let Err(error) = &alone {
        unfit(error, &proof);
    }
    if nonce.is_ok() {
        // The nonce alone bounds the age there, so that only what is not old must be good here too.
        assert!(matches!(alone, Ok(_) | Err(Error::Proof(identity::ProofError::Time))));
    }
    with_token(bound, &proof, alone);
}

/// The same proof beside a token that is bound to the key: it must name the token as well.
fn with_token(bound: &Bound, proof: &str, alone: Result<Proven, Error>) {
    let proof = Some(Proof::new(proof.to_owned()));
    let token = Bearer::new(bound.token.clone());
    let shown = Presented { scheme: Scheme::Dpop, token, proof, over: over() };
    match done(identity::verify(&shown, &STAND.verifier)) {
        Ok(chain) => {
            assert_eq!(chain.get().shown(), Shown::Dpop);
            let alone = alone.expect("a proof is no better for a token beside it");
            assert_eq!(alone.jkt(), bound.jkt, "the key is another one");
        }
        Err(error) => assert!(matches!(error, Error::Proof(_) | Error::Bound), "{error:?}"),
    }
}

/// An error that is the proof's own, and tells nothing of its signature.
fn unfit(error: &Error, proof: &str) {
    let signature = proof.rsplit('.').next().unwrap_or_default();
    let told = format!("{} {error} {error:?}", error.told());
    assert!(signature.len() < 16 || !told.contains(signature), "the signature is told");
    assert!(matches!(error, Error::Proof(_)), "{error:?}");
}

/// A proof by this key. A header that is not given is the usual one.
fn of(key: &Signer, input: &[u8]) -> String {
    let usual = || {
        let header = json!({"typ": "dpop+jwt", "alg": key.algorithm(), "jwk": key.public()});
        header.to_string().into_bytes()
    };
    let (header, claims) = halves(input);
    key.token(&header.map_or_else(usual, ToOwned::to_owned), claims)
}

/// A key, and a token that is bound to it by its thumbprint. `corp` signs by Ed25519, which has one
/// signature for one text, so that seeds can hold the token's hash.
struct Bound {
    key: &'static Signer,
    jkt: &'static str,
    token: String,
}

static BOUND_ELLIPTIC: LazyLock<Bound> = LazyLock::new(|| Bound::of(&STAND.elliptic, ES256_JKT));
static BOUND_EDWARDS: LazyLock<Bound> = LazyLock::new(|| Bound::of(&STAND.edwards, EDDSA_JKT));

impl Bound {
    fn of(key: &'static Signer, jkt: &'static str) -> Self {
        let header = r#"{"alg":"EdDSA","kid":"EdDSA","typ":"at+jwt"}"#;
        let expires = NOW + 600;
        let claims = format!(
            r#"{{"iss":"https://login.example","aud":"https://gw.example/v1","sub":"alice","client_id":"notebook","jti":"t-1","iat":{NOW},"exp":{expires},"cnf":{{"jkt":"{jkt}"}}}}"#
        );
        let token = STAND.edwards.token(header.as_bytes(), claims.as_bytes());
        Self { key, jkt, token }
    }
}

/// The thumbprints of the two keys (RFC 7638).
const ES256_JKT: &str = "xx0BcA-wMohw8atYDJOe6peGModklG2wRHBlXHMvl0M";
const EDDSA_JKT: &str = "UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4";
