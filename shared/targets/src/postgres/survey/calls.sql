-- Functions made by users that the queries of views call, also by an operator.
SELECT w.ev_class AS view, k.function
FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::oid
  AND d.objid = w.oid AND d.refobjid >= 16384::oid
CROSS JOIN LATERAL (
  SELECT d.refobjid WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass::oid
  UNION SELECT o.oprcode::oid FROM pg_catalog.pg_operator o
  WHERE d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass::oid AND o.oid = d.refobjid
) AS k(function)
WHERE w.ev_class >= 16384::oid AND w.rulename = '_RETURN'::name
  AND c.relkind = ANY ('{v,m}'::"char"[])
ORDER BY 1, 2
