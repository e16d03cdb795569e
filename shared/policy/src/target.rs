//! The targets that exist: where they are, which secret opens them, which columns are sensitive.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use request::{Mistake, Mistakes, SecretName, TargetName};
use serde::Deserialize;
use toml::Spanned;

use crate::Limits;

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

/// Where the values of tagged columns are masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// In the result, by where each of its columns comes from. A tagged column may only stand alone in
    /// the outermost list.
    #[default]
    Result,
    /// In the database, by views that `postern mask apply` made: the target's schema holds them, and
    /// its role reads nothing else.
    Schema,
    /// In the statement: each relation with tagged columns is read through a sub-select that masks
    /// them.
    Source,
}

impl Mode {
    /// Its name, as `mask` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::Schema => "schema",
            Self::Source => "source",
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
    /// Where its tagged columns are masked.
    pub mode: Mode,
    /// The secret that holds the key of its tokens: 32 bytes, under which equal values of one tag have
    /// equal tokens. Without it, the masks `token` and `fpe` act as `redact`.
    pub mask_key: Option<SecretName>,
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
    mask: Mode,
    mask_key: Option<String>,
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
    max_cells: Option<u64>,
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
        let limits = self.limits();
        let mut secret =
            |text| SecretName::new(text).map_err(|e| wrong.push(format!("target `{name}`: {e}")));
        let mask_key = self.mask_key.map(&mut secret).transpose();
        let secret = secret(self.secret);
        let checked =
            TargetName::new(name).map_err(|e| wrong.push(format!("target `{name}`: {e}")));
        let (Ok(secret), Ok(mask_key), Ok(name), true) =
            (secret, mask_key, checked, wrong.is_empty())
        else {
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
            mode: self.mask,
            mask_key,
            labels: self.labels,
            require_chain: self.require_chain,
            tags: self.tags,
            limits,
        })
    }

    fn limits(&self) -> Limits {
        Limits {
            max_rows: self.max_rows,
            max_bytes: self.max_bytes,
            timeout_ms: self.timeout_ms,
            max_cells: self.max_cells.unwrap_or(Limits::usual_cells(self.max_rows)),
        }
    }

    fn faults(&self, name: &str) -> Vec<String> {
        let (most, limits) = (Limits::MOST, self.limits());
        let within = |what: &str, n: u64, most: u64| {
            (n == 0 || n > most).then(|| format!("`{what}` is 1 to {most}"))
        };
        let filled = |what: &str, text: &str| text.is_empty().then(|| format!("`{what}` is empty"));
        // A login is no key, and whoever may read the one secret need not read the other.
        let shared = self.mask_key.as_ref() == Some(&self.secret);
        [
            filled("host", &self.host),
            filled("database", &self.database),
            filled("schema", &self.schema),
            shared.then(|| "`mask_key` is the same secret as `secret`".to_owned()),
            within("max_rows", limits.max_rows, most.max_rows),
            within("max_bytes", limits.max_bytes, most.max_bytes),
            within("max_cells", limits.max_cells, most.max_cells),
            within("timeout_ms", limits.timeout_ms, most.timeout_ms),
        ]
        .into_iter()
        .flatten()
        .chain(self.tags.iter().flat_map(|(relation, columns)| tag_faults(relation, columns)))
        .map(|why| format!("target `{name}`: {why}"))
        .collect()
    }
}

/// What is wrong with the tags of one relation.
fn tag_faults(relation: &str, columns: &BTreeMap<String, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let parts: Vec<&str> = relation.split('.').collect();
    if parts.len() != 2 || parts.iter().any(|part| part.is_empty() || *part != part.to_lowercase())
    {
        wrong.push("a table is written `schema.name`".to_owned());
    }
    let names: BTreeSet<String> = columns.keys().map(|name| name.to_lowercase()).collect();
    if names.len() != columns.len() {
        wrong.push("two columns differ only in case".to_owned());
    }
    let bad = columns.values().filter(|tag| !is_tag(tag));
    wrong.extend(bad.map(|tag| format!("`{tag}` is no tag: {TAG}")));
    wrong.into_iter().map(|why| format!("tags of `{relation}`: {why}")).collect()
}

/// What a tag is.
pub(crate) const TAG: &str = "a tag is 1 to 32 lower-case letters, digits and `-`";

/// Whether it is a tag. Tags stand in marks and tokens, which are recognised by their shape.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(fits)
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
        assert_eq!((target.mode, &target.mask_key), (Mode::Result, &None));
        assert_eq!(target.limits.max_cells, 20_000);
    }

    /// A target `a` with these lines more.
    fn with(lines: &str) -> Result<Targets, Mistakes> {
        let text = format!(
            "[targets.a]\nkind = \"postgres\"\nhost = \"h\"\ndatabase = \"d\"\nsecret = \"s\"\n{lines}"
        );
        Targets::parse("targets.toml", &text, &nothing)
    }

    #[test]
    fn masks_cells_and_the_key_are_read() {
        for (word, mode) in
            [("result", Mode::Result), ("schema", Mode::Schema), ("source", Mode::Source)]
        {
            let lines = format!("mask = \"{word}\"\nmask_key = \"k\"\nmax_cells = 7\n");
            let targets = with(&lines).unwrap();
            let target = targets.iter().next().unwrap();
            assert_eq!((target.mode, target.mode.name(), target.limits.max_cells), (mode, word, 7));
            assert_eq!(target.mask_key, SecretName::new("k").ok());
        }
        for lines in ["mask = \"Source\"", "mask = \"off\"", "max_cells = 0", "max_cells = 2000001"]
        {
            assert!(with(lines).is_err(), "{lines}");
        }
    }

    #[test]
    fn a_key_is_a_secret_of_its_own() {
        let mistakes = with("mask_key = \"s\"").unwrap_err();
        assert!(mistakes.to_string().contains("the same secret"), "{mistakes}");
        assert!(with("mask_key = \"\"").is_err());
    }

    #[test]
    fn a_tag_of_another_form_is_a_mistake() {
        for tag in ["", "SSN", "s_n", "s:n", "é", &"a".repeat(33)] {
            let mistakes =
                with(&format!("[targets.a.tags.\"public.t\"]\nc = \"{tag}\"")).unwrap_err();
            assert!(mistakes.to_string().contains("is no tag"), "{mistakes}");
        }
        assert!(
            with(&format!("[targets.a.tags.\"public.t\"]\nc = \"{}\"", "a".repeat(32))).is_ok()
        );
    }

    #[test]
    fn the_digest_of_targets_turns_on_mode_and_key() {
        let shown = |lines: &str| format!("{:?}", with(lines).unwrap().iter().next().unwrap());
        assert_ne!(shown(""), shown("mask = \"source\""));
        assert_ne!(shown(""), shown("mask_key = \"k\""));
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
