-- What is now of what a verdict rests on: relations of the numbers $1, objects made by users in the
-- schemas $2 with the names of $3 (functions), $4 (operators), $5 (types), $6 (collations), casts
-- made by users.
SELECT 'r', '', c.oid, :stamp FROM pg_catalog.pg_class c WHERE c.oid = ANY ($1)
UNION ALL
SELECT 'f', p.proname::text, p.oid, '' FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.proname = ANY ($3) AND n.nspname = ANY ($2) AND p.oid >= 16384::oid
UNION ALL
SELECT 'o', o.oprname::text, o.oid, '' FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oprname = ANY ($4) AND n.nspname = ANY ($2) AND o.oid >= 16384::oid
UNION ALL
SELECT 't', t.typname::text, t.oid, '' FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typname = ANY ($5) AND n.nspname = ANY ($2) AND t.oid >= 16384::oid
UNION ALL
SELECT 'c', l.collname::text, l.oid, '' FROM pg_catalog.pg_collation l
JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
WHERE l.collname = ANY ($6) AND n.nspname = ANY ($2) AND l.oid >= 16384::oid
UNION ALL
SELECT 'x', x.name, x.oid, '' FROM (:casts) x
