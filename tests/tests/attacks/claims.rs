//! Attacks 8 to 14 and 18: what a well signed token says.

use identity::Own;
use serde_json::{Value, json};

use crate::stand::{
    GATEWAY, ISSUERS, NOW, OURS, Stand, TOKENS,
    alarms::heard,
    draft::{Draft, acting, node, quoted, signed},
    proof::{bearer, proof},
    signer::{KEYS, base64url, set_of},
    verdict::{Row, judge, judge_on, judge_unasked, judge_unasked_on, met, row, short},
    wait,
};

fn corp() -> Draft {
    Draft::corp(&KEYS.corp)
}

/// A token of `corp` with this claim as JSON.
fn claiming(name: &str, value: impl ToString) -> String {
    corp().claim(name, value).signed_by(&KEYS.corp)
}

fn plant(name: &str, value: impl ToString) -> String {
    Draft::plant(&KEYS.plant).claim(name, value).signed_by(&KEYS.plant)
}

fn ours(name: &str, value: impl ToString) -> String {
    Draft::ours(&KEYS.ours, 0).claim(name, value).signed_by(&KEYS.ours)
}

#[test]
fn attack_08_an_issuer_is_one_text_to_the_byte() {
    let entra = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0";
    let issuers = format!(
        "{ISSUERS}\n[issuers.entra]\nprofile = \"entra\"\nissuer = \"{entra}\"\n\
         tenant = \"7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10\"\n\
         jwks_uri = \"https://keys.example/jwks\"\naudience = [\"{OURS}\"]\n"
    );
    let mut rows = vec![
        row("a list", claiming("iss", json!(["https://login.example"])), "claim iss"),
        row(
            "a list with others",
            claiming("iss", json!(["x", "https://login.example"])),
            "claim iss",
        ),
        row("a number", claiming("iss", 7), "claim iss"),
        row("null", claiming("iss", "null"), "claim iss"),
        row("an object", claiming("iss", json!({"iss": "https://login.example"})), "claim iss"),
        row("missing", corp().no_claim("iss").signed_by(&KEYS.corp), "claim iss"),
    ];
    for name in [
        "https://login.example/",
        "https://LOGIN.example",
        "HTTPS://login.example",
        "https://login.example:443",
        "http://login.example",
        "https://login.example.",
        "https://login.example.evil",
        " https://login.example",
        "https://l\u{43e}gin.example",
        "login.example",
        "",
        &format!("{entra}/"),
        &entra.replace("login.", "LOGIN."),
        &entra.replace("v2.0", "v1.0"),
        &entra.replace("7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10", "{tid}"),
        "https://login.microsoftonline.com/{tid}/v2.0/",
        "https://login.microsoftonline.com/common/v2.0",
        &format!("{GATEWAY}/"),
        "https://GW.example",
    ] {
        rows.push(row(format!("{name:?}"), claiming("iss", quoted(name)), "issuer"));
    }
    judge_unasked_on(|| Stand::with(&issuers), rows);
}

