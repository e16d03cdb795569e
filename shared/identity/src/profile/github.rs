//! Tokens of GitHub Actions.
//!
//! `sub` has two formats and can be customised, and names can be given up and taken by somebody
//! else: neither is looked at.

use super::{BLANK, Must, Part, Profile, Rule, Source, forms, setting::Setting};
use crate::algorithm::Algorithm;

const ID: &str = "an id, in digits and not a name";

pub(super) const PROFILE: Profile = Profile {
    name: "github",
    settings: &[
        Setting::texts("repository_id", forms::digits, ID).needed(),
        Setting::texts("repository_owner_id", forms::digits, ID).needed(),
        Setting::any("environment"),
        Setting::any("event_name"),
        Setting::any("job_workflow_ref"),
        Setting::any("job_workflow_sha"),
        Setting::any("ref"),
        Setting::any("ref_type"),
        Setting::any("runner_environment"),
    ],
    issuers: &["https://*"],
    // The owner's address, which every workflow of theirs gets without asking.
    default_audiences: &["https://github.com/"],
    algorithms: &[Algorithm::Rs256],
    lifetime_s: Some(15 * 60),
    sole_audience: true,
    rules: &[
        Rule::new(&["repository_id"], Must::BeListed("repository_id")),
        Rule::new(&["repository_owner_id"], Must::BeListed("repository_owner_id")),
        Rule::new(&["environment"], Must::BeListed("environment")),
        Rule::new(&["event_name"], Must::BeListedOr("event_name", of_the_repository)),
        Rule::new(&["job_workflow_ref"], Must::BeListed("job_workflow_ref")),
        Rule::new(&["job_workflow_sha"], Must::BeListed("job_workflow_sha")),
        Rule::new(&["ref"], Must::BeListed("ref")),
        Rule::new(&["ref_type"], Must::BeListed("ref_type")),
        Rule::new(&["runner_environment"], Must::BeListed("runner_environment")),
    ],
    principal: &[
        Part::Claim(&["repository_id"]),
        Part::Text("|"),
        Part::FirstOf(&["environment", "ref"]),
    ],
    instance: Some(&["run_id"]),
    groups: Source::Pairs(&[
        "actor_id",
        "environment",
        "event_name",
        "job_workflow_ref",
        "ref",
        "ref_type",
        "repository_id",
        "repository_owner_id",
        "runner_environment",
    ]),
    ..BLANK
};

/// Whoever can open a pull request starts these events, with code of their own perhaps.
fn of_the_repository(event: &str) -> bool {
    !event.starts_with("pull_request")
}
