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

-- explain-untagged | result: answered | source: answered | schema: refused | there, anything may be a view that masks
EXPLAIN SELECT id, fee FROM visits WHERE fee > 10

-- explain-untagged-options | result: answered | source: answered | schema: refused
EXPLAIN (COSTS off, FORMAT json) SELECT count(*) FROM visits GROUP BY kind

-- explain-untagged-join | result: answered | source: answered | schema: refused
EXPLAIN SELECT v.id FROM visits v JOIN notes n ON n.id = v.id ORDER BY v.fee LIMIT 3

-- explain-untagged-view | result: answered | source: answered | schema: refused
EXPLAIN SELECT * FROM visits_seen

-- explain-nothing | result: answered | source: answered | schema: answered | no relation at all
EXPLAIN SELECT 1 + 1

-- explain-untagged-verbose | result: refused | source: refused | schema: refused | what views hide is named
EXPLAIN VERBOSE SELECT * FROM visits_seen

-- explain-untagged-settings | result: refused | source: refused | schema: refused
EXPLAIN (SETTINGS) SELECT id FROM visits

-- explain-untagged-subselect | result: refused | source: refused | schema: refused
EXPLAIN SELECT id FROM visits WHERE note IN (SELECT ssn FROM people)

-- explain-untagged-cte | result: refused | source: refused | schema: refused
EXPLAIN WITH q AS (SELECT ssn FROM people) SELECT id FROM visits

-- explain-untagged-names-only | result: refused | source: refused | schema: refused | the view rests on a tagged table
EXPLAIN SELECT n.id FROM notes n, people_filtered f WHERE f.id = n.id

-- explain-untagged-function | result: refused | source: refused | schema: refused | the planner would run it
EXPLAIN SELECT id FROM visits WHERE note = peek(1)
