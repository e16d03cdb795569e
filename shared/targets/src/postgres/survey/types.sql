-- All types: those of other schemas for their names only.
SELECT t.oid, n.nspname::text AS schema, t.typname::text AS name, t.typtype::text AS kind,
  pg_catalog.format_type(t.oid, NULL::int4) AS written, n.nspname = ANY ($1) AS near,
  ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
        WHERE t.typrelid <> 0::oid AND a.attrelid = t.typrelid
          AND a.attnum > 0::int2 AND NOT a.attisdropped ORDER BY a.attnum) AS fields
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
ORDER BY t.oid
