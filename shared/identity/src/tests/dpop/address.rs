//! Which spellings of an address are the same, and which only look it.

use request::{Bearer, Millis, Over, Proof};

use super::{TOKEN, draft::Draft, over};
use crate::{
    ProofError as Error,
    dpop::{Rules, check},
    tests::{signer::KEYS, stand::NOW},
};

/// Whether a proof for `htu` is one for the endpoint `path` below `base`.
fn same(base: &str, path: &str, htu: &str) -> bool {
    let proof = Draft::of(&KEYS.ed25519).claim("htu", htu).signed_by(&KEYS.ed25519);
    let over = Over { path: path.into(), ..over() };
    let rules = Rules { urls: &[base.into()], nonces: None, now: Millis(NOW * 1000) };
    match check(&Proof::new(proof), &over, Some(&Bearer::new(TOKEN.into())), &rules) {
        Ok(_) => true,
        Err(Error::Url) => false,
        Err(other) => panic!("{htu}: {other:?}"),
    }
}

/// Base, path, and spellings of the address that they make.
const EQUAL: &[(&str, &str, &[&str])] = &[
    ("https://gate.example", "/v1/query", &["https://gate.example/v1/query"]),
    (
        "https://gate.example",
        "/v1/query",
        &["HTTPS://gate.example/v1/query", "hTtPs://gate.example/v1/query"],
    ),
    ("https://gate.example", "/v1/query", &["https://GATE.Example/v1/query"]),
    ("https://gate.example", "/v1/query", &["https://gate.example:443/v1/query"]),
    ("https://gate.example", "/v1/query", &["https://gate.example:/v1/query"]),
    ("https://gate.example:443", "/v1/query", &["https://gate.example/v1/query"]),
    ("https://GATE.example", "/v1/query", &["https://gate.example/v1/query"]),
    ("http://127.0.0.1", "/token", &["http://127.0.0.1:80/token"]),
    ("http://127.0.0.1:8080", "/token", &["http://127.0.0.1:8080/token"]),
    ("http://[::1]:8080", "/token", &["http://[::1]:8080/token"]),
    ("https://[2001:db8::a]", "/token", &["https://[2001:DB8::A]:443/token"]),
    (
        "https://gate.example",
        "/v1/a~b",
        &["https://gate.example/v1/a%7eb", "https://gate.example/v1/a%7Eb"],
    ),
    ("https://gate.example", "/v1/query", &["https://gate.example/%76%31/q%75ery"]),
    ("https://gate.example", "/v1/a%2Fb", &["https://gate.example/v1/a%2fb"]),
    ("https://gate.example", "/v1/%c3%a9", &["https://gate.example/v1/%C3%A9"]),
    ("https://gate.example", "/v1/query", &["https://gate.example/./v1/././query"]),
    (
        "https://gate.example",
        "/v1/query",
        &["https://gate.example/a/../v1/query", "https://gate.example/v1/b/c/../../query"],
    ),
    (
        "https://gate.example",
        "/v1/query",
        &["https://gate.example/../v1/query", "https://gate.example/../../v1/query"],
    ),
    (
        "https://gate.example",
        "/v1/query",
        &["https://gate.example/%2e/v1/query", "https://gate.example/a/%2E%2e/v1/query"],
    ),
    (
        "https://gate.example",
        "/",
        &[
            "https://gate.example",
            "https://gate.example/",
            "https://gate.example/.",
            "https://gate.example/v1/..",
        ],
    ),
    (
        "https://gate.example/live",
        "/v1/query",
        &["https://gate.example/live/v1/query", "https://gate.example/old/../live/v1/query"],
    ),
    ("https://gate.example", "/v1/a;b=c,d", &["https://gate.example/v1/a;b=c,d"]),
    ("https://gate.example", "/v1/nodes/n_1", &["https://gate.example/v1/nodes/n%5F1"]),
];

