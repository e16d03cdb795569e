//! A statement that was read before is judged as if it were read for the first time.

use std::sync::Arc;

use catalogue::Catalogue;
use request::{Params, Statement, TargetName};
use vetting::{Error, Looked, Readings, Vetted};

use crate::{CATALOGUE, Stand, TARGETS, door, drafted};

const OPEN: &str = "@id(\"open\") permit(principal, action, resource);";

/// Looks with what was read before, in the session of this token.
fn look(on: &Stand, text: &str, token: &str, before: &Readings) -> Result<Looked, Error> {
    let (who, name) = (door::known_by(token), TargetName::new("shop").unwrap());
    let permit = policy::admit(who, &name, &on.policies).unwrap();
    let (statement, params) = (Statement::new(text).unwrap(), Params::new(Vec::new()).unwrap());
    before.look(statement, params, permit, &on.catalogue)
}

fn vet(on: &Stand, text: &str, before: &Readings) -> Result<Vetted<Statement>, Error> {
    vetting::vet(look(on, text, "t-1", before)?, None, false)
}

/// What is sent, or the kind of the refusal.
fn sent(on: &Stand, text: &str, before: &Readings) -> String {
    match vet(on, text, before) {
        Ok(vetted) => vetted.sent().to_owned(),
        Err(error) => error.kind().to_owned(),
    }
}

#[test]
fn the_same_is_found_and_sent_again() {
    for mode in ["result", "source", "schema"] {
        let (stand, before) =
            (Stand::new(mode, "@mask(\"ssn:token, pay:round-1000\")"), Readings::new());
        for text in [
            "SELECT ssn, salary FROM people",
            "SELECT o.note FROM orders o JOIN people p ON p.id = o.id",
            "INSERT INTO orders (id) VALUES (1)",
            "SHOW TimeZone",
        ] {
            let anew = stand.vet(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            for _ in 0..3 {
                let again = vet(&stand, text, &before).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!((again.sent(), again.reading()), (anew.sent(), anew.reading()));
            }
        }
    }
}

#[test]
fn what_a_database_has_become_is_read_anew() {
    let (mut stand, before) = (Stand::new("source", ""), Readings::new());
    let text = "SELECT note FROM orders";
    assert_eq!(sent(&stand, text, &before), text);
    let mut other = drafted();
    for relation in other.relations.iter_mut().filter(|relation| relation.name == "orders") {
        relation.columns.retain(|column| column.name != "note");
    }
    stand.catalogue = Arc::new(Catalogue::of(other).unwrap());
    assert_eq!(sent(&stand, text, &before), "column");
    stand.catalogue = Arc::clone(&CATALOGUE);
    assert_eq!(sent(&stand, text, &before), text);
}

#[test]
fn what_is_tagged_elsewhere_is_masked_there() {
    let (text, before) = ("SELECT name, ssn FROM people", Readings::new());
    let masked = |targets: &str| {
        let stand = Stand::of(targets, OPEN, Arc::clone(&CATALOGUE));
        let vetted = vet(&stand, text, &before).unwrap_or_else(|error| panic!("{error}"));
        vetted.reading().masked_outputs.clone()
    };
    let first = TARGETS.replace("{mode}", "source");
    assert_eq!(masked(&first), [false, true]);
    assert_eq!(masked(&first.replace("ssn = \"ssn\"", "name = \"ssn\"")), [true, false]);
    assert_eq!(masked(&first), [false, true]);
    let other = TARGETS.replace("{mode}", "result");
    let stand = Stand::of(&other, OPEN, Arc::clone(&CATALOGUE));
    assert_eq!(sent(&stand, text, &before), text, "nothing is put in where results are masked");
}

#[test]
fn policy_is_asked_each_time() {
    let (text, before) = ("SELECT ssn FROM people WHERE id = 1", Readings::new());
    let [redacted, token, bare] =
        ["", "@mask(\"ssn:token\")", "@mask(\"ssn:bare\")"].map(|mask| Stand::new("source", mask));
    for _ in 0..2 {
        for stand in [&redacted, &token, &bare] {
            assert_eq!(sent(stand, text, &before), stand.sent(text));
        }
    }
    let denied = Stand::new("source", "@use(\"ssn:deny\")");
    assert_eq!(sent(&denied, text, &before), "denied");
}

#[test]
fn the_planner_is_asked_the_same_again() {
    let asks = "@id(\"few\") @mask(\"ssn:bare\") permit(principal, action, resource) \
                when { !(context has estimated_rows) || context.estimated_rows < 5 };";
    let (stand, text) = (Stand::with("source", asks), "SELECT ssn FROM people WHERE id = 1");
    let before = Readings::new();
    let asked = || {
        let looked = look(&stand, text, "t-1", &before).ok().unwrap();
        let estimable = looked.estimable().ok().flatten().unwrap().sent;
        (estimable, vetting::vet(looked, Some(1), false).ok().unwrap().sent().to_owned())
    };
    let first = asked();
    assert!(first.0.contains("[masked:ssn]") && !first.1.contains("[masked"), "{first:?}");
    assert_eq!(asked(), first);
}

#[test]
fn little_is_held_and_each_session_has_its_own() {
    let (stand, before) = (Stand::new("source", ""), Readings::new());
    let held = |before: &Readings| {
        let told = format!("{before:?}");
        assert!(!told.contains("SELECT"), "{told}");
        told.chars().filter(char::is_ascii_digit).collect::<String>().parse::<usize>().unwrap()
    };
    let ask = |text: &str, token: &str| drop(look(&stand, text, token, &before).ok().unwrap());
    ask("SELECT 1", "t-1");
    ask("SELECT 1", "t-1");
    assert_eq!(held(&before), 1);
    ask("SELECT 1", "t-2");
    assert_eq!(held(&before), 2);
    ask(&format!("SELECT 1 -- {}", "x".repeat(5_000)), "t-1");
    assert!(look(&stand, "SELECT nothing FROM nowhere", "t-1", &before).is_err());
    assert_eq!(held(&before), 2, "what is long or refused is not held");
    for number in 0..200 {
        ask(&format!("SELECT {number}"), "t-1");
        assert!(held(&before) <= 64);
    }
}
