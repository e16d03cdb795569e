//! Tokens of Microsoft Entra, of users, apps and agents.

use serde_json::json;

use super::{
    draft::Draft,
    profiles::{all_are_judged, good, groups, token},
};

const TENANT: &str = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10";
const OTHER: &str = "1d2c3b4a-0f35-4e0d-9f6c-3a5d2f8f9a10";
const OBJECT: &str = "0b9c6e51-2f0e-4d5c-8f5e-6a1c2b3d4e5f";
const WHOM: &str = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10|0b9c6e51-2f0e-4d5c-8f5e-6a1c2b3d4e5f";
const APP: &str = "55aa55aa-1111-4222-8333-444455556666";
const V2: &str = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0";
const V1: &str = "https://sts.windows.net/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/";

const ENTRY: &str = r#"profile = "entra"
tenant = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10"
issuer = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0"
groups = { "5d0c-dba" = "dbas", "Data.Read" = "readers" }"#;
const AGENTS: &str = r#"profile = "entra-agent"
tenant = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10"
issuer = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0""#;

fn delegated() -> Draft {
    let claims = json!({
        "ver": "2.0", "tid": TENANT, "oid": OBJECT, "sub": "pairwise-x", "azp": APP, "azpacr": "1",
        "scp": "access_as_user", "uti": "u-1", "preferred_username": "alice@corp.example",
    });
    token(V2, &claims)
}

