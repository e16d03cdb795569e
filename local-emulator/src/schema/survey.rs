//! What the database is made of, and what of it was made here before.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Attribute, Catalogue, Draft, Kind, Oid, Relation, RestsOn};
use tokio_postgres::{Client, Row, types::Type};

use super::{Error, Names};

/// All that a script depends on.
pub(super) struct Survey {
    /// The database's name.
    pub(super) database: String,
    /// The schema of the tables.
    pub(super) base: String,
    /// Its relations.
    pub(super) catalogue: Catalogue,
    /// Columns that are computed, with the columns of the same relation that they are computed from.
    pub(super) computed: BTreeMap<(Oid, i16), BTreeSet<i16>>,
    /// Relations with row security, which holds for the views' owner and not for who reads them.
    pub(super) row_security: BTreeSet<Oid>,
    /// What was made before.
    pub(super) made: Made,
}

/// What was made for a profile before.
#[derive(Default)]
pub(super) struct Made {
    /// Whether the administrator is a superuser; others have to become the views' owner first.
    pub(super) superuser: bool,
    /// Whether the owner is there.
    pub(super) owner: bool,
    /// Whether the owner has something in other databases.
    pub(super) elsewhere: bool,
    /// Whether the schema of the views is there.
    pub(super) schema: bool,
    /// Whether the key's schema is there.
    pub(super) keys: bool,
    /// The views with their comments.
    pub(super) views: BTreeMap<String, String>,
    /// Who may use the schema, beside the owner.
    pub(super) readers: BTreeSet<String>,
    /// What the owner was given, as GRANT names it: `TABLE public.t`, `SCHEMA public`.
    pub(super) given: BTreeSet<String>,
}

/// Reads the database as it stands.
pub(super) async fn take(client: &Client, base: &str, names: &Names) -> Result<Survey, Error> {
    let made = made(client, names).await?;
    let here = client.query_typed(HERE, &[(&base, Type::NAME)]).await?;
    let here = here.first().ok_or_else(|| Error::Missing(format!("schema `{base}`")))?;
    let (relations, row_security) = relations(client).await?;
    let mut computed: BTreeMap<(Oid, i16), BTreeSet<i16>> = BTreeMap::new();
    for row in client.query_typed(COMPUTED, &[]).await? {
        let column = (row.try_get(0)?, row.try_get(1)?);
        computed.entry(column).or_default().insert(number(&row, 2)?);
    }
    let relations = relations.into_values().collect();
    let draft = Draft { schema: base.to_owned(), relations, ..Draft::default() };
    Ok(Survey {
        database: here.try_get(0)?,
        base: base.to_owned(),
        catalogue: Catalogue::of(draft)?,
        computed,
        row_security,
        made,
    })
}

type Relations = BTreeMap<Oid, Relation>;

/// All relations, and which of them have row security.
async fn relations(client: &Client) -> Result<(Relations, BTreeSet<Oid>), Error> {
    let mut relations = Relations::new();
    let mut row_security = BTreeSet::new();
    for row in client.query_typed(RELATIONS, &[]).await? {
        let relation = relation(&row)?;
        if row.try_get(4)? {
            row_security.insert(relation.oid);
        }
        relations.insert(relation.oid, relation);
    }
    for row in client.query_typed(COLUMNS, &[]).await? {
        let column = attribute(&row)?;
        relations.entry(row.try_get(0)?).and_modify(|relation| relation.columns.push(column));
    }
    for row in client.query_typed(PARENTS, &[]).await? {
        let parent = row.try_get(1)?;
        relations.entry(row.try_get(0)?).and_modify(|relation| relation.parents.push(parent));
    }
    for row in client.query_typed(RESTS_ON, &[]).await? {
        let (on, column, is_relation) = (row.try_get(1)?, number(&row, 2)?, row.try_get(3)?);
        relations.entry(row.try_get(0)?).and_modify(|relation| match is_relation {
            true => relation.rests_on.push(RestsOn { relation: on, column }),
            false => relation.calls.push(on),
        });
    }
    Ok((relations, row_security))
}

