-- A lock is seen by others, and may outlive its transaction.

-- lock-table | result: refused | source: refused | schema: refused
LOCK TABLE people

-- lock-access-share | result: refused | source: refused | schema: refused
LOCK TABLE people IN ACCESS SHARE MODE

-- lock-for-update | result: refused | source: refused | schema: refused
SELECT id FROM people FOR UPDATE

-- lock-for-share | result: refused | source: refused | schema: refused
SELECT id FROM people FOR SHARE SKIP LOCKED

-- lock-for-key-share | result: refused | source: refused | schema: refused
SELECT id FROM visits FOR KEY SHARE NOWAIT

-- lock-in-subselect | result: refused | source: refused | schema: refused
SELECT * FROM (SELECT id FROM visits FOR NO KEY UPDATE) s

-- lock-advisory | result: refused | source: refused | schema: refused
SELECT pg_advisory_lock(1)

-- lock-advisory-on-secret | result: refused | source: refused | schema: refused
SELECT pg_try_advisory_lock(points) FROM people

-- lock-advisory-shared | result: refused | source: refused | schema: refused
SELECT pg_advisory_xact_lock_shared(2)
