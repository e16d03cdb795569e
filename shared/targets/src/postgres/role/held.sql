-- The role, all that it belongs to with the first step on the way there, and what these are.
-- $1 is the schema of names without one, $2 our grammar's version, $3 what administrators are
-- called elsewhere, $4 and $5 the schemas and names of what is tagged.
WITH RECURSIVE me AS MATERIALIZED (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r WHERE r.rolname = session_user
), held(oid, via, by) AS (
  SELECT me.oid, NULL::oid, NULL::oid FROM me
  UNION
  SELECT m.roleid, coalesce(h.via, m.roleid), coalesce(h.by, m.grantor)
  FROM held h JOIN pg_catalog.pg_auth_members m ON m.member = h.oid
), here AS MATERIALIZED (
  SELECT d.oid, d.datname, d.datdba, coalesce(d.datacl, acldefault('d', d.datdba)) AS acl
  FROM pg_catalog.pg_database d WHERE d.datname = current_database()
), attribute AS MATERIALIZED (
  SELECT a.fault, r.rolname, h.via, h.by
  FROM held h JOIN pg_catalog.pg_roles r ON r.oid = h.oid CROSS JOIN LATERAL (VALUES
    ('superuser', r.rolsuper), ('bypass-rls', r.rolbypassrls), ('create-role', r.rolcreaterole),
    ('create-database', r.rolcreatedb), ('replication', r.rolreplication),
    ('predefined', h.via IS NOT NULL AND (left(r.rolname, 3) = 'pg_' OR r.rolname = ANY ($3)))
  ) AS a(fault, found) WHERE a.found
)
