//! What an entry of `issuers.toml` must say for its profile, and what it cannot.

use super::profiles::mistakes;

const ENTRA: &str = r#"profile = "entra"
tenant = "7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10"
issuer = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0""#;
const GITHUB: &str = r#"profile = "github"
issuer = "https://token.actions.githubusercontent.com"
repository_id = ["74"]
repository_owner_id = ["65"]"#;

/// Of an entry with one more line, or with one line instead of another.
fn with(entry: &str, line: &str) -> String {
    mistakes(&format!("{entry}\n{line}")).join("; ")
}

fn instead(entry: &str, old: &str, new: &str) -> String {
    let changed = entry.replace(old, new);
    assert_ne!(changed, entry, "{old}");
    mistakes(&changed).join("; ")
}

#[test]
fn what_a_profile_restricts_by_cannot_be_left_out() {
    for (profile, issuer, missing) in [
        ("entra", "https://login.microsoftonline.com/x/v2.0", "`tenant`"),
        ("entra-agent", "https://login.microsoftonline.com/x/v2.0", "`tenant`"),
        ("cognito", "https://pool.example", "`clients`"),
        ("aws-sts", "https://0f35.tokens.sts.global.api.aws", "`accounts`"),
        ("github", "https://token.actions.githubusercontent.com", "`repository_id`"),
        ("github", "https://token.actions.githubusercontent.com", "`repository_owner_id`"),
        ("gitlab", "https://gitlab.example", "`project_id`"),
        ("gitlab", "https://gitlab.example", "`namespace_id`"),
        ("spiffe", "spiffe://prod.example", "`trust_domain`"),
    ] {
        let told = mistakes(&format!("profile = \"{profile}\"\nissuer = \"{issuer}\""));
        let missing = format!("issuers.toml:1: {missing} is missing");
        assert!(told.contains(&missing), "{profile}: {told:?}");
    }
}

#[test]
fn an_entry_without_a_profile_says_everything_itself() {
    let told = mistakes("issuer = \"https://login.example\"");
    let missing = |name: &str| format!("issuers.toml:1: `{name}` is missing");
    assert_eq!(told, ["algorithms", "types", "max_lifetime_s"].map(missing));
    assert_eq!(mistakes("profile = \"rfc9068\"\nissuer = \"https://login.example\""), told);
}

#[test]
fn a_profile_settles_what_its_issuer_never_changes() {
    assert_eq!(mistakes(ENTRA), [""; 0]);
    assert_eq!(mistakes(GITHUB), [""; 0]);
    assert_eq!(mistakes("profile = \"kubernetes\"\nissuer = \"https://c.example\""), [""; 0]);
    for line in [
        "algorithms = [\"RS256\"]",
        "types = [\"JWT\"]",
        "types = [\"\"]",
        "max_lifetime_s = 60",
        "sole_audience = true",
    ] {
        assert_eq!(with(GITHUB, line), "", "{line}");
    }
}

#[test]
fn an_entry_cannot_widen_its_profile() {
    for (line, told) in [
        ("algorithms = [\"ES256\"]", "`ES256` is not of profile `github`"),
        (
            "algorithms = [\"HS256\"]",
            "`HS256` is none of ES256, ES384, RS256, PS256, EdDSA and Ed25519",
        ),
        ("types = [\"at+jwt\"]", "`at+jwt` is not of profile `github`"),
        ("types = []", "`types` is empty, which nothing could fulfil"),
        ("sole_audience = false", "`sole_audience` is always true of profile `github`"),
        ("max_lifetime_s = 86401", "`max_lifetime_s` must be a whole number from 1 to 86400"),
    ] {
        assert_eq!(with(GITHUB, line), format!("issuers.toml:6: {told}"));
    }
}

#[test]
fn what_belongs_to_another_profile_is_told() {
    for (line, told) in [
        ("clients = [\"x\"]", "`clients` is of profile `cognito`, and this is `github`"),
        ("tenant = \"x\"", "`tenant` is of profile `entra`, and this is `github`"),
        ("v1 = true", "`v1` is of profile `entra`, and this is `github`"),
        ("groups_claim = \"x\"", "`groups_claim` is of profile `rfc9068`, and this is `github`"),
        ("client_claim = \"x\"", "`client_claim` is of profile `rfc9068`, and this is `github`"),
        ("subject_claim = \"x\"", "`subject_claim` is of profile `rfc9068`, and this is `github`"),
        ("project_id = [\"1\"]", "`project_id` is of profile `gitlab`, and this is `github`"),
        ("repositoryid = [\"1\"]", "`repositoryid` is not known here"),
    ] {
        assert_eq!(with(GITHUB, line), format!("issuers.toml:6: {told}"));
    }
}

