-- What is tagged, what inherits from it and what shows it, outside of the schema that masks it.
  UNION ALL
  SELECT 'raw', 'TABLE', c.name, 'SELECT', c.relowner, c.acl,
    has_any_column_privilege(me.oid, c.oid, 'SELECT')
  FROM me, raw JOIN relation c ON c.oid = raw.oid WHERE c.nspname <> $1
