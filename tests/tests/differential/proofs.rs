//! Proofs of possession with a token that is bound to their key: good ones, each damage by itself, and
//! two at a time.

use serde_json::{Value, json};

use crate::{
    build::{Build, Damage, quoted},
    cases::{Case, Chance, body},
    form,
    header::{self, of_any_member},
    issuers::{NOW, Stand, URL},
    signer::{Signer, hash},
};

/// Everything, in the same order in every run.
pub(crate) fn all(stand: &Stand) -> Vec<Case> {
    let damages: Vec<Damage> =
        [header::damages(), claims(), keys(), form::damages()].into_iter().flatten().collect();
    let stranger = Signer::new("stranger", "ES256");
    let mut chance = Chance::new();
    let mut all = Vec::new();
    for algorithm in ["ES256", "EdDSA", "ES384", "PS256", "RS256"] {
        let agent = Signer::new("agent", algorithm);
        let (others, token) = ([&stranger], bound(stand, &agent));
        let good = || Build::new(&agent, &others, &head(&agent), &says(&token));
        let mut add = |what: &str, build: Build<'_>| {
            let (what, proof) = (format!("proof {algorithm}: {what}"), Some(build.text()));
            all.push(Case { what, issuer: 0, token: token.clone(), proof });
        };
        add("good", good());
        damages.iter().for_each(|damage| add(&damage.what, good().after(damage)));
        for _ in 0..PAIRS {
            let (one, two) = (chance.of(&damages), chance.of(&damages));
            add(&format!("{} and {}", one.what, two.what), good().after(one).after(two));
        }
    }
    all
}

fn head(agent: &Signer) -> Value {
    json!({"typ": "dpop+jwt", "alg": agent.algorithm, "jwk": agent.public()})
}

fn says(token: &str) -> Value {
    json!({
        "jti": "p-1", "htm": "POST", "htu": URL, "iat": NOW, "ath": hash(token.as_bytes()),
        "bdh": hash(b"{}"),
    })
}

/// A token of the first issuer, bound to the agent's key.
fn bound(stand: &Stand, agent: &Signer) -> String {
    let issuer = &stand.issuers[0];
    let key = &issuer.keys[0];
    let header = json!({"alg": key.algorithm, "kid": key.kid, "typ": issuer.kind()});
    let mut claims = body(issuer);
    claims["cnf"] = json!({"jkt": agent.thumbprint()});
    Build::new(key, &[], &header, &claims).text()
}

fn claims() -> Vec<Damage> {
    let names = ["jti", "htm", "htu", "iat", "ath", "bdh", "nonce", "exp", "nbf"];
    let mut all: Vec<Damage> =
        names.into_iter().flat_map(|name| of_any_member(name, |build| &mut build.claims)).collect();
    let mut put = |name: &'static str, value: String| {
        let what = format!("{name} is {}", value.chars().take(60).collect::<String>());
        all.push(Damage::new(what, move |build| build.claims.put(name, &value)));
    };
    for by in APART {
        put("iat", NOW.checked_add_signed(by).unwrap().to_string());
    }
    for url in URLS {
        put("htu", quoted(url));
    }
    for method in ["post", "GET", "POST ", "PUT", "ＰＯＳＴ"] {
        put("htm", quoted(method));
    }
    put("jti", quoted(&"j".repeat(128)));
    put("jti", quoted(&"j".repeat(129)));
    put("jti", quoted("j\n"));
    put("ath", quoted(&hash(b"")));
    put("bdh", quoted(&hash(b"{ }")));
    put("long", quoted(&"l".repeat(4_000)));
    all
}

