//! Who is believed to be a person by an access token.

use std::{collections::BTreeMap, sync::LazyLock};

use request::{Over, Presented, Proof, Scheme};

use super::{
    draft::{Draft, quoted},
    signer::{KEYS, Signer},
    stand::{ISSUERS, NOW, Stand, bearer, kind, set_of, wait},
};
use crate::{Error, Issuers, Person, person};

/// The audience of what people decide with.
pub(super) const DECIDE: &str = "https://postern.example/decide";

/// `corp` vouches for people, `plant` does not.
pub(super) static PEOPLE: LazyLock<String> = LazyLock::new(|| {
    let lines = format!("[issuers.corp]\npeople = true\npeople_audience = [\"{DECIDE}\"]\n");
    ISSUERS.replace("[issuers.corp]\n", &lines)
});

/// Both issuers and their keys.
pub(super) fn stand() -> Stand {
    stand_with(&PEOPLE)
}

fn stand_with(issuers: &str) -> Stand {
    let shipped = BTreeMap::from([
        ("corp".into(), KEYS.corp().to_string().into_bytes()),
        ("plant".into(), set_of(&[KEYS.plant.jwk()])),
    ]);
    Stand::with(issuers, shipped)
}

/// A good token of somebody who logged in a minute ago.
fn good() -> Draft {
    let draft = Draft::corp(&KEYS.es256).claim("aud", quoted(DECIDE));
    draft.claim("auth_time", NOW - 60).claim("acr", "\"mfa\"")
}

fn told(stand: &Stand, shown: &Presented) -> Result<Person, Error> {
    wait(person(shown, &stand.verifier)).map(|person| person.get().clone())
}

fn met(draft: &Draft, key: &Signer) -> String {
    match told(&stand(), &bearer(&draft.signed_by(key))) {
        Ok(person) => format!("{}@{}", person.subject(), person.issuer()),
        Err(error) => kind(&error),
    }
}

#[test]
fn a_person_is_who_their_issuer_says_with_their_groups_and_their_login() {
    let draft = good().claim("name", "\"Shift Lead\"");
    let person = told(&stand(), &bearer(&draft.signed_by(&KEYS.es256))).unwrap();
    assert_eq!((person.issuer().as_str(), person.subject()), ("corp", "alice"));
    assert_eq!(person.name(), Some("Shift Lead"));
    let groups: Vec<&str> = person.groups().iter().map(crate::GroupName::as_str).collect();
    assert_eq!(groups, ["analysts"]);
    assert_eq!(person.login().auth_time, Some(NOW - 60));
    assert_eq!(person.login().acr.as_deref(), Some("mfa"));
    assert_eq!(person.proof(), None);
}

#[test]
fn a_name_that_could_be_read_otherwise_is_not_shown() {
    for name in ["\"a\\u202eb\"", "\"\"", "7", "null"] {
        let draft = good().claim("name", name);
        let person = told(&stand(), &bearer(&draft.signed_by(&KEYS.es256))).unwrap();
        assert_eq!(person.name(), None, "{name}");
    }
}

#[test]
fn whoever_is_not_a_person_on_their_own_is_refused() {
    for (what, draft, meets) in [
        ("good", good(), "alice@corp"),
        (
            "no login",
            good().no_claim("auth_time"),
            "person: it does not say when they logged in (`auth_time`)",
        ),
        ("a login as a text", good().claim("auth_time", "\"1\""), "claim auth_time"),
        (
            "an actor",
            good().claim("act", r#"{"sub":"agent"}"#),
            "person: somebody acts for them (`act`)",
        ),
        (
            "an actor without a name",
            good().claim("act", r#"{"iss":"x"}"#),
            "person: somebody acts for them (`act`)",
        ),
        ("an empty actor", good().claim("act", "{}"), "person: somebody acts for them (`act`)"),
        ("an app", good().claim("sub", "\"notebook\""), "person: it is about an app"),
        (
            "unknown groups",
            good().claim("hasgroups", "true"),
            "person: it does not list their groups",
        ),
        ("an agent's audience", good().claim("aud", "\"https://postern.example/v1\""), "audience"),
        ("no audience", good().no_claim("aud"), "audience"),
        ("an ID token", good().claim("nonce", "\"n\""), "kind nonce"),
        ("an ID token's type", good().member("typ", "\"JWT\""), "type"),
        ("over", good().claim("exp", NOW - 31), "expired"),
        (
            "bound, without its proof",
            good().claim("cnf", format!("{{\"jkt\":\"{}\"}}", "A".repeat(43))),
            "bound",
        ),
    ] {
        assert_eq!(met(&draft, &KEYS.es256), meets, "{what}");
    }
    assert_eq!(met(&good(), &KEYS.stranger), "signature");
}

#[test]
fn an_issuer_whose_entry_does_not_say_so_vouches_for_nobody() {
    let plant = Draft::plant(&KEYS.plant).claim("auth_time", NOW);
    assert_eq!(met(&plant, &KEYS.plant), "person: its issuer vouches for no people");
    let page_only = PEOPLE.replace(&format!("people_audience = [\"{DECIDE}\"]\n"), "");
    let shown = bearer(&good().signed_by(&KEYS.es256));
    let error = told(&stand_with(&page_only), &shown).unwrap_err();
    assert_eq!(kind(&error), "person: people of its issuer sign in to the page only");
}

#[test]
fn what_people_decide_with_is_nothing_that_an_agent_could_ask_with() {
    let stand = stand();
    let error = stand.believe(&good().signed_by(&KEYS.es256)).unwrap_err();
    assert_eq!(kind(&error), "audience");
}

#[test]
fn a_bad_proof_is_not_overlooked() {
    let over = Over { method: "GET".into(), path: "/v1/approvals".into(), body: None };
    let token = request::Bearer::new(good().signed_by(&KEYS.es256));
    let proof = Some(Proof::new("a.b.c".into()));
    let shown = Presented { scheme: Scheme::Bearer, token, proof, over };
    assert_eq!(kind(&told(&stand(), &shown).unwrap_err()), "proof");
}

#[test]
fn an_entry_says_what_it_means_by_people() {
    let mistakes = |entry: &str| match Issuers::parse("issuers.toml", entry) {
        Ok(_) => String::new(),
        Err(mistakes) => mistakes.to_string(),
    };
    assert_eq!(mistakes(&PEOPLE), "");
    let audience = PEOPLE.replace(DECIDE, "https://postern.example/v1");
    assert!(mistakes(&audience).contains("is an audience of agents' tokens already"));
    let alone = PEOPLE.replace("people = true\n", "");
    assert!(mistakes(&alone).contains("is for an entry with `people = true`"));
    let builds = "[issuers.it]\nprofile = \"kubernetes\"\nissuer = \"https://c.example\"\n\
                  jwks_uri = \"https://c.example/jwks\"\naudience = [\"x\"]\npeople = true\n";
    assert!(mistakes(builds).contains("issuers of profile `kubernetes` vouch for no people"));
}
