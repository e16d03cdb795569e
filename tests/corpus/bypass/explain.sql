-- A plan tells how many rows are expected, and ANALYZE runs the statement.

-- explain-tagged | result: refused | source: refused | schema: refused
EXPLAIN SELECT * FROM people WHERE ssn < 'm'

-- explain-tagged-json | result: refused | source: refused | schema: refused
EXPLAIN (FORMAT json) SELECT 1 FROM people WHERE points > 935000000

-- explain-tagged-verbose | result: refused | source: refused | schema: refused
EXPLAIN (VERBOSE, SETTINGS) SELECT ssn FROM people

-- explain-tagged-untagged-column | result: refused | source: refused | schema: refused
EXPLAIN SELECT id FROM people WHERE id = 1

-- explain-analyze | result: refused | source: refused | schema: refused
EXPLAIN ANALYZE SELECT ssn FROM people

-- explain-analyze-write | result: refused | source: refused | schema: refused
EXPLAIN ANALYZE DELETE FROM notes

-- explain-analyze-option | result: refused | source: refused | schema: refused
EXPLAIN (ANALYZE true, COSTS off) UPDATE notes SET body = 'x'

-- explain-execute | result: refused | source: refused | schema: refused
EXPLAIN EXECUTE p

-- explain-create | result: refused | source: refused | schema: refused
EXPLAIN ANALYZE CREATE TABLE copied AS SELECT ssn FROM people

-- explain-join | result: refused | source: refused | schema: refused
EXPLAIN SELECT 1 FROM notes n JOIN people p ON p.id = n.id

-- explain-view | result: refused | source: refused | schema: refused
EXPLAIN SELECT * FROM people_ssn

-- explain-partition | result: refused | source: refused | schema: refused
EXPLAIN SELECT * FROM readings_2024

-- explain-statistics-of-child | result: refused | source: refused | schema: refused
EXPLAIN SELECT * FROM staff WHERE ssn < 'm'
