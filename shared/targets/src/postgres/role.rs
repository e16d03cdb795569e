//! What a target's role may not be able to do: asked of the server itself, in one round trip.
//!
//! The gate holds agents to a policy. Should it ever fail, the role decides what is lost: one that
//! bypasses the server's own checks is refused before anything is run with it.

mod found;

use std::fmt;

use futures_util::future;
use policy::{Mode, Target};
use tokio_postgres::{
    Client, Error,
    types::{ToSql, Type},
};

use found::{Found, faults};

/// What is asked of a role.
#[derive(Clone, Debug)]
pub struct Asked<'t> {
    schema: &'t str,
    raw: Vec<(&'t str, &'t str)>,
    reads_only: bool,
    grammar: u32,
}

impl<'t> Asked<'t> {
    /// What every role of this target has to prove. Where views mask, that it reads nothing beside
    /// them of what is tagged.
    #[must_use]
    pub fn of(target: &'t Target) -> Self {
        let tagged = target.tags.keys().filter(|_| target.mode == Mode::Schema);
        let raw = tagged.filter_map(|relation| relation.split_once('.'));
        Self { schema: &target.schema, raw: raw.collect(), reads_only: false, grammar: GRAMMAR }
    }

    /// Likewise, that it writes no relation at all.
    #[must_use]
    pub fn reads_only(self, reads_only: bool) -> Self {
        Self { reads_only, ..self }
    }

    /// Statements are read with the grammar of this major version.
    #[must_use]
    pub fn grammar(self, grammar: u32) -> Self {
        Self { grammar, ..self }
    }

    fn question(&self) -> String {
        let writes = if self.reads_only { WRITES } else { "" };
        let raw = if self.raw.is_empty() { "" } else { RAW };
        let relations = if writes.len() + raw.len() > 0 { RELATIONS } else { "" };
        [HELD, relations, CAN, writes, raw, FAULTS].concat()
    }
}

/// One thing that a target's role is not to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// It passes over row security.
    BypassRls,
    /// It makes databases.
    CreateDatabase,
    /// It makes schemas in the target's database.
    CreateInDatabase,
    /// It makes relations and functions where names of statements are looked up.
    CreateInSchema,
    /// It makes roles.
    CreateRole,
    /// It owns the database or something in it.
    Owner,
    /// It belongs to a role that PostgreSQL, or a cloud, made for administrators.
    Predefined,
    /// It reads a tagged relation beside the views that mask it.
    Raw,
    /// It reads the log of all changes.
    Replication,
    /// Nothing binds it.
    Superuser,
    /// It makes temporary tables.
    Temporary,
    /// The server said nothing about it, or what nobody understands.
    Unknown,
    /// The server reads statements otherwise than we do.
    Version,
    /// It writes, where only reads are meant.
    Write,
}

impl Check {
    const ALL: [Self; 14] = [
        Self::BypassRls,
        Self::CreateDatabase,
        Self::CreateInDatabase,
        Self::CreateInSchema,
        Self::CreateRole,
        Self::Owner,
        Self::Predefined,
        Self::Raw,
        Self::Replication,
        Self::Superuser,
        Self::Temporary,
        Self::Unknown,
        Self::Version,
        Self::Write,
    ];

    /// One word for it, stable across releases.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BypassRls => "bypass-rls",
            Self::CreateDatabase => "create-database",
            Self::CreateInDatabase => "create-in-database",
            Self::CreateInSchema => "create-in-schema",
            Self::CreateRole => "create-role",
            Self::Owner => "owner",
            Self::Predefined => "predefined",
            Self::Raw => "raw",
            Self::Replication => "replication",
            Self::Superuser => "superuser",
            Self::Temporary => "temporary",
            Self::Unknown => "unknown",
            Self::Version => "version",
            Self::Write => "write",
        }
    }

    /// The attribute of a role that does it, as `ALTER ROLE … NO…` has it.
    fn attribute(self) -> Option<&'static str> {
        Some(match self {
            Self::BypassRls => "BYPASSRLS",
            Self::CreateDatabase => "CREATEDB",
            Self::CreateRole => "CREATEROLE",
            Self::Replication => "REPLICATION",
            Self::Superuser => "SUPERUSER",
            _ => return None,
        })
    }
}

/// What is wrong with a role, and how it is put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub check: Check,
    /// The same in a sentence, with the names in question.
    pub says: String,
    /// Statements for an administrator, in their order; none where no statement helps.
    pub sql: Vec<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

/// Why a target is not to be served with a role.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// What is wrong with it; never empty.
    #[error("the target's role may do what it is not to: {}", self::all(.0))]
    Faults(Vec<Fault>),
    /// The server gave no answer that can be understood, so that nothing is known.
    #[error("the target's role could not be examined")]
    Unanswered(#[source] Error),
}

/// Refuses a role that could do more than any target's role may.
///
/// # Errors
/// [`Refused`]: nothing is to be run with it.
pub async fn refuse(client: &Client, asked: &Asked<'_>) -> Result<(), Refused> {
    let faults = examine(client, asked).await.map_err(Refused::Unanswered)?;
    if faults.is_empty() { Ok(()) } else { Err(Refused::Faults(faults)) }
}

/// All that is wrong with the role that this connection belongs to, in one round trip. What it was
/// given itself counts, and what it could have by becoming another role.
///
/// The session's search path is `pg_catalog` afterwards, so that our names mean what they say.
///
/// # Errors
/// The server did not answer.
pub async fn examine(client: &Client, asked: &Asked<'_>) -> Result<Vec<Fault>, Error> {
    let (schemas, names): (Vec<&str>, Vec<&str>) = asked.raw.iter().copied().unzip();
    let (major, managed) = (i32::try_from(asked.grammar).unwrap_or(i32::MAX), &MANAGED[..]);
    let params: &[(&(dyn ToSql + Sync), Type)] = &[
        (&asked.schema, Type::NAME),
        (&major, Type::INT4),
        (&managed, Type::NAME_ARRAY),
        (&schemas, Type::NAME_ARRAY),
        (&names, Type::NAME_ARRAY),
    ];
    let question = asked.question();
    let path = client.batch_execute("SET search_path = pg_catalog");
    let ((), rows) = future::try_join(path, client.query_typed(&question, params)).await?;
    let found = rows.iter().map(Found::read).collect::<Result<Vec<_>, _>>()?;
    Ok(faults(&found.into_iter().flatten().collect::<Vec<_>>(), rows.is_empty()))
}

fn all(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// PostgreSQL's version whose grammar `vetting` has.
pub const GRAMMAR: u32 = 18;

/// Roles for administrators in the clouds' databases; PostgreSQL's own begin with `pg_`.
const MANAGED: [&str; 6] = [
    "alloydbsuperuser",
    "azure_pg_admin",
    "cloudsqlsuperuser",
    "rds_replication",
    "rds_superuser",
    "rdsadmin",
];

const HELD: &str = include_str!("role/held.sql");
const RELATIONS: &str = include_str!("role/relations.sql");
const CAN: &str = include_str!("role/can.sql");
const WRITES: &str = include_str!("role/writes.sql");
const RAW: &str = include_str!("role/raw.sql");
const FAULTS: &str = include_str!("role/faults.sql");
