//! Well signed tokens whose claims are not to be believed.

use super::{
    draft::{Draft, compact, loosened, quoted},
    refused::{CLAIMS, MANY, Row, all_are_refused, row},
    signer::{KEYS, base64url},
    stand::NOW,
};

fn good() -> Draft {
    Draft::corp(&KEYS.es256)
}

fn signed(draft: &Draft) -> String {
    draft.signed_by(&KEYS.es256)
}

/// One changed claim.
fn changed(claim: &str, value: &str, meets: &str) -> Row {
    row(format!("{claim} = {value}"), signed(&good().claim(claim, value)), meets)
}

const KNOWN: [&str; 9] = ["iss", "aud", "sub", "client_id", "jti", "iat", "nbf", "exp", "groups"];

#[test]
fn a_claim_of_another_kind_than_its_own_is_refused() {
    let mut rows = Vec::new();
    for claim in KNOWN {
        for value in
            ["null", "true", "false", "1.5", "-1", "1e300", "{}", r#"{"a":1}"#, "[1]", "[[]]"]
        {
            rows.push(changed(claim, value, &format!("claim {claim}")));
        }
    }
    for claim in ["iss", "sub", "client_id", "jti", "iat", "nbf", "exp"] {
        rows.push(changed(claim, "[]", &format!("claim {claim}")));
        rows.push(changed(claim, r#"["alice"]"#, &format!("claim {claim}")));
    }
    for claim in ["iss", "sub", "client_id", "jti", "groups", "aud"] {
        rows.push(changed(claim, "1800000000", &format!("claim {claim}")));
    }
    all_are_refused(rows);
}

#[test]
fn a_claim_that_must_be_there_is_missed() {
    let needed = ["iss", "aud", "sub", "iat", "exp"];
    let row = |claim| row(claim, signed(&good().no_claim(claim)), &format!("claim {claim}"));
    all_are_refused(needed.map(row).into());
}

#[test]
fn a_claim_that_stands_twice_is_refused_in_any_spelling() {
    let mut rows = Vec::new();
    for claim in KNOWN {
        let value = good().value(claim);
        rows.push(row(claim, signed(&good().also_claim(claim, &value)), CLAIMS));
        let escaped = escaped(claim);
        rows.push(row(&escaped, signed(&good().also_claim(&escaped, &value)), CLAIMS));
    }
    for nested in [r#"{"sub":"a","sub":"b"}"#, r#"{"act":{"sub":"a","\u0073ub":"b"}}"#] {
        rows.push(row(nested, signed(&good().claim("act", nested)), CLAIMS));
    }
    all_are_refused(rows);
}

fn escaped(name: &str) -> String {
    name.bytes().map(|byte| format!("\\u{byte:04x}")).collect()
}

#[test]
fn a_moment_is_a_whole_number_in_plain_digits() {
    let mut rows = Vec::new();
    for claim in ["exp", "iat", "nbf"] {
        for value in [
            "\"1800000000\"",
            "1800000000.0",
            "1.8e9",
            "18e8",
            "-0",
            "0.0",
            "9007199254740992",
            "9223372036854775808",
            "18446744073709551615",
            "18446744073709551616",
            "-1800000000",
        ] {
            rows.push(changed(claim, value, &format!("claim {claim}")));
        }
        for value in
            ["01800000000", "+1800000000", "0x6b49d200", "1_800_000_000", "NaN", "Infinity"]
        {
            rows.push(changed(claim, value, CLAIMS));
        }
    }
    all_are_refused(rows);
}

#[test]
fn a_token_is_believed_in_its_time_and_not_around_it() {
    let timed = |iat: u64, nbf: u64, exp: u64| {
        signed(&good().claim("iat", iat).claim("nbf", nbf).claim("exp", exp))
    };
    all_are_refused(vec![
        row("over since the leeway", timed(NOW - 60, NOW - 60, NOW - 30), "expired"),
        row("over for long", timed(NOW - 4000, NOW - 4000, NOW - 3000), "expired"),
        row("over since 1970", timed(0, 0, 0), "expired"),
        row("not issued yet", timed(NOW + 31, NOW, NOW + 600), "early iat"),
        row("issued next year", timed(NOW + 31_536_000, NOW, NOW + 31_536_600), "early iat"),
        row("not begun yet", timed(NOW, NOW + 31, NOW + 600), "early nbf"),
        row("too long by a second", timed(NOW, NOW, NOW + 3601), "lifetime"),
        row("too long by ten years", timed(NOW, NOW, NOW + 315_360_000), "lifetime"),
        row("as long as numbers go", timed(NOW, NOW, (1 << 53) - 1), "lifetime"),
        row("over before it was issued", timed(NOW + 10, NOW, NOW + 9), "claim exp"),
    ]);
}

#[test]
fn an_audience_is_ours_by_exact_bytes() {
    let ours = "https://postern.example/v1";
    let mut rows = Vec::new();
    for other in [
        "",
        "*",
        "https://postern.example/v1/",
        "https://postern.example/v",
        "https://postern.example/v1.evil.example",
        "https://postern.example/V1",
        "HTTPS://postern.example/v1",
        "https://postern.example:443/v1",
        "https://postern.example/v1 ",
        " https://postern.example/v1",
        "https://postern.example/v1#",
        "https://p\u{43e}stern.example/v1",
    ] {
        rows.push(changed("aud", &quoted(other), "audience"));
        rows.push(changed("aud", &format!("[{}]", quoted(other)), "audience"));
    }
    rows.push(changed("aud", "[]", "audience"));
    let ours = quoted(ours);
    for value in [
        format!("[{ours},1]"),
        format!("[null,{ours}]"),
        format!("[[{ours}]]"),
        format!("{{\"0\":{ours}}}"),
        format!("[{}]", [ours.as_str(); 9].join(",")),
    ] {
        rows.push(changed("aud", &value, "claim aud"));
    }
    all_are_refused(rows);
}

#[test]
fn an_audience_is_ours_alone_where_the_entry_says_so() {
    let plant =
        |audience: &str| Draft::plant(&KEYS.plant).claim("aud", audience).signed_by(&KEYS.plant);
    let with_the_cluster = r#"["https://postern.example/v1","https://kubernetes.default.svc"]"#;
    all_are_refused(vec![
        row("ours and another", plant(with_the_cluster), "audience alone"),
        row("only another", plant(r#"["https://kubernetes.default.svc"]"#), "audience"),
    ]);
}

#[test]
fn an_issuer_is_known_by_exact_bytes() {
    let rows = [
        "",
        "https://login.example/",
        "https://LOGIN.example",
        "HTTPS://login.example",
        "http://login.example",
        "https://login.example ",
        "https://login.example\u{0}",
        "https://login.example.evil",
        "https://evil.example",
        "login.example",
        "corp",
        "https://l\u{43e}gin.example",
    ];
    all_are_refused(rows.map(|text| changed("iss", &quoted(text), "issuer")).into());
}

#[test]
fn a_name_looks_like_the_bytes_it_is() {
    let mut rows = Vec::new();
    for claim in ["sub", "client_id", "jti"] {
        for text in ["", " alice", "alice ", "al\0ice", "al\u{200b}ice", "\u{202e}alice", "a\nb"] {
            rows.push(changed(claim, &quoted(text), &format!("claim {claim}")));
        }
        rows.push(changed(claim, &quoted(&"x".repeat(256)), &format!("claim {claim}")));
        rows.push(changed(claim, r#""\ud800""#, CLAIMS));
    }
    all_are_refused(rows);
}

#[test]
fn another_kind_of_token_is_no_access_token() {
    let mut rows = Vec::new();
    for claim in ["at_hash", "c_hash", "events", "nonce", "s_hash"] {
        rows.push(changed(claim, "\"x\"", &format!("kind {claim}")));
        rows.push(changed(claim, "null", &format!("kind {claim}")));
    }
    for value in [r#""id""#, r#""Access""#, "null", r#"["access"]"#, "1"] {
        rows.push(changed("token_use", value, "kind token_use"));
    }
    all_are_refused(rows);
}

#[test]
fn a_token_that_is_bound_to_a_key_is_not_taken_from_a_bearer() {
    let jkt = r#""jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I""#;
    let cert = r#""x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2""#;
    all_are_refused(vec![
        changed("cnf", &format!("{{{jkt}}}"), "bound"),
        changed("cnf", &format!("{{{cert}}}"), "bound"),
        changed("cnf", &format!("{{{jkt},{cert}}}"), "bound"),
    ]);
}

#[test]
fn a_binding_that_cannot_be_proven_is_refused() {
    let jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    let members = [
        r#"{"jkt":""}"#.to_owned(),
        r#"{"jkt":null}"#.to_owned(),
        format!(r#"{{"jkt":["{jkt}"]}}"#),
        format!(r#"{{"jkt":"{jkt}="}}"#),
        format!(r#"{{"jkt":"{jkt}A"}}"#),
        format!(r#"{{"jkt":"{}"}}"#, jkt.replace("A4I", "A4J")),
        format!(r#"{{"jkt":"{}"}}"#, jkt.replace('-', "+")),
        format!(r#"{{"jkt":"{}"}}"#, jkt.replace("A4I", "A4")),
        format!(r#"{{"jkt":"{jkt}","kid":"one"}}"#),
        r#"{"jwk":{"kty":"EC"}}"#.to_owned(),
        r#"{"jku":"https://evil.example"}"#.to_owned(),
        r#"{"x5t#s256":"x"}"#.to_owned(),
    ];
    let plain = ["{}", "[]", "null", "\"\"", "false"].map(str::to_owned);
    let rows = members.iter().chain(&plain).map(|value| changed("cnf", value, "claim cnf"));
    all_are_refused(rows.collect());
}

#[test]
fn an_actor_is_an_object_of_texts_and_objects() {
    let mut rows = Vec::new();
    for value in [
        "null",
        "\"agent\"",
        "[]",
        r#"[{"sub":"agent"}]"#,
        "true",
        "1",
        r#"{"sub":1}"#,
        r#"{"sub":null}"#,
        r#"{"sub":["agent"]}"#,
        r#"{"sub":"agent","exp":1}"#,
        r#"{"sub":{}}"#,
        r#"{"sub":""}"#,
        r#"{"sub":"a\u200bb"}"#,
        r#"{"iss":{},"sub":"agent"}"#,
    ] {
        rows.push(changed("act", value, "claim act"));
    }
    all_are_refused(rows);
}

#[test]
fn when_and_how_somebody_logged_in_is_a_number_and_a_text() {
    let mut rows = Vec::new();
    for value in ["\"1800000000\"", "1.5", "-1", "null"] {
        rows.push(changed("auth_time", value, "claim auth_time"));
    }
    for value in ["1", "null", "\"\"", "[]"] {
        rows.push(changed("acr", value, "claim acr"));
    }
    all_are_refused(rows);
}

#[test]
fn groups_are_a_list_of_texts() {
    let many = format!("[{}]", vec!["\"g\""; 257].join(","));
    let rows = [
        changed("groups", "\"7f3c-admins\"", "claim groups"),
        changed("groups", "\"7f3c-analysts 7f3c-admins\"", "claim groups"),
        changed("groups", r#"[{"id":"7f3c-admins"}]"#, "claim groups"),
        changed("groups", r#"["7f3c-admins",null]"#, "claim groups"),
        changed("groups", r#"{"7f3c-admins":true}"#, "claim groups"),
        changed("hasgroups", "\"true\"", "claim hasgroups"),
        changed("hasgroups", "1", "claim hasgroups"),
        changed("_claim_names", "\"groups\"", "claim _claim_names"),
        changed("_claim_names", "[\"groups\"]", "claim _claim_names"),
        row("257 groups", signed(&good().claim("groups", many)), "claim groups"),
    ];
    all_are_refused(rows.into());
}

#[test]
fn claims_are_one_strict_json_object_within_bounds() {
    let key = &KEYS.es256;
    let (header, claims) = (good().header(), good().claims());
    let many = (0..60).fold(good(), |draft, n| draft.claim(&format!("c{n}"), n));
    let deep = "{\"a\":".repeat(24) + "1" + &"}".repeat(24);
    let text = |text: &str| compact(&header, text, key);
    let loose = format!("{}.{}", base64url(&header), loosened(&claims));
    all_are_refused(vec![
        row("65 claims and more", signed(&many), MANY),
        row("25 deep", signed(&good().claim("act", deep)), CLAIMS),
        row("nothing", text(""), CLAIMS),
        row("a list", text(&format!("[{claims}]")), CLAIMS),
        row("a text", text(&quoted(&claims)), CLAIMS),
        row("a number", text("1"), CLAIMS),
        row("null", text("null"), CLAIMS),
        row("a comma too many", text(&claims.replace('}', ",}")), CLAIMS),
        row("a comment", text(&claims.replace('}', "/**/}")), CLAIMS),
        row("quoted otherwise", text(&claims.replace('"', "'")), CLAIMS),
        row("something behind", text(&format!("{claims}{claims}")), CLAIMS),
        row("a byte order mark", text(&format!("\u{feff}{claims}")), CLAIMS),
        row("a NUL behind", text(&format!("{claims}\0")), CLAIMS),
        row("another token", text(&signed(&good())), CLAIMS),
        row("not UTF-8", compact(&header, b"{\"iss\":\"\xff\"}", key), CLAIMS),
        row(
            "UTF-16",
            compact(
                &header,
                claims.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
                key,
            ),
            CLAIMS,
        ),
        row("loose bits", format!("{loose}.{}", base64url(key.sign(&loose))), CLAIMS),
    ]);
}
