-- Collations of the schemas $1.
SELECT l.oid, n.nspname::text AS schema, l.collname::text AS name
FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
WHERE n.nspname = ANY ($1)
ORDER BY l.oid
