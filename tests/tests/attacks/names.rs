//! Attacks 20 and 32 to 35: who a token says that it is about, and in which groups.

use std::{collections::BTreeSet, sync::Arc};

use identity::{Chain, Groups, Verified};
use policy::{Policies, SourceFile, Targets};
use request::TargetName;
use serde_json::{Value, json};

use crate::stand::{
    ISSUERS, NOW, OURS, Stand,
    canary::Canary,
    draft::{Draft, quoted},
    proof::bearer,
    signer::KEYS,
    verdict::{Row, judge, judge_on, judge_unasked, met, row},
};

fn claiming(name: &str, value: impl ToString) -> String {
    Draft::corp(&KEYS.corp).claim(name, value).signed_by(&KEYS.corp)
}

fn believed(token: &str) -> Verified<Chain> {
    Stand::new().believe(&bearer(token)).unwrap()
}

/// Whether whoever has this token may connect, under these policies.
fn admitted(policies: &str, who: Verified<Chain>) -> Result<(), policy::Error> {
    let targets = r#"
        [targets.shop]
        kind = "postgres"
        host = "shop.example"
        database = "shop"
        secret = "shop"
    "#;
    let targets = Targets::parse("targets.toml", targets, &|_| None).unwrap();
    let file = SourceFile { name: "policies.cedar".into(), text: policies.into() };
    let policies = Arc::new(Policies::load(targets, &[file]).unwrap());
    policy::admit(who, &TargetName::new("shop").unwrap(), &policies).map(|_| ())
}

fn refused() -> Result<(), policy::Error> {
    Err(policy::Error::Forbid { policies: Vec::new() })
}

/// A token whose issuer wrote, or let somebody write, that an admin's agent stands behind its actor.
fn delegated() -> String {
    claiming(
        "act",
        json!({"sub": "agent-7", "act": {"sub": "admin-agent", "act": {"sub": "root"}}}),
    )
}

#[test]
fn attack_20_a_foreign_nested_actor_is_nobody() {
    let chain = believed(&delegated());
    let hops: Vec<_> = chain.get().hops().iter().map(|hop| hop.subject()).collect();
    assert_eq!(hops, ["alice"]);
    let told = format!("{chain:?}");
    assert!(!told.contains("admin-agent") && !told.contains("root\""), "{told}");
    for name in ["admin-agent", "root"] {
        let policy = format!(
            r#"@id("a") permit(principal, action, resource) when {{
                principal.subject == "{name}" || principal.client == "{name}"
                || context.chain.root.subject == "{name}" || context.chain.label == "{name}"
                || context.chain.path.contains("{name}") }};"#
        );
        assert_eq!(admitted(&policy, believed(&delegated())), refused(), "{name}");
    }
    let alice =
        r#"@id("a") permit(principal, action, resource) when { principal.subject == "alice" };"#;
    assert_eq!(admitted(alice, believed(&delegated())), Ok(()));
}

#[test]
fn attack_20_a_foreign_token_is_accepted_as_its_outermost_actor() {
    let told = format!("{:?}", believed(&delegated()));
    assert!(told.contains("agent-7"), "the actor that its issuer names is not known: {told}");
}

#[test]
fn attack_32_groups_that_an_issuer_left_out_are_neither_there_nor_absent() {
    let canary = Canary::start();
    let sources = json!({"src1": {"endpoint": canary.url("https", "/groups")}});
    let elsewhere = Draft::corp(&KEYS.corp)
        .claim("_claim_names", json!({"groups": "src1"}))
        .claim("_claim_sources", &sources);
    let tokens = [
        ("_claim_names beside groups", elsewhere.clone().signed_by(&KEYS.corp)),
        ("_claim_names alone", elsewhere.no_claim("groups").signed_by(&KEYS.corp)),
        ("hasgroups beside groups", claiming("hasgroups", true)),
    ];
    let stand = Stand::fetching(ISSUERS);
    let known = |token: &str| stand.believe(&bearer(token)).unwrap();
    let member = r#"@id("in") permit(principal in Group::"dbas", action, resource);"#;
    let unless = r#"@id("all") permit(principal, action, resource);
        @id("but") forbid(principal, action, resource) unless { principal in Group::"dbas" };"#;
    let not_in = r#"@id("all") permit(principal, action, resource)
        unless { principal in Group::"admins" };"#;
    let forbid = r#"@id("all") permit(principal, action, resource);
        @id("but") forbid(principal in Group::"admins", action, resource);"#;
    for (what, token) in &tokens {
        assert_eq!(known(token).get().actor().groups(), &Groups::Unknown, "{what}");
        for policies in [member, unless, not_in, forbid] {
            let met = admitted(policies, known(token));
            assert_eq!(met, Err(policy::Error::Groups), "{what}: {policies}");
        }
    }
    let told = claiming("jti", "\"t-2\"");
    for policies in [member, unless, not_in, forbid] {
        assert_eq!(admitted(policies, known(&told)), Ok(()), "{policies}");
    }
    assert_eq!(canary.seen(), 0);
}