fn app_only() -> Draft {
    delegated().no_claim("scp").claim("roles", r#"["Data.Read"]"#).claim("idtyp", "\"app\"")
}

fn old() -> Draft {
    let claims = json!({
        "ver": "1.0", "tid": TENANT, "oid": OBJECT, "sub": "pairwise-x", "appid": APP,
        "scp": "access_as_user", "upn": "alice@corp.example",
    });
    token(V1, &claims)
}

/// Attacks 8, 32, 36.
#[test]
fn an_entra_token_is_of_the_tenant_and_of_somebody_who_was_granted_something() {
    let changed = |claim: &str, value: &str| delegated().claim(claim, value);
    let other_issuer = V2.replace(TENANT, OTHER);
    all_are_judged(
        ENTRY,
        vec![
            ("for a user", delegated(), WHOM),
            ("for an app", app_only(), WHOM),
            ("an app with scopes too", app_only().claim("scp", "\"a b\""), WHOM),
            ("without a type", delegated().no_member("typ"), WHOM),
            ("another name of the user", changed("preferred_username", "\"bob\""), WHOM),
            ("nothing granted", delegated().no_claim("scp"), "claim scp"),
            ("an empty scope", changed("scp", "\"\""), "claim scp"),
            ("scopes of spaces", changed("scp", "\"  \""), "claim scp"),
            ("scopes as a list", changed("scp", r#"["access_as_user"]"#), "claim scp"),
            ("no roles in the list", app_only().claim("roles", "[]"), "claim scp"),
            ("roles as a text", app_only().claim("roles", "\"Data.Read\""), "claim roles"),
            ("roles as numbers", app_only().claim("roles", "[1]"), "claim roles"),
            ("another API", changed("aud", "\"https://graph.microsoft.com\""), "audience"),
            ("a v1 token", old(), "issuer"),
            ("v1 by its version", changed("ver", "\"1.0\""), "claim ver"),
            ("a number as version", changed("ver", "2.0"), "claim ver"),
            ("no version", delegated().no_claim("ver"), "claim ver"),
            ("another tenant", changed("tid", &json!(OTHER).to_string()), "claim tid"),
            ("no tenant", delegated().no_claim("tid"), "claim tid"),
            ("another tenant's issuer", token(&other_issuer, &json!({})), "issuer"),
            ("a slash behind", token(&format!("{V2}/"), &json!({})), "issuer"),
            ("an upper-case host", token(&V2.replace("login.m", "LOGIN.m"), &json!({})), "issuer"),
            ("issuers in a list", changed("iss", &json!([V2]).to_string()), "claim iss"),
            ("no issuer", delegated().no_claim("iss"), "claim iss"),
            ("no object", delegated().no_claim("oid"), "claim oid"),
            ("an ID token with roles", app_only().no_claim("azp"), "claim azp"),
            ("an ID token by its nonce", changed("nonce", "\"n\""), "kind nonce"),
            ("a type for others", delegated().member("typ", "\"at+jwt\""), "type"),
        ],
    );
}

#[test]
fn a_v1_token_is_believed_by_an_explicit_switch_alone() {
    let entry = ENTRY.replace(V2, V1) + "\nv1 = true";
    all_are_judged(
        &entry,
        vec![
            ("v1", old(), WHOM),
            ("v2", delegated(), "issuer"),
            ("v2 by its version", old().claim("ver", "\"2.0\""), "claim ver"),
            ("without the app", old().no_claim("appid"), "claim appid"),
            ("nothing granted", old().no_claim("scp"), "claim scp"),
        ],
    );
    assert_eq!(good(&entry, &old()).client.as_deref(), Some(APP));
    assert_eq!(good(ENTRY, &delegated()).client.as_deref(), Some(APP));
}

/// Attack 32.
#[test]
fn groups_that_entra_leaves_out_are_unknown() {
    let source = r#"{"src1":{"endpoint":"https://graph.windows.net/evil"}}"#;
    let over = delegated().claim("_claim_names", r#"{"groups":"src1"}"#);
    assert_eq!(groups(ENTRY, &over.claim("_claim_sources", source)), "unknown");
    assert_eq!(groups(ENTRY, &delegated().claim("hasgroups", "true")), "unknown");
    assert_eq!(groups(ENTRY, &delegated().claim("groups", r#"["5d0c-dba","x"]"#)), "dbas");
    assert_eq!(groups(ENTRY, &delegated()), "");
    let by_roles = ENTRY.to_owned() + "\ngroups_claim = \"roles\"";
    assert_eq!(groups(&by_roles, &app_only()), "readers");
}

fn agent_for_a_user() -> Draft {
    delegated()
        .claim("idtyp", "\"user\"")
        .claim("xms_act_fct", "\"3 9 11\"")
        .claim("xms_sub_fct", "\"1 2\"")
        .claim("xms_par_app_azp", "\"30cf4c22-9985-4ef7-8756-91cc888176bd\"")
}

fn agent_for_itself() -> Draft {
    app_only().claim("xms_act_fct", "\"11 3 9\"").claim("xms_sub_fct", "\"9 99 11\"")
}

#[test]
fn an_agent_acts_for_a_user_or_for_itself() {
    let user = good(AGENTS, &agent_for_a_user());
    assert_eq!((user.subject.as_str(), user.actor.as_deref()), (WHOM, Some(APP)));
    let own_user = agent_for_a_user().claim("xms_sub_fct", "\"13\"");
    assert_eq!(good(AGENTS, &own_user).actor.as_deref(), Some(APP));
    let itself = good(AGENTS, &agent_for_itself());
    assert_eq!((itself.subject.as_str(), itself.actor), (WHOM, None));
    assert_eq!(itself.client.as_deref(), Some(APP));
}

#[test]
fn an_agents_token_says_coherently_that_it_is_one() {
    let user = |claim: &str, value: &str| agent_for_a_user().claim(claim, value);
    let blueprint = "\"55aa55aa-1111-4222-8333-444455556666\"";
    all_are_judged(
        AGENTS,
        vec![
            ("for a user", agent_for_a_user(), WHOM),
            ("for itself", agent_for_itself(), WHOM),
            ("no facets of the user", agent_for_a_user().no_claim("xms_sub_fct"), WHOM),
            ("no agent", user("xms_act_fct", "\"3 9\""), "claim xms_act_fct"),
            ("a longer number", user("xms_act_fct", "\"111 211 1 1\""), "claim xms_act_fct"),
            ("no facets", agent_for_a_user().no_claim("xms_act_fct"), "claim xms_act_fct"),
            ("facets as a list", user("xms_act_fct", r#"["11"]"#), "claim xms_act_fct"),
            ("a number as facet", user("xms_act_fct", "11"), "claim xms_act_fct"),
            ("an agent that is a user", user("xms_sub_fct", "\"11\""), "claim xms_sub_fct"),
            ("no type of identity", agent_for_a_user().no_claim("idtyp"), "claim idtyp"),
            ("another type", user("idtyp", "\"device\""), "claim idtyp"),
            (
                "an app that is no agent",
                agent_for_itself().claim("xms_sub_fct", "\"9\""),
                "claim xms_sub_fct",
            ),
            (
                "nothing granted but a blueprint",
                agent_for_a_user().no_claim("scp").claim("xms_par_app_azp", blueprint),
                "claim scp",
            ),
            ("no agent's token at all", delegated(), "claim xms_act_fct"),
        ],
    );
}
