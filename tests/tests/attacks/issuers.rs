//! Attacks 36 to 40: what single kinds of issuers put into their tokens, and what passes for it.

use serde_json::{Value, json};

use crate::stand::{
    NOW, OURS, Stand,
    draft::Draft,
    proof::bearer,
    signer::KEYS,
    verdict::{Row, judge_on, met, row},
};

const ISSUERS: &str = r#"
    [issuers.entra]
    profile = "entra"
    issuer = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0"
    tenant = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10"
    jwks_uri = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/discovery/v2.0/keys"
    audience = ["https://gw.example/v1"]

    [issuers.builds]
    profile = "github"
    issuer = "https://token.actions.githubusercontent.com"
    jwks_uri = "https://token.actions.githubusercontent.com/.well-known/jwks"
    audience = ["https://gw.example/v1"]
    repository_id = ["74"]
    repository_owner_id = ["65"]

    [issuers.lab]
    profile = "gitlab"
    issuer = "https://gitlab.example"
    jwks_uri = "https://gitlab.example/oauth/discovery/keys"
    audience = ["https://gw.example/v1"]
    project_id = ["20"]
    namespace_id = ["72"]

    [issuers.cluster]
    profile = "kubernetes"
    issuer = "https://oidc.cluster.example"
    jwks_uri = "https://oidc.cluster.example/openid/v1/jwks"
    audience = ["https://gw.example/v1"]

    [issuers.pool]
    profile = "cognito"
    issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc"
    jwks_uri = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc/.well-known/jwks.json"
    audience = ["https://gw.example/v1"]
    clients = ["4hq0"]

    [issuers.mesh]
    profile = "spiffe"
    issuer = "spiffe://prod.example"
    trust_domain = "prod.example"
    jwks_uri = "https://bundle.prod.example/keys"
    audience = ["https://gw.example/v1"]
"#;

/// A token with these claims, and those that all tokens have.
fn draft(issuer: &str, claims: Value) -> Draft {
    let header = json!({"alg": "RS256", "kid": "two", "typ": "JWT"});
    let mut all = json!({"iss": issuer, "aud": OURS, "iat": NOW - 10, "exp": NOW + 290});
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    Draft::of(&header, &all)
}

/// All of them with keys; those of the mesh are marked as its standard wants it.
fn stand() -> Stand {
    let stand = Stand::with(ISSUERS);
    let mut key = KEYS.corp_rsa.published();
    key["use"] = json!("jwt-svid");
    key.as_object_mut().unwrap().remove("alg");
    stand.source.at("https://bundle.prod.example/keys", json!({"keys": [key]}).to_string());
    stand
}

fn judge(rows: Vec<(&str, Draft, &str)>) {
    let signed = |(what, draft, wants): (&str, Draft, &str)| {
        row(what, draft.signed_by(&KEYS.corp_rsa), wants)
    };
    let rows: Vec<Row> = rows.into_iter().map(signed).collect();
    judge_on(stand, rows);
}

const TENANT: &str = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10";
const USER: &str =
    "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10|0b9c6e51-2f0e-4d5c-8f5e-6a1c2b3d4e5f@entra";

fn entra() -> Draft {
    let claims = json!({
        "ver": "2.0", "tid": TENANT, "oid": "0b9c6e51-2f0e-4d5c-8f5e-6a1c2b3d4e5f", "sub": "pairwise",
        "azp": "55aa55aa-1111-4222-8333-444455556666", "scp": "access_as_user",
    });
    draft(&format!("https://login.microsoftonline.com/{TENANT}/v2.0"), claims)
}

