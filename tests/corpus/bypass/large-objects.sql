-- READ ONLY does not stop them.

-- lo-create | result: refused | source: refused | schema: refused
SELECT lo_create(0)

-- lo-from-bytea | result: refused | source: refused | schema: refused
SELECT lo_from_bytea(0, photo) FROM people

-- lo-import | result: refused | source: refused | schema: refused
SELECT lo_import('/etc/passwd')

-- lo-export | result: refused | source: refused | schema: refused
SELECT lo_export(1, '/srv/x')

-- lo-get | result: refused | source: refused | schema: refused
SELECT lo_get(1)

-- lo-put | result: refused | source: refused | schema: refused
SELECT lo_put(1, 0, 'x')

-- lo-unlink | result: refused | source: refused | schema: refused
SELECT lo_unlink(1)

-- lo-open | result: refused | source: refused | schema: refused
SELECT loread(lo_open(1, 262144), 100)
