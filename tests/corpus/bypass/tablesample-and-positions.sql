-- Which rows, and where they are.

-- sample-system | result: refused | source: refused | schema: refused
SELECT id FROM people TABLESAMPLE SYSTEM (50)

-- sample-bernoulli | result: refused | source: refused | schema: refused
SELECT ssn FROM people TABLESAMPLE BERNOULLI (100) REPEATABLE (1)

-- sample-of-user | result: refused | source: refused | schema: refused
SELECT id FROM people TABLESAMPLE clinic.peek (1)

-- position-ctid | result: refused | source: refused | schema: refused
SELECT ctid FROM people

-- position-ctid-where | result: refused | source: refused | schema: refused
SELECT id FROM people WHERE ctid = '(0,1)'

-- position-xmin | result: refused | source: refused | schema: refused
SELECT xmin, cmin, xmax FROM people

-- position-tableoid | result: refused | source: refused | schema: refused
SELECT tableoid FROM people

-- position-in-subselect | result: refused | source: refused | schema: refused
SELECT x FROM (SELECT ctid AS x FROM people) s

-- position-order | result: refused | source: refused | schema: refused
SELECT id FROM people ORDER BY ctid

-- position-of-view | result: refused | source: refused | schema: refused
SELECT ctid FROM people_tagged
