//! The targets that exist: where they are, which secret opens them, which columns are sensitive.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use request::{Mistake, Mistakes, SecretName, TargetName};
use serde::Deserialize;
use toml::Spanned;

/// Columns and their tags, by relation (`schema.name`) and column.
pub type Tags = BTreeMap<String, BTreeMap<String, String>>;

/// What kind of thing a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A PostgreSQL database.
    Postgres,
}

impl Kind {
    /// Its name in policies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
        }
    }
}

/// Rows, bytes and time of one request, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows in a result; what is cut says so.
    pub max_rows: u64,
    /// Bytes of a result's JSON; what is cut says so.
    pub max_bytes: u64,
    /// Milliseconds a statement may run.
    pub timeout_ms: u64,
}

impl Limits {
    /// The most that a target may be configured to. 4 MiB leave room for the rest of an answer
    /// within the 6 MB that Lambda takes.
    const MOST: Self = Self { max_rows: 100_000, max_bytes: 4 << 20, timeout_ms: 25_000 };

    /// The lesser of each.
    pub(crate) fn within(self, rows: Option<u64>, bytes: Option<u64>, time: Option<u64>) -> Self {
        Self {
            max_rows: rows.map_or(self.max_rows, |n| n.min(self.max_rows)),
            max_bytes: bytes.map_or(self.max_bytes, |n| n.min(self.max_bytes)),
            timeout_ms: time.map_or(self.timeout_ms, |n| n.min(self.timeout_ms)),
        }
    }
}

/// One target, as the platform engineer declared it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: TargetName,
    /// What it is.
    pub kind: Kind,
    /// Its DNS name; the certificate must be for it.
    pub host: String,
    /// Its TCP port.
    pub port: u16,
    /// The database there.
    pub database: String,
    /// PEM of the authority that signed its certificate; the platform's own where absent.
    pub authority: Option<String>,
    /// The secret that opens it. One secret for one target.
    pub secret: SecretName,
    /// The one schema in which unqualified names are looked up.
    pub schema: String,
    /// Words that policies may go by.
    pub labels: Vec<String>,
    /// Whether it takes nodes of ours only, and nobody with an issuer's own token: agents that share
    /// such a token cannot be told apart.
    pub require_chain: bool,
    /// Its tagged columns.
    pub tags: Tags,
    /// Its limits, which no policy can widen.
    pub limits: Limits,
}

/// All targets, by name.
#[derive(Clone, Debug, Default)]
pub struct Targets(BTreeMap<TargetName, Arc<Target>>);

