//! Access tokens of Amazon Cognito user pools.

use super::{BLANK, Must, Profile, Rule, Source, setting::Setting};
use crate::algorithm::Algorithm;

pub(super) const PROFILE: Profile = Profile {
    name: "cognito",
    settings: &[Setting::any("clients").needed()],
    algorithms: &[Algorithm::Rs256],
    lifetime_s: Some(60 * 60),
    // Unless a resource was asked for, there is none, and the app client stands for it.
    optional: &["aud"],
    rules: &[
        Rule::new(&["token_use"], Must::Be("access")),
        Rule::new(&["client_id"], Must::BeListed("clients")),
    ],
    client: Some("client_id"),
    groups: Source::List("cognito:groups"),
    people: Some(&[Rule::new(&["token_use"], Must::Be("id"))]),
    ..BLANK
};
