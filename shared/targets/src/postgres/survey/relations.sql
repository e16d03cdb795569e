-- All relations but the system's, indexes and composite types.
SELECT :stamp AS stamp, c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
  pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usable,
  pg_catalog.has_table_privilege(c.oid, 'SELECT')
    OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT') AS readable,
  EXISTS (SELECT FROM pg_catalog.pg_rewrite w
          WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN'::name) AS has_rules,
  ARRAY(SELECT i.inhparent FROM pg_catalog.pg_inherits i
        WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents,
  -- Below zero where nobody has counted; views have no rows of their own.
  CASE WHEN c.relkind = ANY ('{r,p,m,f}'::"char"[]) AND c.reltuples >= 0::float4
       THEN c.reltuples::int8 END AS rows
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = ANY ('{r,p,v,m,f,S}'::"char"[])
  AND n.nspname <> 'information_schema'::name AND NOT pg_catalog.starts_with(n.nspname::text, 'pg_')
ORDER BY c.oid
