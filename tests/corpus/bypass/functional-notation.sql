-- What looks like a column is a call, where there is no such column.

-- notation-row-to-json | result: refused | source: refused | schema: refused
SELECT p.row_to_json FROM people p

-- notation-to-jsonb | result: refused | source: refused | schema: refused
SELECT people.to_jsonb FROM people

-- notation-quoted | result: refused | source: refused | schema: refused
SELECT p."row_to_json" FROM people AS p

-- notation-aggregate | result: refused | source: refused | schema: refused
SELECT p.json_agg FROM people p

-- notation-concat | result: refused | source: refused | schema: refused
SELECT p.concat FROM people p

-- notation-user-function | result: refused | source: refused | schema: refused
SELECT p.told FROM people p

-- notation-cast | result: refused | source: refused | schema: refused
SELECT p.text FROM people p

-- notation-name-cast | result: refused | source: refused | schema: refused
SELECT people.name::text, people.varchar FROM people

-- notation-on-untagged | result: refused | source: refused | schema: refused
SELECT v.to_jsonb FROM visits v

-- notation-in-where | result: refused | source: refused | schema: refused
SELECT id FROM people p WHERE p.text LIKE '%b%'

-- notation-in-order | result: refused | source: refused | schema: refused
SELECT id FROM people p ORDER BY p.text

-- notation-column-as-call | result: refused | source: refused | schema: refused
SELECT ssn(people) FROM people

-- notation-column-as-call-alias | result: refused | source: refused | schema: refused
SELECT ssn(p) FROM people p

-- notation-call-of-user | result: refused | source: refused | schema: refused
SELECT told(p) FROM people p

-- notation-parenthesised | result: refused | source: refused | schema: refused
SELECT (p).text FROM people p

-- notation-system-like | result: refused | source: refused | schema: refused
SELECT p.pg_typeof FROM people p

-- notation-in-cte | result: refused | source: refused | schema: refused
WITH q AS (SELECT * FROM people) SELECT q.to_json FROM q

-- notation-on-visits-sleep | result: refused | source: refused | schema: refused
SELECT (v.fee).pg_sleep FROM visits v
