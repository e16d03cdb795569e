//! Tokens of workloads: Kubernetes service accounts, and SPIFFE ids.

use serde_json::{Value, json};

use super::{
    draft::{Draft, quoted},
    profiles::{OURS, all_are_judged, good, groups, read, token},
    stand::{NOW, kind},
};
use crate::profile;

const CLUSTER: &str = r#"profile = "kubernetes"
issuer = "https://oidc.cluster.example"
groups = { "system:serviceaccounts:jobs" = "jobs" }"#;
const UID: &str = "5f6d7c8e-0000-4000-8000-000000000001";
const WHOM: &str = "jobs/loader@5f6d7c8e-0000-4000-8000-000000000001";

const SPIFFE: &str = r#"profile = "spiffe"
issuer = "spiffe://prod.example"
trust_domain = "prod.example"
groups = { "spiffe://prod.example/ns/jobs/" = "jobs", "spiffe://prod.example/ns/" = "all" }"#;

fn account() -> Draft {
    account_with(json!({
        "namespace": "jobs", "serviceaccount": {"name": "loader", "uid": UID},
        "pod": {"name": "loader-7", "uid": "pod-uid-7"}, "node": {"name": "n1", "uid": "n"},
        "warnafter": NOW + 200,
    }))
}

fn account_with(members: Value) -> Draft {
    let claims = json!({
        "sub": "system:serviceaccount:jobs:loader", "kubernetes.io": members,
        "nbf": NOW - 10, "jti": "j-1", "aud": [OURS],
    });
    token("https://oidc.cluster.example", &claims).no_member("typ")
}

/// Attacks 9, 12, 39.
#[test]
fn a_service_account_asks_with_a_token_for_us_alone() {
    let changed = |claim: &str, value: &str| account().claim(claim, value);
    let both = json!([OURS, "https://kubernetes.default.svc"]).to_string();
    let with = |namespace: &str, name: &str, uid: Value| {
        let sub = format!("system:serviceaccount:{namespace}:{name}");
        let members = json!({"namespace": namespace, "serviceaccount": {"name": name, "uid": uid}});
        account_with(members).claim("sub", quoted(&sub))
    };
    all_are_judged(
        CLUSTER,
        vec![
            ("projected for us", account(), WHOM),
            ("without a pod", with("jobs", "loader", json!(UID)), WHOM),
            ("for the cluster too", changed("aud", &both), "audience alone"),
            ("for the cluster", changed("aud", "\"https://kubernetes.default.svc\""), "audience"),
            ("without an end", account().no_claim("exp"), "claim exp"),
            ("with a far end", changed("exp", "2115360000"), "lifetime"),
            ("an end that is none", changed("exp", "\"never\""), "claim exp"),
            (
                "of another account",
                changed("sub", "\"system:serviceaccount:jobs:root\""),
                "claim sub",
            ),
            ("of a node", changed("sub", "\"system:node:n1\""), "claim sub"),
            ("without its object", account().no_claim("kubernetes.io"), "claim namespace"),
            ("a text for its object", changed("kubernetes.io", "\"x\""), "claim kubernetes.io"),
            ("without a uid", with("jobs", "loader", json!(null)), "claim uid"),
            (
                "an account as text",
                account_with(json!({"namespace": "jobs", "serviceaccount": "x"})),
                "claim serviceaccount",
            ),
            ("a slash in its name", with("jobs", "a/b", json!(UID)), "claim kubernetes.io"),
            (
                "a colon in its namespace",
                with("jobs:x", "loader", json!(UID)),
                "claim kubernetes.io",
            ),
            ("an at sign in its name", with("jobs", "a@b", json!(UID)), "claim kubernetes.io"),
        ],
    );
    let claims = good(CLUSTER, &account());
    assert_eq!((claims.instance.as_deref(), claims.client), (Some("pod-uid-7"), None));
}

