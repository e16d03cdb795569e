-- Privileges that it is not to have, on what, and whether the server says that it has them.
, can(fault, kind, object, privilege, owner, acl, has) AS (
  SELECT p.fault, 'DATABASE', quote_ident(here.datname), p.privilege, here.datdba, here.acl,
    has_database_privilege(me.oid, here.oid, p.privilege)
  FROM me, here, (VALUES ('create-in-database', 'CREATE'), ('temporary', 'TEMPORARY'))
    AS p(fault, privilege)
  UNION ALL
  SELECT 'create-in-schema', 'SCHEMA', quote_ident(s.nspname), 'CREATE', s.nspowner,
    coalesce(s.nspacl, acldefault('n', s.nspowner)), has_schema_privilege(me.oid, s.oid, 'CREATE')
  FROM me, pg_catalog.pg_namespace s WHERE s.nspname IN ('pg_catalog', $1)