#[test]
fn attack_09_an_audience_is_ours_to_the_byte_and_ours_alone_where_that_is_wanted() {
    let others = json!([OURS, "https://other.example"]);
    let mut rows = vec![
        row("missing", corp().no_claim("aud").signed_by(&KEYS.corp), "claim aud"),
        row("null", claiming("aud", "null"), "claim aud"),
        row("an object", claiming("aud", json!({(OURS): true})), "claim aud"),
        row("a number", claiming("aud", 1), "claim aud"),
        row("a list with a number", claiming("aud", json!([OURS, 1])), "claim aud"),
        row("a list in a list", claiming("aud", json!([[OURS]])), "claim aud"),
        row("an empty list", claiming("aud", "[]"), "audience"),
        row("an empty text", claiming("aud", "\"\""), "audience"),
        row("nine of them", claiming("aud", json!(vec![OURS; 9])), "claim aud"),
        row("others too, for us alone", plant("aud", &others), "audience alone"),
        row("us behind others, for us alone", plant("aud", json!(["x", OURS])), "audience alone"),
        row("others too, where that is allowed", claiming("aud", &others), "alice@corp"),
        row("us alone in a list", plant("aud", json!([OURS])), "press-7@plant"),
    ];
    for name in [
        GATEWAY,
        "https://gw.example.evil",
        "https://gw.example.evil/v1",
        "https://gw.example/v1/",
        "https://gw.example/v1/query",
        "https://gw.example/v1?",
        "https://gw.example/v",
        "https://gw.example/V1",
        "https://GW.example/v1",
        "http://gw.example/v1",
        "https://gw.example:443/v1",
        "https://evil.example/https://gw.example/v1",
        " https://gw.example/v1",
        "*",
    ] {
        rows.push(row(format!("{name:?}"), claiming("aud", quoted(name)), "audience"));
        let wants = if name.starts_with(' ') { "claim aud" } else { "audience alone" };
        rows.push(row(format!("{name:?} of ours"), ours("aud", quoted(name)), wants));
    }
    for (what, value) in [("a list", json!([OURS])), ("others too", others)] {
        rows.push(row(format!("{what}, of ours"), ours("aud", value), "claim aud"));
    }
    let without = Draft::ours(&KEYS.ours, 0).no_claim("aud").signed_by(&KEYS.ours);
    rows.push(row("missing, of ours", without, "claim aud"));
    judge(rows);
}

/// Tokens of other kinds than access tokens, each signed by whom it should be.
fn other_kinds() -> Vec<Row> {
    let typed = |kind: &str| corp().member("typ", quoted(kind)).signed_by(&KEYS.corp);
    let of_ours =
        |kind: &str| Draft::ours(&KEYS.ours, 0).member("typ", quoted(kind)).signed_by(&KEYS.ours);
    let mut rows = Vec::new();
    for (what, kind) in [
        ("an ID token", "JWT"),
        ("a logout token", "logout+jwt"),
        ("a security event", "secevent+jwt"),
        ("a spawn ticket as a token", "spawn-ticket+jwt"),
        ("an approval", "approval+jwt"),
        ("a checkpoint", "checkpoint+jwt"),
        ("a proof", "dpop+jwt"),
        ("a transaction token", "txntoken+jwt"),
        ("an answer of introspection", "token-introspection+jwt"),
        ("a workload's token", "wit+jwt"),
        ("an authorization request", "oauth-authz-req+jwt"),
    ] {
        rows.push(row(format!("{what} of corp"), typed(kind), "type"));
        rows.push(row(format!("{what} of ours"), of_ours(kind), "type"));
    }
    let untyped = |draft: Draft| draft.no_member("typ");
    rows.push(row("no type, of corp", untyped(corp()).signed_by(&KEYS.corp), "type"));
    let ours = untyped(Draft::ours(&KEYS.ours, 0)).signed_by(&KEYS.ours);
    rows.push(row("no type, of ours", ours, "type"));
    rows
}

#[test]
fn attack_10_a_token_of_another_kind_is_no_access_token() {
    let mut rows = other_kinds();
    // An issuer that types none of its tokens: what they say gives them away.
    let logout = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    for (what, claim, value, wants) in [
        ("an ID token by its nonce", "nonce", json!("n-1"), "kind nonce"),
        ("an ID token by its at_hash", "at_hash", json!("h"), "kind at_hash"),
        ("an ID token by its c_hash", "c_hash", json!("h"), "kind c_hash"),
        ("an ID token by its use", "token_use", json!("id"), "kind token_use"),
        ("an ID token by its audience", "aud", json!("line-2"), "audience"),
        ("a logout token", "events", logout, "kind events"),
        ("a security event", "events", json!({"x": {}}), "kind events"),
    ] {
        rows.push(row(format!("{what}, untyped"), plant(claim, value), wants));
    }
    let ticket = format!("st.{}.{}.{}", node(0), node(1), base64url([7; 32]));
    rows.push(row("a spawn ticket", ticket, "form"));
    let shown = proof(&KEYS.agent, "x").signed_by(&KEYS.agent);
    rows.push(row("a proof of possession", shown, "form"));
    judge(rows);
}

