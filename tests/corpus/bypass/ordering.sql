-- An order tells what is less than what.

-- order-by-tagged | result: refused | source: answered | schema: answered
SELECT id FROM people ORDER BY ssn

-- order-by-alias | result: refused | source: answered | schema: answered
SELECT ssn AS x FROM people ORDER BY x

-- order-by-position | result: refused | source: answered | schema: answered
SELECT id, ssn FROM people ORDER BY 2

-- order-by-shadowing-alias | result: refused | source: answered | schema: answered
SELECT ssn AS id, name FROM people ORDER BY id

-- order-by-expression | result: refused | source: answered | schema: answered
SELECT id FROM people ORDER BY substr(ssn, 2)

-- order-by-date | result: refused | source: answered | schema: answered
SELECT id FROM people ORDER BY born LIMIT 1

-- order-by-using | result: refused | source: refused | schema: refused
SELECT id FROM people ORDER BY ssn USING >

-- order-by-star-position | result: refused | source: answered | schema: answered
SELECT * FROM people ORDER BY 6

-- order-in-subselect | result: refused | source: answered | schema: answered
SELECT id FROM (SELECT id FROM people ORDER BY salary DESC LIMIT 3) s

-- order-in-array | result: refused | source: answered | schema: answered
SELECT ARRAY(SELECT id FROM people ORDER BY ssn)

-- order-in-cte | result: refused | source: answered | schema: answered
WITH q AS (SELECT id, row_number() OVER (ORDER BY code) AS n FROM people) SELECT id FROM q WHERE n = 1

-- order-in-view-tagged | result: refused | source: answered | schema: answered
SELECT id FROM people_tagged ORDER BY ssn

-- distinct-tagged | result: refused | source: answered | schema: answered
SELECT DISTINCT ssn FROM people

-- distinct-on-tagged | result: refused | source: answered | schema: answered
SELECT DISTINCT ON (left(ssn, 1)) id FROM people ORDER BY left(ssn, 1), id

-- distinct-star | result: refused | source: refused | schema: refused | json has no equality
SELECT DISTINCT * FROM people

-- order-with-ties | result: refused | source: answered | schema: answered
SELECT id FROM people ORDER BY ssn FETCH FIRST 1 ROW WITH TIES
