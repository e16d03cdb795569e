-- Writing anything.
  UNION ALL
  SELECT 'write', 'TABLE', c.name, p.privilege, c.relowner, c.acl,
    has_table_privilege(me.oid, c.oid, p.privilege) OR p.privilege IN ('INSERT', 'UPDATE')
      AND has_any_column_privilege(me.oid, c.oid, p.privilege)
  FROM me, relation c, (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS p(privilege)
