//! ID tokens of GitLab CI jobs.
//!
//! `sub` can be configured per project, and is not looked at.

use super::{BLANK, Must, Part, Profile, Rule, Source, forms, setting::Setting};
use crate::algorithm::Algorithm;

const ID: &str = "an id, in digits and not a path";

pub(super) const PROFILE: Profile = Profile {
    name: "gitlab",
    settings: &[
        Setting::texts("project_id", forms::digits, ID).needed(),
        Setting::texts("namespace_id", forms::digits, ID).needed(),
        Setting::any("environment"),
        Setting::any("pipeline_source"),
        Setting::any("ref"),
        Setting::any("ref_type"),
    ],
    issuers: &["https://*"],
    algorithms: &[Algorithm::Rs256],
    lifetime_s: Some(60 * 60),
    rules: &[
        Rule::new(&["project_id"], Must::BeListed("project_id")),
        Rule::new(&["namespace_id"], Must::BeListed("namespace_id")),
        // A text, as GitLab writes it. It alone tells that the code was looked at: the ids of a
        // merge request's job are those of the fork.
        Rule::new(&["ref_protected"], Must::Be("true")),
        Rule::new(&["environment"], Must::BeListed("environment")),
        Rule::new(&["pipeline_source"], Must::BeListed("pipeline_source")),
        Rule::new(&["ref"], Must::BeListed("ref")),
        Rule::new(&["ref_type"], Must::BeListedOr("ref_type", |kind| !kind.contains(':'))),
    ],
    // A branch and a tag may have one name.
    principal: &[
        Part::Claim(&["project_id"]),
        Part::Text(":"),
        Part::Claim(&["ref_type"]),
        Part::Text(":"),
        Part::Claim(&["ref"]),
    ],
    instance: Some(&["job_id"]),
    groups: Source::Pairs(&[
        "environment",
        "namespace_id",
        "pipeline_source",
        "project_id",
        "ref",
        "ref_type",
        "user_login",
    ]),
    ..BLANK
};