/// A column's number, which a dependency has as a wider one; 0 is a relation as a whole, and so is
/// what cannot be.
fn number(row: &Row, at: usize) -> Result<i16, Error> {
    Ok(i16::try_from(row.try_get::<_, i32>(at)?).unwrap_or_default())
}

/// What of a profile's is there.
///
/// # Errors
/// [`Error::Foreign`]: something has its name and not its mark.
pub(super) async fn made(client: &Client, names: &Names) -> Result<Made, Error> {
    let name = Type::NAME;
    let mut made = Made::default();
    client.batch_execute("SET search_path = pg_catalog").await?;
    for row in client.query_typed(SUPERUSER, &[]).await? {
        made.superuser = row.try_get(0)?;
    }
    let (owner, schema, keys, mark) = (&names.owner, &names.schema, &names.keys, names.mark());
    if let Some(row) = client.query_typed(OWNER, &[(owner, name.clone())]).await?.first() {
        known(row, 0, &mark, || format!("role `{owner}`"))?;
        made.owner = true;
        made.elsewhere = row.try_get(1)?;
    }
    let params = [(schema, name.clone()), (keys, name.clone()), (owner, name.clone())];
    let params = params.each_ref().map(|(text, kind)| (*text as _, kind.clone()));
    for row in client.query_typed(SCHEMAS, &params).await? {
        let found: String = row.try_get(1)?;
        known(&row, 0, &mark, || format!("schema `{found}`"))?;
        made.schema |= found == *schema;
        made.keys |= found == *keys;
    }
    for row in client.query_typed(WITHIN, &params).await? {
        let found: String = row.try_get(1)?;
        known(&row, 0, &mark, || format!("`{found}`"))?;
        if let Some(view) = row.try_get::<_, Option<String>>(2)? {
            made.views.insert(view, row.try_get::<_, Option<String>>(0)?.unwrap_or_default());
        }
    }
    for row in client.query_typed(READERS, &params).await? {
        made.readers.insert(row.try_get(0)?);
    }
    for row in client.query_typed(GIVEN, &[(owner, name)]).await? {
        made.given.insert(row.try_get(0)?);
    }
    Ok(made)
}

fn known(row: &Row, at: usize, mark: &str, what: impl Fn() -> String) -> Result<(), Error> {
    let comment: Option<String> = row.try_get(at)?;
    let ours = comment.is_some_and(|comment| comment.starts_with(mark));
    if ours { Ok(()) } else { Err(Error::Foreign(what())) }
}

fn relation(row: &Row) -> Result<Relation, Error> {
    let kind: String = row.try_get(3)?;
    Ok(Relation {
        oid: row.try_get(0)?,
        schema: row.try_get(1)?,
        name: row.try_get(2)?,
        kind: match kind.as_str() {
            "r" => Kind::Table,
            "p" => Kind::Partitioned,
            "v" => Kind::View,
            "m" => Kind::Materialized,
            "f" => Kind::Foreign,
            _ => Kind::Other,
        },
        columns: Vec::new(),
        parents: Vec::new(),
        rests_on: Vec::new(),
        calls: Vec::new(),
        has_rules: false,
        readable: true,
        rows: None,
        stamp: String::new(),
    })
}

fn attribute(row: &Row) -> Result<Attribute, Error> {
    Ok(Attribute {
        number: row.try_get(1)?,
        name: row.try_get(2)?,
        type_oid: row.try_get(3)?,
        type_name: row.try_get(4)?,
        generated: row.try_get(5)?,
    })
}

const HERE: &str = "\
SELECT current_database()::text FROM pg_catalog.pg_namespace s WHERE s.nspname = $1";

const SUPERUSER: &str =
    "SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";

