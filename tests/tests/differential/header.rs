//! What can be wrong with a header, of a token or of a proof.

use crate::build::{Build, Damage, Members, quoted};

/// Everything.
pub(crate) fn damages() -> Vec<Damage> {
    let mut all = Vec::new();
    for name in ["alg", "kid", "typ"] {
        all.extend(of_any_member(name, |build| &mut build.header));
    }
    all.extend(texts("alg", &ALGORITHMS));
    all.extend(texts("typ", &TYPES));
    all.extend(texts("kid", &KIDS));
    all.push(Damage::new("a long kid", |build| build.header.put("kid", quoted(&"k".repeat(300)))));
    for (member, value) in MORE {
        all.push(Damage::new(format!("header with {member}"), move |build| {
            build.header.also(member, value);
        }));
    }
    all.push(Damage::new("b64 false, critical", |build| {
        build.header.also("b64", false);
        build.header.also("crit", r#"["b64"]"#);
    }));
    all.push(Damage::new("b64 true, critical", |build| {
        build.header.also("b64", true);
        build.header.also("crit", r#"["b64"]"#);
    }));
    all.push(Damage::new("the key in the header", |build| {
        let key = build.signer.public();
        build.header.put("jwk", key);
    }));
    all.push(Damage::new("a stranger with his key in the header", |build| {
        build.signer = build.others[build.others.len() - 1];
        let key = build.signer.public();
        build.header.put("jwk", key);
    }));
    all.push(Damage::new("a header that is deep", |build| {
        build.header.also("x", format!("{}{}", "[".repeat(200), "]".repeat(200)));
    }));
    all
}

/// What any member of an object may be besides what it should be.
pub(crate) fn of_any_member(
    name: &'static str,
    side: for<'b, 'k> fn(&'b mut Build<'k>) -> &'b mut Members,
) -> Vec<Damage> {
    let mut all = vec![Damage::new(format!("no {name}"), move |build| side(build).drop(name))];
    for value in VALUES {
        all.push(Damage::new(format!("{name} is {value}"), move |build| {
            side(build).put(name, value);
        }));
    }
    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 9] = [
        ("in a list", |value| format!("[{value}]")),
        ("in a list with others", |value| format!("[{value},\"x\",\"y\"]")),
        ("in an object", |value| format!("{{\"value\":{value}}}")),
        ("as a text", |value| quoted(value)),
        ("in capitals", str::to_ascii_uppercase),
        ("with a space behind", |value| format!("{} \"", value.trim_end_matches('"'))),
        ("with a slash behind", |value| format!("{}/\"", value.trim_end_matches('"'))),
        ("with a NUL behind", |value| format!("{}\\u0000\"", value.trim_end_matches('"'))),
        ("with a letter escaped", |value| value.replacen('e', "\\u0065", 1)),
    ];
    for (how, change) in changes {
        all.push(Damage::new(format!("{name} {how}"), move |build| {
            let members = side(build);
            let old = members.get(name).unwrap_or("\"x\"").to_owned();
            members.put(name, change(&old));
        }));
    }
    all.push(Damage::new(format!("{name} twice"), move |build| {
        let members = side(build);
        let old = members.get(name).unwrap_or("\"x\"").to_owned();
        members.also(name, old);
    }));
    all.push(Damage::new(format!("{name} twice, the first another"), move |build| {
        side(build).0.insert(0, (name.into(), "\"x\"".into()));
    }));
    all.push(Damage::new(format!("{name} twice, the last another"), move |build| {
        side(build).also(name, "\"x\"");
    }));
    all.push(Damage::new(format!("{name} twice, once escaped"), move |build| {
        let members = side(build);
        let old = members.get(name).unwrap_or("\"x\"").to_owned();
        let (first, rest) = name.split_at(1);
        members.also(&format!("\\u{:04x}{rest}", u32::from(first.as_bytes()[0])), old);
    }));
    all
}

fn texts(name: &'static str, texts: &'static [&'static str]) -> Vec<Damage> {
    let one = |text: &&'static str| {
        let text = *text;
        Damage::new(format!("{name} is `{text}`"), move |build| {
            build.header.put(name, quoted(text))
        })
    };
    texts.iter().map(one).collect()
}

/// What may stand where a text or a number should.
pub(crate) const VALUES: [&str; 17] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "1.5",
    "1e400",
    "9007199254740993",
    "\"\"",
    "\" \"",
    "\"x\"",
    "[]",
    "{}",
    "[null]",
    "{\"a\":{\"a\":1}}",
    "\"\\ud800\"",
];

const ALGORITHMS: [&str; 24] = [
    "none", "None", "nOnE", "NONE", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
    "PS384", "PS512", "ES256", "es256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448",
    "dir", "RSA-OAEP", "ES256 ",
];

const TYPES: [&str; 18] = [
    "JWT",
    "jwt",
    "at+jwt",
    "AT+JWT",
    "application/at+jwt",
    "Application/AT+JWT",
    "application/application/at+jwt",
    "text/at+jwt",
    "at+jwt;charset=utf-8",
    "id+jwt",
    "dpop+jwt",
    "secevent+jwt",
    "logout+jwt",
    "JOSE",
    "application/jwt",
    "at+JWT",
    "at jwt",
    "at+jwt\n",
];

const KIDS: [&str; 16] = [
    "unknown",
    "ES256",
    "RS256",
    "EdDSA",
    "ES384",
    "PS256",
    "es256",
    "../../dev/null",
    "/dev/null",
    "x' UNION SELECT 1",
    "|sleep 10",
    "ES256\n",
    "ES256\0",
    "é",
    "https://attacker.example/key",
    "0",
];

const MORE: [(&str, &str); 24] = [
    ("crit", "[]"),
    ("crit", "[\"exp\"]"),
    ("crit", "[\"b64\"]"),
    ("crit", "\"exp\""),
    ("crit", "null"),
    ("b64", "false"),
    ("b64", "true"),
    ("zip", "\"DEF\""),
    ("enc", "\"A128GCM\""),
    ("cty", "\"JWT\""),
    ("jku", "\"https://attacker.example/jwks\""),
    ("x5u", "\"https://169.254.169.254/\""),
    ("x5c", "[\"AA==\"]"),
    ("x5t", "\"AAAA\""),
    ("x5t#S256", "\"AAAA\""),
    ("jwk", "{}"),
    ("p2c", "1000000000"),
    ("iss", "\"https://login.example\""),
    ("url", "\"https://login.example\""),
    ("nonce", "\"n\""),
    ("foo", "1"),
    ("", "1"),
    ("__proto__", "{\"alg\":\"none\"}"),
    ("constructor", "1"),
];
