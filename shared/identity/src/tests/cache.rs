//! How the keys of an issuer are had, kept and let go.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use super::{
    draft::Draft,
    signer::KEYS,
    stand::{Answer, ISSUERS, Stand, kind, set_of, wait},
};
use crate::{Issuers, Verifier};

const CORP: &str = "https://login.example/jwks";

fn good() -> String {
    Draft::corp(&KEYS.es256).signed_by(&KEYS.es256)
}

/// Good for the whole day of a test.
fn good_at(stand: &Stand) -> String {
    let now = request::Clock::now(&*stand.clock).seconds();
    let draft = Draft::corp(&KEYS.es256).claim("iat", now).claim("nbf", now);
    draft.claim("exp", now + 600).signed_by(&KEYS.es256)
}

fn unknown(kid: impl std::fmt::Display) -> String {
    Draft::corp(&KEYS.es256).member("kid", format!("\"{kid}\"")).signed_by(&KEYS.es256)
}

/// What becomes of a good token of this moment.
fn met(stand: &Stand) -> String {
    stand.believe(&good_at(stand)).map_or_else(|error| kind(&error), |_| "believed".into())
}

#[test]
fn keys_are_fetched_once_and_used_for_ten_minutes() {
    let stand = Stand::bare();
    for _ in 0..50 {
        assert_eq!(met(&stand), "believed");
    }
    stand.clock.pass(599);
    assert_eq!((met(&stand), stand.source.asked()), ("believed".into(), 1));
    stand.clock.pass(1);
    assert_eq!((met(&stand), stand.source.asked()), ("believed".into(), 2));
}

#[test]
fn old_keys_serve_for_a_day_while_new_ones_cannot_be_had() {
    let stand = Stand::bare();
    assert_eq!(met(&stand), "believed");
    stand.source.at(CORP, Answer::Fails);
    stand.clock.pass(24 * 3600);
    assert_eq!(met(&stand), "believed");
    stand.clock.pass(1);
    assert_eq!(met(&stand), "unavailable");
    stand.source.at(CORP, Answer::Document(KEYS.corp().to_string().into()));
    assert_eq!(met(&stand), "unavailable");
    stand.clock.pass(30);
    assert_eq!(met(&stand), "believed");
}

#[test]
fn shipped_keys_serve_from_the_first_request_and_for_a_day() {
    let stand = Stand::new();
    stand.source.at(CORP, Answer::Fails);
    assert_eq!(met(&stand), "believed");
    stand.clock.pass(24 * 3600);
    assert_eq!(met(&stand), "believed");
    stand.clock.pass(1);
    assert_eq!(met(&stand), "unavailable");
}

#[test]
fn shipped_keys_give_way_to_fetched_ones_at_once() {
    let stand = Stand::new();
    stand.source.at(CORP, Answer::Document(set_of(&[KEYS.rs256.jwk()])));
    assert_eq!(kind(&stand.believe(&good()).unwrap_err()), "key");
}

#[test]
fn without_keys_a_token_is_neither_believed_nor_called_bad() {
    let stand = Stand::bare();
    stand.source.at(CORP, Answer::Fails);
    let error = stand.believe(&good()).unwrap_err();
    assert_eq!(kind(&error), "unavailable");
    assert_eq!(error.told(), "the token cannot be checked at the moment");
    // The whole chain of causes is for the log.
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(&error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    assert_eq!(causes, ["the key set could not be fetched", "connection refused"]);
}

#[test]
fn a_source_that_fails_is_asked_every_30_seconds_and_no_more() {
    let stand = Stand::bare();
    stand.source.at(CORP, Answer::Fails);
    for second in 0..90 {
        assert_eq!(met(&stand), "unavailable");
        assert_eq!(stand.source.asked(), 1 + second / 30);
        stand.clock.pass(1);
    }
}

#[test]
fn a_flood_of_unknown_keys_costs_one_fetch_in_30_seconds() {
    let stand = Stand::bare();
    assert_eq!(met(&stand), "believed");
    stand.clock.pass(31);
    for n in 0..1000 {
        assert_eq!(kind(&stand.believe(&unknown(n)).unwrap_err()), "key");
    }
    assert_eq!(stand.source.asked(), 2);
    stand.clock.pass(29);
    _ = stand.believe(&unknown("late"));
    assert_eq!(stand.source.asked(), 2);
    stand.clock.pass(1);
    _ = stand.believe(&unknown("later"));
    assert_eq!(stand.source.asked(), 3);
    assert_eq!(met(&stand), "believed");
}

#[test]
fn a_key_that_is_new_since_the_last_fetch_is_found() {
    let stand = Stand::bare();
    stand.source.at(CORP, Answer::Document(set_of(&[KEYS.rs256.jwk()])));
    let by_old = Draft::corp(&KEYS.rs256).signed_by(&KEYS.rs256);
    assert!(stand.believe(&by_old).is_ok());
    stand.clock.pass(30);
    stand.source.at(CORP, Answer::Document(KEYS.corp().to_string().into()));
    assert!(stand.believe(&good()).is_ok());
    assert!(stand.believe(&by_old).is_ok());
    assert_eq!(stand.source.asked(), 2);
}

#[test]
fn a_key_that_came_while_nobody_may_fetch_is_found_when_somebody_may() {
    let stand = Stand::bare();
    stand.source.at(CORP, Answer::Document(set_of(&[KEYS.rs256.jwk()])));
    assert_eq!(kind(&stand.believe(&good()).unwrap_err()), "key");
    stand.source.at(CORP, Answer::Document(KEYS.corp().to_string().into()));
    stand.clock.pass(29);
    assert_eq!(kind(&stand.believe(&good()).unwrap_err()), "key");
    stand.clock.pass(1);
    assert!(stand.believe(&good()).is_ok());
}

#[test]
fn a_key_that_the_issuer_took_back_is_not_believed_after_the_next_fetch() {
    let stand = Stand::bare();
    assert_eq!(met(&stand), "believed");
    stand.source.at(CORP, Answer::Document(set_of(&[KEYS.rs256.jwk()])));
    stand.clock.pass(600);
    assert_eq!(met(&stand), "key");
}

#[test]
fn many_at_once_fetch_once() {
    let stand = Stand::bare();
    wait(async {
        let token = good();
        let verify = || stand.verify(&token);
        let (a, b, c, d) = tokio::join!(verify(), verify(), verify(), verify());
        assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok());
        let other = |n: u64| {
            let stand = &stand;
            async move { stand.verify(&unknown(n)).await.is_err() }
        };
        stand.clock.pass(30);
        assert_eq!(tokio::join!(other(1), other(2), other(3)), (true, true, true));
    });
    assert_eq!(stand.source.asked(), 2);
}

