-- Operators of the schemas $1.
SELECT o.oid, n.nspname::text AS schema, o.oprname::text AS name, o.oprleft AS left, o.oprright AS right
FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
WHERE n.nspname = ANY ($1)
ORDER BY o.oid
