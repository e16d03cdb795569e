//! Tokens that AWS STS issues to roles for use outside AWS (`sts:GetWebIdentityToken`).

use serde_json::Value;

use super::{
    BLANK, Given, Members, Must, Part, Path, Profile, Rule, Source, forms, look, setting::Setting,
};
use crate::{Error, algorithm::Algorithm};

/// The object with all claims of AWS.
const AWS: &str = "https://sts.amazonaws.com/";
const ACCOUNT: Path = &[AWS, "aws_account"];
/// What the role and its session are tagged with. The tags of the request (`request_tags`) are
/// whatever the caller likes, and give nothing.
const TAGS: Path = &[AWS, "principal_tags"];

pub(super) const PROFILE: Profile = Profile {
    name: "aws-sts",
    settings: &[
        Setting::texts("accounts", forms::account, "the 12 digits of an AWS account").needed(),
        Setting::any("org_id"),
    ],
    issuers: &["https://*"],
    // Its RSA keys name no algorithm, and are for this one.
    algorithms: &[Algorithm::Rs256, Algorithm::Es384],
    lifetime_s: Some(60 * 60),
    rules: &[
        Rule::new(ACCOUNT, Must::BeListed("accounts")),
        Rule::new(&[AWS, "org_id"], Must::BeListed("org_id")),
    ],
    coherent: a_role_of_the_account,
    // Functions can share a role; each is somebody of its own.
    principal: &[Part::Claim(&["sub"]), Part::IfThere(&[AWS, "lambda_source_function_arn"])],
    instance: Some(&[AWS, "ec2_source_instance_arn"]),
    groups: Source::Made(tags),
    ..BLANK
};

/// `arn:<partition>:iam::<account>:role/<path and name>`.
fn a_role_of_the_account(claims: &Members, _: &Given) -> Result<(), Error> {
    let account = look::needed(claims, ACCOUNT)?;
    let mut pieces = look::needed(claims, &["sub"])?.splitn(6, ':');
    let mut next = || pieces.next().unwrap_or_default();
    let start = [next(), next(), next(), next(), next()];
    let role = next().strip_prefix("role/").is_some_and(|name| !name.is_empty());
    match start {
        ["arn", "aws" | "aws-cn" | "aws-us-gov", "iam", "", of] if role && of == account => Ok(()),
        _ => Err(Error::Claim("sub", "a role of the account")),
    }
}

/// As `key=value`. A key with `=` in it could be read in two ways, and gives nothing.
fn tags(claims: &Members) -> Result<Vec<String>, Error> {
    let wants = || Error::Claim("principal_tags", "an object of texts");
    let Some(tags) = look::at(claims, TAGS)? else { return Ok(Vec::new()) };
    let text =
        |(key, value): (&'_ String, &'_ Value)| Some((key.clone(), value.as_str()?.to_owned()));
    let tags: Option<Vec<_>> = tags.as_object().ok_or_else(wants)?.iter().map(text).collect();
    let plain = tags.ok_or_else(wants)?.into_iter().filter(|(key, _)| !key.contains('='));
    Ok(plain.map(|(key, value)| format!("{key}={value}")).collect())
}
