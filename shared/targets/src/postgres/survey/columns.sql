-- The live columns of all relations but the system's, in their order.
SELECT a.attrelid AS relation, a.attnum AS number, a.attname::text AS name, a.atttypid AS type_oid,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name,
  a.attgenerated <> ''::"char" AS generated
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = ANY ('{r,p,v,m,f,S}'::"char"[]) AND a.attnum > 0::int2 AND NOT a.attisdropped
  AND n.nspname <> 'information_schema'::name AND NOT pg_catalog.starts_with(n.nspname::text, 'pg_')
ORDER BY a.attrelid, a.attnum