impl Targets {
    /// Reads `targets.toml`. `beside` gives the text of a file beside it, for `authority`.
    ///
    /// # Errors
    /// Every mistake in the file, at once.
    pub fn parse(
        file: &str,
        text: &str,
        beside: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Mistakes> {
        let shape: FileShape = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Mistakes(vec![Mistake::at(file, text, offset, error.message())])
        })?;
        let mut mistakes = Vec::new();
        let mut targets = BTreeMap::new();
        for (name, shape) in shape.targets {
            let offset = shape.span().start;
            match shape.into_inner().check(&name, beside) {
                Ok(target) => {
                    targets.insert(target.name.clone(), Arc::new(target));
                }
                Err(wrong) => mistakes
                    .extend(wrong.into_iter().map(|why| Mistake::at(file, text, offset, why))),
            }
        }
        if mistakes.is_empty() { Ok(Self(targets)) } else { Err(Mistakes(mistakes)) }
    }

    /// The target of this name.
    #[must_use]
    pub fn find(&self, name: &TargetName) -> Option<&Arc<Target>> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Target>> {
        self.0.values()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileShape {
    targets: BTreeMap<String, Spanned<TargetShape>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetShape {
    kind: Kind,
    host: String,
    #[serde(default = "postgres_port")]
    port: u16,
    database: String,
    authority: Option<String>,
    secret: String,
    #[serde(default = "public")]
    schema: String,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    require_chain: bool,
    #[serde(default)]
    tags: Tags,
    #[serde(default = "thousand")]
    max_rows: u64,
    #[serde(default = "mebibyte")]
    max_bytes: u64,
    #[serde(default = "ten_seconds")]
    timeout_ms: u64,
}

fn postgres_port() -> u16 {
    5432
}

fn public() -> String {
    "public".into()
}

fn thousand() -> u64 {
    1000
}

fn mebibyte() -> u64 {
    1 << 20
}

fn ten_seconds() -> u64 {
    10_000
}

impl TargetShape {
    fn check(
        self,
        name: &str,
        beside: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Target, Vec<String>> {
        let mut wrong = self.faults(name);
        let authority = self.authority.as_deref().map(beside);
        if matches!(authority, Some(None)) {
            wrong.push(format!("target `{name}`: the file of `authority` cannot be read"));
        }
        let secret =
            SecretName::new(self.secret).map_err(|e| wrong.push(format!("target `{name}`: {e}")));
        let checked =
            TargetName::new(name).map_err(|e| wrong.push(format!("target `{name}`: {e}")));
        let (Ok(secret), Ok(name), true) = (secret, checked, wrong.is_empty()) else {
            return Err(wrong);
        };
        Ok(Target {
            name,
            kind: self.kind,
            host: self.host,
            port: self.port,
            database: self.database,
            authority: authority.flatten(),
            secret,
            schema: self.schema,
            labels: self.labels,
            require_chain: self.require_chain,
            tags: self.tags,
            limits: Limits {
                max_rows: self.max_rows,
                max_bytes: self.max_bytes,
                timeout_ms: self.timeout_ms,
            },
        })
    }

    fn faults(&self, name: &str) -> Vec<String> {
        let most = Limits::MOST;
        let within = |what: &str, n: u64, most: u64| {
            (n == 0 || n > most).then(|| format!("target `{name}`: `{what}` is 1 to {most}"))
        };
        let filled = |what: &str, text: &str| {
            text.is_empty().then(|| format!("target `{name}`: `{what}` is empty"))
        };
        let plain = |relation: &String| {
            let parts: Vec<&str> = relation.split('.').collect();
            let fits = |part: &&str| !part.is_empty() && *part == part.to_lowercase();
            (parts.len() != 2 || !parts.iter().all(fits)).then(|| {
                format!("target `{name}`: tags of `{relation}`: a table is written `schema.name`")
            })
        };
        let twice = |(relation, columns): (&String, &BTreeMap<String, String>)| {
            let names: BTreeSet<String> = columns.keys().map(|name| name.to_lowercase()).collect();
            (names.len() != columns.len()).then(|| {
                format!("target `{name}`: tags of `{relation}`: two columns differ only in case")
            })
        };
        [
            filled("host", &self.host),
            filled("database", &self.database),
            filled("schema", &self.schema),
            within("max_rows", self.max_rows, most.max_rows),
            within("max_bytes", self.max_bytes, most.max_bytes),
            within("timeout_ms", self.timeout_ms, most.timeout_ms),
        ]
        .into_iter()
        .flatten()
        .chain(self.tags.keys().filter_map(plain))
        .chain(self.tags.iter().filter_map(twice))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn a_target_is_read_with_its_defaults() {
        let text = r#"
            [targets.orders-db]
            kind = "postgres"
            host = "db.internal"
            database = "shop"
            secret = "orders-db"
            [targets.orders-db.tags."public.customers"]
            ssn = "ssn"
        "#;
        let targets = Targets::parse("targets.toml", text, &nothing).unwrap();
        let target = targets.find(&TargetName::new("orders-db").unwrap()).unwrap();
        assert_eq!((target.port, target.schema.as_str()), (5432, "public"));
        assert_eq!(target.tags["public.customers"]["ssn"], "ssn");
    }

    #[test]
    fn all_mistakes_are_told_at_once_with_their_lines() {
        let text = "[targets.Bad]\nkind = \"postgres\"\nhost = \"\"\ndatabase = \"d\"\nsecret = \"s\"\n\
                    max_rows = 0\nauthority = \"gone.pem\"\n";
        let mistakes = Targets::parse("targets.toml", text, &nothing).unwrap_err();
        assert_eq!(mistakes.0.len(), 4, "{mistakes}");
        assert!(mistakes.to_string().starts_with("targets.toml:1: "), "{mistakes}");
    }

    #[test]
    fn a_column_that_is_tagged_twice_is_a_mistake() {
        let text = "[targets.a]\nkind = \"postgres\"\nhost = \"h\"\ndatabase = \"d\"\nsecret = \"s\"\n\
                    [targets.a.tags.\"public.t\"]\nssn = \"ssn\"\nSSN = \"other\"\n";
        let mistakes = Targets::parse("targets.toml", text, &nothing).unwrap_err();
        assert!(mistakes.to_string().contains("differ only in case"), "{mistakes}");
    }

    #[test]
    fn an_unknown_field_is_a_mistake() {
        let text = "[targets.a]\nkind = \"postgres\"\nhost = \"h\"\ndatabase = \"d\"\nsecret = \"s\"\nsslmode = \"off\"\n";
        let mistakes = Targets::parse("targets.toml", text, &nothing).unwrap_err();
        assert!(mistakes.to_string().contains("sslmode"), "{mistakes}");
    }
}
