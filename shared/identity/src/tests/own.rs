//! Tokens of our own: read as they are written, and refused for whatever we do not write.

use std::{collections::BTreeSet, sync::LazyLock};

use aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
use rights::Rights;
use serde_json::{Value, json};

use super::{
    signer::{KEYS, Signer, base64url},
    stand::{ISSUERS, NOW, Stand, kind, set_of},
};
use crate::{Chain, Class, Grant, GroupName, IssuerAlias, NodeId, Own, Shown, Verified};

const TOKENS: &str = r#"
    issuer = "https://gw.example"
    resource = "https://gw.example/v1"
    urls = ["https://gw.example"]
    max_depth = 8
"#;

static OURS: LazyLock<Signer> =
    LazyLock::new(|| Signer::elliptic("ours", "ES256", &ECDSA_P256_SHA256_FIXED_SIGNING));

fn own() -> Own {
    Own::parse("tokens.toml", TOKENS, &set_of(&[OURS.jwk()])).unwrap()
}

fn stand() -> Stand {
    let shipped = [("corp".into(), KEYS.corp().to_string().into_bytes())].into();
    let mut stand = Stand::with(ISSUERS, shipped);
    stand.verifier = stand.verifier.with_own(own(), None).unwrap();
    stand
}

fn node(n: u8) -> NodeId {
    NodeId::fresh([n; 16])
}

fn names(list: &[&str]) -> BTreeSet<GroupName> {
    list.iter().map(|name| GroupName::new((*name).into())).collect()
}

/// A leaf without a key at this depth: the one kind that needs no proof.
fn leaf(depth: u8) -> Grant {
    let hops = usize::from(depth) + 1;
    Grant {
        root: (IssuerAlias::new("corp".into()), "al|ice 100%".into()),
        root_client: Some("notebook".into()),
        root_actor: Some("https:%2F%2Flogin.example|bot".into()),
        path: (0..=depth).map(node).collect(),
        groups: vec![names(&["admins", "analysts"]); hops],
        accounts: vec![node(0)],
        max_depth: depth.into(),
        class: Class::Leaf,
        label: "totals".into(),
        workload: None,
        rights: rights(),
        confirmation: None,
        id: "t-1".into(),
        tree: "tree-1".into(),
        issued_s: NOW,
        expires_s: NOW + 60,
        auth_time: Some(NOW - 500),
        acr: Some("phr".into()),
    }
}

fn rights() -> Rights {
    let entry = json!({
        "type": "postgres", "locations": ["shop"], "actions": ["select"],
        "objects": ["public.orders"], "max_rows": 100,
    });
    Rights::parse(&json!([entry])).unwrap()
}

fn signed(message: &str) -> String {
    format!("{message}.{}", base64url(OURS.sign(message)))
}

fn believed(grant: &Grant) -> Verified<Chain> {
    stand().believe(&signed(&grant.message(&own()))).unwrap()
}

/// The grant's token with its claims changed before it was signed.
fn changed(grant: &Grant, change: impl FnOnce(&mut Value)) -> String {
    let message = grant.message(&own());
    let (header, claims) = message.split_once('.').unwrap();
    let claims = crate::base64url::decode(claims).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    change(&mut claims);
    signed(&format!("{header}.{}", base64url(claims.to_string())))
}

#[test]
fn what_is_written_is_read_again() {
    for depth in 0..=8 {
        let grant = leaf(depth);
        let chain = believed(&grant);
        assert_eq!(chain.get().grant(), Some(&grant), "at depth {depth}");
    }
}

#[test]
fn the_root_of_a_chain_is_the_principal_and_the_rest_are_nodes() {
    let chain = believed(&leaf(2));
    let hops: Vec<_> =
        chain.get().hops().iter().map(|h| (h.issuer().as_str(), h.subject())).collect();
    let (first, second) = (node(1), node(2));
    let nodes =
        [("corp", "al|ice 100%"), ("postern", first.as_str()), ("postern", second.as_str())];
    assert_eq!(hops, nodes);
    assert_eq!(chain.get().root().client(), Some("notebook"));
    assert_eq!(chain.get().shown(), Shown::Bearer);
}

