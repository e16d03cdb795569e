//! The workspace as its manifests describe it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

/// The root manifest and those of its members, in the order of the list.
pub(crate) struct Workspace {
    pub(crate) root: Table,
    pub(crate) members: Vec<Member>,
}

/// One crate.
pub(crate) struct Member {
    /// Its folder, from the root.
    pub(crate) folder: String,
    pub(crate) name: String,
    pub(crate) manifest: Table,
}

/// One line under `[dependencies]` or the like.
pub(crate) struct Dependency<'m> {
    pub(crate) name: &'m str,
    pub(crate) said: &'m Value,
    /// Whether only tests and examples are built with it.
    pub(crate) dev: bool,
}

impl Workspace {
    /// This one.
    pub(crate) fn here() -> Self {
        let manifest =
            |folder: &str| fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        Self::read(&manifest(""), manifest)
    }

    /// The one that these texts describe.
    pub(crate) fn read(root: &str, manifest: impl Fn(&str) -> String) -> Self {
        let root: Table = root.parse().unwrap();
        let folders = root["workspace"]["members"].as_array().unwrap();
        let member = |folder: &Value| Member::read(folder.as_str().unwrap(), &manifest);
        let members = folders.iter().map(member).collect();
        Self { root, members }
    }

    /// A made-up one: the root's `[workspace.dependencies]`, and each member's name with its manifest
    /// from `[lints]` on.
    pub(crate) fn of(dependencies: &str, members: &[(&str, &str)]) -> Self {
        let folders: Vec<&str> = members.iter().map(|(folder, _)| *folder).collect();
        let root =
            format!("[workspace]\nmembers = {folders:?}\n[workspace.dependencies]\n{dependencies}");
        Self::read(&root, |folder| {
            let rest = members.iter().find(|member| member.0 == folder).unwrap().1;
            let name = folder.rsplit('/').next().unwrap();
            format!("[package]\nname = \"{name}\"\n{rest}")
        })
    }

    /// Every folder with a manifest, listed or not, from the root.
    pub(crate) fn folders_of_crates() -> Vec<String> {
        let manifests = files(&root(), "Cargo.toml");
        let folders = manifests.iter().filter_map(|file| Path::new(file).parent()?.to_str());
        folders.filter(|folder| !folder.is_empty()).map(ToOwned::to_owned).collect()
    }
}

impl Member {
    fn read(folder: &str, manifest: impl Fn(&str) -> String) -> Self {
        let manifest: Table = manifest(folder).parse().unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        Self { folder: folder.to_owned(), name, manifest }
    }

    /// All that it depends on, on whatever platform.
    pub(crate) fn dependencies(&self) -> Vec<Dependency<'_>> {
        let platforms = self.manifest.get("target").and_then(Value::as_table).into_iter().flatten();
        let tables = platforms.filter_map(|(_, platform)| platform.as_table());
        tables.chain([&self.manifest]).flat_map(listed).collect()
    }
}

fn listed(table: &Table) -> impl Iterator<Item = Dependency<'_>> {
    SECTIONS.into_iter().flat_map(|(section, dev)| {
        let lines = table.get(section).and_then(Value::as_table).into_iter().flatten();
        lines.map(move |(name, said)| Dependency { name, said, dev })
    })
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All files below whose names end so, from the root; built and hidden ones are nobody's source.
pub(crate) fn files(below: &Path, end: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&path, end));
        } else if name.ends_with(end) {
            found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
        }
    }
    found.sort();
    found
}

/// Where a manifest names dependencies, and whether they are for tests only.
const SECTIONS: [(&str, bool); 3] =
    [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)];
