//! What a target's role may not be able to do: asked of the server itself, in one round trip.
//!
//! The gate holds agents to a policy. Should it ever fail, the role decides what is lost: one that
//! bypasses the server's own checks is refused before anything is run with it.

use std::{collections::BTreeMap, fmt};

use futures_util::future;
use policy::{Mode, Target};
use tokio_postgres::{
    Client, Error, Row,
    types::{ToSql, Type},
};

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

/// One row of an answer. Names are quoted as they have to be in SQL.
struct Found {
    check: Check,
    /// What kind of object it is about, as GRANT and ALTER call it.
    kind: String,
    object: String,
    privilege: String,
    /// Who has the privilege, or through which role the attribute is had; nobody for itself.
    who: Option<String>,
    /// Who granted that.
    by: Option<String>,
    role: String,
    /// The server's major version.
    major: i32,
}

impl Found {
    /// Nothing for the row that says that there is nothing.
    fn read(row: &Row) -> Result<Option<Self>, Error> {
        let Some(word) = row.try_get::<_, Option<String>>(0)? else { return Ok(None) };
        let text = |at| Ok::<_, Error>(row.try_get::<_, Option<String>>(at)?.unwrap_or_default());
        Ok(Some(Self {
            check: Check::ALL.into_iter().find(|c| c.name() == word).unwrap_or(Check::Unknown),
            kind: text(1)?,
            object: text(2)?,
            privilege: text(3)?,
            who: row.try_get(4)?,
            by: row.try_get(5)?,
            role: row.try_get(6)?,
            major: row.try_get(7)?,
        }))
    }

    fn says(&self) -> String {
        let Self { object, privilege, role, .. } = self;
        let kind = self.kind.to_lowercase();
        match self.check {
            Check::CreateInDatabase => {
                format!("`{role}` may create schemas in database `{object}`")
            }
            Check::CreateInSchema => {
                format!("`{role}` may create relations and functions in schema `{object}`")
            }
            Check::Owner => match &self.who {
                None => format!("`{role}` owns {kind} `{object}` and may do with it as it likes"),
                Some(_) => format!("`{role}` belongs to the owner of {kind} `{object}`"),
            },
            Check::Predefined => {
                format!("`{role}` belongs to `{object}`, a role for administrators")
            }
            Check::Raw => format!("`{role}` may read `{object}` beside the views that mask it"),
            Check::Temporary => format!("`{role}` may create temporary tables in `{object}`"),
            Check::Unknown => NOTHING.to_owned(),
            Check::Version => {
                format!("the server is of version {object}, which is newer than our grammar")
            }
            Check::Write => {
                format!("`{role}` may {privilege} on `{object}`, where only reads are meant")
            }
            other => {
                let attribute = other.attribute().unwrap_or_default();
                match &self.who {
                    None => format!("`{role}` has the attribute {attribute}"),
                    Some(_) => format!("`{role}` belongs to `{object}`, which has {attribute}"),
                }
            }
        }
    }

    fn sql(&self) -> Option<String> {
        let Self { kind, object, privilege, role, .. } = self;
        match (self.check, &self.who) {
            (Check::Unknown | Check::Version, _) => None,
            (Check::Owner, None) => Some(owned(kind, object, role)),
            (Check::Owner | Check::Predefined, Some(via)) => Some(self.leave(via)),
            (check, who) => match (check.attribute(), who) {
                (Some(attribute), None) => Some(format!("ALTER ROLE {role} NO{attribute};")),
                (Some(_), Some(via)) => Some(self.leave(via)),
                // Only who granted it takes it back, or else whoever acts for the owner.
                (None, Some(who)) => {
                    let revoke = format!("REVOKE {privilege} ON {kind} {object} FROM {who};");
                    Some(match &self.by {
                        None => revoke,
                        Some(by) => format!("SET ROLE {by}; {revoke} RESET ROLE;"),
                    })
                }
                (None, None) => None,
            },
        }
    }

    /// Ends a membership. From version 16 on there may be several of the same, each by its grantor.
    fn leave(&self, via: &str) -> String {
        let role = &self.role;
        match &self.by {
            Some(by) if self.major >= 16 => format!("REVOKE {via} FROM {role} GRANTED BY {by};"),
            _ => format!("REVOKE {via} FROM {role};"),
        }
    }
}

