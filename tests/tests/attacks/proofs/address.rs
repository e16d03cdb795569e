//! Attack 28: the method and the address that a proof is made for.

use request::Presented;

use super::{claiming, row, with};
use crate::stand::verdict::judge;

#[test]
fn attack_28_a_method_is_spelt_as_it_is() {
    let mut rows = vec![row("POST", claiming("htm", "POST"), "alice@corp")];
    for method in ["post", "Post", "GET", "PUT", "POST ", " POST", "POST\0", "P\u{41e}ST"] {
        rows.push(row(format!("{method:?}"), claiming("htm", method), "proof method"));
    }
    rows.push(row("empty", claiming("htm", ""), "proof method"));
    rows.push(row("not told", with(|proof| proof.no_claim("htm")), "proof claim"));
    rows.push(row("a list", claiming("htm", vec!["POST"]), "proof claim"));
    judge(rows);
}

/// Equal by RFC 3986, 6.2.2 and 6.2.3.
const EQUAL: [&str; 14] = [
    "https://gw.example/v1/query",
    "https://gw.example:443/v1/query",
    "https://gw.example:/v1/query",
    "https://GW.Example/v1/query",
    "HTTPS://gw.example/v1/query",
    "https://gw.example/a/../v1/query",
    "https://gw.example/./v1/./query",
    "https://gw.example/../v1/query",
    "https://gw.example/v1/b/c/../../query",
    "https://gw.example/%2e/v1/query",
    "https://gw.example/a/%2E%2e/v1/query",
    "https://gw.example/%76%31/quer%79",
    // The other configured name.
    "https://agents.example/live/v1/query",
    "https://AGENTS.example:443/live/v1/query",
];

const DISTINCT: [&str; 46] = [
    "http://gw.example/v1/query",
    "http://gw.example:443/v1/query",
    "gw.example/v1/query",
    "//gw.example/v1/query",
    "/v1/query",
    "",
    "https://gw.example:80/v1/query",
    "https://gw.example:8443/v1/query",
    "https://gw.example:0443/v1/query",
    "https://gw.example//v1/query",
    "https://gw.example/v1//query",
    "https://gw.example/v1/query/",
    "https://gw.example/v1/query/.",
    "https://gw.example/v1/query/a/..",
    "https://gw.example/v1/query?",
    "https://gw.example/v1/query?a=b",
    "https://gw.example/v1/query#",
    "https://gw.example/v1/query#a",
    "https://agent@gw.example/v1/query",
    "https://agent:word@gw.example/v1/query",
    "https://@gw.example/v1/query",
    "https://gw.example@evil.example/v1/query",
    "https://gw.example.evil.example/v1/query",
    "https://gw.example./v1/query",
    "https://[::1]/v1/query",
    "https://[2001:db8::1]/v1/query",
    "https://127.0.0.1/v1/query",
    "https://2130706433/v1/query",
    "https://\u{261}w.example/v1/query",
    "https://gw.ex\u{430}mple/v1/query",
    "https://gw\u{3002}example/v1/query",
    "https://\u{ff47}w.example/v1/query",
    "https://xn--w-jga.example/v1/query",
    "https://gw%2eexample/v1/query",
    "https://gw.example/V1/query",
    "https://gw.example/v1/Query",
    "https://gw.example/v1%2fquery",
    "https://gw.example/v1/query%2F",
    "https://gw.example/v1/query%00",
    "https://gw.example/v1/%2571uery",
    "https://gw.example/v1/quer%7",
    "https://gw.example\\v1\\query",
    "https://gw.example/v1/query\n",
    " https://gw.example/v1/query",
    // Names that are not configured: the other one without its path, and this one with it.
    "https://agents.example/v1/query",
    "https://k7.lambda-url.example/v1/query",
];

#[test]
fn attack_28_an_address_is_equal_as_rfc_3986_has_it_and_not_otherwise() {
    let equal = EQUAL.map(|url| row(format!("{url:?}"), claiming("htu", url), "alice@corp"));
    let distinct = DISTINCT.map(|url| row(format!("{url:?}"), claiming("htu", url), "proof url"));
    let mut rows: Vec<_> = equal.into_iter().chain(distinct).collect();
    rows.push(row("not told", with(|proof| proof.no_claim("htu")), "proof claim"));
    rows.push(row("a list", claiming("htu", vec![EQUAL[0]]), "proof claim"));
    judge(rows);
}

/// `~` needs no escape and is one with it.
#[test]
fn attack_28_an_escape_that_is_not_needed_is_none() {
    let at = |url: &str| Presented {
        over: request::Over { path: "/v1/a~b".into(), ..with(|proof| proof).over },
        ..claiming("htu", url)
    };
    let spelt = |path: &str| at(&format!("https://gw.example/v1/{path}"));
    judge(vec![
        row("~", spelt("a~b"), "alice@corp"),
        row("%7e", spelt("a%7eb"), "alice@corp"),
        row("%7E", spelt("a%7Eb"), "alice@corp"),
        row("%257e", spelt("a%257eb"), "proof url"),
        row("another letter", spelt("a-b"), "proof url"),
    ]);
}

/// What the function was called as is its own business: a proof for elsewhere is one.
#[test]
fn attack_28_a_proof_for_one_endpoint_is_none_for_another() {
    let at = |path: &str, url: &str| Presented {
        over: request::Over { path: path.into(), ..with(|proof| proof).over },
        ..claiming("htu", url)
    };
    judge(vec![
        row("/token at /v1/query", at("/v1/query", "https://gw.example/token"), "proof url"),
        row("/v1/query at /token", at("/token", "https://gw.example/v1/query"), "proof url"),
        row("/v1/spawn at /v1/spawn", at("/v1/spawn", "https://gw.example/v1/spawn"), "alice@corp"),
    ]);
}
