//! Which crates may see a cloud, and which may see nothing at all.

use crate::{
    arrows::each,
    sources::Source,
    workspace::{Member, Workspace},
};

/// Crates that link a cloud's SDK and are not the edge to that cloud.
pub(crate) fn clouds(workspace: &Workspace) -> Vec<String> {
    each(workspace, |member, dependency| {
        let cloud = Cloud::of(dependency.name).filter(|_| !dependency.dev)?;
        (!cloud.is_seen_by(member))
            .then(|| format!("`{}` sees a cloud through `{}`", member.name, dependency.name))
    })
}

/// What a crate of a cloud's vendor is for.
#[derive(Clone, Copy)]
enum Cloud {
    /// Amazon's services.
    Aws,
    /// Microsoft's services.
    Azure,
    /// Being called by Lambda.
    Lambda,
}

impl Cloud {
    fn of(name: &str) -> Option<Self> {
        let name = name.replace('_', "-");
        STARTS.iter().find(|(start, _)| name.starts_with(start))?.1
    }

    fn is_seen_by(&self, member: &Member) -> bool {
        match self {
            Self::Aws => member.name == "on-aws",
            Self::Azure => member.name == "on-azure",
            Self::Lambda => member.folder.starts_with("functions/") || member.name == "doors",
        }
    }
}

/// Dependencies of the quiet crates that may do more than read and reckon.
pub(crate) fn loud(workspace: &Workspace) -> Vec<String> {
    each(workspace, |member, dependency| {
        let loud = QUIET.contains(&member.name.as_str())
            && !dependency.dev
            && !HARMLESS.contains(&dependency.name);
        loud.then(|| format!("`{}` is quiet and uses `{}`", member.name, dependency.name))
    })
}

/// Sources of the quiet crates that wait, or ask the world for something.
pub(crate) fn loud_sources(sources: &[Source]) -> Vec<String> {
    let quiet = |source: &&Source| {
        QUIET.iter().any(|name| source.path.starts_with(&format!("shared/{name}/src/")))
    };
    sources.iter().filter(quiet).flat_map(heard).collect()
}

fn heard(source: &Source) -> Vec<String> {
    let lines = source.text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: Vec<&str> = lines.collect();
    let found = LOUD.iter().filter(|word| code.iter().any(|line| line.contains(**word)));
    found.map(|word| format!("`{}` is quiet and says `{word}`", source.path)).collect()
}

/// What a crate is for by how its name begins; the first that fits counts. `aws-lc` is cryptography
/// and knows of no cloud.
const STARTS: [(&str, Option<Cloud>); 5] = [
    ("aws-lambda-", Some(Cloud::Lambda)),
    ("aws-lc-", None),
    ("aws-", Some(Cloud::Aws)),
    ("azure-", Some(Cloud::Azure)),
    ("lambda-", Some(Cloud::Lambda)),
];

/// Have no clock, no network and no async, so that their verdict is a matter of their input alone.
const QUIET: [&str; 4] = ["catalogue", "masking", "rights", "vetting"];

/// What they may use: these read and reckon. Whatever is added here has been looked at.
/// Of `credentials` it is the type of a mask's key, which is handed in.
const HARMLESS: [&str; 16] = [
    "aes",
    "base64",
    "catalogue",
    "credentials",
    "fearless_simd",
    "fpe",
    "pg_query",
    "policy",
    "request",
    "serde",
    "serde_json",
    "sha2",
    "stacker",
    "thiserror",
    "vetting",
    "zeroize",
];

/// What they may not say.
const LOUD: [&str; 9] = [
    "async ",
    ".await",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "Instant",
    "SystemTime",
];

#[test]
fn a_cloud_away_from_the_edge_is_found() {
    let members = [
        ("shared/audit", "[dependencies]\naws-sdk-dynamodb.workspace = true"),
        (
            "shared/on-aws",
            "[dependencies]\naws-config.workspace = true\nazure_core.workspace = true",
        ),
        (
            "shared/on-azure",
            "[dependencies]\nazure_core.workspace = true\naws-config.workspace = true",
        ),
        (
            "functions/request",
            "[dependencies]\nlambda_http.workspace = true\naws-config.workspace = true",
        ),
        (
            "shared/doors",
            "[dependencies]\nlambda_http.workspace = true\nazure_core.workspace = true",
        ),
        (
            "shared/host",
            "[build-dependencies]\nlambda_runtime.workspace = true\naws_lambda_events.workspace = true",
        ),
    ];
    let found = clouds(&Workspace::of("", &members));
    let expected = [
        ("audit", "aws-sdk-dynamodb"),
        ("on-aws", "azure_core"),
        ("on-azure", "aws-config"),
        ("request", "aws-config"),
        ("doors", "azure_core"),
        ("host", "aws_lambda_events"),
        ("host", "lambda_runtime"),
    ];
    assert_eq!(
        found,
        expected.map(|(name, cloud)| format!("`{name}` sees a cloud through `{cloud}`"))
    );
}

#[test]
fn cryptography_is_no_cloud_and_tests_may_see_one() {
    let member = "[dependencies]\naws-lc-rs.workspace = true\n\
                  [dev-dependencies]\naws-config.workspace = true";
    assert!(clouds(&Workspace::of("", &[("local-emulator", member)])).is_empty());
}

#[test]
fn a_quiet_crate_with_a_network_or_a_clock_is_found() {
    let members = [
        ("shared/vetting", "[dependencies]\nserde.workspace = true\nreqwest.workspace = true"),
        ("shared/masking", "[dependencies]\ntime.workspace = true\ntokio.workspace = true"),
        ("shared/audit", "[dependencies]\ntokio.workspace = true"),
    ];
    let found = loud(&Workspace::of("", &members));
    let expected = [("vetting", "reqwest"), ("masking", "time"), ("masking", "tokio")];
    assert_eq!(found, expected.map(|(name, loud)| format!("`{name}` is quiet and uses `{loud}`")));
}

#[test]
fn a_quiet_crate_that_waits_or_looks_at_a_clock_is_found() {
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let found = loud_sources(&[
        source("shared/vetting/src/a.rs", "//! No async here.\nasync fn wait() {}"),
        source("shared/masking/src/b.rs", "use std::time::Instant;"),
        source("shared/audit/src/c.rs", "async fn wait() {}"),
    ]);
    let expected = [
        "`shared/vetting/src/a.rs` is quiet and says `async `",
        "`shared/masking/src/b.rs` is quiet and says `Instant`",
    ];
    assert_eq!(found, expected);
}