/// What is not `https://gate.example/v1/query`, however much it looks like it.
const DISTINCT: &[&str] = &[
    // Another scheme, or none.
    "http://gate.example/v1/query",
    "http://gate.example:443/v1/query",
    "wss://gate.example/v1/query",
    "gate.example/v1/query",
    "//gate.example/v1/query",
    "/v1/query",
    "https:/gate.example/v1/query",
    "https:gate.example/v1/query",
    "https:\\\\gate.example\\v1\\query",
    "",
    // Another port.
    "https://gate.example:80/v1/query",
    "https://gate.example:8443/v1/query",
    "https://gate.example:0443/v1/query",
    "https://gate.example:+443/v1/query",
    "https://gate.example::443/v1/query",
    "https://gate.example:4٤3/v1/query",
    "https://gate.example:443:443/v1/query",
    // A user.
    "https://agent@gate.example/v1/query",
    "https://agent:word@gate.example/v1/query",
    "https://@gate.example/v1/query",
    "https://gate.example@other.example/v1/query",
    "https://gate.example%40other.example/v1/query",
    // Another host.
    "https://gate.example./v1/query",
    "https://gate.example.other.example/v1/query",
    "https://www.gate.example/v1/query",
    "https://gate.examp1e/v1/query",
    "https://g%61te.example/v1/query",
    "https://gаte.example/v1/query",
    "https://xn--gte-5cd.example/v1/query",
    "https://gate。example/v1/query",
    "https://ｇate.example/v1/query",
    "https://GATE.EXAMPLE\u{212a}/v1/query",
    "https://203.0.113.9/v1/query",
    "https://[2001:db8::1]/v1/query",
    "https://[gate.example]/v1/query",
    "https://[]/v1/query",
    "https:///v1/query",
    "https://gate_example/v1/query",
    // Another path.
    "https://gate.example/v1/query/",
    "https://gate.example/v1/query/.",
    "https://gate.example/v1/query/a/..",
    "https://gate.example//v1/query",
    "https://gate.example/v1//query",
    "https://gate.example//../v1/query",
    "https://gate.example/v1/./",
    "https://gate.example/v1/Query",
    "https://gate.example/V1/query",
    "https://gate.example/v1%2Fquery",
    "https://gate.example/v1%2fquery",
    "https://gate.example/v1/query%2F",
    "https://gate.example/v1/%2571uery",
    "https://gate.example/v1/query%00",
    "https://gate.example/v1/query%20",
    "https://gate.example/v1/quer",
    "https://gate.example/v1/query;a=b",
    "https://gate.example/v1",
    "https://gate.example",
    "https://gate.example/live/v1/query",
    "https://gate.example\\v1\\query",
    "https://gate.example/v1\\query",
    // A broken escape.
    "https://gate.example/v1/query%",
    "https://gate.example/v1/query%7",
    "https://gate.example/v1/%7uery",
    "https://gate.example/v1/%+1uery",
    // A query or a fragment, be it empty.
    "https://gate.example/v1/query?",
    "https://gate.example/v1/query?a=b",
    "https://gate.example/v1/query#",
    "https://gate.example/v1/query#a",
    "https://gate.example?/v1/query",
    "https://gate.example#/v1/query",
    "https://other.example/?https://gate.example/v1/query",
    // Characters that an address does not have.
    " https://gate.example/v1/query",
    "https://gate.example/v1/query ",
    "https://gate.example/v1/query\n",
    "https://gate.example/v1/qu\tery",
    "https://gate.ex\nample/v1/query",
    "https://gate.example/v1/query\u{0}",
    "https://gate.example/v1/qu\u{ad}ery",
    "https://gate.example/v1/qué",
    "https://gate.example/v1/{query}",
    "https://gate.example/v1/\"query\"",
    "<https://gate.example/v1/query>",
];

#[test]
fn an_address_may_be_spelt_in_any_way_that_means_the_same() {
    for (base, path, spellings) in EQUAL {
        for htu in *spellings {
            assert!(same(base, path, htu), "{htu} is {base}{path}");
        }
    }
}

#[test]
fn what_only_looks_like_an_address_of_ours_is_none() {
    for htu in DISTINCT {
        assert!(!same("https://gate.example", "/v1/query", htu), "{htu}");
    }
}

#[test]
fn each_public_address_counts_and_no_other() {
    let urls = ["https://gate.example".to_owned(), "https://k3.lambda-url.example/live".into()];
    let judge = |urls: &[String], htu: &str| {
        let proof = Draft::of(&KEYS.ed25519).claim("htu", htu).signed_by(&KEYS.ed25519);
        let rules = Rules { urls, nonces: None, now: Millis(NOW * 1000) };
        check(&Proof::new(proof), &over(), Some(&Bearer::new(TOKEN.into())), &rules).map(|_| ())
    };
    for (htu, verdict) in [
        ("https://gate.example/v1/query", Ok(())),
        ("https://k3.lambda-url.example/live/v1/query", Ok(())),
        ("https://k3.lambda-url.example/v1/query", Err(Error::Url)),
        ("https://gate.example/live/v1/query", Err(Error::Url)),
        ("https://k4.lambda-url.example/live/v1/query", Err(Error::Url)),
    ] {
        assert_eq!(judge(&urls, htu), verdict, "{htu}");
        assert_eq!(judge(&[], htu), Err(Error::Url), "{htu}");
    }
}

#[test]
fn a_path_cannot_become_a_part_of_the_host() {
    for path in ["", ".other.example/v1", "@other.example/v1", ":8443/v1", "?/v1", "v1/query"] {
        let htu = format!("https://gate.example{path}");
        assert!(!same("https://gate.example", path, &htu), "{path}");
    }
}

#[test]
fn an_endpoint_that_has_no_one_spelling_is_proven_by_nothing() {
    for path in ["//v1", "/v1?a=b", "/v1#a", "/v1/%zz", "/v1/é", "/v1 /query"] {
        let htu = format!("https://gate.example{path}");
        assert!(!same("https://gate.example", path, &htu), "{path}");
    }
}
