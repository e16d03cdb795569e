//! Bounds that a role may lack and still be served: what is asked, and how each is put right.

use tokio_postgres::{
    Client, Error,
    types::{ToSql, Type},
};

use super::{Finding, Severity};

/// All soft findings about the role that this connection belongs to.
pub(super) async fn examine(
    client: &Client,
    schema: &str,
    reads_only: bool,
) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for question in QUESTIONS {
        let params: &[(&(dyn ToSql + Sync), Type)] =
            &[(&schema, Type::NAME), (&reads_only, Type::BOOL), (&question.of, Type::TEXT)];
        let text = [GRANTEES, question.asks].concat();
        let mut found = Vec::new();
        for row in client.query_typed(&text, params).await? {
            found.push((row.try_get::<_, String>(0)?, row.try_get::<_, String>(1)?));
        }
        findings.extend(question.tell(found));
    }
    Ok(findings)
}

/// One question. Its answer is rows of two: what it is about, and a statement that changes it.
struct Question {
    check: &'static str,
    /// The sentence, with `{}` for what it is about.
    says: &'static str,
    /// Whether each row is a finding; otherwise they are one.
    each: bool,
    asks: &'static str,
    /// What the question is asked of, where several are asked alike.
    of: &'static str,
}

impl Question {
    fn tell(&self, found: Vec<(String, String)>) -> Vec<Finding> {
        let finding = |about: &str, sql| Finding {
            severity: Severity::Soft,
            check: self.check,
            says: self.says.replace("{}", about),
            sql,
        };
        if self.each {
            return found.into_iter().map(|(about, sql)| finding(&about, vec![sql])).collect();
        }
        let mut names: Vec<String> = found.iter().map(|(about, _)| format!("`{about}`")).collect();
        names.dedup();
        let more = names.len().saturating_sub(SHOWN);
        names.truncate(SHOWN);
        let mut about = names.join(", ");
        if more > 0 {
            about.push_str(&format!(" and {more} more"));
        }
        let sql: Vec<String> = found.into_iter().map(|(_, sql)| sql).collect();
        if sql.is_empty() { Vec::new() } else { vec![finding(&about, sql)] }
    }
}

const fn each(check: &'static str, says: &'static str, asks: &'static str) -> Question {
    Question { check, says, each: true, asks, of: "" }
}

const fn together(check: &'static str, says: &'static str, asks: &'static str) -> Question {
    Question { check, says, each: false, asks, of: "" }
}

/// PostgreSQL's own functions whose names match, as far as the role may call them.
const fn functions(check: &'static str, says: &'static str, of: &'static str) -> Question {
    Question { check, says, each: false, asks: FUNCTIONS, of }
}

/// So many names stand in a sentence.
const SHOWN: usize = 5;

const QUESTIONS: [Question; 17] = [
    each("timeout", "`{}` is not set, so that nothing but the gate ends what hangs", TIMEOUTS),
    each(
        "read-only",
        "transactions are not read-only by default, where only reads are meant",
        READ_ONLY,
    ),
    each("temporary-files", "`{}` does not bound what one statement may write to disk", FILES),
    each("connections", "nothing bounds the connections of `{}`", CONNECTIONS),
    each(
        "inherit",
        "`{}` has the privileges of all that it belongs to without asking for them",
        INHERIT,
    ),
    together("create-elsewhere", "the role may create relations and functions in {}", ELSEWHERE),
    together("sequences", "the role may advance {}, where only reads are meant", SEQUENCES),
    functions(
        "large-objects",
        "large objects can be written, also by what only reads: {}",
        "^(lo_.*|loread|lowrite)$",
    ),
    functions(
        "sql-in-text",
        "SQL can be run that stands in a text: {}",
        "^(query_to_xml|table_to_xml|schema_to_xml|database_to_xml|cursor_to_xml|ts_stat$|ts_rewrite$)",
    ),
    functions(
        "signals",
        "other sessions and subscribers can be reached: {}",
        "^(pg_notify|pg_terminate_backend|pg_cancel_backend|pg_export_snapshot|pg_logical_emit_message)$",
    ),
    functions(
        "waiting",
        "sessions can wait, and hold locks against each other: {}",
        "^(pg_sleep|pg_advisory_(xact_)?lock|pg_try_advisory_)",
    ),
    functions("settings", "settings can be changed by a call: {}", "^set_config$"),
    functions(
        "server",
        "the server's files, logs and slots are in reach: {}",
        "^(pg_read_file|pg_read_binary_file|pg_ls_|pg_stat_file|pg_reload_conf|pg_rotate_logfile|pg_switch_wal|\
pg_create_restore_point|pg_promote|pg_stat_reset|pg_create_.*slot|pg_drop_.*slot|pg_copy_.*slot|\
pg_replication_|pg_logical_slot_|pg_wal_replay_)",
    ),
    together("untrusted-language", "functions in untrusted languages can be called: {}", UNTRUSTED),
    together(
        "extension",
        "extensions that reach beyond the database can be called: {}",
        EXTENSIONS,
    ),
    together("foreign", "foreign servers and wrappers can be used: {}", FOREIGN),
    together("definer", "functions can be called that act as their owner: {}", DEFINER),
];