const RELATIONS: &str = "\
SELECT c.oid, s.nspname::text, c.relname::text, c.relkind::text, c.relrowsecurity
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND left(s.nspname, 3) <> 'pg_'
  AND s.nspname <> 'information_schema'";

/// An extension's type has the name that masks know it by, wherever the extension lies.
const COLUMNS: &str = "\
SELECT a.attrelid, a.attnum, a.attname::text, a.atttypid,
  CASE t.typname WHEN 'citext' THEN 'citext' ELSE format_type(a.atttypid, a.atttypmod) END,
  a.attgenerated <> ''
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY a.attrelid, a.attnum";

const PARENTS: &str = "SELECT i.inhrelid, i.inhparent FROM pg_catalog.pg_inherits i ORDER BY 1, 2";

/// What the queries of views mention: relations and columns, and functions and operators of users.
const RESTS_ON: &str = "\
SELECT DISTINCT w.ev_class, d.refobjid, d.refobjsubid,
  d.refclassid = 'pg_catalog.pg_class'::regclass
FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d
  ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> w.ev_class
   OR d.refclassid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass)
      AND d.refobjid >= 16384
ORDER BY 1, 2, 3";

/// Until version 14 the column depends, from 15 on its expression.
const COMPUTED: &str = "\
SELECT e.adrelid, e.adnum, d.refobjsubid
FROM pg_catalog.pg_attrdef e
JOIN pg_catalog.pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass
  AND d.refobjid = e.adrelid AND d.refobjsubid > 0 AND d.refobjsubid <> e.adnum
  AND (d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = e.oid
    OR d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = e.adrelid AND d.objsubid = e.adnum)
WHERE a.attgenerated <> '' ORDER BY 1, 2, 3";

/// A role that logs in or may do more than own things is none of ours.
const OWNER: &str = "\
SELECT CASE WHEN NOT (r.rolcanlogin OR r.rolsuper OR r.rolbypassrls OR r.rolcreaterole
    OR r.rolcreatedb OR r.rolreplication) THEN shobj_description(r.oid, 'pg_authid') END,
  EXISTS (
    SELECT FROM pg_catalog.pg_shdepend d
    WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = r.oid AND d.dbid NOT IN
      (0, (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = current_database())))
FROM pg_catalog.pg_roles r WHERE r.rolname = $1";

const SCHEMAS: &str = "\
SELECT CASE WHEN r.rolname = $3 THEN obj_description(s.oid, 'pg_namespace') END, s.nspname::text
FROM pg_catalog.pg_namespace s JOIN pg_catalog.pg_roles r ON r.oid = s.nspowner
WHERE s.nspname IN ($1, $2)";

/// Everything in both schemas: the views by their names, and what belongs to the key.
const WITHIN: &str = "\
SELECT CASE WHEN r.rolname = $3 THEN obj_description(c.oid, 'pg_class') END,
  format('%I.%I', s.nspname, c.relname),
  CASE WHEN s.nspname = $1 THEN c.relname::text END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
WHERE s.nspname IN ($1, $2) AND c.relkind NOT IN ('i', 'I')
ORDER BY 2";

const READERS: &str = "\
SELECT DISTINCT r.rolname::text FROM pg_catalog.pg_namespace s
CROSS JOIN LATERAL aclexplode(s.nspacl) AS a JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
WHERE s.nspname = $1 AND $2 <> '' AND r.rolname <> $3 AND a.grantee <> s.nspowner ORDER BY 1";

/// Its rights in this database, on what is not its own.
const GIVEN: &str = "\
SELECT CASE WHEN d.classid = 'pg_catalog.pg_class'::regclass THEN 'TABLE ' ELSE 'SCHEMA ' END
  || o.identity
FROM pg_catalog.pg_roles r JOIN pg_catalog.pg_shdepend d
  ON d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'a'
JOIN pg_catalog.pg_database b ON b.oid = d.dbid AND b.datname = current_database()
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS o
WHERE r.rolname = $1
  AND d.classid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_namespace'::regclass)
ORDER BY 1";