/// Gives what is owned to the administrator who runs it. What a role had as an owner it has to be
/// granted afterwards; it is for its target's database only that it surely needs something.
fn owned(kind: &str, object: &str, role: &str) -> String {
    let given = |kind: &str| format!("ALTER {kind} {object} OWNER TO CURRENT_USER;");
    match kind {
        "COMPOSITE TYPE" => given("TYPE"),
        "DATABASE" => format!("{} GRANT CONNECT ON DATABASE {object} TO {role};", given(kind)),
        "AGGREGATE" | "DOMAIN" | "FOREIGN TABLE" | "FUNCTION" | "MATERIALIZED VIEW"
        | "PROCEDURE" | "SCHEMA" | "SEQUENCE" | "TABLE" | "TYPE" | "VIEW" => given(kind),
        _ => format!("REASSIGN OWNED BY {role} TO CURRENT_USER;"),
    }
}

/// One fault for each sentence; of several ways to the same power, all are closed.
///
/// INVARIANT: no answer at all is a fault.
fn faults(found: &[Found], silent: bool) -> Vec<Fault> {
    let mut faults: BTreeMap<(Check, String), Vec<String>> = BTreeMap::new();
    if silent {
        faults.insert((Check::Unknown, NOTHING.into()), Vec::new());
    }
    for one in found {
        let sql = faults.entry((one.check, one.says())).or_default();
        sql.extend(one.sql().filter(|statement| !sql.contains(statement)));
    }
    faults.into_iter().map(|((check, says), sql)| Fault { check, says, sql }).collect()
}

fn all(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

const NOTHING: &str = "nothing could be found out about the role";

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

/// The role, all that it belongs to with the first step on the way there, and what these are.
/// `$1` is the schema of names without one, `$2` our grammar's version, `$3` what administrators are
/// called elsewhere, `$4` and `$5` the schemas and names of what is tagged.
const HELD: &str = "\
WITH RECURSIVE me AS MATERIALIZED (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r WHERE r.rolname = session_user
), held(oid, via, by) AS (
  SELECT me.oid, NULL::oid, NULL::oid FROM me
  UNION
  SELECT m.roleid, coalesce(h.via, m.roleid), coalesce(h.by, m.grantor)
  FROM held h JOIN pg_catalog.pg_auth_members m ON m.member = h.oid
), here AS MATERIALIZED (
  SELECT d.oid, d.datname, d.datdba, coalesce(d.datacl, acldefault('d', d.datdba)) AS acl
  FROM pg_catalog.pg_database d WHERE d.datname = current_database()
), attribute AS MATERIALIZED (
  SELECT a.fault, r.rolname, h.via, h.by
  FROM held h JOIN pg_catalog.pg_roles r ON r.oid = h.oid CROSS JOIN LATERAL (VALUES
    ('superuser', r.rolsuper), ('bypass-rls', r.rolbypassrls), ('create-role', r.rolcreaterole),
    ('create-database', r.rolcreatedb), ('replication', r.rolreplication),
    ('predefined', h.via IS NOT NULL AND (left(r.rolname, 3) = 'pg_' OR r.rolname = ANY ($3)))
  ) AS a(fault, found) WHERE a.found
)";

/// Everybody's relations with all that is granted on them or on their columns.
const RELATIONS: &str = ", relation AS (
  SELECT c.oid, s.nspname, format('%I.%I', s.nspname, c.relname) AS name, c.relowner,
    coalesce(c.relacl, acldefault('r', c.relowner)) || coalesce(a.acl, '{}') AS acl
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
  LEFT JOIN (
    SELECT a.attrelid, array_agg(i) AS acl FROM pg_catalog.pg_attribute a, unnest(a.attacl) AS i
    WHERE a.attacl IS NOT NULL GROUP BY a.attrelid
  ) AS a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND left(s.nspname, 3) <> 'pg_' AND s.nspname <> 'information_schema'
), raw(oid) AS (
  SELECT c.oid FROM unnest($4, $5) AS n(schema, name)
  JOIN pg_catalog.pg_namespace s ON s.nspname = n.schema
  JOIN pg_catalog.pg_class c ON c.relnamespace = s.oid AND c.relname = n.name
  UNION
  SELECT k.oid FROM raw CROSS JOIN LATERAL (
    SELECT i.inhrelid AS oid FROM pg_catalog.pg_inherits i WHERE i.inhparent = raw.oid
    UNION ALL
    SELECT w.ev_class FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
    WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = raw.oid
  ) AS k
)";