#[test]
fn what_a_hop_left_behind_its_parents_still_have() {
    let mut grant = leaf(2);
    grant.groups = vec![names(&["a", "b", "c"]), names(&["a", "c"]), names(&["c"])];
    let chain = believed(&grant);
    let groups: Vec<_> = chain.get().hops().iter().map(|hop| hop.groups().clone()).collect();
    let known = |list: &[&str]| crate::Groups::Known(names(list));
    assert_eq!(groups, [known(&["a", "b", "c"]), known(&["a", "c"]), known(&["c"])]);
}

#[test]
fn a_token_at_the_greatest_depth_has_at_most_two_kilobytes() {
    let mut grant = leaf(8);
    grant.class = Class::Bound;
    grant.confirmation = Some(base64url([7; 32]));
    let token = signed(&grant.message(&own()));
    assert!(token.len() <= 2048, "{}", token.len());
}

#[test]
fn a_token_that_we_would_not_write_is_refused_although_our_key_signed_it() {
    type Change = fn(&mut Value);
    let cases: &[(&str, Change)] = &[
        ("claim act", |c| c["act"]["act"] = c["act"]["act"]["act"].clone()),
        ("claim act", |c| c["act"]["sub"] = c["act"]["act"]["sub"].clone()),
        ("claim act", |c| c["act"]["act"]["act"]["act"] = json!({"sub": "y"})),
        ("claim iss", |c| _ = c["act"].as_object_mut().unwrap().remove("iss")),
        ("claim agt.max", |c| c["agt"]["max"] = json!(9)),
        ("claim agt.max", |c| c["agt"]["max"] = json!(1)),
        ("claim agt.path", |c| c["agt"]["depth"] = json!(3)),
        ("claim agt.path", |c| c["agt"]["path"][0] = c["agt"]["path"][1].clone()),
        ("claim agt.path", |c| c["agt"]["path"][0] = json!("n_../..")),
        ("claim agt.path", |c| c["agt"]["path"] = json!([])),
        ("claim client_id", |c| c["client_id"] = c["agt"]["path"][0].clone()),
        ("claim agt.cls", |c| c["agt"]["cls"] = json!("root")),
        ("claim agt.cls", |c| c["exp"] = json!(NOW + 61)),
        ("claim cnf", |c| c["agt"]["cls"] = json!("dpop")),
        ("claim cnf", |c| c["cnf"] = json!({"jkt": "x"})),
        ("claim exp", |c| c["exp"] = json!(NOW + 901)),
        ("claim iat", |c| c["iat"] = json!(1.5)),
        ("claim iat", |c| _ = c.as_object_mut().unwrap().remove("iat")),
        ("claim sub", |c| c["sub"] = json!("alice")),
        ("claim sub", |c| c["sub"] = json!("corp|a%41")),
        ("claim sub", |c| c["sub"] = json!("corp|a|b")),
        ("claim authorization_details", |c| c["authorization_details"] = json!([{"type": "ssh"}])),
        ("claim authorization_details", |c| c["authorization_details"] = json!(null)),
        ("claim groups", |c| c["groups"] = json!("admins")),
        ("claim agt.out", |c| c["agt"]["out"] = json!({"0": ["a"]})),
        ("claim agt.out", |c| c["agt"]["out"] = json!({"3": ["a"]})),
        ("claim agt.acc", |c| c["agt"]["acc"] = json!([3])),
        ("claim a claim that we do not write", |c| c["scope"] = json!("all")),
        ("claim a claim that we do not write", |c| c["agt"]["root"] = json!(true)),
        ("audience alone", |c| c["aud"] = json!("https://gw.example/mcp")),
        ("audience alone", |c| c["aud"] = json!("https://gw.example/v1/")),
        ("early iat", |c| c["iat"] = json!(NOW + 6)),
        ("expired", |c| {
            c["iat"] = json!(NOW - 60);
            c["exp"] = json!(NOW - 5);
        }),
    ];
    for (at, (wants, change)) in cases.iter().enumerate() {
        let error = stand().believe(&changed(&leaf(2), change)).err().unwrap();
        assert_eq!(kind(&error), *wants, "case {at}");
    }
}

