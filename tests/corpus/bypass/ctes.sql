-- A name in WITH stands for something else.

-- cte-plain | result: answered | source: answered | schema: answered | handed on as it is, and masked
WITH q AS (SELECT ssn FROM people) SELECT ssn FROM q

-- cte-renamed | result: answered | source: answered | schema: answered
WITH q(x) AS (SELECT ssn FROM people) SELECT x FROM q

-- cte-star | result: answered | source: answered | schema: answered
WITH q AS (TABLE people) SELECT * FROM q

-- cte-materialized | result: answered | source: answered | schema: answered
WITH q AS MATERIALIZED (SELECT code AS c FROM people) SELECT c FROM q

-- cte-computed | result: refused | source: answered | schema: answered
WITH q AS (SELECT ssn || '' AS x FROM people) SELECT x FROM q

-- cte-computed-outside | result: refused | source: answered | schema: answered
WITH q AS (SELECT ssn AS x FROM people) SELECT upper(x) FROM q

-- cte-filter | result: refused | source: answered | schema: answered
WITH q AS (SELECT id, ssn AS x FROM people) SELECT id FROM q WHERE x > 'm'

-- cte-shadows-tagged | result: answered | source: answered | schema: answered | the name is not the table
WITH people AS (SELECT 1 AS ssn) SELECT ssn FROM people

-- cte-shadows-and-reads | result: answered | source: answered | schema: answered | inside of itself the name is the table
WITH people AS (SELECT id, ssn AS name FROM people) SELECT name FROM people

-- cte-shadows-in-order | result: refused | source: answered | schema: answered
WITH visits AS (SELECT ssn AS note FROM people) SELECT max(note) FROM visits

-- cte-chain | result: refused | source: answered | schema: answered
WITH a AS (SELECT ssn AS x FROM people), b AS (SELECT x AS y FROM a), c AS (SELECT y || '!' AS z FROM b) SELECT z FROM c

-- cte-recursive-shadow | result: refused | source: answered | schema: refused | the table by its schema beside the name
WITH RECURSIVE people(ssn, n) AS (SELECT p.ssn, 1 FROM clinic.people p UNION ALL SELECT ssn, n + 1 FROM people WHERE n < 2) SELECT ssn FROM people

-- cte-recursive-walk | result: refused | source: answered | schema: answered
WITH RECURSIVE w(n, rest) AS (SELECT 1, ssn FROM people WHERE id = 1 UNION ALL SELECT n + 1, substr(rest, 2) FROM w WHERE rest <> '') SELECT n, left(rest, 1) FROM w

-- cte-in-subselect | result: refused | source: answered | schema: answered
SELECT (WITH q AS (SELECT max(ssn) AS m FROM people) SELECT m FROM q)

-- cte-write-inside | result: refused | source: refused | schema: refused
WITH gone AS (DELETE FROM notes RETURNING *) SELECT * FROM gone

-- cte-insert-inside | result: refused | source: refused | schema: refused
WITH a AS (INSERT INTO notes VALUES (99, 'x', 'y') RETURNING id) SELECT id FROM a

-- cte-update-inside | result: refused | source: refused | schema: refused
WITH a AS (UPDATE people SET name = 'x' RETURNING ssn) SELECT ssn FROM a

-- cte-merge-inside | result: refused | source: refused | schema: refused
WITH a AS (MERGE INTO notes n USING people p ON n.id = p.id WHEN MATCHED THEN DELETE RETURNING 1) SELECT 1

-- cte-search | result: refused | source: refused | schema: refused
WITH RECURSIVE q AS (SELECT id, ssn FROM people UNION ALL SELECT id, ssn FROM q WHERE false) SEARCH DEPTH FIRST BY ssn SET o SELECT id FROM q ORDER BY o

-- cte-cycle | result: refused | source: refused | schema: refused
WITH RECURSIVE q AS (SELECT id, ssn FROM people UNION ALL SELECT id, ssn FROM q WHERE false) CYCLE ssn SET c USING p SELECT p FROM q

-- cte-unused | result: answered | source: answered | schema: answered | nobody reads it
WITH q AS (SELECT ssn FROM people) SELECT 1

-- cte-unused-computed | result: refused | source: answered | schema: answered
WITH q AS (SELECT upper(ssn) AS x FROM people) SELECT 1