#[test]
fn a_service_account_is_in_the_group_of_its_namespace() {
    assert_eq!(groups(CLUSTER, &account()), "jobs");
    assert_eq!(groups(CLUSTER, &account().claim("groups", r#"["system:masters"]"#)), "jobs");
}

fn svid() -> Draft {
    let id = "spiffe://prod.example/ns/jobs/sa/loader";
    token("", &json!({"sub": id})).no_claim("iss").no_claim("iat").no_member("typ")
}

#[test]
fn a_svid_is_of_the_trust_domain_of_the_entry() {
    let id = |id: &str| svid().claim("sub", quoted(id));
    let met = |draft: &Draft| match read(SPIFFE, draft) {
        Ok(claims) => claims.subject,
        Err(error) => kind(&error),
    };
    let whom = "spiffe://prod.example/ns/jobs/sa/loader";
    for (draft, meets) in [
        (svid(), whom),
        (svid().member("typ", "\"JWT\""), whom),
        (svid().member("typ", "\"JOSE\""), whom),
        (svid().claim("iss", "\"spiffe://prod.example\""), whom),
        (svid().claim("iat", NOW), whom),
        (svid().member("typ", "\"at+jwt\""), "type"),
        (svid().claim("iss", "\"https://else.example\""), "issuer"),
        (svid().claim("iss", "7"), "issuer"),
        (svid().no_claim("aud"), "claim aud"),
        (svid().claim("aud", json!([OURS, "x"])), "audience alone"),
        (svid().no_claim("exp"), "claim exp"),
        (svid().claim("exp", NOW - 31), "expired"),
        (svid().claim("exp", NOW + 3601), "lifetime"),
        (svid().claim("iat", NOW + 31), "early iat"),
        (svid().claim("iat", "\"0\""), "claim iat"),
        (svid().no_claim("sub"), "claim sub"),
        (id("spiffe://prod.example"), "claim sub"),
        (id("spiffe://prod.example/"), "claim sub"),
        (id("spiffe://prod.example//a"), "claim sub"),
        (id("spiffe://prod.example/a/../b"), "claim sub"),
        (id("spiffe://prod.example/a%2fb"), "claim sub"),
        (id("spiffe://prod.example/a?b"), "claim sub"),
        (id("spiffe://prod.example:443/a"), "claim sub"),
        (id("spiffe://x@prod.example/a"), "claim sub"),
        (id("spiffe://PROD.example/a"), "claim sub"),
        (id("SPIFFE://prod.example/a"), "claim sub"),
        (id("spiffe://prod.example.evil/a"), "claim sub"),
        (id("spiffe://test.example/ns/jobs/sa/loader"), "claim sub"),
        (id("https://prod.example/a"), "claim sub"),
    ] {
        assert_eq!(met(&draft), meets, "{}", draft.claims());
    }
}

#[test]
fn a_svid_is_no_use_by_an_algorithm_that_spiffe_leaves_out() {
    let lines = format!("{SPIFFE}\nalgorithms = [\"EdDSA\"]");
    let told = super::profiles::mistakes(&lines);
    assert_eq!(told, ["issuers.toml:6: `EdDSA` is not of profile `spiffe`"]);
    let by_curve = svid().member("alg", "\"EdDSA\"");
    assert_eq!(kind(&read(SPIFFE, &by_curve).unwrap_err()), "algorithm");
}

#[test]
fn groups_of_a_spiffe_id_are_by_whole_segments_of_its_path() {
    assert_eq!(groups(SPIFFE, &svid()), "all jobs");
    let near = svid().claim("sub", "\"spiffe://prod.example/ns/jobsters/sa/loader\"");
    assert_eq!(groups(SPIFFE, &near), "all");
    let without = svid().claim("sub", "\"spiffe://prod.example/ns\"");
    assert_eq!(groups(SPIFFE, &without), "");
}

#[test]
fn a_token_that_names_no_issuer_is_of_the_trust_domain_of_its_subject() {
    let domain = |sub: Value| {
        let claims = json!({"sub": sub});
        profile::trust_domain(claims.as_object().unwrap()).map(str::to_owned)
    };
    let found = |text: &str| Some(text.to_owned());
    assert_eq!(domain(json!("spiffe://prod.example/a/b")), found("spiffe://prod.example"));
    for sub in [
        json!("spiffe://prod.example"),
        json!("spiffe:///a"),
        json!("spiffe://\u{43e}.example/a"),
        json!("alice"),
        json!(["spiffe://prod.example/a"]),
        json!(null),
    ] {
        assert_eq!(domain(sub.clone()), None, "{sub}");
    }
}

#[test]
fn a_token_that_does_not_say_when_it_was_issued_was_long_ago() {
    assert_eq!(good(SPIFFE, &svid()).issued.seconds(), 0);
    assert_eq!(good(SPIFFE, &svid().claim("iat", NOW - 7)).issued.seconds(), NOW - 7);
}
