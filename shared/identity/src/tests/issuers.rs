//! What `issuers.toml` may say, and what it may not leave unsaid.

use super::stand::ISSUERS;
use crate::Issuers;

const GOOD: &str = r#"[issuers.corp]
issuer = "https://login.example"
jwks_uri = "https://login.example/jwks"
audience = ["https://postern.example/v1"]
algorithms = ["ES256"]
types = ["at+jwt"]
max_lifetime_s = 3600
"#;

fn mistakes(text: &str) -> Vec<String> {
    match Issuers::parse("issuers.toml", text) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.0.iter().map(ToString::to_string).collect(),
    }
}

/// The one mistake of the good file with one line in the place of another.
fn mistake(line: &str, instead: &str) -> String {
    let text = GOOD.replace(line, instead);
    assert_ne!(text, GOOD, "{line}");
    mistakes(&text).join("; ")
}

#[test]
fn a_file_that_says_all_that_must_be_said_is_read() {
    assert_eq!(mistakes(GOOD), [""; 0]);
    assert_eq!(mistakes(ISSUERS), [""; 0]);
}

#[test]
fn nothing_that_restricts_can_be_left_out() {
    for line in GOOD.lines().skip(1) {
        let name = line.split(' ').next().unwrap();
        let told = mistake(&format!("{line}\n"), "");
        assert_eq!(told, format!("issuers.toml:1: `{name}` is missing"));
    }
}

#[test]
fn nothing_that_restricts_can_be_emptied() {
    for (line, instead) in [
        ("audience = [\"https://postern.example/v1\"]", "audience = []"),
        ("audience = [\"https://postern.example/v1\"]", "audience = [\"\"]"),
        (
            "audience = [\"https://postern.example/v1\"]",
            "audience = \"https://postern.example/v1\"",
        ),
        ("algorithms = [\"ES256\"]", "algorithms = []"),
        ("algorithms = [\"ES256\"]", "algorithms = [\"none\"]"),
        ("algorithms = [\"ES256\"]", "algorithms = [\"HS256\"]"),
        ("algorithms = [\"ES256\"]", "algorithms = [\"es256\"]"),
        ("algorithms = [\"ES256\"]", "algorithms = [\"ES256\", \"RS512\"]"),
        ("algorithms = [\"ES256\"]", "algorithms = [256]"),
        ("types = [\"at+jwt\"]", "types = []"),
        ("types = [\"at+jwt\"]", "types = [\"*\"]"),
        ("types = [\"at+jwt\"]", "types = [\"at jwt\"]"),
        ("types = [\"at+jwt\"]", "types = true"),
        ("max_lifetime_s = 3600", "max_lifetime_s = 0"),
        ("max_lifetime_s = 3600", "max_lifetime_s = -1"),
        ("max_lifetime_s = 3600", "max_lifetime_s = 86401"),
        ("max_lifetime_s = 3600", "max_lifetime_s = 1e9"),
        ("max_lifetime_s = 3600", "max_lifetime_s = inf"),
        ("max_lifetime_s = 3600", "max_lifetime_s = \"3600\""),
        ("max_lifetime_s = 3600", "max_lifetime_s = 3600\nleeway_s = 61"),
        ("max_lifetime_s = 3600", "max_lifetime_s = 3600\nleeway_s = -1"),
        ("max_lifetime_s = 3600", "max_lifetime_s = 3600\nsole_audience = \"no\""),
        ("max_lifetime_s = 3600", "max_lifetime_s = 3600\ngroups_claim = \"\""),
        ("max_lifetime_s = 3600", "max_lifetime_s = 3600\nclient_claim = [\"azp\"]"),
        ("max_lifetime_s = 3600", "max_lifetime_s = 3600\nsubject_claim = \"\""),
        ("max_lifetime_s = 3600", "max_lifetime_s = 3600\nsubject_claim = true"),
        (
            "max_lifetime_s = 3600",
            "max_lifetime_s = 3600\nsubject_claim = \"uid\"\nevents = \"https://postern.example\"",
        ),
        ("issuer = \"https://login.example\"", "issuer = \"\""),
        ("issuer = \"https://login.example\"", "issuer = [\"https://login.example\"]"),
    ] {
        let told = mistake(line, instead);
        assert!(told.starts_with("issuers.toml:") && !told.contains(';'), "{instead}: {told}");
    }
}

#[test]
fn keys_come_over_tls_from_a_plain_address() {
    for address in [
        "http://login.example/jwks",
        "login.example/jwks",
        "file:///etc/jwks",
        "data:,x",
        "https://user@login.example/jwks",
        "https://user:word@login.example/jwks",
        "https://login.example/jwks#one",
        "https://",
        "",
    ] {
        let told = mistake("https://login.example/jwks", address);
        assert!(told.starts_with("issuers.toml:3: `jwks_uri` "), "{address}: {told}");
    }
}

#[test]
fn a_field_that_nobody_knows_is_told() {
    for field in
        ["audiences = [\"x\"]", "verify = false", "insecure = true", "leeway = 5", "nonce = 1"]
    {
        let name = field.split(' ').next().unwrap();
        let told = mistakes(&format!("{GOOD}{field}\n"));
        assert_eq!(told, [format!("issuers.toml:8: `{name}` is not known here")]);
    }
    assert_eq!(
        mistakes(&format!("debug = true\n{GOOD}")),
        ["issuers.toml:1: `debug` is not known here"]
    );
}

#[test]
fn an_issuer_has_one_entry() {
    let second = GOOD.replace("corp", "copy");
    let told = mistakes(&format!("{GOOD}{second}"));
    assert_eq!(told, ["issuers.toml:8: `https://login.example` has an entry already"]);
    assert!(mistakes(&format!("{GOOD}{GOOD}")).iter().any(|told| told.contains("not TOML")));
}

#[test]
fn our_own_names_have_a_plain_alphabet() {
    for alias in ["Corp", "\"corp prod\"", "\"\"", "\"c|d\"", "\"k\u{f6}rp\""] {
        let told = mistakes(&GOOD.replace("corp", alias));
        assert!(told.len() == 1 && told[0].contains("an issuer's alias is 1 to 63 of"), "{told:?}");
    }
    for group in ["\"Admins\"", "\"a b\"", "\"\"", "\"a|b\"", "7"] {
        let told = mistakes(&format!("{GOOD}[issuers.corp.groups]\n\"x\" = {group}\n"));
        assert!(told.len() == 1 && told[0].starts_with("issuers.toml:9: "), "{told:?}");
    }
}

#[test]
fn a_file_without_an_issuer_is_a_mistake() {
    assert_eq!(mistakes(""), ["issuers.toml:1: there is no table `issuers`"]);
    assert_eq!(
        mistakes("[issuers]"),
        ["issuers.toml:1: there is no issuer, so no token could be believed"]
    );
    assert!(!mistakes("issuers = 1").is_empty());
    assert!(!mistakes("issuers.corp = 1").is_empty());
}

#[test]
fn all_mistakes_are_told_at_once_and_in_order() {
    let text = r#"[issuers.Corp]
issuer = ""
jwks_uri = "http://login.example"
audience = []
algorithms = ["HS256", "none"]
types = ["a b"]
max_lifetime_s = 0
surplus = 1
[issuers.plant]
"#;
    let lines: Vec<usize> =
        Issuers::parse("issuers.toml", text).unwrap_err().0.iter().map(|told| told.line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9]);
}
