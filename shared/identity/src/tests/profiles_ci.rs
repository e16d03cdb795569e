//! Tokens of CI jobs: GitHub Actions and GitLab.

use serde_json::json;

use super::{
    draft::{Draft, quoted},
    profiles::{OURS, all_are_judged, good, groups, token},
};

const GITHUB: &str = r#"profile = "github"
issuer = "https://token.actions.githubusercontent.com"
repository_id = ["74"]
repository_owner_id = ["65"]
groups = { "environment=production" = "deployers", "ref=refs/heads/main" = "mains" }"#;
const GITLAB: &str = r#"profile = "gitlab"
issuer = "https://gitlab.example"
project_id = ["20"]
namespace_id = ["72"]
groups = { "user_login=alice" = "releasers" }"#;

fn github() -> Draft {
    let claims = json!({
        "sub": "repo:octo-org/octo-repo:ref:refs/heads/main", "repository": "octo-org/octo-repo",
        "repository_id": "74", "repository_owner_id": "65", "ref": "refs/heads/main",
        "ref_type": "branch", "event_name": "push", "run_id": "9001", "run_attempt": "2",
        "job_workflow_ref": "octo-org/flows/.github/workflows/deploy.yml@refs/heads/main",
        "runner_environment": "github-hosted", "jti": "j-1",
    });
    token("https://token.actions.githubusercontent.com", &claims)
}

fn gitlab() -> Draft {
    let claims = json!({
        "sub": "project_path:group/project:ref_type:branch:ref:main", "project_id": "20",
        "namespace_id": "72", "ref": "main", "ref_type": "branch", "ref_protected": "true",
        "job_id": "302", "pipeline_source": "push", "user_login": "alice",
    });
    token("https://gitlab.example", &claims)
}

/// Attack 37, and 9.
#[test]
fn a_job_of_github_is_known_by_ids_and_not_by_names() {
    let changed = |claim: &str, value: &str| github().claim(claim, value);
    let whom = "74|ref|refs/heads/main";
    all_are_judged(
        GITHUB,
        vec![
            ("a push", github(), whom),
            ("the newer subject", changed("sub", "\"repo:o@65/r@74:ref:refs/heads/main\""), whom),
            ("a subject of their own making", changed("sub", "\"corp|admin\""), whom),
            ("a subject that is none", changed("sub", "{}"), whom),
            ("no subject", github().no_claim("sub"), whom),
            ("renamed", changed("repository", "\"else/where\""), whom),
            (
                "an environment",
                changed("environment", "\"production\""),
                "74|environment|production",
            ),
            (
                "an environment called like a ref",
                changed("environment", "\"refs/heads/main\""),
                "74|environment|refs/heads/main",
            ),
            (
                "an environment with a bar",
                changed("environment", "\"a|b%7C\""),
                "74|environment|a%7Cb%257C",
            ),
            ("a name taken over", changed("repository_id", "\"75\""), "claim repository_id"),
            ("an id as number", changed("repository_id", "74"), "claim repository_id"),
            ("no id", github().no_claim("repository_id"), "claim repository_id"),
            (
                "another owner",
                changed("repository_owner_id", "\"66\""),
                "claim repository_owner_id",
            ),
            ("a pull request", changed("event_name", "\"pull_request\""), "claim event_name"),
            ("of a target", changed("event_name", "\"pull_request_target\""), "claim event_name"),
            ("no event", github().no_claim("event_name"), "claim event_name"),
            ("neither environment nor ref", github().no_claim("ref"), "claim ref"),
            ("the default audience", changed("aud", "\"https://github.com/octo-org\""), "audience"),
            ("others too", changed("aud", &json!([OURS, "x"]).to_string()), "audience alone"),
        ],
    );
    assert_eq!(good(GITHUB, &github()).instance.as_deref(), Some("9001"));
}

#[test]
fn what_an_entry_of_github_pins_must_be_so() {
    for (line, claim, good, bad) in [
        ("environment = [\"production\"]", "environment", "production", "staging"),
        ("ref = [\"refs/heads/main\"]", "ref", "refs/heads/main", "refs/heads/mainx"),
        ("ref_type = [\"tag\"]", "ref_type", "tag", "branch"),
        ("event_name = [\"pull_request\"]", "event_name", "pull_request", "push"),
        ("job_workflow_ref = [\"o/f/w.yml@v1\"]", "job_workflow_ref", "o/f/w.yml@v1", "o/f/w.yml"),
        ("job_workflow_sha = [\"abc\"]", "job_workflow_sha", "abc", "abd"),
        (
            "runner_environment = [\"github-hosted\"]",
            "runner_environment",
            "github-hosted",
            "self-hosted",
        ),
    ] {
        let entry = format!("{GITHUB}\n{line}");
        let meets: &'static str = format!("claim {claim}").leak();
        let believed: &'static str = match claim {
            "environment" => "74|environment|production",
            _ => "74|ref|refs/heads/main",
        };
        all_are_judged(
            &entry,
            vec![
                ("as listed", github().claim(claim, quoted(good)), believed),
                ("another", github().claim(claim, quoted(bad)), meets),
                ("none", github().no_claim(claim), meets),
            ],
        );
    }
}

#[test]
fn groups_of_a_job_are_those_that_the_entry_maps_its_claims_to() {
    assert_eq!(groups(GITHUB, &github()), "mains");
    let production = github().claim("environment", "\"production\"");
    assert_eq!(groups(GITHUB, &production), "deployers mains");
    let posed = github().claim("ref", "\"environment=production\"").claim("groups", "\"x\"");
    assert_eq!(groups(GITHUB, &posed), "");
    assert_eq!(groups(GITLAB, &gitlab()), "releasers");
}

/// Attack 38.
#[test]
fn a_job_of_gitlab_runs_on_a_protected_ref_of_the_project() {
    let changed = |claim: &str, value: &str| gitlab().claim(claim, value);
    all_are_judged(
        GITLAB,
        vec![
            ("a branch", gitlab(), "20:branch:main"),
            ("a tag of that name", changed("ref_type", "\"tag\""), "20:tag:main"),
            ("a subject of its own making", changed("sub", "\"x\""), "20:branch:main"),
            ("true and not its text", changed("ref_protected", "true"), "claim ref_protected"),
            ("one and not its text", changed("ref_protected", "1"), "claim ref_protected"),
            ("True", changed("ref_protected", "\"True\""), "claim ref_protected"),
            ("an unprotected ref", changed("ref_protected", "\"false\""), "claim ref_protected"),
            ("not told", gitlab().no_claim("ref_protected"), "claim ref_protected"),
            ("a fork", changed("project_id", "\"21\""), "claim project_id"),
            ("an id as number", changed("project_id", "20"), "claim project_id"),
            ("another namespace", changed("namespace_id", "\"73\""), "claim namespace_id"),
            ("a type with a colon", changed("ref_type", "\"branch:x\""), "claim ref_type"),
            ("a bar in the ref", changed("ref", "\"a|b\""), "20:branch:a%7Cb"),
            ("the default audience", changed("aud", "\"https://gitlab.example\""), "audience"),
        ],
    );
    assert_eq!(good(GITLAB, &gitlab()).instance.as_deref(), Some("302"));
    // The bounds of the entry hold the fork's request of a merge, protected as its own ref may be.
    let merge =
        gitlab().claim("project_id", "\"21\"").claim("pipeline_source", "\"merge_request_event\"");
    all_are_judged(GITLAB, vec![("a merge request of a fork", merge, "claim project_id")]);
}
