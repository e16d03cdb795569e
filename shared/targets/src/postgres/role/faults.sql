-- The answer. A privilege counts as had if the server says so or if a grant of it is in reach; what
-- an owner, a superuser or a predefined role has by being that is told once, as that. A role with
-- nothing against it is one row of nothing.
), fault(fault, kind, object, privilege, who, by) AS (
  SELECT 'version', NULL, current_setting('server_version'), NULL, NULL, NULL
  WHERE current_setting('server_version_num')::int / 10000 > $2
  UNION ALL
  SELECT a.fault, NULL, quote_ident(a.rolname), NULL, quote_ident(pg_get_userbyid(a.via)),
    quote_ident(pg_get_userbyid(a.by))
  FROM attribute a
  UNION ALL
  SELECT 'owner', upper(o.type), o.identity, NULL, quote_ident(pg_get_userbyid(h.via)),
    quote_ident(pg_get_userbyid(h.by))
  FROM here CROSS JOIN held h JOIN pg_catalog.pg_shdepend d
    ON d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = h.oid AND d.deptype = 'o'
    AND (d.dbid = here.oid OR d.classid = 'pg_catalog.pg_database'::regclass AND d.objid = here.oid)
  CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS o
  WHERE d.classid NOT IN ('pg_catalog.pg_default_acl'::regclass,
      'pg_catalog.pg_user_mapping'::regclass)
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend s
      WHERE s.classid = d.classid AND s.objid = d.objid AND s.refobjsubid > 0
        AND d.classid = 'pg_catalog.pg_class'::regclass AND s.deptype IN ('a', 'i'))
  UNION ALL
  SELECT c.fault, c.kind, c.object, c.privilege,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
    CASE WHEN a.grantor <> c.owner THEN quote_ident(pg_get_userbyid(a.grantor)) END
  FROM can c LEFT JOIN LATERAL aclexplode(c.acl) AS a ON a.privilege_type = c.privilege
    AND a.grantee <> c.owner AND (a.grantee = 0 OR a.grantee IN (SELECT oid FROM held))
  WHERE a.grantee IS NOT NULL OR c.has AND NOT (
    EXISTS (SELECT FROM attribute x WHERE x.fault IN ('superuser', 'predefined'))
    OR EXISTS (SELECT FROM held WHERE held.oid IN (c.owner, (SELECT datdba FROM here))))
)
SELECT f.*, quote_ident(me.rolname), current_setting('server_version_num')::int / 10000
FROM me LEFT JOIN fault f ON true
