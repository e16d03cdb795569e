//! Attacks 15 to 17: headers that ask for something, texts that are no token, and sizes.

use std::iter::repeat_n;

use serde_json::{Value, json};

use crate::stand::{
    Stand,
    draft::{Draft, quoted, signed},
    proof::{bearer, bound, proof},
    signer::{KEYS, Signer, base64url, loosened},
    verdict::{judge, judge_unasked, judge_unasked_on, met, row, shown},
};

fn corp() -> Draft {
    Draft::corp(&KEYS.corp)
}

/// A token of any two texts.
fn compact(header: &str, claims: &str, key: &Signer) -> String {
    signed(&format!("{}.{}", base64url(header), base64url(claims)), key)
}

#[test]
fn attack_15_a_header_asks_for_nothing() {
    let mut rows = Vec::new();
    for members in [
        vec![("crit", json!(["exp"])), ("exp", json!(1))],
        vec![("crit", json!(["exp"]))],
        vec![("crit", json!([]))],
        vec![("crit", Value::Null)],
        vec![("crit", json!(["b64"])), ("b64", json!(false))],
        vec![("b64", json!(false))],
        vec![("b64", json!(true))],
        vec![("zip", json!("DEF"))],
        vec![("zip", json!("NONE"))],
        vec![("enc", json!("A256GCM"))],
        vec![("cty", json!("JWT"))],
        vec![("http://postern.example/why", json!(1))],
    ] {
        let put = |draft: Draft| {
            members.iter().fold(draft, |draft, (name, value)| draft.member(name, value))
        };
        rows.push(row(format!("{members:?}"), put(corp()).signed_by(&KEYS.corp), "form"));
        let ours = put(Draft::ours(&KEYS.ours, 0)).signed_by(&KEYS.ours);
        rows.push(row(format!("{members:?} of ours"), ours, "form"));
    }
    // With `b64` the claims would be signed as they are (RFC 7797, 3).
    let draft = corp().member("crit", r#"["b64"]"#).member("b64", "false");
    let plain = format!("{}.{}", base64url(draft.header()), draft.claims());
    rows.push(row("claims as they are", signed(&plain, &KEYS.corp), "form"));
    judge_unasked(rows);
}

/// The JSON with loose bits. White space is put behind it so that it ends in a letter that has some.
fn spelt_anew(json: &str) -> String {
    let spaces = 1 + (4 - json.len() % 3) % 3;
    loosened(&base64url(format!("{json}{}", " ".repeat(spaces))))
}

#[test]
fn attack_16_a_token_is_one_compact_jws_in_one_spelling() {
    let good = corp().signed_by(&KEYS.corp);
    let parts: Vec<&str> = good.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("three parts") };
    let flattened = json!({"protected": header, "payload": claims, "signature": signature});
    let general =
        json!({"payload": claims, "signatures": [{"protected": header, "signature": signature}]});
    let mut rows = vec![
        row("a JWE of five parts", format!("{header}.a.b.c.{signature}"), "form"),
        row("a JWE with nothing in it", format!("{header}...."), "form"),
        row("two parts", format!("{header}.{claims}"), "form"),
        row("one part", header.into(), "form"),
        row("four parts", format!("{good}.{signature}"), "form"),
        row("a dot behind it", format!("{good}."), "form"),
        row("a dot before it", format!(".{good}"), "form"),
        row("nothing", String::new(), "form"),
        row("two dots", "..".into(), "form"),
        row("JSON, flattened", flattened.to_string(), "form"),
        row("JSON, general", general.to_string(), "form"),
        row(
            "both JSON and compact",
            format!(r#"{{"a":".{claims}.","payload":"{claims}"}}"#),
            "form",
        ),
        row("JSON, then a token", format!("{{}}{good}"), "form"),
        row("a token, then JSON", format!("{good}{{}}"), "form"),
        row("a header that is a list", compact("[]", &corp().claims(), &KEYS.corp), "form"),
        row("claims that are a token", compact(&corp().header(), &good, &KEYS.corp), "form"),
        row(
            "claims, and more behind them",
            compact(&corp().header(), &format!("{}{{}}", corp().claims()), &KEYS.corp),
            "form",
        ),
        row(
            "no UTF-8",
            signed(&format!("{header}.{}", base64url(b"{\"a\":\"\xff\"}")), &KEYS.corp),
            "form",
        ),
        row("two tokens", format!("{good},{good}"), "form"),
        row(
            "loose bits in the header",
            signed(&format!("{}.{claims}", spelt_anew(&corp().header())), &KEYS.corp),
            "form",
        ),
        row(
            "loose bits in the claims",
            signed(&format!("{header}.{}", spelt_anew(&corp().claims())), &KEYS.corp),
            "form",
        ),
        row("a part of one letter", signed(&format!("{header}.{claims}A"), &KEYS.corp), "form"),
    ];
    for (what, text) in [
        ("a space", " "),
        ("a newline", "\n"),
        ("CR LF", "\r\n"),
        ("a tab", "\t"),
        ("=", "="),
        ("==", "=="),
        ("+", "+"),
        ("/", "/"),
        ("?", "?"),
        ("%", "%"),
        ("NUL", "\0"),
        ("~", "~"),
        ("a quote", "\""),
        ("a letter beyond ASCII", "\u{e9}"),
        ("a zero-width space", "\u{200b}"),
    ] {
        rows.push(row(format!("{what} behind it"), format!("{good}{text}"), "form"));
        rows.push(row(format!("{what} before it"), format!("{text}{good}"), "form"));
        let within = format!("{header}.{claims}{text}.{signature}");
        rows.push(row(format!("{what} within it"), within, "form"));
    }
    judge_unasked(rows);
}

/// The signature is a part of the token as well: that it has two spellings shows without any key.
#[test]
fn attack_16_a_signature_in_another_spelling_costs_nothing_either() {
    let good = corp().signed_by(&KEYS.corp);
    judge_unasked(vec![
        row("loose bits in the signature", loosened(&good), "form"),
        row("a signature of one letter more", format!("{good}AAA"), "form"),
    ]);
}

#[test]
fn attack_16_no_spelling_of_a_signature_but_one_is_accepted() {
    let good = corp().signed_by(&KEYS.corp);
    let stand = Stand::new();
    let met = |token: &str| met(&stand.believe(&bearer(token)));
    assert_eq!(met(&good), "alice@corp");
    assert_ne!(met(&loosened(&good)), "alice@corp");
}

/// A JSON object in an object, so many times.
fn nested(name: &str, times: usize) -> String {
    let open = format!("{{\"{name}\":");
    let text: String = repeat_n(open.as_str(), times).chain(["1"]).collect();
    text + &"}".repeat(times)
}

/// That memory is bounded is shown by where it is refused: what is longer than 8 KiB is not even
/// decoded, and what is within is read to a fixed depth, on a stack of 128 KiB here.
#[test]
fn attack_17_a_token_has_its_bounds() {
    let corp = |name: &str, value: &str| corp().claim(name, value).signed_by(&KEYS.corp);
    let long = move |bytes: usize| corp("x", &quoted(&"x".repeat(bytes)));
    let claims: Vec<String> = (0..500).map(|n| format!("\"c{n}\":1")).collect();
    let claims = format!("{{\"iss\":\"https://login.example\",{}}}", claims.join(","));
    let open = r#"{"a":"#.repeat(1_000_000);
    let small = std::thread::Builder::new().stack_size(128 * 1024);
    let judged = small.spawn(move || {
        let header = Draft::corp(&KEYS.corp).header();
        judge_unasked(vec![
            row("9 KiB", long(9 * 1024 * 3 / 4), "form"),
            row("64 KiB", long(64 * 1024), "form"),
            row("a byte more than 8 KiB", "a".repeat(8 * 1024 + 1), "form"),
            row("1 MiB of dots", ".".repeat(1 << 20), "form"),
            row("500 claims", compact(&header, &claims, &KEYS.corp), "form"),
            row("act 200 deep", corp("act", &nested("act", 200)), "form"),
            row("act 25 deep", corp("act", &nested("act", 25)), "form"),
            row("a header 700 deep", compact(&nested("a", 700), "{}", &KEYS.corp), "form"),
            row(
                "lists 1,000 deep",
                corp("a", &format!("{}{}", "[".repeat(1000), "]".repeat(1000))),
                "form",
            ),
            row("a million objects never closed", compact(&header, &open, &KEYS.corp), "form"),
            row(
                "a thousand never closed",
                compact(&header, &r#"{"a":"#.repeat(1000), &KEYS.corp),
                "form",
            ),
            row("the same as header", compact(&open, "{}", &KEYS.corp), "form"),
        ]);
    });
    judged.unwrap().join().unwrap();
    let many = self::corp().claim("groups", json!(vec!["g"; 1000])).signed_by(&KEYS.corp);
    assert!(many.len() <= 8 * 1024, "they have to get as far as being counted");
    judge(vec![row("1,000 groups", many, "claim groups")]);
}

/// A proof has its bounds as well.
#[test]
fn attack_17_a_proof_has_its_bounds() {
    let token = Draft::ours_bound(&KEYS.ours, 0, &KEYS.agent).signed_by(&KEYS.ours);
    let with = |name: &str, value: Value| {
        let made = proof(&KEYS.agent, &token).claim(name, value).signed_by(&KEYS.agent);
        bound(&token, made)
    };
    let deep: Value = serde_json::from_str(&nested("a", 50)).unwrap();
    judge_unasked_on(
        Stand::new,
        vec![
            shown("5 KiB", with("x", json!("x".repeat(4000))), "proof form"),
            shown("1 MiB", with("x", json!("x".repeat(1 << 20))), "proof form"),
            shown("50 deep", with("x", deep), "proof form"),
            shown("a jti of 129 bytes", with("jti", json!("j".repeat(129))), "proof claim"),
            shown("as it should be", with("x", json!("x")), "alice@corp"),
        ],
    );
}
