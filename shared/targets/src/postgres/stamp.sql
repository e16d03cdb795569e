-- A digest of all that the system catalogue says about the relation `c` (a row of pg_class): if the
-- digest is the same, the relation is. Survey and proof use this very text.
--
-- Of pg_class and pg_namespace the meaning is taken, because TRUNCATE, REFRESH, VACUUM FULL and GRANT
-- write those rows anew and change nothing of it. Of the other tables the transaction is taken that
-- wrote each row, so that no column of theirs can be forgotten. That is sound: only DDL writes them,
-- every change makes a new row version with the number of its own transaction, rows of transactions
-- in progress are not seen, and numbers come round after 2^32 transactions while a snapshot is kept
-- for minutes. What changes rows in place (VACUUM, ANALYZE, CREATE INDEX on pg_class; freezing, which
-- leaves xmin as it was) changes no meaning. A number that is another for no reason costs one more
-- look at the target.
pg_catalog.md5(ROW(
  c.oid, c.relname, c.relnamespace, c.reltype, c.reloftype, c.relowner, c.relkind, c.relpersistence,
  c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.reloptions,
  (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum, a.xmin), ',' ORDER BY a.attnum)
   FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0::int2),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', i.inhparent, i.xmin), ',' ORDER BY i.inhparent)
   FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', i.inhrelid, i.xmin), ',' ORDER BY i.inhrelid)
   FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', w.oid, w.xmin), ',' ORDER BY w.oid)
   FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid),
  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', p.oid, p.xmin), ',' ORDER BY p.oid)
   FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid)
)::text)