#[test]
fn many_at_once_find_a_new_key_with_one_fetch() {
    let stand = Stand::bare();
    stand.source.at(CORP, Answer::Document(set_of(&[KEYS.rs256.jwk()])));
    assert!(stand.believe(&Draft::corp(&KEYS.rs256).signed_by(&KEYS.rs256)).is_ok());
    stand.source.at(CORP, Answer::Document(KEYS.corp().to_string().into()));
    stand.clock.pass(30);
    let token = good();
    wait(async {
        let verify = || stand.verify(&token);
        let (a, b, c) = tokio::join!(verify(), verify(), verify());
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
    });
    assert_eq!(stand.source.asked(), 2);
}

#[test]
fn nobody_waits_for_new_keys_while_old_ones_serve() {
    let stand = Stand::bare();
    assert_eq!(met(&stand), "believed");
    stand.clock.pass(600);
    stand.source.at(CORP, Answer::Hangs);
    let token = good_at(&stand);
    wait(async {
        tokio::select! {
            biased;
            _ = stand.verify(&token) => panic!("the source hangs"),
            second = stand.verify(&token) => assert!(second.is_ok()),
        }
    });
    assert_eq!(stand.source.asked(), 2);
}

#[test]
fn a_fetch_that_is_given_up_holds_nobody_back() {
    let stand = Stand::bare();
    stand.source.at(CORP, Answer::Hangs);
    let token = good();
    wait(async {
        tokio::select! {
            biased;
            _ = stand.verify(&token) => panic!("the source hangs"),
            () = tokio::task::yield_now() => {}
        }
    });
    stand.source.at(CORP, Answer::Document(KEYS.corp().to_string().into()));
    assert_eq!(met(&stand), "unavailable");
    stand.clock.pass(30);
    assert_eq!(met(&stand), "believed");
}

#[test]
fn a_bad_document_changes_nothing() {
    let private = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQAB" });
    for document in [
        b"<html>".to_vec(),
        Vec::new(),
        set_of(&[]),
        set_of(&[KEYS.es256.jwk(), KEYS.es256.jwk()]),
        set_of(&[KEYS.rs256.jwk(), private]),
        vec![b' '; 5 * 1024 * 1024],
    ] {
        let stand = Stand::bare();
        assert_eq!(met(&stand), "believed");
        stand.source.at(CORP, Answer::Document(document.clone()));
        stand.clock.pass(600);
        assert_eq!((met(&stand), stand.source.asked()), ("believed".into(), 2));
        let bare = Stand::bare();
        bare.source.at(CORP, Answer::Document(document));
        assert_eq!(met(&bare), "unavailable");
    }
}

#[test]
fn a_clock_that_is_set_back_makes_no_set_young() {
    let stand = Stand::bare();
    assert_eq!(met(&stand), "believed");
    stand.clock.set(super::stand::NOW - 7200);
    assert_eq!((met(&stand), stand.source.asked()), ("believed".into(), 2));
}

#[test]
fn one_issuer_that_is_down_does_not_touch_the_other() {
    let stand = Stand::bare();
    stand.source.at(CORP, Answer::Hangs);
    let (token, other) = (good(), Draft::plant(&KEYS.plant).signed_by(&KEYS.plant));
    wait(async {
        tokio::select! {
            biased;
            _ = stand.verify(&token) => panic!("the source hangs"),
            other = stand.verify(&other) => assert!(other.is_ok()),
        }
    });
}

#[test]
fn a_shipped_set_is_good_and_somebodys() {
    let stand = Stand::bare();
    let issuers = || Issuers::parse("issuers.toml", ISSUERS).unwrap();
    let mistakes = |alias: &str, document: Vec<u8>| {
        let shipped = BTreeMap::from([(alias.to_owned(), document)]);
        let (source, clock) = (Arc::clone(&stand.source), Arc::clone(&stand.clock));
        Verifier::new(issuers(), source, clock, shipped).unwrap_err().to_string()
    };
    assert_eq!(
        mistakes("copr", set_of(&[KEYS.es256.jwk()])),
        "key set of `copr`: no issuer has this alias"
    );
    assert_eq!(
        mistakes("corp", set_of(&[])),
        "key set of `corp`: the key set holds no key that can be used"
    );
}
