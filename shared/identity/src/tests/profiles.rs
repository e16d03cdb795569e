//! Judges tokens by the entry of one issuer. The profiles' own tests stand beside this file.

use std::collections::BTreeMap;

use request::Millis;
use serde_json::Value;

use super::{
    draft::{Draft, quoted},
    signer::KEYS,
    stand::{NOW, Stand, kind},
};
use crate::{
    Error, Groups, Issuers,
    claims::{self, Claims},
    gate, keys,
    keys::KeySet,
};

pub(super) const OURS: &str = "https://postern.example/v1";
const JWKS: &str = "jwks_uri = \"https://keys.example/jwks\"";

/// What is wrong with a token or right, the token, and what comes of it: the subject, or the error.
pub(super) type Row = (&'static str, Draft, &'static str);

/// An entry with what every entry says, and this.
pub(super) fn entry(lines: &str) -> String {
    let audience = if lines.contains("\naudience") {
        ""
    } else {
        "audience = [\"https://postern.example/v1\"]"
    };
    format!("[issuers.it]\n{lines}\n{JWKS}\n{audience}\n")
}

/// A token of this issuer for us, by the RSA key of `corp`, with these claims and no other than
/// those that all tokens have.
pub(super) fn token(issuer: &str, claims: &Value) -> Draft {
    let plain = ["client_id", "groups", "jti", "nbf", "sub"]
        .into_iter()
        .fold(Draft::corp(&KEYS.rs256), |draft, name| draft.no_claim(name));
    let plain = plain.member("typ", "\"JWT\"").claim("iss", quoted(issuer));
    let plain = plain.claim("iat", NOW - 10).claim("exp", NOW + 290);
    let members = claims.as_object().unwrap().iter();
    members.fold(plain, |draft, (name, value)| draft.claim(name, value))
}

/// Each token gets its verdict, through the front door.
pub(super) fn all_are_judged(lines: &str, rows: Vec<Row>) {
    let shipped = BTreeMap::from([("it".into(), KEYS.corp().to_string().into_bytes())]);
    let judge = |(what, draft, meets): &Row| {
        let stand = Stand::with(&entry(lines), shipped.clone());
        let met = match stand.believe(&draft.signed_by(&KEYS.rs256)) {
            Ok(chain) => chain.get().actor().subject().to_owned(),
            Err(error) => kind(&error),
        };
        (met != *meets).then(|| format!("{what}: {met}, not {meets}"))
    };
    let wrong: Vec<String> = rows.iter().filter_map(judge).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// What is read of a signed token, beyond what a chain shows.
pub(super) fn read(lines: &str, draft: &Draft) -> Result<Claims, Error> {
    let issuers = Issuers::parse("issuers.toml", &entry(lines)).unwrap().into_entries();
    let token = draft.signed_by(&KEYS.rs256);
    let parts = gate::split(&token)?;
    let said = gate::payload(&parts)?;
    let algorithm = gate::admit(&gate::header(&parts)?, &issuers[0])?;
    let set = KeySet::read(KEYS.corp().to_string().as_bytes(), issuers[0].algorithms()).unwrap();
    let signed = keys::check(&parts, algorithm, &set.find(Some("three")).unwrap(), said)?;
    claims::read(&signed, &issuers[0], Millis(NOW * 1000))
}

/// The claims of a token that is believed.
pub(super) fn good(lines: &str, draft: &Draft) -> Claims {
    read(lines, draft).unwrap_or_else(|error| panic!("refused: {}", kind(&error)))
}

/// The local groups of a token that is believed, in one line.
pub(super) fn groups(lines: &str, draft: &Draft) -> String {
    match good(lines, draft).groups {
        Groups::Known(names) => {
            let names: Vec<&str> = names.iter().map(crate::GroupName::as_str).collect();
            names.join(" ")
        }
        Groups::Unknown => "unknown".into(),
    }
}

/// The mistakes of an entry.
pub(super) fn mistakes(lines: &str) -> Vec<String> {
    match Issuers::parse("issuers.toml", &entry(lines)) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.0.iter().map(ToString::to_string).collect(),
    }
}

const PLAIN: &str = r#"issuer = "https://login.example"
algorithms = ["RS256"]
types = ["JWT"]
max_lifetime_s = 3600"#;

fn plain() -> Draft {
    token("https://login.example", &serde_json::json!({"sub": "alice", "client_id": "notebook"}))
}

/// Attack 20.
#[test]
fn of_a_foreign_delegation_the_outermost_actor_is_told_and_no_other() {
    let actor = |act: &str| good(PLAIN, &plain().claim("act", act)).actor;
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(actor(r#"{"sub":"agent"}"#), told("agent"));
    assert_eq!(actor(r#"{"sub":"agent","act":{"sub":"admin"}}"#), told("agent"));
    assert_eq!(actor(r#"{"act":{"sub":"admin"}}"#), None);
    assert_eq!(
        actor(r#"{"iss":"https://idp.example","sub":"a|b%"}"#),
        told("https://idp.example|a%7Cb%25")
    );
    assert_eq!(good(PLAIN, &plain()).actor, None);
    let forged = good(PLAIN, &plain().claim("act", r#"{"sub":"agent","act":{"sub":"admin"}}"#));
    assert_eq!((forged.subject.as_str(), forged.client.as_deref()), ("alice", Some("notebook")));
}

#[test]
fn a_binding_is_kept_for_whoever_asks_for_its_proof() {
    let jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    let bound = plain().claim("cnf", format!(r#"{{"jkt":"{jkt}"}}"#));
    assert_eq!(good(PLAIN, &bound).confirmation.as_deref(), Some(jkt));
    assert_eq!(good(PLAIN, &plain()).confirmation, None);
}

#[test]
fn what_a_token_says_of_itself_is_kept() {
    let draft = plain().claim("auth_time", NOW - 60).claim("acr", "\"mfa\"").claim("jti", "\"j\"");
    let claims = good(PLAIN, &draft);
    assert_eq!(
        (claims.issued, claims.expires),
        (Millis((NOW - 10) * 1000), Millis((NOW + 290) * 1000))
    );
    assert_eq!((claims.auth_time, claims.acr.as_deref()), (Some(NOW - 60), Some("mfa")));
    assert_eq!((claims.id.as_deref(), claims.instance), (Some("j"), None));
    assert_eq!(claims.issuer.as_str(), "it");
}

/// Attack 35: the alias keeps issuers apart, the bar parts of a principal.
#[test]
fn a_subject_of_one_issuer_is_never_that_of_another() {
    let stand = Stand::with(&format!("{}{}", entry(PLAIN), other()), shipped());
    let posing = plain().claim("sub", "\"other|alice\"");
    let own = plain().claim("iss", "\"https://other.example\"");
    let partition = |draft: &Draft| {
        let chain = stand.believe(&draft.signed_by(&KEYS.rs256)).unwrap();
        (chain.get().partition().clone(), chain.get().actor().node().clone())
    };
    let all = [partition(&posing), partition(&own), partition(&plain())];
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
}

fn other() -> String {
    entry(PLAIN).replace("issuers.it", "issuers.other").replace("login.example", "other.example")
}

fn shipped() -> BTreeMap<String, Vec<u8>> {
    ["it", "other"].map(|alias| (alias.into(), KEYS.corp().to_string().into_bytes())).into()
}
