-- Set operations compare whole rows, and nothing of them has an origin.

-- set-union | result: refused | source: answered | schema: answered
SELECT ssn FROM people UNION SELECT 'x'

-- set-union-all | result: refused | source: answered | schema: answered
SELECT ssn FROM people UNION ALL SELECT body FROM notes

-- set-intersect | result: refused | source: answered | schema: answered
SELECT ssn FROM people INTERSECT SELECT 'bcd'

-- set-except | result: refused | source: answered | schema: answered
SELECT id FROM people EXCEPT SELECT id FROM people WHERE ssn > 'm'

-- set-of-stars | result: refused | source: answered | schema: answered
SELECT * FROM people UNION ALL SELECT * FROM people

-- set-tables | result: refused | source: answered | schema: answered
TABLE people UNION ALL TABLE people

-- set-in-subselect | result: refused | source: answered | schema: answered
SELECT u.x FROM (SELECT body AS x FROM notes UNION ALL SELECT ssn FROM people) u

-- set-names-of-first | result: refused | source: answered | schema: answered
SELECT body AS x FROM notes UNION ALL SELECT code FROM people ORDER BY x

-- set-hidden-in-values | result: refused | source: answered | schema: answered
VALUES ((SELECT max(ssn) FROM people)) UNION ALL VALUES ('x')

-- set-except-all | result: refused | source: answered | schema: answered
SELECT code FROM people EXCEPT ALL SELECT body FROM notes
