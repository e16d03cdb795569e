//! Security events: believed from the issuers that may send them, about people whom we can match.

use request::Bearer;

use super::{
    draft::{Draft, quoted},
    signer::KEYS,
    stand::{ISSUERS, NOW, Stand, kind, wait},
};
use crate::{Error, EventKind, SecurityEvent, event};

const AUDIENCE: &str = "https://gw.example/v1/events";
const REVOKED: &str = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

/// `corp` may send events, `plant` may not.
fn stand() -> Stand {
    let line = format!("[issuers.corp]\n    events = \"{AUDIENCE}\"");
    let shipped = [("corp".into(), KEYS.corp().to_string().into_bytes())].into();
    Stand::with(&ISSUERS.replace("[issuers.corp]", &line), shipped)
}

/// Alice's sessions were ended two seconds ago.
fn draft() -> Draft {
    Draft::corp(&KEYS.es256)
        .member("typ", quoted("secevent+jwt"))
        .no_claim("exp")
        .no_claim("nbf")
        .no_claim("client_id")
        .no_claim("groups")
        .no_claim("sub")
        .claim("aud", quoted(AUDIENCE))
        .claim("iat", NOW - 2)
        .claim("sub_id", r#"{"format":"iss_sub","iss":"https://login.example","sub":"alice"}"#)
        .claim("events", format!(r#"{{"{REVOKED}":{{"event_timestamp":{}}}}}"#, NOW - 5))
}

fn told(draft: &Draft) -> Result<SecurityEvent, Error> {
    let set = Bearer::new(draft.signed_by(&KEYS.es256));
    wait(event(&set, &stand().verifier)).map(|event| event.get().clone())
}

#[test]
fn a_session_that_was_ended_is_told_with_whose_and_since_when() {
    let event = told(&draft()).unwrap();
    assert_eq!((event.issuer.as_str(), event.subject.as_deref()), ("corp", Some("alice")));
    assert_eq!((event.kind, event.at_s), (Some(EventKind::SessionRevoked), NOW - 5));
    assert_eq!(event.id, "t-1");
}

#[test]
fn a_moment_in_milliseconds_is_the_same_moment() {
    let in_millis = format!(r#"{{"{REVOKED}":{{"event_timestamp":{}}}}}"#, (NOW - 5) * 1000);
    assert_eq!(told(&draft().claim("events", in_millis)).unwrap().at_s, NOW - 5);
    let later = format!(r#"{{"{REVOKED}":{{"event_timestamp":{}}}}}"#, NOW + 500);
    assert_eq!(told(&draft().claim("events", later)).unwrap().at_s, NOW - 2, "not later than told");
}

#[test]
fn somebody_whom_we_cannot_match_is_nobody_and_no_error() {
    for id in [
        r#"{"format":"email","email":"alice@corp.example"}"#,
        r#"{"format":"iss_sub","iss":"https://other.example","sub":"alice"}"#,
    ] {
        assert_eq!(told(&draft().claim("sub_id", id)).unwrap().subject, None, "{id}");
    }
    let opaque = told(&draft().claim("sub_id", r#"{"format":"opaque","id":"7|9"}"#)).unwrap();
    assert_eq!(opaque.subject.as_deref(), Some("7|9"));
}

#[test]
fn an_event_of_another_kind_changes_nothing() {
    let other = r#"{"https://schemas.openid.net/secevent/ssf/event-type/verification":{}}"#;
    assert_eq!(told(&draft().claim("events", other)).unwrap().kind, None);
}

#[test]
fn what_is_no_event_for_us_is_refused() {
    let cases = [
        ("type", draft().member("typ", quoted("at+jwt"))),
        ("type", draft().no_member("typ")),
        ("audience", draft().claim("aud", quoted("https://postern.example/v1"))),
        ("kind exp", draft().claim("exp", NOW + 60)),
        ("early iat", draft().claim("iat", NOW + 61)),
        ("claim events", draft().claim("events", r#"["session-revoked"]"#)),
        ("claim events", draft().claim("events", "{}")),
        ("claim jti", draft().no_claim("jti")),
        ("claim sub_id", draft().claim("sub_id", r#"{"iss":"https://login.example"}"#)),
        ("issuer", draft().claim("iss", quoted("https://nobody.example"))),
    ];
    for (wants, draft) in cases {
        assert_eq!(kind(&told(&draft).unwrap_err()), wants, "{}", draft.claims());
    }
}

#[test]
fn an_issuer_that_may_not_send_events_is_not_heard() {
    let bare = Stand::bare();
    let set = Bearer::new(draft().signed_by(&KEYS.es256));
    assert_eq!(kind(&wait(event(&set, &bare.verifier)).unwrap_err()), "issuer");
}

#[test]
fn an_event_is_no_access_token_and_an_access_token_no_event() {
    let refused = stand().believe(&draft().signed_by(&KEYS.es256)).err().unwrap();
    assert_eq!(kind(&refused), "type");
    assert_eq!(kind(&told(&Draft::corp(&KEYS.es256)).unwrap_err()), "type");
}
