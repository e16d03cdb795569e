//! Which way crates may use each other, and what a manifest leaves to the workspace.

use toml::Value;

use crate::workspace::{Dependency, Member, Workspace};

/// Crates that use one which stands after them, in tests as well.
pub(crate) fn wrong(workspace: &Workspace) -> Vec<String> {
    let place = |name: &str| workspace.members.iter().position(|member| member.name == name);
    each(workspace, |member, dependency| {
        let after = place(dependency.name)? > place(&member.name)?;
        after
            .then(|| format!("`{}` uses `{}`, which stands after it", member.name, dependency.name))
    })
}

/// Crates that Cargo would take in because another one depends on their path, at no place in the list.
pub(crate) fn unlisted(workspace: &Workspace, folders: &[String]) -> Vec<String> {
    let listed =
        |folder: &&String| workspace.members.iter().any(|member| member.folder == **folder);
    let missing = folders.iter().filter(|folder| !listed(folder));
    missing.map(|folder| format!("`{folder}` is not in the list of members")).collect()
}

/// Crates that the lints do not reach.
pub(crate) fn without_lints(workspace: &Workspace) -> Vec<String> {
    let inherits = |member: &&Member| {
        let lints = member.manifest.get("lints").and_then(|lints| lints.get("workspace"));
        lints.and_then(Value::as_bool) == Some(true)
    };
    let bare = workspace.members.iter().filter(|member| !inherits(member));
    bare.map(|member| format!("`{}` does not take the workspace's lints", member.name)).collect()
}

/// Dependencies that are not the workspace's own, and those that go under another name there, where
/// no rule would know them.
pub(crate) fn own_versions(workspace: &Workspace) -> Vec<String> {
    let mut wrong = each(workspace, |member, dependency| {
        let table = dependency.said.as_table();
        let shared = table.and_then(|table| table.get("workspace")?.as_bool()) == Some(true);
        (!shared).then(|| {
            format!("`{}` takes `{}` past the root manifest", member.name, dependency.name)
        })
    });
    let all = workspace.root["workspace"]["dependencies"].as_table().unwrap();
    let renamed = all.iter().filter(|(_, said)| said.get("package").is_some());
    wrong.extend(renamed.map(|(name, _)| format!("`{name}` is another crate's name")));
    wrong
}

/// What the rule says of every dependency of every member.
pub(crate) fn each(
    workspace: &Workspace,
    rule: impl Fn(&Member, &Dependency<'_>) -> Option<String>,
) -> Vec<String> {
    let all = |member| Member::dependencies(member).into_iter().map(move |found| (member, found));
    let pairs = workspace.members.iter().flat_map(all);
    pairs.filter_map(|(member, dependency)| rule(member, &dependency)).collect()
}

#[test]
fn an_arrow_that_points_back_is_found() {
    let members = [
        ("shared/first", "[dependencies]\nsecond.workspace = true"),
        ("shared/second", "[dependencies]\nfirst.workspace = true\nserde.workspace = true"),
    ];
    let found = wrong(&Workspace::of("", &members));
    assert_eq!(found, ["`first` uses `second`, which stands after it"]);
}

#[test]
fn an_arrow_that_points_back_is_found_in_tests_builds_and_platforms() {
    let sections = ["dev-dependencies", "build-dependencies", "target.'cfg(unix)'.dependencies"];
    for section in sections {
        let first = format!("[{section}]\nsecond.workspace = true");
        let found = wrong(&Workspace::of("", &[("first", &first), ("second", "")]));
        assert_eq!(found, ["`first` uses `second`, which stands after it"], "{section}");
    }
}

#[test]
fn a_crate_outside_of_the_list_is_found() {
    let workspace = Workspace::of("", &[("shared/first", "")]);
    let folders = ["shared/first", "shared/hidden"].map(ToOwned::to_owned);
    assert_eq!(unlisted(&workspace, &folders), ["`shared/hidden` is not in the list of members"]);
}

#[test]
fn a_crate_without_the_lints_is_found() {
    let members = [
        ("first", "[lints]\nworkspace = true"),
        ("second", ""),
        ("third", "[lints]\nworkspace = false"),
        ("fourth", "[lints.rust]\nunsafe_code = \"allow\""),
    ];
    let bare = |name| format!("`{name}` does not take the workspace's lints");
    let found = without_lints(&Workspace::of("", &members));
    assert_eq!(found, ["second", "third", "fourth"].map(bare));
}

#[test]
fn a_version_outside_of_the_root_manifest_is_found() {
    let first = "[dependencies]\na.workspace = true\nb = \"1\"\nc = { path = \"../c\" }\n\
                 d = { workspace = true, features = [\"x\"] }\n[dev-dependencies]\ne = { git = \"x\" }";
    let found = own_versions(&Workspace::of("", &[("first", first)]));
    assert_eq!(
        found,
        ["b", "c", "e"].map(|name| { format!("`first` takes `{name}` past the root manifest") })
    );
}

#[test]
fn a_dependency_under_another_name_is_found() {
    let found =
        own_versions(&Workspace::of("safe = { package = \"ring\", version = \"0.17\" }", &[]));
    assert_eq!(found, ["`safe` is another crate's name"]);
}