/// Privileges that it is not to have, on what, and whether the server says that it has them.
const CAN: &str = ", can(fault, kind, object, privilege, owner, acl, has) AS (
  SELECT p.fault, 'DATABASE', quote_ident(here.datname), p.privilege, here.datdba, here.acl,
    has_database_privilege(me.oid, here.oid, p.privilege)
  FROM me, here, (VALUES ('create-in-database', 'CREATE'), ('temporary', 'TEMPORARY'))
    AS p(fault, privilege)
  UNION ALL
  SELECT 'create-in-schema', 'SCHEMA', quote_ident(s.nspname), 'CREATE', s.nspowner,
    coalesce(s.nspacl, acldefault('n', s.nspowner)), has_schema_privilege(me.oid, s.oid, 'CREATE')
  FROM me, pg_catalog.pg_namespace s WHERE s.nspname IN ('pg_catalog', $1)";

const WRITES: &str = "
  UNION ALL
  SELECT 'write', 'TABLE', c.name, p.privilege, c.relowner, c.acl,
    has_table_privilege(me.oid, c.oid, p.privilege) OR p.privilege IN ('INSERT', 'UPDATE')
      AND has_any_column_privilege(me.oid, c.oid, p.privilege)
  FROM me, relation c, (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS p(privilege)";

/// What is tagged, what inherits from it and what shows it, outside of the schema that masks it.
const RAW: &str = "
  UNION ALL
  SELECT 'raw', 'TABLE', c.name, 'SELECT', c.relowner, c.acl,
    has_any_column_privilege(me.oid, c.oid, 'SELECT')
  FROM me, raw JOIN relation c ON c.oid = raw.oid WHERE c.nspname <> $1";

/// The answer. A privilege counts as had if the server says so or if a grant of it is in reach; what
/// an owner, a superuser or a predefined role has by being that is told once, as that. A role with
/// nothing against it is one row of nothing.
const FAULTS: &str = "
), fault(fault, kind, object, privilege, who, by) AS (
  SELECT 'version', NULL, current_setting('server_version'), NULL, NULL, NULL
  WHERE current_setting('server_version_num')::int / 10000 > $2
  UNION ALL
  SELECT a.fault, NULL, quote_ident(a.rolname), NULL, quote_ident(pg_get_userbyid(a.via)),
    quote_ident(pg_get_userbyid(a.by))
  FROM attribute a
  UNION ALL
  SELECT 'owner', upper(o.type), o.identity, NULL, quote_ident(pg_get_userbyid(h.via)),
    quote_ident(pg_get_userbyid(h.by))
  FROM here CROSS JOIN held h JOIN pg_catalog.pg_shdepend d
    ON d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = h.oid AND d.deptype = 'o'
    AND (d.dbid = here.oid OR d.classid = 'pg_catalog.pg_database'::regclass AND d.objid = here.oid)
  CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS o
  WHERE d.classid NOT IN ('pg_catalog.pg_default_acl'::regclass,
      'pg_catalog.pg_user_mapping'::regclass)
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend s
      WHERE s.classid = d.classid AND s.objid = d.objid AND s.refobjsubid > 0
        AND d.classid = 'pg_catalog.pg_class'::regclass AND s.deptype IN ('a', 'i'))
  UNION ALL
  SELECT c.fault, c.kind, c.object, c.privilege,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
    CASE WHEN a.grantor <> c.owner THEN quote_ident(pg_get_userbyid(a.grantor)) END
  FROM can c LEFT JOIN LATERAL aclexplode(c.acl) AS a ON a.privilege_type = c.privilege
    AND a.grantee <> c.owner AND (a.grantee = 0 OR a.grantee IN (SELECT oid FROM held))
  WHERE a.grantee IS NOT NULL OR c.has AND NOT (
    EXISTS (SELECT FROM attribute x WHERE x.fault IN ('superuser', 'predefined'))
    OR EXISTS (SELECT FROM held WHERE held.oid IN (c.owner, (SELECT datdba FROM here))))
)
SELECT f.*, quote_ident(me.rolname), current_setting('server_version_num')::int / 10000
FROM me LEFT JOIN fault f ON true";
