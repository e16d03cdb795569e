//! Who is believed to have just signed in to a page, by an ID token.

use std::collections::BTreeMap;

use request::Bearer;

use super::{
    draft::{Draft, quoted},
    people,
    signer::{KEYS, Signer},
    stand::{NOW, Stand, kind, wait},
};
use crate::{Error, Person, signed_in};

const CLIENT: &str = "postern-page";
const NONCE: &str = "n-0S6_WzA2Mj";

/// What a provider's token endpoint answers a sign-in with.
fn good() -> Draft {
    let plain = ["client_id", "jti", "nbf"];
    let draft = Draft::corp(&KEYS.es256).member("typ", "\"JWT\"");
    let draft = plain.into_iter().fold(draft, |draft, name| draft.no_claim(name));
    let draft = draft.claim("aud", quoted(CLIENT)).claim("nonce", quoted(NONCE));
    draft.claim("auth_time", NOW - 60).claim("at_hash", "\"MTIzNDU2Nzg5MDEyMzQ1Ng\"")
}

fn told(stand: &Stand, token: String) -> Result<Person, Error> {
    let token = Bearer::new(token);
    wait(signed_in(&token, NONCE, CLIENT, &stand.verifier)).map(|person| person.get().clone())
}

fn met(draft: &Draft, key: &Signer) -> String {
    match told(&people::stand(), draft.signed_by(key)) {
        Ok(person) => format!("{}@{}", person.subject(), person.issuer()),
        Err(error) => kind(&error),
    }
}

#[test]
fn whoever_signs_in_is_a_person_with_groups_and_a_login() {
    let draft = good().claim("preferred_username", "\"on-call\"").claim("acr", "\"mfa\"");
    let person = told(&people::stand(), draft.signed_by(&KEYS.es256)).unwrap();
    assert_eq!((person.issuer().as_str(), person.subject()), ("corp", "alice"));
    assert_eq!(person.name(), Some("on-call"));
    assert_eq!(person.groups().iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["analysts"]);
    assert_eq!(person.login().auth_time, Some(NOW - 60));
    assert_eq!(person.login().acr.as_deref(), Some("mfa"));
}

#[test]
fn an_id_token_is_for_this_client_and_this_sign_in() {
    let both = format!("[\"{CLIENT}\",\"other\"]");
    for (what, draft, meets) in [
        ("good", good(), "alice@corp"),
        ("a list of one", good().claim("aud", format!("[\"{CLIENT}\"]")), "alice@corp"),
        ("issued to us", good().claim("azp", quoted(CLIENT)), "alice@corp"),
        (
            "several, issued to us",
            good().claim("aud", &both).claim("azp", quoted(CLIENT)),
            "alice@corp",
        ),
        ("several, issued to nobody", good().claim("aud", &both), "audience alone"),
        (
            "several, issued to another",
            good().claim("aud", &both).claim("azp", "\"other\""),
            "audience alone",
        ),
        ("issued to another", good().claim("azp", "\"other\""), "audience alone"),
        ("for another", good().claim("aud", "\"other\""), "audience"),
        ("for nobody", good().no_claim("aud"), "claim aud"),
        ("another nonce", good().claim("nonce", "\"other\""), "claim nonce"),
        ("no nonce", good().no_claim("nonce"), "claim nonce"),
        ("a number for a nonce", good().claim("nonce", "7"), "claim nonce"),
    ] {
        assert_eq!(met(&draft, &KEYS.es256), meets, "{what}");
    }
}

#[test]
fn an_id_token_is_fresh_and_says_when_they_logged_in() {
    for (what, draft, meets) in [
        ("ten minutes old", good().claim("iat", NOW - 629), "alice@corp"),
        ("older", good().claim("iat", NOW - 631), "expired"),
        ("from the future", good().claim("iat", NOW + 31), "early iat"),
        ("not begun", good().claim("nbf", NOW + 31), "early nbf"),
        ("over", good().claim("exp", NOW - 30), "expired"),
        ("without an end", good().no_claim("exp"), "claim exp"),
        ("without a beginning", good().no_claim("iat"), "claim iat"),
        ("a login long ago", good().claim("auth_time", 1), "alice@corp"),
        ("a login to come", good().claim("auth_time", NOW + 31), "early auth_time"),
        (
            "no login",
            good().no_claim("auth_time"),
            "person: it does not say when they logged in (`auth_time`)",
        ),
    ] {
        assert_eq!(met(&draft, &KEYS.es256), meets, "{what}");
    }
}

