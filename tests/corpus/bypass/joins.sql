-- A join compares cells and tells by what is joined.

-- join-using-tagged | result: refused | source: answered | schema: answered
SELECT a.id, b.id FROM people a JOIN people b USING (ssn)

-- join-natural | result: refused | source: answered | schema: answered | it compares `ssn`, too
SELECT a.id FROM people_tagged a NATURAL JOIN people b

-- join-on-tagged | result: refused | source: answered | schema: answered
SELECT a.id, b.id FROM people a JOIN people b ON a.points > b.points AND b.id = 1

-- join-full-using | result: refused | source: answered | schema: answered
SELECT ssn FROM people a FULL JOIN people b USING (ssn)

-- join-using-alias | result: refused | source: answered | schema: answered
SELECT j.ssn FROM people a JOIN people_tagged b USING (ssn) AS j

-- join-alias-renames | result: refused | source: answered | schema: answered
SELECT j.y || '' FROM (people p JOIN notes n ON n.id = p.id) AS j(a, b, c, d, e, y)

-- join-comma | result: refused | source: answered | schema: answered
SELECT n.id FROM notes n, people p WHERE p.ssn = n.body

-- join-self-counts | result: refused | source: answered | schema: answered
SELECT a.id, count(*) FROM people a, people b WHERE b.ssn < a.ssn GROUP BY a.id

-- join-cross-with-values | result: refused | source: answered | schema: answered
SELECT p.id, v.c FROM people p CROSS JOIN (VALUES ('b'), ('c')) AS v(c) WHERE p.ssn LIKE v.c || '%'

-- join-cross-with-series | result: refused | source: answered | schema: answered
SELECT p.id, ascii(substr(p.ssn, g, 1)) FROM people p, generate_series(1, 12) AS g WHERE p.id < 4

-- join-left-null | result: refused | source: answered | schema: answered
SELECT n.id FROM notes n LEFT JOIN people p ON p.ssn < n.body WHERE p.id IS NULL

-- join-shown-bare | result: answered | source: answered | schema: answered | shown by itself, and masked
SELECT n.id, p.ssn FROM notes n JOIN people p ON p.id = n.id

-- join-merged-column | result: refused | source: answered | schema: answered
SELECT ssn || 'x' FROM people a JOIN people b USING (ssn)

-- join-nested | result: refused | source: answered | schema: answered
SELECT 1 FROM (notes n JOIN (people p JOIN visits v ON v.person_id = p.id) ON p.code > n.body)

-- join-semi | result: refused | source: answered | schema: answered
SELECT id FROM people a WHERE EXISTS (SELECT FROM people b WHERE b.salary > a.salary)