/// Whose grants are the role's: its own, those of all that it belongs to, and everybody's (0).
/// `$1` is the target's schema, `$2` whether only reads are meant, `$3` what is asked of.
const GRANTEES: &str = "\
WITH RECURSIVE held(oid) AS (
  SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = session_user
  UNION
  SELECT m.roleid FROM held JOIN pg_catalog.pg_auth_members m ON m.member = held.oid
), grantee(oid, name) AS (
  SELECT held.oid, quote_ident(pg_get_userbyid(held.oid)) FROM held
  UNION ALL SELECT 0, 'PUBLIC'
), routine AS (
  SELECT p.*, s.nspname, format('%I.%I(%s)', s.nspname, p.proname,
      pg_get_function_identity_arguments(p.oid)) AS signature,
    CASE WHEN a.grantor <> p.proowner
      THEN format('SET ROLE %I; REVOKE EXECUTE ON ROUTINE ', pg_get_userbyid(a.grantor))
      ELSE 'REVOKE EXECUTE ON ROUTINE ' END AS revoke,
    CASE WHEN a.grantor <> p.proowner
      THEN format(' FROM %s; RESET ROLE;', g.name) ELSE format(' FROM %s;', g.name) END AS behind
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace
  CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
  JOIN grantee g ON g.oid = a.grantee
  WHERE a.privilege_type = 'EXECUTE'
)
";

/// A session has them as it began; `client` are what we ourselves have set.
const TIMEOUTS: &str = "\
SELECT s.name, format('ALTER ROLE %I SET %s = %L;', session_user, s.name, n.value)
FROM (VALUES ('statement_timeout', '30s'), ('lock_timeout', '10s'),
  ('idle_in_transaction_session_timeout', '30s')) AS n(name, value)
JOIN pg_catalog.pg_settings s ON s.name = n.name
WHERE s.setting = '0' ORDER BY 1";

const READ_ONLY: &str = "\
SELECT s.name, format('ALTER ROLE %I SET default_transaction_read_only = on;', session_user)
FROM pg_catalog.pg_settings s
WHERE $2 AND s.name = 'default_transaction_read_only' AND s.setting = 'off'";

const FILES: &str = "\
SELECT s.name, format('ALTER ROLE %I SET temp_file_limit = ''256MB'';', session_user)
FROM pg_catalog.pg_settings s WHERE s.name = 'temp_file_limit' AND s.setting = '-1'";

const CONNECTIONS: &str = "\
SELECT r.rolname::text, format('ALTER ROLE %I CONNECTION LIMIT 32;', r.rolname)
FROM pg_catalog.pg_roles r WHERE r.rolname = session_user AND r.rolconnlimit < 0";

const INHERIT: &str = "\
SELECT r.rolname::text, format('ALTER ROLE %I NOINHERIT;', r.rolname)
FROM pg_catalog.pg_roles r WHERE r.rolname = session_user AND r.rolinherit";

/// Where statements' names are looked up it is a hard finding.
const ELSEWHERE: &str = "\
SELECT s.nspname::text, format('REVOKE CREATE ON SCHEMA %I FROM %s;', s.nspname, g.name)
FROM pg_catalog.pg_namespace s
CROSS JOIN LATERAL aclexplode(s.nspacl) AS a JOIN grantee g ON g.oid = a.grantee
WHERE a.privilege_type = 'CREATE' AND a.grantee <> s.nspowner AND s.nspname NOT IN ('pg_catalog', $1)
ORDER BY 1, 2";

const SEQUENCES: &str = "\
SELECT format('%I.%I', s.nspname, c.relname),
  format('REVOKE %s ON SEQUENCE %I.%I FROM %s;', a.privilege_type, s.nspname, c.relname, g.name)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(c.relacl) AS a JOIN grantee g ON g.oid = a.grantee
WHERE $2 AND c.relkind = 'S' AND a.privilege_type IN ('USAGE', 'UPDATE')
  AND a.grantee <> c.relowner
ORDER BY 1, 2";

const FUNCTIONS: &str = "\
SELECT r.proname::text, r.revoke || r.signature || r.behind FROM routine r
WHERE r.nspname = 'pg_catalog' AND r.proname ~ $3 ORDER BY 1, 2";

const UNTRUSTED: &str = "\
SELECT r.signature, r.revoke || r.signature || r.behind FROM routine r
JOIN pg_catalog.pg_language l ON l.oid = r.prolang
WHERE NOT l.lanpltrusted AND l.lanname NOT IN ('internal', 'c', 'sql')
  AND r.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) ORDER BY 1, 2";

const EXTENSIONS: &str = "\
SELECT e.extname::text, r.revoke || r.signature || r.behind FROM routine r
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = r.oid
  AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'
JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
WHERE e.extname IN ('adminpack', 'aws_commons', 'aws_lambda', 'aws_s3', 'azure_ai',
  'azure_storage', 'dblink', 'file_fdw', 'http', 'lo', 'pageinspect', 'pg_background', 'pg_cron',
  'pg_net', 'pg_surgery', 'pg_walinspect', 'plpgsql_check', 'postgres_fdw', 'tablefunc', 'xml2')
ORDER BY 1, 2";

const FOREIGN: &str = "\
SELECT f.name, format('REVOKE USAGE ON %s %I FROM %s;', f.kind, f.name, g.name)
FROM (
  SELECT 'FOREIGN SERVER' AS kind, s.srvname::text AS name, s.srvacl AS acl, s.srvowner AS owner
  FROM pg_catalog.pg_foreign_server s
  UNION ALL
  SELECT 'FOREIGN DATA WRAPPER', w.fdwname::text, w.fdwacl, w.fdwowner
  FROM pg_catalog.pg_foreign_data_wrapper w
) AS f CROSS JOIN LATERAL aclexplode(f.acl) AS a JOIN grantee g ON g.oid = a.grantee
WHERE a.privilege_type = 'USAGE' AND a.grantee <> f.owner
ORDER BY 1, 2";

const DEFINER: &str = "\
SELECT r.signature, r.revoke || r.signature || r.behind FROM routine r
WHERE r.prosecdef AND r.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2";
