//! Secrets with their versions and the stages that name them, by Secrets Manager's rules.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;
use uuid::Uuid;

/// The stage of the version that callers get unless they say otherwise.
pub(super) const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";

/// Why a call is refused, by AWS's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// `InvalidParameterException`
    #[error("a parameter is missing or has not the right shape")]
    InvalidParameter,
    /// `MissingAuthenticationTokenException`
    #[error("the request is not signed")]
    MissingAuthenticationToken,
    /// `ResourceExistsException`
    #[error("there is such a secret or version already")]
    ResourceExists,
    /// `ResourceNotFoundException`
    #[error("there is no such secret, version or stage")]
    ResourceNotFound,
    /// `UnknownOperationException`
    #[error("the emulator does not know this operation")]
    UnknownOperation,
}

/// A value on its way in.
pub(super) struct Put {
    pub(super) value: String,
    pub(super) id: String,
    pub(super) stages: BTreeSet<String>,
}

impl Put {
    /// A new version that becomes current.
    pub(super) fn fresh(value: &str) -> Self {
        let id = Uuid::new_v4().to_string();
        Self { value: value.to_owned(), id, stages: BTreeSet::from([CURRENT.to_owned()]) }
    }
}

/// One version of a secret. No `Debug`: it holds the value.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) value: String,
    pub(super) stages: BTreeSet<String>,
    /// Unix seconds.
    pub(super) created: i64,
}

/// One secret, its newest version last.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) versions: Vec<Version>,
}

/// All secrets, by name.
#[derive(Default)]
pub(super) struct Shelf(BTreeMap<String, Entry>);

impl Shelf {
    /// By name or by ARN.
    pub(super) fn find(&self, id: &str) -> Result<&Entry, Error> {
        let by_arn = || self.0.values().find(|entry| entry.arn == id);
        self.0.get(id).or_else(by_arn).ok_or(Error::ResourceNotFound)
    }

    pub(super) fn create(&mut self, name: &str, put: Option<Put>) -> Result<&Entry, Error> {
        if self.0.contains_key(name) {
            return Err(Error::ResourceExists);
        }
        let entry = self.entry(name);
        if let Some(put) = put {
            entry.put(put);
        }
        Ok(entry)
    }

    /// Gives an existing secret a version. Repeating a call with the same id and value changes
    /// nothing, with another value it is refused.
    pub(super) fn put(&mut self, id: &str, put: Put) -> Result<&Entry, Error> {
        let name = self.find(id)?.name.clone();
        let entry = self.entry(&name);
        match entry.versions.iter().find(|version| version.id == put.id) {
            Some(version) if version.value != put.value => return Err(Error::ResourceExists),
            Some(_) => {}
            None => entry.put(put),
        }
        Ok(entry)
    }

    /// Makes the secret where there is none, and gives it a version.
    pub(super) fn place(&mut self, name: &str, put: Put) -> String {
        let id = put.id.clone();
        self.entry(name).put(put);
        id
    }

    fn entry(&mut self, name: &str) -> &mut Entry {
        self.0.entry(name.to_owned()).or_insert_with(|| Entry::new(name))
    }
}

impl Entry {
    fn new(name: &str) -> Self {
        // AWS ends an ARN with six characters, so that a name used again is not the same secret.
        let suffix: String = Uuid::new_v4().simple().to_string().chars().take(6).collect();
        let arn =
            format!("arn:aws:secretsmanager:eu-central-1:000000000000:secret:{name}-{suffix}");
        Self { name: name.to_owned(), arn, versions: Vec::new() }
    }

    /// The version of this id and stage; where neither is given, the current one.
    pub(super) fn version(&self, id: Option<&str>, stage: Option<&str>) -> Result<&Version, Error> {
        let stage = stage.or(if id.is_none() { Some(CURRENT) } else { None });
        let fits = |version: &&Version| {
            id.is_none_or(|id| version.id == id) && stage.is_none_or(|s| version.stages.contains(s))
        };
        self.versions.iter().find(fits).ok_or(Error::ResourceNotFound)
    }

    /// A stage names one version at a time, and who was current becomes previous.
    fn put(&mut self, put: Put) {
        if put.stages.contains(CURRENT) && self.version(None, None).is_ok() {
            self.take(PREVIOUS);
            for version in self.versions.iter_mut().filter(|v| v.stages.contains(CURRENT)) {
                version.stages.insert(PREVIOUS.to_owned());
            }
        }
        for stage in &put.stages {
            self.take(stage);
        }
        let created = OffsetDateTime::now_utc().unix_timestamp();
        let Put { value, id, stages } = put;
        self.versions.push(Version { id, value, stages, created });
    }

    fn take(&mut self, stage: &str) {
        for version in &mut self.versions {
            version.stages.remove(stage);
        }
    }
}
