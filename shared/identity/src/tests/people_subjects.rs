//! One human by three tokens, where `sub` is another text for each app (OIDC Core, 8.1): an agent's, a
//! person's for the API, and a person's for the page.

use std::collections::BTreeMap;

use request::Bearer;

use super::{
    draft::{Draft, quoted},
    people::{DECIDE, PEOPLE},
    signer::KEYS,
    stand::{NOW, Stand, bearer, kind, wait},
};
use crate::{Error, person, signed_in};

const CLIENT: &str = "postern-page";
const NONCE: &str = "n-0S6_WzA2Mj";

fn stand() -> Stand {
    let issuers = PEOPLE.replace("[issuers.corp]\n", "[issuers.corp]\nsubject_claim = \"uid\"\n");
    Stand::with(&issuers, BTreeMap::from([("corp".into(), KEYS.corp().to_string().into_bytes())]))
}

/// What this human's agent holds.
fn agents() -> Draft {
    Draft::corp(&KEYS.es256).claim("sub", "\"pairwise-1\"").claim("uid", "\"u-77\"")
}

/// What they decide with at the API.
fn own() -> Draft {
    let draft = agents().claim("sub", "\"pairwise-2\"").claim("client_id", "\"terminal\"");
    draft.claim("aud", quoted(DECIDE)).claim("auth_time", NOW - 60)
}

/// What the page got for their sign-in.
fn login() -> Draft {
    let draft = own().member("typ", "\"JWT\"").claim("sub", "\"pairwise-3\"");
    let draft = draft.no_claim("client_id").no_claim("jti").no_claim("nbf");
    draft.claim("aud", quoted(CLIENT)).claim("nonce", quoted(NONCE))
}

type Change = fn(Draft) -> Draft;

/// Whom the three say that they are of, changed in the same way each.
fn named(change: Change) -> [String; 3] {
    let stand = stand();
    let sign = |draft: Draft| change(draft).signed_by(&KEYS.es256);
    let agent = stand.believe(&sign(agents()));
    let person = wait(person(&bearer(&sign(own())), &stand.verifier));
    let token = Bearer::new(sign(login()));
    let login = wait(signed_in(&token, NONCE, CLIENT, &stand.verifier));
    [
        told(agent.map(|chain| chain.get().root().subject().to_owned())),
        told(person.map(|person| person.get().subject().to_owned())),
        told(login.map(|person| person.get().subject().to_owned())),
    ]
}

fn told(who: Result<String, Error>) -> String {
    who.unwrap_or_else(|error| kind(&error))
}

#[test]
fn by_a_claim_that_all_of_their_tokens_have_somebody_is_one_and_the_same() {
    assert_eq!(named(|draft| draft), ["u-77"; 3]);
    assert_eq!(named(|draft| draft.no_claim("sub")), ["u-77"; 3]);
}

#[test]
fn a_token_without_the_claim_that_names_its_subject_is_refused_whatever_else_it_says() {
    let changes: [(&str, Change); 9] = [
        ("missing", |draft| draft.no_claim("uid")),
        ("another case", |draft| draft.no_claim("uid").claim("UID", "\"u-77\"")),
        ("nothing", |draft| draft.claim("uid", "null")),
        ("empty", |draft| draft.claim("uid", "\"\"")),
        ("a number", |draft| draft.claim("uid", "77")),
        ("a list", |draft| draft.claim("uid", "[\"u-77\"]")),
        ("an object", |draft| draft.claim("uid", "{\"id\":\"u-77\"}")),
        ("not to be seen", |draft| draft.claim("uid", "\"u-\\u200b77\"")),
        ("too long", |draft| draft.claim("uid", quoted(&"u".repeat(256)))),
    ];
    for (what, change) in changes {
        assert_eq!(named(change), ["claim subject_claim"; 3], "{what}");
    }
}

#[test]
fn an_app_with_a_name_of_its_own_is_still_no_person() {
    let shown = bearer(&own().claim("sub", "\"terminal\"").signed_by(&KEYS.es256));
    let error = wait(person(&shown, &stand().verifier)).unwrap_err();
    assert_eq!(kind(&error), "person: it is about an app");
    let shown = bearer(&own().claim("uid", "\"terminal\"").signed_by(&KEYS.es256));
    let error = wait(person(&shown, &stand().verifier)).unwrap_err();
    assert_eq!(kind(&error), "person: it is about an app");
}