/// The same at the other door: what is exchanged is an access token as well.
#[test]
fn attack_10_a_token_of_another_kind_is_not_exchanged_either() {
    let stand = Stand::new();
    let shown = proof(&KEYS.agent, "x").claim("htu", format!("{GATEWAY}/token"));
    let over = request::Over { method: "POST".into(), path: "/token".into(), body: None };
    let shown = request::Proof::new(shown.signed_by(&KEYS.agent));
    let proven = wait(identity::prove(&shown, &over, &stand.verifier)).unwrap();
    for row in other_kinds() {
        let token = request::Bearer::new(row.token().to_owned());
        let met = wait(identity::subject(&token, &proven, &stand.verifier));
        assert_eq!(met.err().map(|error| short(&error)).as_deref(), Some("type"));
    }
}

#[test]
fn attack_11_a_token_of_another_deployment_or_audience_of_ours_is_nothing_here() {
    let elsewhere = Draft::ours(&KEYS.ours, 0).claim("iss", "\"https://gw.azure.example\"");
    let rows = vec![
        row("the other cloud's, by its key", elsewhere.signed_by(&KEYS.stranger), "issuer"),
        row("the other cloud's, by our key", elsewhere.signed_by(&KEYS.ours), "issuer"),
        row(
            "our issuer, the other cloud's key",
            Draft::ours(&KEYS.ours, 0).signed_by(&KEYS.stranger),
            "signature",
        ),
        row(
            "our issuer, a key id of the other",
            Draft::ours(&KEYS.ours_before, 0).signed_by(&KEYS.ours_before),
            "signature",
        ),
        row(
            "for the other cloud",
            ours("aud", "\"https://gw.azure.example/v1\""),
            "audience alone",
        ),
        row("for MCP", ours("aud", "\"https://gw.example/mcp\""), "audience alone"),
        row(
            "for the token endpoint",
            ours("aud", "\"https://gw.example/token\""),
            "audience alone",
        ),
    ];
    judge_unasked(rows);
}

#[test]
fn attack_12_a_token_ends_at_a_whole_second_and_soon() {
    let mut rows = Vec::new();
    for (what, value) in [
        ("a text", "\"1800000030\""),
        ("a float", "1800000030.5"),
        ("a float without a rest", "1800000030.0"),
        ("negative", "-1"),
        ("1e30", "1e30"),
        ("1.8e9", "1.8e9"),
        ("2^53", "9007199254740992"),
        ("2^63", "9223372036854775808"),
        ("2^64", "18446744073709551616"),
        ("null", "null"),
        ("true", "true"),
        ("a list", "[1800000030]"),
    ] {
        rows.push(row(what, claiming("exp", value), "claim exp"));
        rows.push(row(format!("{what}, ours"), ours("exp", value), "claim exp"));
    }
    let without = corp().no_claim("exp").signed_by(&KEYS.corp);
    rows.push(row("missing", without, "claim exp"));
    let without = Draft::ours(&KEYS.ours, 0).no_claim("exp").signed_by(&KEYS.ours);
    rows.push(row("missing, ours", without, "claim exp"));
    let years = NOW + 10 * 365 * 24 * 3600;
    rows.push(row("ten years", claiming("exp", years), "lifetime"));
    rows.push(row("ten years, ours", ours("exp", years), "claim exp"));
    rows.push(row("before it was issued", claiming("exp", NOW - 11), "claim exp"));
    judge(rows);
}

