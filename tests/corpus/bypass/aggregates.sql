-- Many cells in one value.

-- aggregate-max | result: refused | source: answered | schema: answered
SELECT max(ssn), min(ssn) FROM people

-- aggregate-sum | result: refused | source: answered | schema: answered
SELECT sum(points), avg(salary) FROM people

-- aggregate-string | result: refused | source: answered | schema: answered
SELECT string_agg(ssn, ',') FROM people

-- aggregate-array | result: refused | source: answered | schema: answered
SELECT array_agg(ssn) FROM people

-- aggregate-json | result: refused | source: answered | schema: answered
SELECT json_agg(ssn) FROM people

-- aggregate-json-object | result: refused | source: answered | schema: answered
SELECT json_object_agg(id, ssn) FROM people

-- aggregate-jsonb-object-key | result: refused | source: answered | schema: answered
SELECT jsonb_object_agg(ssn, id) FROM people

-- aggregate-mode | result: refused | source: answered | schema: answered
SELECT mode() WITHIN GROUP (ORDER BY ssn) FROM people

-- aggregate-percentile | result: refused | source: answered | schema: answered
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY points) FROM people

-- aggregate-rank-of-guess | result: refused | source: answered | schema: answered
SELECT rank('m') WITHIN GROUP (ORDER BY ssn) FROM people

-- aggregate-count-distinct | result: refused | source: answered | schema: answered
SELECT count(DISTINCT left(ssn, 1)) FROM people

-- aggregate-bool | result: refused | source: answered | schema: answered
SELECT bool_and(ssn > 'm') FROM people

-- aggregate-every | result: refused | source: answered | schema: answered
SELECT every(points > 930000000) FROM people

-- aggregate-bit | result: refused | source: answered | schema: answered
SELECT bit_and(points), bit_or(points) FROM people

-- aggregate-order-within | result: refused | source: answered | schema: answered
SELECT string_agg(name, ',' ORDER BY ssn) FROM people

-- aggregate-one-group | result: refused | source: answered | schema: answered
SELECT id, sum(points) FROM people GROUP BY id

-- aggregate-difference | result: refused | source: answered | schema: answered
SELECT (SELECT sum(points) FROM people) - (SELECT sum(points) FROM people WHERE id > 1)

-- aggregate-user | result: refused | source: refused | schema: refused
SELECT gathered(ssn) FROM people

-- aggregate-group-by | result: refused | source: answered | schema: answered
SELECT count(*) FROM people GROUP BY ssn

-- aggregate-group-by-position | result: refused | source: answered | schema: answered
SELECT ssn, count(*) FROM people GROUP BY 1

-- aggregate-group-by-alias | result: refused | source: answered | schema: answered
SELECT ssn AS s FROM people GROUP BY s

-- aggregate-rollup | result: refused | source: answered | schema: answered
SELECT ssn, team, count(*) FROM people GROUP BY ROLLUP (ssn, team)

-- aggregate-window-lag | result: refused | source: answered | schema: answered
SELECT id, lag(ssn) OVER (ORDER BY id) FROM people

-- aggregate-window-first | result: refused | source: answered | schema: answered
SELECT first_value(ssn) OVER (PARTITION BY team ORDER BY id) FROM people

-- aggregate-window-order | result: refused | source: answered | schema: answered
SELECT id, rank() OVER (ORDER BY ssn) FROM people

-- aggregate-window-partition | result: refused | source: answered | schema: answered
SELECT id, count(*) OVER (PARTITION BY left(ssn, 1)) FROM people

-- aggregate-window-named | result: refused | source: answered | schema: answered
SELECT id, ntile(2) OVER w FROM people WINDOW w AS (ORDER BY points)

-- aggregate-untagged | result: answered | source: answered | schema: answered | nothing tagged is used
SELECT team, count(*) FROM people GROUP BY team ORDER BY team
