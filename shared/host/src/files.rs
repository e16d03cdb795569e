//! The configuration: files that were deployed with the function.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use identity::{Issuers, Own};
use policy::{Policies, SourceFile, Targets};
use request::{Mistake, Mistakes};

/// What the files say, validated.
pub struct Configuration {
    /// Who may vouch for agents.
    pub issuers: Issuers,
    /// Key sets that were shipped along, by the issuer's alias.
    pub snapshot: BTreeMap<String, Vec<u8>>,
    /// Targets and policies.
    pub policies: Policies,
    /// The tokens that we issue ourselves, where we do.
    pub own: Option<Own>,
}

impl Configuration {
    /// Reads `issuers.toml`, `targets.toml`, `policies/*.cedar` and, where there are any,
    /// `jwks/ALIAS.json` and `tokens.toml` with `tokens.jwks.json` below this folder.
    ///
    /// # Errors
    /// Every mistake of every file, at once.
    pub fn read(folder: &Path) -> Result<Self, Mistakes> {
        let mut mistakes = Vec::new();
        let mut keep = |result: Result<(), Mistakes>| {
            if let Err(Mistakes(more)) = result {
                mistakes.extend(more);
            }
        };
        let (mut issuers, mut policies, mut snapshot) = (None, None, BTreeMap::new());
        let mut own = None;
        keep(read_issuers(folder).map(|read| issuers = Some(read)));
        keep(read_policies(folder).map(|read| policies = Some(read)));
        keep(read_snapshot(folder).map(|read| snapshot = read));
        keep(read_own(folder).map(|read| own = read));
        match (issuers, policies) {
            (Some(issuers), Some(policies)) if mistakes.is_empty() => {
                Ok(Self { issuers, snapshot, policies, own })
            }
            _ => Err(Mistakes(mistakes)),
        }
    }
}

impl Configuration {
    /// Reads `issuers.toml` alone, for a function that needs nothing else.
    ///
    /// # Errors
    /// Every mistake of the file.
    pub fn issuers(folder: &Path) -> Result<Issuers, Mistakes> {
        read_issuers(folder)
    }
}

fn read_issuers(folder: &Path) -> Result<Issuers, Mistakes> {
    Issuers::parse("issuers.toml", &text(&folder.join("issuers.toml"))?)
}

fn read_policies(folder: &Path) -> Result<Policies, Mistakes> {
    let targets = text(&folder.join("targets.toml"))?;
    let beside = |name: &str| {
        // A name, not a path: nothing outside of the folder is read.
        let plain = !name.contains(['/', '\\']) && name != "..";
        plain.then(|| fs::read_to_string(folder.join(name)).ok()).flatten()
    };
    let targets = Targets::parse("targets.toml", &targets, &beside)?;
    let mut files = Vec::new();
    for path in listed(&folder.join("policies"), "cedar")? {
        files.push(SourceFile { name: named(&path), text: text(&path)? });
    }
    Policies::load(targets, &files)
}

fn read_own(folder: &Path) -> Result<Option<Own>, Mistakes> {
    let path = folder.join("tokens.toml");
    if !path.exists() {
        return Ok(None);
    }
    let keys = folder.join("tokens.jwks.json");
    let keys = fs::read(&keys).map_err(|error| unread(&keys, &error))?;
    Own::parse("tokens.toml", &text(&path)?, &keys).map(Some)
}

fn read_snapshot(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Mistakes> {
    let shipped = folder.join("jwks");
    if !shipped.exists() {
        return Ok(BTreeMap::new());
    }
    let mut snapshot = BTreeMap::new();
    for path in listed(&shipped, "json")? {
        let alias = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        snapshot.insert(alias, fs::read(&path).map_err(|error| unread(&path, &error))?);
    }
    Ok(snapshot)
}

/// The files of this kind, in the order of their names.
fn listed(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Mistakes> {
    let entries = fs::read_dir(folder).map_err(|error| unread(folder, &error))?;
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(|error| unread(folder, &error))?;
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    Ok(paths)
}

fn text(path: &Path) -> Result<String, Mistakes> {
    fs::read_to_string(path).map_err(|error| unread(path, &error))
}

fn unread(path: &Path, error: &io::Error) -> Mistakes {
    let text = format!("cannot be read: {error}");
    Mistakes(vec![Mistake { file: named(path), line: 0, text }])
}

fn named(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
