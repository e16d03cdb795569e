-- What the queries of views mention: columns of relations, or a relation as a whole (0).
--
-- Beside a column of a relation the server notes no more that the relation is used as a whole
-- (find_expr_references_walker passes over whole rows, eliminate_duplicate_dependencies drops the
-- rest): `SELECT t.id, row_to_json(t)` depends on `t.id` alone. A query with a whole row anywhere
-- therefore counts as one that uses every relation in it as a whole.
SELECT w.ev_class AS view, d.refobjid AS relation, k.number::int2 AS number
FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::oid
  AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::oid
CROSS JOIN LATERAL (
  SELECT d.refobjsubid
  UNION SELECT 0 WHERE pg_catalog.strpos(w.ev_action::text, ':varattno 0 ') > 0
) AS k(number)
WHERE w.ev_class >= 16384::oid AND w.rulename = '_RETURN'::name
  AND c.relkind = ANY ('{v,m}'::"char"[])
  AND d.refobjid <> w.ev_class
ORDER BY 1, 2, 3
