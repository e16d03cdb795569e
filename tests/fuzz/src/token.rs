//! Tokens: any text, and any header and claims under a good signature of any of the issuers.

use identity::{Chain, Error, Shown};
use request::{Bearer, Presented, Scheme};
use serde_json::json;

use crate::{
    input::{halves, text, way},
    stand::{DESKS, Desk, NOW, STAND, done, over},
};

/// Ways: `a` is a token as it is; `b` to `l` are an issuer each, and the input its claims, with the
/// header in a line before them if there is one.
pub fn token(data: &[u8]) {
    let (way, rest) = way(data, DESKS.len() + 1);
    let desk = way.checked_sub(1).map(|desk| &DESKS[desk]);
    let token = desk.map_or_else(|| text(rest), |desk| of(desk, rest));
    for scheme in [Scheme::Bearer, Scheme::Dpop] {
        let token = Bearer::new(token.clone());
        let shown = Presented { scheme, token, proof: None, over: over() };
        match done(identity::verify(&shown, &STAND.verifier)) {
            Ok(chain) => {
                assert!(scheme == Scheme::Bearer, "a token without a key passed for a bound one");
                coherent(chain.get(), desk);
            }
            Err(error) => silent(&error, shown.token.expose()),
        }
    }
}

/// A token of this issuer.
fn of(desk: &Desk, input: &[u8]) -> String {
    let key = STAND.key(desk.alias);
    let usual = || {
        let header = json!({"alg": key.algorithm(), "kid": key.algorithm(), "typ": desk.kind});
        header.to_string().into_bytes()
    };
    let (header, claims) = halves(input);
    key.token(&header.map_or_else(usual, ToOwned::to_owned), claims)
}

/// What must be true of whoever is believed.
fn coherent(chain: &Chain, desk: Option<&Desk>) {
    let desk = desk.expect("nobody but us can sign");
    assert_eq!(chain.shown(), Shown::Bearer);
    assert!(chain.token_expires().seconds() + 60 > NOW, "over");
    assert!(chain.issued_s() <= NOW + 60, "not begun");
    assert!((1..=9).contains(&chain.hops().len()));
    assert_eq!(chain.hops().last(), Some(chain.actor()));
    let root = chain.root().subject();
    assert!(!root.is_empty() && root.len() <= 255 && !root.chars().any(char::is_control));
    let believed = match chain.grant() {
        Some(_) => "own",
        None => chain.root().issuer().as_str(),
    };
    assert_eq!(believed, desk.alias, "one issuer passed for another");
}

/// An error tells nothing of the token, and never that somebody else is at fault.
fn silent(error: &Error, token: &str) {
    let told = format!("{} {error} {error:?}", error.told());
    let signature = token.rsplit('.').next().unwrap_or_default();
    assert!(signature.len() < 16 || !told.contains(signature), "the signature is told");
    assert!(!matches!(error, Error::Unavailable { .. } | Error::Nonces(_)), "{error:?}");
}
