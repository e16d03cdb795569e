-- Everybody's relations with all that is granted on them or on their columns.
, relation AS (
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
)
