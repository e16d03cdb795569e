//! Security events: any text, and any header and claims of an issuer that may send some.

use identity::Error;
use request::Bearer;

use crate::{
    input::{halves, text, way},
    stand::{NOW, STAND, done},
};

/// Ways: `a` is an event as it is; `b` is a header and, in the next line, claims of the issuer.
pub fn event(data: &[u8]) {
    let (way, rest) = way(data, 2);
    let (header, claims) = halves(rest);
    let token = match way {
        0 => text(rest),
        _ => STAND.key("corp").token(header.unwrap_or(USUAL), claims),
    };
    match done(identity::event(&Bearer::new(token), &STAND.verifier)) {
        Ok(event) => {
            let event = event.get();
            assert_eq!(way, 1, "nobody but us can sign");
            assert_eq!(event.issuer.as_str(), "corp");
            assert!(event.at_s <= NOW + 60, "it is not yet");
            assert!(event.subject.as_ref().is_none_or(|subject| !subject.is_empty()));
            assert!(!event.id.is_empty());
        }
        Err(error) => {
            assert!(!matches!(error, Error::Unavailable { .. } | Error::Nonces(_)), "{error:?}");
        }
    }
}

/// The header of one that brings none along.
const USUAL: &[u8] = br#"{"alg":"EdDSA","kid":"EdDSA","typ":"secevent+jwt"}"#;
