-- Functions of the schemas $1. Types are numbers here: their names come once, with the types.
SELECT p.oid, n.nspname::text AS schema, p.proname::text AS name, p.proargtypes::oid[] AS arguments,
  p.pronargdefaults AS defaults, p.provariadic <> 0::oid AS variadic, p.prokind::text AS kind,
  p.proretset AS set, p.prorettype AS returns, p.proargmodes::text[] AS modes, p.proargnames AS names
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY ($1)
ORDER BY p.oid