#[test]
fn clocks_of_ours_may_be_five_seconds_apart_and_no_more() {
    let grant = Grant { issued_s: NOW - 60, expires_s: NOW - 4, ..leaf(0) };
    believed(&grant);
    let late = Grant { expires_s: NOW - 6, ..grant };
    let error = stand().believe(&signed(&late.message(&own()))).err().unwrap();
    assert_eq!(kind(&error), "expired");
}

#[test]
fn our_issuer_s_name_is_not_enough() {
    let message = leaf(0).message(&own());
    let by = |signer: &Signer| format!("{message}.{}", base64url(signer.sign(&message)));
    let error = stand().believe(&by(&KEYS.es256)).err().unwrap();
    assert_eq!(kind(&error), "signature");
    let stand = stand();
    stand.believe(&signed(&message)).unwrap();
    assert_eq!(stand.source.asked(), 0, "a token of ours costs no network");
}

#[test]
fn a_foreign_token_does_not_become_ours_by_its_claims() {
    let error = stand()
        .believe(
            &super::draft::Draft::corp(&KEYS.es256)
                .claim("iss", "\"https://gw.example\"")
                .signed_by(&KEYS.es256),
        )
        .err()
        .unwrap();
    assert_eq!(kind(&error), "signature");
}

#[test]
fn an_issuer_may_not_be_configured_twice() {
    let text = TOKENS
        .replace("https://gw.example\"\n    resource", "https://login.example\"\n    resource");
    let own = Own::parse("tokens.toml", &text, &set_of(&[OURS.jwk()])).unwrap();
    let stand = Stand::bare();
    assert!(stand.verifier.with_own(own, None).is_err());
}

#[test]
fn what_bounds_a_tree_cannot_be_configured_away() {
    for (line, says) in [
        ("lifetime_s = 901", "`lifetime_s`"),
        ("chain_s = 43201", "`chain_s`"),
        ("max_depth = 9", "`max_depth`"),
        ("ticket_s = 601", "`ticket_s`"),
        ("audience = \"x\"", "`audience` is not known"),
        ("nonce = 5", "`nonce`"),
    ] {
        let text = format!("{}\n{line}", TOKENS.replace("max_depth = 8", ""));
        let mistakes = Own::parse("tokens.toml", &text, &set_of(&[OURS.jwk()])).unwrap_err();
        assert!(mistakes.to_string().contains(says), "{line}: {mistakes}");
    }
}

#[test]
fn an_address_with_anything_behind_it_is_none() {
    for url in [
        "http://gw.example",
        "https://gw.example/",
        "https://gw.example?a",
        "https://u@gw.example",
        "gw.example",
    ] {
        let text =
            TOKENS.replace("urls = [\"https://gw.example\"]", &format!("urls = [\"{url}\"]"));
        assert!(Own::parse("tokens.toml", &text, &set_of(&[OURS.jwk()])).is_err(), "{url}");
    }
}

#[test]
fn the_key_that_signs_must_be_one_of_those_published() {
    let text = format!("{TOKENS}\nsigning_key = \"other\"");
    assert!(Own::parse("tokens.toml", &text, &set_of(&[OURS.jwk()])).is_err());
    assert!(Own::parse("tokens.toml", TOKENS, &set_of(&[KEYS.rs256.jwk()])).is_err());
}
