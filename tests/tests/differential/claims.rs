//! What can be wrong with the claims of a token.

use crate::{
    build::{Damage, quoted},
    header::of_any_member,
    issuers::{NOW, OURS},
};

/// Everything.
pub(crate) fn damages() -> Vec<Damage> {
    let mut all: Vec<Damage> = CLAIMS
        .into_iter()
        .flat_map(|name| of_any_member(name, |build| &mut build.claims))
        .collect();
    for name in ["exp", "iat", "nbf"] {
        all.extend(moments(name));
    }
    for value in AUDIENCES {
        all.push(put("aud", value.replace("OURS", OURS)));
    }
    for value in ISSUERS {
        all.push(put("iss", quoted(value)));
    }
    for value in NAMES {
        all.push(put("sub", value.into()));
        all.push(put("client_id", value.into()));
    }
    all.push(put("sub", quoted(&"s".repeat(255))));
    all.push(put("sub", quoted(&"s".repeat(256))));
    for (name, value) in MORE {
        all.push(put(name, value.into()));
    }
    for members in [1, 40, 64, 70, 300] {
        all.push(Damage::new(format!("{members} claims more"), move |build| {
            (0..members).for_each(|n| build.claims.also(&format!("x{n}"), n));
        }));
    }
    for depth in [2, 20, 24, 30, 100] {
        all.push(Damage::new(format!("{depth} deep"), move |build| {
            build.claims.put("deep", format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        }));
        all.push(Damage::new(format!("an actor {depth} deep"), move |build| {
            let (open, close) = (r#"{"sub":"x","act":"#.repeat(depth), "}".repeat(depth));
            build.claims.put("act", format!("{open}{{\"sub\":\"x\"}}{close}"));
        }));
    }
    for bytes in [3_000, 6_500, 20_000] {
        all.push(put("long", quoted(&"l".repeat(bytes))));
    }
    all
}

fn put(name: &'static str, value: String) -> Damage {
    let short: String = value.chars().take(60).collect();
    Damage::new(format!("{name} is {short}"), move |build| build.claims.put(name, &value))
}

/// Around every bound that a moment has, and in other spellings.
fn moments(name: &'static str) -> Vec<Damage> {
    let apart = APART.into_iter().map(|by| {
        let moment = NOW.checked_add_signed(by).unwrap();
        Damage::new(format!("{name} {by}"), move |build| build.claims.put(name, moment))
    });
    let spelt = SPELT.into_iter().map(|text| put(name, text.into()));
    apart.chain(spelt).collect()
}

/// Those that mean something to somebody.
const CLAIMS: [&str; 19] = [
    "iss",
    "aud",
    "sub",
    "client_id",
    "jti",
    "exp",
    "iat",
    "nbf",
    "groups",
    "act",
    "cnf",
    "scope",
    "token_use",
    "nonce",
    "events",
    "auth_time",
    "acr",
    "agt",
    "authorization_details",
];

/// Seconds from now.
const APART: [i64; 33] = [
    -315_360_000,
    -7_200,
    -3_631,
    -3_630,
    -3_601,
    -931,
    -901,
    -631,
    -630,
    -601,
    -61,
    -36,
    -31,
    -30,
    -29,
    -6,
    -5,
    -4,
    -1,
    0,
    1,
    4,
    5,
    6,
    29,
    30,
    31,
    60,
    601,
    901,
    3_590,
    3_601,
    315_360_000,
];

const SPELT: [&str; 17] = [
    "1800000100.0",
    "1800000100.5",
    "1.8000001e9",
    "18000001E2",
    "1800000100000",
    "4503599627370496",
    "9007199254740991",
    "9007199254740992",
    "18446744073709551615",
    "18446744073709551616",
    "1e30",
    "1e309",
    "-0",
    "-0.0",
    "01800000100",
    "+1800000100",
    "0x6b49d264",
];

const AUDIENCES: [&str; 16] = [
    "[\"OURS\"]",
    "[\"OURS\",\"OURS\"]",
    "[\"OURS\",\"https://other.example\"]",
    "[\"https://other.example\",\"OURS\"]",
    "[\"https://other.example\"]",
    "[\"OURS\",null]",
    "[\"OURS\",1]",
    "[\"OURS\",[\"OURS\"]]",
    "[[\"OURS\"]]",
    "[\"OURS\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\"]",
    "{\"OURS\":true}",
    "\"OURS/\"",
    "\"OURS/mcp\"",
    "\"OURS.evil\"",
    "\"https://gw.example\"",
    "\"HTTPS://GW.EXAMPLE/v1\"",
];

const ISSUERS: [&str; 12] = [
    "https://login.example",
    "https://plant.example",
    "https://gw.example",
    "https://login.example/",
    "http://login.example",
    "https://LOGIN.example",
    "https://login.example:443",
    "https://user@login.example",
    "login.example",
    "https://login.example#",
    "https://attacker.example",
    "https://login.example\0",
];

/// As JSON. Some do not look like the bytes that they are.
const NAMES: [&str; 14] = [
    "\"bob\"",
    "\"a|b\"",
    "\"%7C\"",
    "\"corp|alice\"",
    "\" alice\"",
    "\"alice \"",
    "\"al\\u0000ice\"",
    "\"al\\nice\"",
    "\"al\\u200bice\"",
    "\"al\\u202eice\"",
    "\"\\ufeffalice\"",
    "\"李 雷\"",
    "\"Jose\\u0301\"",
    "\"a\u{a0}b\"",
];

const MORE: [(&str, &str); 40] = [
    ("nonce", "\"n-0S6_WzA2Mj\""),
    ("at_hash", "\"77QmUPtjPfzWtF2AnpK9RQ\""),
    ("c_hash", "\"77QmUPtjPfzWtF2AnpK9RQ\""),
    ("s_hash", "\"77QmUPtjPfzWtF2AnpK9RQ\""),
    ("events", "{\"http://schemas.openid.net/event/backchannel-logout\":{}}"),
    ("token_use", "\"access\""),
    ("token_use", "\"id\""),
    ("token_use", "\"refresh\""),
    ("cnf", "{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}"),
    ("cnf", "{\"jkt\":\"short\"}"),
    ("cnf", "{\"jkt\":1}"),
    ("cnf", "{\"x5t#S256\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}"),
    ("cnf", "{\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}"),
    ("cnf", "{\"kid\":\"k\"}"),
    ("act", "{\"sub\":\"bot\"}"),
    ("act", "{\"sub\":\"bot\",\"act\":{\"sub\":\"admin\"}}"),
    ("act", "{\"sub\":\"bot\",\"sub\":\"admin\"}"),
    ("act", "{\"sub\":1}"),
    ("act", "{\"iss\":\"https://login.example\"}"),
    ("groups", "[\"a\",\"b\"]"),
    ("groups", "\"admin\""),
    ("groups", "[\"a\",1]"),
    ("groups", "[{\"name\":\"admin\"}]"),
    ("groups", "{\"a\":1,\"a\":2}"),
    ("hasgroups", "true"),
    ("hasgroups", "\"true\""),
    ("_claim_names", "{\"groups\":\"src1\"}"),
    ("_claim_names", "\"groups\""),
    ("scope", "\"openid profile\""),
    ("may_act", "{\"sub\":\"admin\"}"),
    ("jti", "\"t-2\""),
    ("jti", "\"a b\""),
    ("auth_time", "1799999000"),
    ("auth_time", "\"1799999000\""),
    ("acr", "\"urn:x\""),
    ("amr", "[\"pwd\"]"),
    ("ver", "\"2.0\""),
    ("https://claims.example/x", "{\"y\":[1,2,{\"z\":null}]}"),
    ("__proto__", "{\"sub\":\"admin\"}"),
    ("", "1"),
];