#[test]
fn attack_13_a_token_is_good_within_its_time_and_the_leeway_of_its_issuer() {
    let until = |s: u64| {
        let draft = corp().claim("iat", NOW - 600).claim("nbf", NOW - 600).claim("exp", s);
        draft.signed_by(&KEYS.corp)
    };
    let ours_until = |s: u64| {
        let draft = Draft::ours(&KEYS.ours, 0).claim("iat", NOW - 50).claim("nbf", NOW - 50);
        draft.claim("exp", s).signed_by(&KEYS.ours)
    };
    let later =
        |draft: Draft, name: &str, s: u64| draft.claim(name, NOW + s).claim("exp", NOW + s + 30);
    let corp_later = |name: &str, s: u64| later(corp(), name, s).signed_by(&KEYS.corp);
    let ours_later = |name: &str, s: u64| {
        let draft = later(Draft::ours(&KEYS.ours, 0), name, s);
        // A leaf that lives for an hour would be refused for that.
        draft.claim("exp", NOW + 60).signed_by(&KEYS.ours)
    };
    let without = |draft: Draft, key| draft.no_claim("iat").signed_by(key);
    judge(vec![
        row("nbf an hour ahead", corp_later("nbf", 3600), "early nbf"),
        row("iat an hour ahead", corp_later("iat", 3600), "early iat"),
        row("nbf 31 s ahead", corp_later("nbf", 31), "early nbf"),
        row("nbf 30 s ahead", corp_later("nbf", 30), "alice@corp"),
        row("nbf an hour ahead, ours", ours_later("nbf", 3600), "early nbf"),
        row("iat an hour ahead, ours", ours_later("iat", 3600), "early iat"),
        row("iat 6 s ahead, ours", ours_later("iat", 6), "early iat"),
        row("iat missing", without(corp(), &KEYS.corp), "claim iat"),
        row("iat missing, ours", without(Draft::ours(&KEYS.ours, 0), &KEYS.ours), "claim iat"),
        row("expired 31 s ago", until(NOW - 31), "expired"),
        row("expired 29 s ago", until(NOW - 29), "alice@corp"),
        row("expired 6 s ago, ours", ours_until(NOW - 6), "expired"),
        row("expired 4 s ago, ours", ours_until(NOW - 4), "alice@corp"),
    ]);
}

