//! What a session keeps of a person, and when it is believed again.

use request::Millis;
use serde_json::{Value, json};

use super::stand::{NOW, kind};
use crate::{GroupName, IssuerAlias, Login, Person, recalled};

const UNTIL: Millis = Millis((NOW + 3600) * 1000);

fn somebody() -> Person {
    Person {
        issuer: IssuerAlias::new("corp".into()),
        subject: "alice".into(),
        name: Some("Shift Lead".into()),
        groups: ["dba", "privacy"].map(|name| GroupName::new(name.into())).into(),
        login: Login { auth_time: Some(NOW - 60), acr: Some("mfa".into()) },
        proof: None,
    }
}

fn met(bytes: &[u8], now: Millis) -> String {
    recalled(bytes, now).map_or_else(|error| kind(&error), |_| "believed".into())
}

#[test]
fn a_session_recalls_whom_it_kept_until_its_time_is_over() {
    let bare = Person { name: None, login: Login { acr: None, ..somebody().login }, ..somebody() };
    for person in [somebody(), bare] {
        let kept = person.kept(UNTIL);
        assert_eq!(recalled(&kept, Millis(NOW * 1000)).unwrap().get(), &person);
        assert_eq!(met(&kept, Millis(UNTIL.0 - 1)), "believed");
        assert_eq!(met(&kept, UNTIL), "expired");
    }
}

#[test]
fn what_was_not_kept_is_not_recalled() {
    let good: Value = serde_json::from_slice(&somebody().kept(UNTIL)).unwrap();
    let with = |name: &str, value: Value| {
        let mut other = good.clone();
        other[name] = value;
        other.to_string().into_bytes()
    };
    let mut without = good.clone();
    without.as_object_mut().unwrap().remove("name");
    for bytes in [
        b"".to_vec(),
        b"{}".to_vec(),
        without.to_string().into_bytes(),
        with("v", json!(2)),
        with("more", json!(1)),
        with("issuer", json!("Corp")),
        with("subject", json!("")),
        with("subject", json!("a\u{202e}b")),
        with("groups", json!("dba")),
        with("groups", json!(["DBA"])),
        with("auth_time", json!(null)),
        with("until", json!("never")),
    ] {
        let met = met(&bytes, Millis(NOW * 1000));
        assert_eq!(met, "form: it is not what a session keeps", "{}", bytes.escape_ascii());
    }
}