#[test]
fn an_id_is_an_id_and_not_a_name() {
    for (old, new) in [
        ("[\"74\"]", "[\"octo-org/octo-repo\"]"),
        ("[\"74\"]", "[\"74\", \"x\"]"),
        ("[\"74\"]", "[\"\"]"),
        ("[\"74\"]", "[74]"),
        ("[\"74\"]", "[]"),
        ("[\"74\"]", "\"74\""),
    ] {
        let told = instead(GITHUB, old, new);
        assert!(told.starts_with("issuers.toml:4: `") && !told.contains(';'), "{new}: {told}");
    }
    let accounts = "profile = \"aws-sts\"\nissuer = \"https://x.example\"\naccounts = [\"1234\"]";
    assert_eq!(
        mistakes(accounts),
        [
            "issuers.toml:4: `1234` cannot stand in `accounts`: it takes the 12 digits of an AWS account"
        ]
    );
}

/// Attack 36.
#[test]
fn an_issuer_of_entra_is_that_of_the_one_tenant() {
    let v2 = "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0";
    for other in [
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a11/v2.0",
        "https://login.microsoftonline.com/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0/",
        "https://sts.windows.net/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/",
        "https://login.example/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/v2.0",
    ] {
        let told = instead(ENTRA, v2, other);
        assert!(told.starts_with("issuers.toml:4: an issuer of profile `entra` is "), "{told}");
    }
    let tenant = "tenant = \"7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10\"";
    for other in ["common", "organizations", "corp.example", "7C1B7D2E-0F35-4E0D-9F6C-3A5D2F8F9A10"]
    {
        let told = instead(ENTRA, tenant, &format!("tenant = \"{other}\""));
        assert!(told.contains(&format!("issuers.toml:3: `{other}` cannot stand in")), "{told}");
    }
    let switched = with(ENTRA, "v1 = true");
    assert_eq!(
        switched,
        "issuers.toml:4: an issuer of profile `entra` is \
         https://sts.windows.net/7c1b7d2e-0f35-4e0d-9f6c-3a5d2f8f9a10/"
    );
    assert_eq!(with(ENTRA, "v1 = false"), "");
}

#[test]
fn an_audience_that_nobody_chose_is_not_ours() {
    let default = "audience = [\"https://github.com/octo-org\"]";
    let told = with(GITHUB, default);
    assert!(told.starts_with("issuers.toml:6: `https://github.com/octo-org` is "), "{told}");
    let cluster = "profile = \"kubernetes\"\nissuer = \"https://c.example\"";
    let told = with(cluster, "audience = [\"https://kubernetes.default.svc.cluster.local\"]");
    assert!(told.starts_with("issuers.toml:4: `https://kubernetes.default.svc"), "{told}");
}

#[test]
fn a_profile_that_does_not_exist_is_told() {
    let told = mistakes("profile = \"entra-v2\"\nissuer = \"https://login.example\"");
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("issuers.toml:2: `entra-v2` is none of rfc9068, entra, "),
        "{told:?}"
    );
    assert_eq!(mistakes("profile = 7"), ["issuers.toml:2: `profile` must be a text, not a number"]);
}

#[test]
fn all_mistakes_of_an_entry_are_told_at_once() {
    let told = mistakes(
        "profile = \"gitlab\"\nissuer = \"http://gitlab.example\"\nproject_id = [\"group/project\"]\n\
         ref = [\"\"]\nclients = [\"x\"]\nalgorithms = [\"EdDSA\"]\nleeway_s = 99",
    );
    let lines: Vec<&str> = told.iter().filter_map(|told| told.split(':').nth(1)).collect();
    assert_eq!(lines, ["1", "3", "4", "5", "6", "7", "8"], "{told:?}");
}

#[test]
fn an_entry_may_name_an_audience_for_events() {
    assert_eq!(with(GITHUB, "events = \"https://postern.example/v1/events\""), "");
    assert_eq!(
        with(GITHUB, "events = true"),
        "issuers.toml:6: `events` must be a text, not true or false"
    );
}