#[test]
fn attack_14_what_is_said_twice_is_not_said() {
    let corp = |draft: Draft| draft.signed_by(&KEYS.corp);
    let mut rows = Vec::new();
    for (name, value) in [
        ("sub", "\"bob\""),
        ("s\\u0075b", "\"bob\""),
        ("groups", "[\"admin\"]"),
        ("\\u0067roups", "[\"admin\"]"),
        ("iss", "\"https://login.example\""),
        ("aud", "\"https://gw.example/v1\""),
        ("\\u0065xp", "1"),
    ] {
        rows.push(row(
            format!("{name} of corp"),
            corp(self::corp().also_claim(name, value)),
            "form",
        ));
        let ours = Draft::ours(&KEYS.ours, 0).also_claim(name, value).signed_by(&KEYS.ours);
        rows.push(row(format!("{name} of ours"), ours, "form"));
    }
    let entry = r#"[{"type":"postgres"}]"#;
    for name in ["authorization_details", "authorization_detail\\u0073"] {
        let twice = self::corp().claim("authorization_details", entry).also_claim(name, entry);
        rows.push(row(format!("{name} of corp"), corp(twice), "form"));
        let ours = Draft::ours(&KEYS.ours, 0).also_claim(name, entry).signed_by(&KEYS.ours);
        rows.push(row(format!("{name} of ours"), ours, "form"));
    }
    for (what, act) in [
        ("within act", r#"{"sub":"a","sub":"b"}"#),
        ("within act, escaped", r#"{"sub":"a","\u0073ub":"b"}"#),
        ("within the inner act", r#"{"sub":"a","act":{"sub":"b","sub":"c"}}"#),
        ("two inner acts", r#"{"sub":"a","act":{"sub":"b"},"act":{"sub":"c"}}"#),
        ("in a list within act", r#"{"sub":"a","x":[{"y":1,"y":1}]}"#),
    ] {
        rows.push(row(what, claiming("act", act), "form"));
        rows.push(row(format!("{what}, ours"), ours("act", act), "form"));
    }
    let rights = r#"[{"type":"postgres","actions":["select"],"actions":["ddl"]}]"#;
    rows.push(row("within a right, ours", ours("authorization_details", rights), "form"));
    for (name, value) in [("alg", "\"none\""), ("\\u0061lg", "\"ES256\""), ("kid", "\"two\"")] {
        let twice = corp(self::corp().also_member(name, value));
        rows.push(row(format!("{name} in the header"), twice, "form"));
    }
    judge_unasked(rows);
}

/// Our token at depth 2 with its claims changed before it was signed.
fn odd(change: impl FnOnce(&mut Value)) -> String {
    let draft = Draft::ours(&KEYS.ours, 2);
    let mut claims: Value = serde_json::from_str(&draft.claims()).unwrap();
    change(&mut claims);
    signed(&format!("{}.{}", base64url(draft.header()), base64url(claims.to_string())), &KEYS.ours)
}

#[test]
fn attack_18_a_token_that_we_would_not_write_is_refused_and_told_loudly() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change); 15] = [
        ("an act of depth 9", |c| c["act"] = acting(&(0..9).map(node).collect::<Vec<_>>())),
        ("a path and an act of depth 9", |c| {
            let path: Vec<String> = (0..=9).map(node).collect();
            c["act"] = acting(&path);
            c["client_id"] = json!(path[9]);
            c["agt"]["depth"] = json!(9);
            c["agt"]["path"] = json!(path);
        }),
        ("max raised above the limit", |c| c["agt"]["max"] = json!(9)),
        ("max raised for a leaf", |c| c["agt"]["max"] = json!(4)),
        ("max below the depth", |c| c["agt"]["max"] = json!(1)),
        ("depth is too small", |c| c["agt"]["depth"] = json!(1)),
        ("depth is too large", |c| c["agt"]["depth"] = json!(3)),
        ("a node twice in the path", |c| c["agt"]["path"][0] = c["agt"]["path"][1].clone()),
        ("another client", |c| c["client_id"] = c["agt"]["path"][0].clone()),
        ("a client that is no node", |c| c["client_id"] = json!("notebook")),
        ("act in the order of the path", |c| {
            let path: Vec<String> = (0..3).rev().map(node).collect();
            c["act"] = acting(&path);
        }),
        ("act of two others", |c| c["act"]["act"]["sub"] = json!(node(7))),
        ("act without the root", |c| _ = c["act"]["act"].as_object_mut().unwrap().remove("act")),
        ("no act", |c| _ = c.as_object_mut().unwrap().remove("act")),
        ("a path of somebody's own", |c| c["agt"]["path"][0] = json!("n_admin")),
    ];
    let mut wrong = Vec::new();
    for (what, change) in cases {
        let stand = Stand::new();
        let (met, log) = heard(|| met(&stand.believe(&bearer(&odd(change)))));
        let loud = log.contains("ERROR") && log.contains("own-token");
        if !met.starts_with("claim ") || !loud || stand.source.asked() > 0 {
            wrong.push(format!("{what}: {met}, told: {log:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let (met, log) = heard(|| met(&Stand::new().believe(&bearer(&odd(|_| ())))));
    assert_eq!((met.as_str(), log.as_str()), ("alice@corp", ""));
}

/// What bounds a tree is the deployment's, not the token's.
#[test]
fn attack_18_a_depth_beyond_what_the_deployment_allows_is_refused() {
    let shallow = || {
        let text = TOKENS.replace("max_depth = 8", "max_depth = 1");
        let own = Own::parse("tokens.toml", &text, &set_of(&[&KEYS.ours])).unwrap();
        Stand::of(ISSUERS, own, None)
    };
    let at = |depth| Draft::ours(&KEYS.ours, depth).signed_by(&KEYS.ours);
    let rows = vec![row("1", at(1), "alice@corp"), row("2", at(2), "claim agt.max")];
    judge_on(shallow, rows);
}