#[test]
fn attack_36_an_entra_token_was_granted_to_somebody_of_this_tenant_for_us() {
    let app = || entra().no_claim("scp").claim("idtyp", "\"app\"");
    let other = "1d2c3b4a-0f35-4e0d-9f6c-3a5d2f8f9a10";
    let v1 = || {
        let issuer = format!("https://sts.windows.net/{TENANT}/");
        let claims =
            json!({"ver": "1.0", "tid": TENANT, "oid": "o", "appid": "a", "scp": "x", "sub": "s"});
        draft(&issuer, claims)
    };
    let elsewhere = format!("\"https://login.microsoftonline.com/{other}/v2.0\"");
    judge(vec![
        ("a user", entra(), USER),
        ("an app with a role", app().claim("roles", r#"["Data.Read"]"#), USER),
        ("an app with neither roles nor scp", app(), "claim scp"),
        ("an app with no roles in the list", app().claim("roles", "[]"), "claim scp"),
        ("an empty scp", entra().claim("scp", "\"\""), "claim scp"),
        ("for Graph", entra().claim("aud", "\"https://graph.microsoft.com\""), "audience"),
        (
            "for Graph by its id",
            entra().claim("aud", "\"00000003-0000-0000-c000-000000000000\""),
            "audience",
        ),
        ("v1", v1(), "issuer"),
        ("v1 by its version", entra().claim("ver", "\"1.0\""), "claim ver"),
        (
            "v1 in the name of v2",
            v1().claim("iss", format!("\"https://login.microsoftonline.com/{TENANT}/v2.0\"")),
            "claim ver",
        ),
        ("another tenant", entra().claim("tid", format!("\"{other}\"")), "claim tid"),
        ("another tenant's issuer", entra().claim("iss", elsewhere), "issuer"),
    ]);
}

fn github() -> Draft {
    draft(
        "https://token.actions.githubusercontent.com",
        json!({
            "sub": "repo:octo-org/octo-repo:ref:refs/heads/main", "repository": "octo-org/octo-repo",
            "repository_id": "74", "repository_owner": "octo-org", "repository_owner_id": "65",
            "ref": "refs/heads/main", "ref_type": "branch", "event_name": "push", "run_id": "9001",
            "jti": "g-1", "nbf": NOW - 10,
        }),
    )
}

#[test]
fn attack_37_a_job_of_github_is_known_by_numbers_and_by_nothing_that_changes_hands() {
    let whom = "74|ref|refs/heads/main@builds";
    let sub = |text: &str| github().claim("sub", json!(text));
    judge(vec![
        ("a subject of the old format", github(), whom),
        (
            "a subject of the new format",
            sub("repo:octo-org@65/octo-repo@74:ref:refs/heads/main"),
            whom,
        ),
        (
            "a subject of the old format, of an environment",
            sub("repo:octo-org/octo-repo:environment:a%3Ab"),
            whom,
        ),
        ("a name taken over", github().claim("repository_id", "\"75\""), "claim repository_id"),
        (
            "an owner's name taken over",
            github().claim("repository_owner_id", "\"66\""),
            "claim repository_owner_id",
        ),
        (
            "an id in the subject alone",
            sub("repo:o@65/r@74:ref:x").claim("repository_id", "\"75\""),
            "claim repository_id",
        ),
        ("no id", github().no_claim("repository_id"), "claim repository_id"),
        ("an id as number", github().claim("repository_id", 74), "claim repository_id"),
        ("a pull request", github().claim("event_name", "\"pull_request\""), "claim event_name"),
        (
            "a pull request by its target",
            github().claim("event_name", "\"pull_request_target\""),
            "claim event_name",
        ),
        (
            "the default audience",
            github().claim("aud", "\"https://github.com/octo-org\""),
            "audience",
        ),
        (
            "the default audience too",
            github().claim("aud", json!([OURS, "https://github.com/octo-org"])),
            "audience alone",
        ),
    ]);
    let defaulted = ISSUERS.replacen(
        "jwks\"\n    audience = [\"https://gw.example/v1\"]",
        "jwks\"\n    audience = [\"https://github.com/octo-org\"]",
        1,
    );
    assert_ne!(defaulted, ISSUERS);
    assert!(identity::Issuers::parse("issuers.toml", &defaulted).is_err());
}

fn gitlab() -> Draft {
    draft(
        "https://gitlab.example",
        json!({
            "sub": "project_path:group/project:ref_type:branch:ref:main", "project_id": "20",
            "namespace_id": "72", "ref": "main", "ref_type": "branch", "ref_protected": "true",
            "pipeline_source": "push", "job_id": "302", "jti": "l-1", "nbf": NOW - 10,
        }),
    )
}

#[test]
fn attack_38_a_job_of_gitlab_runs_on_a_protected_ref() {
    let protected = |value: Value| gitlab().claim("ref_protected", value);
    let merge = gitlab().claim("pipeline_source", "\"merge_request_event\"");
    judge(vec![
        ("protected", gitlab(), "20:branch:main@lab"),
        ("true", protected(json!(true)), "claim ref_protected"),
        ("1", protected(json!(1)), "claim ref_protected"),
        ("\"True\"", protected(json!("True")), "claim ref_protected"),
        ("\"false\"", protected(json!("false")), "claim ref_protected"),
        ("false", protected(json!(false)), "claim ref_protected"),
        ("not told", gitlab().no_claim("ref_protected"), "claim ref_protected"),
        (
            "a merge request, unprotected",
            merge.clone().claim("ref_protected", "\"false\""),
            "claim ref_protected",
        ),
        (
            "a merge request of a fork",
            merge.clone().claim("project_id", "\"21\""),
            "claim project_id",
        ),
        ("a fork's, protected there", gitlab().claim("project_id", "\"21\""), "claim project_id"),
    ]);
}

fn account() -> Draft {
    draft(
        "https://oidc.cluster.example",
        json!({
            "aud": [OURS], "sub": "system:serviceaccount:jobs:loader", "jti": "k-1", "nbf": NOW - 10,
            "kubernetes.io": {
                "namespace": "jobs", "serviceaccount": {"name": "loader", "uid": "5f6d7c8e"},
                "pod": {"name": "loader-7", "uid": "pod-7"},
            },
        }),
    )
}

#[test]
fn attack_39_a_service_account_s_token_is_for_us_alone_and_ends() {
    let secret = json!({
        "iss": "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/namespace": "jobs",
        "kubernetes.io/serviceaccount/secret.name": "loader-token-x7",
        "kubernetes.io/serviceaccount/service-account.name": "loader",
        "kubernetes.io/serviceaccount/service-account.uid": "5f6d7c8e",
        "sub": "system:serviceaccount:jobs:loader",
    });
    let header = json!({"alg": "RS256", "kid": "two"});
    let renamed = |draft: Draft| draft.claim("iss", "\"https://oidc.cluster.example\"");
    let legacy = Draft::of(&header, &secret);
    judge(vec![
        ("projected for us", account(), "jobs/loader@5f6d7c8e@cluster"),
        (
            "for the cluster too",
            account().claim("aud", json!([OURS, "https://kubernetes.default.svc"])),
            "audience alone",
        ),
        (
            "for the cluster, then us",
            account().claim("aud", json!(["https://kubernetes.default.svc", OURS])),
            "audience alone",
        ),
        (
            "for the cluster",
            account().claim("aud", json!(["https://kubernetes.default.svc"])),
            "audience",
        ),
        ("of a secret", legacy.clone(), "issuer"),
        ("of a secret, by the cluster's name", renamed(legacy.clone()), "claim aud"),
        ("of a secret, for us", renamed(legacy).claim("aud", json!([OURS])), "claim exp"),
        ("without an end", account().no_claim("exp"), "claim exp"),
        ("for ten years", account().claim("exp", NOW + 315_360_000), "lifetime"),
    ]);
}

fn cognito() -> Draft {
    draft("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc", json!({
        "sub": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "token_use": "access", "client_id": "4hq0",
        "username": "alice", "jti": "c-1",
    }))
    .no_claim("aud")
}

fn svid() -> Draft {
    draft("spiffe://prod.example", json!({"sub": "spiffe://prod.example/ns/jobs/sa/loader"}))
        .no_claim("iat")
}

#[test]
fn attack_40_a_pool_s_token_is_an_access_token_of_a_listed_client() {
    let id = cognito().claim("token_use", "\"id\"");
    judge(vec![
        ("an access token", cognito(), "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee@pool"),
        ("an ID token", id.clone().no_claim("client_id").claim("aud", "\"4hq0\""), "audience"),
        ("an ID token for us", id.clone().claim("aud", json!(OURS)), "kind token_use"),
        ("an ID token without an audience", id, "kind token_use"),
        ("no use", cognito().no_claim("token_use"), "claim token_use"),
        ("a foreign client", cognito().claim("client_id", "\"9zz9\""), "claim client_id"),
        ("clients in a list", cognito().claim("client_id", r#"["4hq0"]"#), "claim client_id"),
        ("no client", cognito().no_claim("client_id"), "claim client_id"),
        ("another audience", cognito().claim("aud", "\"https://other.example\""), "audience"),
    ]);
}

#[test]
fn attack_40_a_svid_has_a_bare_header_and_an_algorithm_of_spiffe() {
    let jku = "\"https://evil.example/keys\"";
    judge(vec![
        ("a SVID", svid(), "spiffe://prod.example/ns/jobs/sa/loader@mesh"),
        ("without a type", svid().no_member("typ"), "spiffe://prod.example/ns/jobs/sa/loader@mesh"),
        ("with jku", svid().member("jku", jku), "form"),
        ("with an unknown member", svid().member("x", 1), "form"),
        ("with a certificate's thumbprint", svid().member("x5t", "\"AAAA\""), "form"),
        ("with another thumbprint", svid().member("x5t#S256", "\"AAAA\""), "form"),
        ("of another type", svid().member("typ", "\"at+jwt\""), "type"),
        (
            "of another trust domain",
            svid().claim("sub", "\"spiffe://test.example/ns/jobs\""),
            "claim sub",
        ),
    ]);
    for name in ["EdDSA", "Ed25519"] {
        let token = svid().member("alg", format!("\"{name}\"")).signed_by(&KEYS.edwards);
        assert_eq!(met(&stand().believe(&bearer(&token))), "algorithm");
    }
    let edwards = format!("{ISSUERS}    algorithms = [\"EdDSA\"]\n");
    assert!(identity::Issuers::parse("issuers.toml", &edwards).is_err());
}

/// A SVID need not say who issued it: its trust domain did.
#[test]
fn attack_40_a_svid_as_the_standard_writes_it_is_accepted() {
    let whom = "spiffe://prod.example/ns/jobs/sa/loader@mesh";
    let elsewhere = "\"spiffe://test.example/ns/jobs\"";
    judge(vec![
        ("without an issuer", svid().no_claim("iss"), whom),
        (
            "without an issuer, of elsewhere",
            svid().no_claim("iss").claim("sub", elsewhere),
            "issuer",
        ),
        ("without an issuer, of nobody", svid().no_claim("iss").no_claim("sub"), "claim iss"),
    ]);
}
