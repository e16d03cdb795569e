//! What is linked into a packaged function, as Cargo resolves it.

use std::{collections::BTreeSet, process::Command};

use crate::workspace::{Workspace, root};

/// A crate's name and its version.
type Crate = (String, String);

/// The packages of all functions, those that nobody has thought of here among them.
pub(crate) fn functions(workspace: &Workspace) -> Vec<&str> {
    let functions = workspace.members.iter().filter(|m| m.folder.starts_with("functions/"));
    functions.map(|member| member.name.as_str()).collect()
}

/// What is wrong with what is linked into any of the functions for one cloud, by whose it is.
pub(crate) fn wrong_in_any(workspace: &Workspace, features: &str, other: &[&str]) -> Vec<String> {
    let wrong_in = |function: &str| {
        let found = wrong(&crates_of(function, features), other);
        found.into_iter().map(|text| format!("in `{function}`: {text}")).collect::<Vec<_>>()
    };
    functions(workspace).into_iter().flat_map(wrong_in).collect()
}

/// What is linked into this function with these features, on the platform of this test.
fn crates_of(function: &str, features: &str) -> BTreeSet<Crate> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", function, "--edges", "normal", "--prefix", "none"])
        .args(["--no-default-features", "--features", features, "--offline", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    read(&String::from_utf8(tree.stdout).unwrap())
}

/// Reads lines like `rustls v0.23.1 (*)`.
fn read(tree: &str) -> BTreeSet<Crate> {
    let line = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
    };
    tree.lines().filter_map(line).collect()
}

/// What may not be among them: the other cloud, a second TLS, and two versions of what there is one of.
fn wrong(linked: &BTreeSet<Crate>, other: &[&str]) -> Vec<String> {
    let foreign = linked.iter().filter(|(name, _)| {
        BANNED.contains(&name.as_str())
            || (other.iter().any(|start| name.starts_with(start)) && !name.starts_with("aws-lc-"))
    });
    let foreign = foreign.map(|(name, _)| format!("`{name}` is linked"));
    foreign.chain(SINGLE.into_iter().filter_map(|name| not_single(linked, name))).collect()
}

fn not_single(linked: &BTreeSet<Crate>, (name, version): (&str, &str)) -> Option<String> {
    let versions = linked.iter().filter(|linked| linked.0 == name).map(|linked| linked.1.as_str());
    let versions: Vec<&str> = versions.collect();
    let fine = matches!(versions[..], [one] if one.starts_with(version));
    (!fine).then(|| format!("`{name}` is linked as {versions:?}, not once as {version}x"))
}

/// How names of Amazon's crates begin, and of ours that use them.
pub(crate) const AWS: &[&str] = &["aws-", "aws_", "lambda_", "on-aws"];

/// How names of Microsoft's crates begin, and of ours that use them.
pub(crate) const AZURE: &[&str] = &["azure_", "on-azure", "typespec"];

/// There is one TLS stack, rustls on aws-lc-rs.
const BANNED: [&str; 5] = ["boring-sys", "native-tls", "openssl", "openssl-sys", "ring"];

/// What there is once, and how its version begins.
const SINGLE: [(&str, &str); 3] = [("hyper", "1."), ("reqwest", "0.13."), ("rustls", "0.23.")];

#[cfg(test)]
fn made_up(more: &str) -> BTreeSet<Crate> {
    read(&format!("aws-lc-rs v1.0.0\nhyper v1.2.3\nreqwest v0.13.5\nrustls v0.23.9 (*)\n{more}"))
}

#[test]
fn every_function_is_looked_at() {
    let here = Workspace::here();
    let all =
        ["request", "run", "decide", "token", "jwks-sync"].map(|name| format!("{name}-function"));
    assert_eq!(functions(&here), all);
}

#[test]
fn one_tls_stack_and_no_other_cloud_is_fine() {
    let linked = made_up("on-disk v0.1.0 (a/folder)");
    assert!(wrong(&linked, AWS).is_empty());
    assert!(wrong(&linked, AZURE).is_empty());
}

#[test]
fn the_other_cloud_is_found() {
    for name in ["aws-sdk-sts", "aws_lambda_events", "lambda_http", "on-aws"] {
        let linked = made_up(&format!("{name} v1.0.0"));
        assert_eq!(wrong(&linked, AWS), [format!("`{name}` is linked")]);
        assert!(wrong(&linked, AZURE).is_empty());
    }
    for name in ["azure_core", "on-azure", "typespec_client_core"] {
        let linked = made_up(&format!("{name} v1.0.0 (proc-macro)"));
        assert_eq!(wrong(&linked, AZURE), [format!("`{name}` is linked")]);
    }
}

#[test]
fn another_tls_is_found() {
    for name in BANNED {
        let linked = made_up(&format!("{name} v0.10.0"));
        assert_eq!(wrong(&linked, AZURE), [format!("`{name}` is linked")]);
    }
}

#[test]
fn a_second_version_is_found() {
    let said = r#"`rustls` is linked as ["0.21.0", "0.23.9"], not once as 0.23.x"#;
    assert_eq!(wrong(&made_up("rustls v0.21.0"), AWS), [said]);
}

#[test]
fn a_missing_or_old_crate_is_found() {
    let linked = read("hyper v0.14.1\nreqwest v0.13.5");
    let said = [
        r#"`hyper` is linked as ["0.14.1"], not once as 1.x"#,
        "`rustls` is linked as [], not once as 0.23.x",
    ];
    assert_eq!(wrong(&linked, AWS), said);
}
