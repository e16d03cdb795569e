-- A value from below.

-- subquery-scalar | result: refused | source: answered | schema: answered
SELECT (SELECT ssn FROM people WHERE id = 1)

-- subquery-array | result: refused | source: answered | schema: answered
SELECT ARRAY(SELECT ssn FROM people)

-- subquery-from | result: answered | source: answered | schema: answered | handed on as it is, and masked
SELECT x FROM (SELECT ssn AS x FROM people) s

-- subquery-from-deep | result: answered | source: answered | schema: answered
SELECT z FROM (SELECT y AS z FROM (SELECT x AS y FROM (SELECT ssn AS x FROM people) a) b) c

-- subquery-from-deep-computed | result: refused | source: answered | schema: answered
SELECT z || '' FROM (SELECT y AS z FROM (SELECT ssn AS y FROM people) b) c

-- subquery-column-aliases | result: answered | source: answered | schema: answered
SELECT b FROM (SELECT id, ssn FROM people) AS s(a, b)

-- subquery-table-aliases | result: answered | source: answered | schema: answered
SELECT f FROM people AS p(a, b, c, d, e, f)

-- subquery-table-aliases-computed | result: refused | source: answered | schema: answered
SELECT f || '' FROM people AS p(a, b, c, d, e, f)

-- subquery-alias-swaps | result: refused | source: answered | schema: answered | `id` is the tagged column here
SELECT id FROM people AS p(ssn, b, c, d, e, id) WHERE id > 'm'

-- subquery-alias-swaps-untagged | result: answered | source: answered | schema: answered | `ssn` is the untagged `id` here
SELECT b FROM people AS p(ssn, b, c, d, e, x) WHERE ssn > 3 ORDER BY b

-- subquery-in-values | result: refused | source: answered | schema: answered
VALUES ((SELECT code FROM people WHERE id = 1), 2)

-- subquery-in-case | result: refused | source: answered | schema: answered
SELECT CASE WHEN (SELECT max(ssn) FROM people) > 'm' THEN 1 ELSE 2 END

-- subquery-in-order | result: refused | source: answered | schema: answered
SELECT id FROM notes n ORDER BY (SELECT ssn FROM people p WHERE p.id = n.id)

-- subquery-in-group | result: refused | source: answered | schema: answered
SELECT count(*) FROM notes n GROUP BY (SELECT left(ssn, 1) FROM people p WHERE p.id = n.id)

-- subquery-in-function-argument | result: refused | source: answered | schema: answered
SELECT length((SELECT ssn FROM people WHERE id = 1))

-- subquery-in-series | result: refused | source: answered | schema: answered
SELECT count(*) FROM generate_series(1, (SELECT points - 930000000 FROM people WHERE id = 1)) AS g

-- subquery-multi-row-error | result: refused | source: answered | schema: answered | an error where more than one row is greater
SELECT (SELECT id FROM people WHERE ssn > 'm')

-- subquery-in-array-index | result: refused | source: answered | schema: answered
SELECT (ARRAY['a', 'b', 'c'])[(SELECT ascii(ssn) % 3 + 1 FROM people WHERE id = 1)]

-- subquery-not-in | result: refused | source: answered | schema: answered
SELECT id FROM notes WHERE body NOT IN (SELECT ssn FROM people)

-- subquery-star-exists | result: answered | source: answered | schema: answered | nothing of the star is looked at
SELECT id FROM notes n WHERE EXISTS (SELECT * FROM people p WHERE p.id = n.id)

-- subquery-nested-scalar | result: refused | source: answered | schema: answered
SELECT (SELECT (SELECT (SELECT salary FROM people WHERE id = 1)))