#[test]
fn attack_32_an_overflow_that_is_not_said_plainly_is_refused() {
    judge(vec![
        row("a text for names", claiming("_claim_names", "\"groups\""), "claim _claim_names"),
        row("a list for names", claiming("_claim_names", r#"["groups"]"#), "claim _claim_names"),
        row("a text for hasgroups", claiming("hasgroups", "\"true\""), "claim hasgroups"),
        row("a number for hasgroups", claiming("hasgroups", 1), "claim hasgroups"),
    ]);
}

/// The local groups of a token that is believed.
fn groups(token: &str) -> BTreeSet<String> {
    match believed(token).get().actor().groups() {
        Groups::Known(names) => names.iter().map(ToString::to_string).collect(),
        Groups::Unknown => panic!("not known"),
    }
}

#[test]
fn attack_33_groups_are_a_list_of_names_that_we_know_to_the_letter() {
    judge(vec![
        row("a text", claiming("groups", "\"admin\""), "claim groups"),
        row("a text with spaces", claiming("groups", "\"7f3c-dba admin\""), "claim groups"),
        row("objects", claiming("groups", r#"[{"id":"admin"}]"#), "claim groups"),
        row("an object", claiming("groups", r#"{"admin":true}"#), "claim groups"),
        row("numbers", claiming("groups", "[1]"), "claim groups"),
        row("lists", claiming("groups", r#"[["admin"]]"#), "claim groups"),
        row("null in a list", claiming("groups", r#"["admin",null]"#), "claim groups"),
        row("null", claiming("groups", "null"), "claim groups"),
    ]);
    for (raw, local) in [
        (json!(["db-admins", "DB-Admins"]), vec!["db-admins"]),
        (json!(["DB-Admins", "DB-ADMINS"]), vec![]),
        (json!(["db-admins ", " db-admins", "db-admins\0", "db\u{2010}admins"]), vec![]),
        (json!(["5d0c6c1e-43b5-4f3a-9a43-9d5f4e1b2c3d"]), vec![]),
        (json!(["dbas"]), vec![]),
        (json!(["7f3c-dba", "7f3c-dba", "other"]), vec!["dbas"]),
        (json!(["admin,7f3c-dba"]), vec![]),
        (json!([]), vec![]),
    ] {
        let wants: BTreeSet<String> = local.into_iter().map(str::to_owned).collect();
        assert_eq!(groups(&claiming("groups", &raw)), wants, "{raw}");
    }
}

#[test]
fn attack_34_a_subject_is_its_bytes_and_looks_like_them() {
    let mut rows: Vec<Row> = [
        ("a zero-width space", "ali\u{200b}ce"),
        ("a zero-width joiner", "ali\u{200d}ce"),
        ("a byte order mark", "\u{feff}alice"),
        ("right to left", "\u{202e}ecila"),
        ("an isolate", "\u{2067}alice\u{2069}"),
        ("a soft hyphen", "ali\u{ad}ce"),
        ("a space behind it", "alice "),
        ("a space before it", " alice"),
        ("a no-break space", "alice\u{a0}b"),
        ("NUL", "a\0b"),
        ("a newline", "alice\n"),
        ("an escape", "\u{1b}[2Jalice"),
        ("a tag", "alice\u{e0041}"),
        ("a variation selector", "alice\u{fe0f}"),
        ("nothing", ""),
        ("256 bytes", &"a".repeat(256)),
    ]
    .map(|(what, name)| row(what, claiming("sub", quoted(name)), "claim sub"))
    .into();
    rows.push(row("a number", claiming("sub", 7), "claim sub"));
    rows.push(row(
        "missing",
        Draft::corp(&KEYS.corp).no_claim("sub").signed_by(&KEYS.corp),
        "claim sub",
    ));
    rows.push(row("an escaped NUL", claiming("sub", r#""a\u0000b""#), "claim sub"));
    let ours =
        |sub: &str| Draft::ours(&KEYS.ours, 0).claim("sub", quoted(sub)).signed_by(&KEYS.ours);
    rows.push(row("right to left, ours", ours("corp|\u{202e}ecila"), "claim sub"));
    rows.push(row("NUL, ours", ours("corp|a\0b"), "claim sub"));
    judge(rows);
    // Letters that look alike are other names, and stay so to the byte.
    let names = ["alice", "\u{430}lice", "Alice", "Jos\u{e9}", "Jose\u{301}", "a\u{3b9}ice"];
    let mut seen = BTreeSet::new();
    for name in names {
        let chain = believed(&claiming("sub", quoted(name)));
        assert_eq!(chain.get().root().subject().as_bytes(), name.as_bytes());
        let (node, at) =
            (chain.get().actor().node().clone(), chain.get().partition().as_str().to_owned());
        assert!(seen.insert((node.to_string(), at)), "{name:?} is somebody else");
    }
}

const GITHUB: &str = r#"
    [issuers.builds]
    profile = "github"
    issuer = "https://token.actions.githubusercontent.com"
    jwks_uri = "https://token.actions.githubusercontent.com/.well-known/jwks"
    audience = ["https://gw.example/v1"]
    repository_id = ["74"]
    repository_owner_id = ["65"]

    [issuers.entra-prod]
    profile = "entra"
    issuer = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0"
    tenant = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10"
    jwks_uri = "https://login.microsoftonline.com/discovery/v2.0/keys"
    audience = ["https://gw.example/v1"]
"#;
const WHOM: &str = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10|0b9c6e51-2f0e-4d5c-8f5e-6a1c2b3d4e5f";

fn rsa(issuer: &str, claims: Value) -> String {
    let header = json!({"alg": "RS256", "kid": "two", "typ": "JWT"});
    let mut all = json!({"iss": issuer, "aud": OURS, "iat": NOW, "exp": NOW + 300});
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    Draft::of(&header, &all).signed_by(&KEYS.corp_rsa)
}

#[test]
fn attack_35_no_subject_is_read_as_one_of_another_issuer() {
    let stand = || Stand::with(&format!("{ISSUERS}{GITHUB}"));
    let posing = format!("entra-prod|{WHOM}");
    let (tenant, object) = WHOM.split_once('|').unwrap();
    let entra = rsa(
        "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0",
        json!({"ver": "2.0", "tid": tenant, "oid": object, "azp": "app", "scp": "use", "sub": "s"}),
    );
    let job = |more: Value| {
        let mut claims = json!({
            "sub": posing, "repository_id": "74", "repository_owner_id": "65",
            "event_name": "push", "ref": "refs/heads/main",
        });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rsa("https://token.actions.githubusercontent.com", claims)
    };
    let rows = [
        ("Entra's own", entra, format!("{WHOM}@entra-prod")),
        ("a job by its subject", job(json!({})), "74|ref|refs/heads/main@builds".into()),
        ("a job by its ref", job(json!({"ref": posing})), {
            format!("74|ref|{}@builds", posing.replace('|', "%7C"))
        }),
        ("a job by its environment", job(json!({"environment": posing})), {
            format!("74|environment|{}@builds", posing.replace('|', "%7C"))
        }),
        ("a job with a bar escaped", job(json!({"environment": "a%7Cb"})), {
            "74|environment|a%257Cb@builds".into()
        }),
        ("corp by its subject", claiming("sub", quoted(&posing)), format!("{posing}@corp")),
        ("corp by Entra's subject", claiming("sub", quoted(WHOM)), format!("{WHOM}@corp")),
    ];
    let mut partitions = BTreeSet::new();
    for (what, token, _) in &rows {
        let chain = stand().believe(&bearer(token)).unwrap();
        assert!(
            partitions.insert(chain.get().partition().as_str().to_owned()),
            "{what} is somebody else"
        );
    }
    judge_on(
        stand,
        rows.into_iter().map(|(what, token, wants)| row(what, token, &wants)).collect(),
    );
}

/// In our own tokens both stand in one text.
#[test]
fn attack_35_the_bar_in_our_own_subject_is_never_ambiguous() {
    let ours =
        |sub: &str| Draft::ours(&KEYS.ours, 0).claim("sub", quoted(sub)).signed_by(&KEYS.ours);
    judge_unasked(vec![
        row("two bars", ours("corp|entra-prod|x"), "claim sub"),
        row("no bar", ours("alice"), "claim sub"),
        row("nobody's", ours("|alice"), "claim sub"),
        row("nobody", ours("corp|"), "claim sub"),
        row("an escape of something else", ours("corp|a%41"), "claim sub"),
        row("a lower-case escape", ours("corp|a%7cb"), "claim sub"),
        row("a broken escape", ours("corp|a%7"), "claim sub"),
        row("an escaped bar", ours("corp|entra-prod%7Cx"), "entra-prod|x@corp"),
        row("an escaped escape", ours("corp|a%257Cb"), "a%7Cb@corp"),
    ]);
    assert_eq!(met(&Stand::new().believe(&bearer(&ours("corp|alice")))), "alice@corp");
}