/// What can be wrong with the key in the header.
fn keys() -> Vec<Damage> {
    let with = |name: &'static str, value: &'static str| {
        Damage::new(format!("jwk with {name} {value}"), move |build| {
            let mut key: Value = build.signer.public();
            key[name] = serde_json::from_str(value).unwrap();
            build.header.put("jwk", key);
        })
    };
    let mut all: Vec<Damage> = MEMBERS.iter().map(|(name, value)| with(name, value)).collect();
    for name in ["kty", "crv", "x", "y", "n", "e"] {
        all.push(Damage::new(format!("jwk without {name}"), move |build| {
            let mut key = build.signer.public();
            key.as_object_mut().unwrap().remove(name);
            build.header.put("jwk", key);
        }));
        for (what, change) in CHANGES {
            all.push(Damage::new(format!("jwk with {name} {what}"), move |build| {
                let mut key = build.signer.public();
                if let Some(Value::String(text)) = key.get_mut(name) {
                    *text = change(text);
                }
                build.header.put("jwk", key);
            }));
        }
    }
    all.push(Damage::new("the jwk of another", |build| {
        let key = build.others[0].public();
        build.header.put("jwk", key);
    }));
    all.push(Damage::new("all of another", |build| {
        build.signer = build.others[0];
        build.header.put("jwk", build.signer.public());
        build.header.put("alg", quoted(build.signer.algorithm));
    }));
    all
}

const PAIRS: usize = 150;

/// Seconds from now, around every bound.
const APART: [i64; 18] =
    [-3_600, -301, -300, -91, -90, -61, -60, -59, -1, 0, 1, 4, 5, 6, 30, 31, 300, 3_600];

const URLS: [&str; 40] = [
    "https://gw.example:443/v1/query",
    "HTTPS://GW.EXAMPLE/v1/query",
    "https://Gw.Example/v1/query",
    "https://gw.example/v1/%71uery",
    "https://gw.example/v1/%7equery",
    "https://gw.example/v1/./query",
    "https://gw.example/a/../v1/query",
    "https://gw.example/v1/query/../query",
    "https://gw.example/v1/%2e/query",
    "https://gw.example/v1/query?",
    "https://gw.example/v1/query?a=b",
    "https://gw.example/v1/query#",
    "https://gw.example/v1/query#f",
    "https://gw.example/v1/query/",
    "https://gw.example//v1/query",
    "https://gw.example/v1//query",
    "https://gw.example/V1/query",
    "https://gw.example/v1/QUERY",
    "http://gw.example/v1/query",
    "https://gw.example:80/v1/query",
    "https://gw.example:8443/v1/query",
    "https://gw.example./v1/query",
    "https://user@gw.example/v1/query",
    "https://user:pw@gw.example/v1/query",
    "https://@gw.example/v1/query",
    "https://gw.example.evil/v1/query",
    "https://other.example/v1/query",
    "https:gw.example/v1/query",
    "https:/gw.example/v1/query",
    "https:\\\\gw.example\\v1\\query",
    "//gw.example/v1/query",
    "/v1/query",
    "gw.example/v1/query",
    " https://gw.example/v1/query",
    "https://gw.example/v1/query ",
    "https://gw.example/v1/que\nry",
    "https://gw.example/v1/que\try",
    "https://gw。example/v1/query",
    "https://ｇｗ.example/v1/query",
    "https://gw%2eexample/v1/query",
];

const MEMBERS: [(&str, &str); 20] = [
    ("d", "\"AAAA\""),
    ("k", "\"AAAA\""),
    ("p", "\"AAAA\""),
    ("oth", "[]"),
    ("alg", "\"ES256\""),
    ("alg", "\"none\""),
    ("use", "\"sig\""),
    ("use", "\"enc\""),
    ("key_ops", "[\"verify\"]"),
    ("key_ops", "[\"sign\"]"),
    ("key_ops", "[]"),
    ("ext", "true"),
    ("kid", "\"k\""),
    ("kid", "1"),
    ("x5u", "\"https://attacker.example\""),
    ("x5c", "[\"AA==\"]"),
    ("foo", "1"),
    ("kty", "\"oct\""),
    ("kty", "\"ec\""),
    ("crv", "\"P-521\""),
];

type Change = fn(&str) -> String;

const CHANGES: [(&str, Change); 9] = [
    ("padded", |text| format!("{text}=")),
    ("longer", |text| format!("AAAA{text}")),
    ("shorter", |text| text.chars().skip(1).collect()),
    ("empty", |_| String::new()),
    ("quoted", |text| format!("\"{text}")),
    ("of the other alphabet", |text| format!("{}+", text.replace('-', "+").replace('_', "/"))),
    ("off the curve", |text| text.chars().rev().collect()),
    ("of zeros", |text| "A".repeat(text.len())),
    ("in capitals", |text| text.to_ascii_uppercase()),
];