#[test]
fn nothing_else_passes_for_an_id_token() {
    let access = good().member("typ", "\"at+jwt\"");
    let event = good().member("typ", "\"secevent+jwt\"");
    for (what, draft, meets) in [
        ("no type", good().no_member("typ"), "alice@corp"),
        ("an access token", access, "type"),
        ("a security event", event, "type"),
        ("a proof", good().member("typ", "\"dpop+jwt\""), "type"),
        ("unsigned", good().member("alg", "\"none\""), "algorithm"),
        ("by a secret", good().member("alg", "\"HS256\""), "algorithm"),
        ("an actor", good().claim("act", "{}"), "person: somebody acts for them (`act`)"),
        (
            "groups elsewhere",
            good().claim("hasgroups", "true"),
            "person: it does not list their groups",
        ),
        ("nobody", good().claim("sub", "\"\""), "claim sub"),
        ("an issuer of nobody", good().claim("iss", "\"https://elsewhere.example\""), "issuer"),
    ] {
        assert_eq!(met(&draft, &KEYS.es256), meets, "{what}");
    }
    assert_eq!(met(&good(), &KEYS.stranger), "signature");
    let plant = Draft::plant(&KEYS.plant).claim("nonce", quoted(NONCE));
    assert_eq!(met(&plant, &KEYS.plant), "person: its issuer vouches for no people");
}

#[test]
fn an_id_token_is_not_an_agents_token() {
    let error = people::stand().believe(&good().signed_by(&KEYS.es256)).unwrap_err();
    assert_eq!(kind(&error), "type");
}

/// A sign-in at a provider of this profile, by its RSA key.
fn at(lines: &str, draft: &Draft) -> String {
    let entry = format!(
        "[issuers.it]\n{lines}\npeople = true\njwks_uri = \"https://keys.example/jwks\"\n\
         audience = [\"https://postern.example/v1\"]\n"
    );
    let shipped = BTreeMap::from([("it".into(), KEYS.corp().to_string().into_bytes())]);
    match told(&Stand::with(&entry, shipped), draft.signed_by(&KEYS.rs256)) {
        Ok(person) => person.subject().to_owned(),
        Err(error) => kind(&error),
    }
}

#[test]
fn people_have_the_same_name_in_id_tokens_as_in_chains() {
    let tenant = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10";
    let issuer = format!("https://login.microsoftonline.com/{tenant}/v2.0");
    let lines = format!("profile = \"entra\"\ntenant = \"{tenant}\"\nissuer = \"{issuer}\"");
    let entra = good().member("kid", quoted(KEYS.rs256.kid)).member("alg", "\"RS256\"");
    let entra = entra.claim("iss", quoted(&issuer)).claim("ver", "\"2.0\"");
    let entra = entra.claim("tid", quoted(tenant)).claim("oid", "\"9a10\"");
    assert_eq!(at(&lines, &entra), format!("{tenant}|9a10"));
    assert_eq!(at(&lines, &entra.clone().no_claim("oid")), "claim oid");
    assert_eq!(at(&lines, &entra.claim("tid", "\"other\"")), "claim tid");
}

#[test]
fn what_cognito_calls_an_id_token_is_one() {
    let lines = "profile = \"cognito\"\nissuer = \"https://pool.example\"\nclients = [\"agent\"]";
    let cognito = good().member("kid", quoted(KEYS.rs256.kid)).member("alg", "\"RS256\"");
    let cognito = cognito.no_member("typ").claim("iss", "\"https://pool.example\"");
    assert_eq!(at(lines, &cognito.clone().claim("token_use", "\"id\"")), "alice");
    assert_eq!(at(lines, &cognito.claim("token_use", "\"access\"")), "claim token_use");
}
