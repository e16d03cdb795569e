-- What stands beside may look at the cell.

-- lateral-select | result: answered | source: answered | schema: answered | handed on as it is
SELECT l.x FROM people p, LATERAL (SELECT p.ssn AS x) l

-- lateral-computed | result: refused | source: answered | schema: answered
SELECT l.x FROM people p, LATERAL (SELECT reverse(p.ssn) AS x) l

-- lateral-values | result: refused | source: answered | schema: answered
SELECT v.x FROM people p, LATERAL (VALUES (p.ssn)) AS v(x)

-- lateral-unnest | result: refused | source: answered | schema: answered
SELECT u FROM people p, unnest(p.marks) AS u

-- lateral-unnest-ordinality | result: refused | source: answered | schema: answered
SELECT u, n FROM people p, unnest(p.marks) WITH ORDINALITY AS t(u, n)

-- lateral-string-to-table | result: refused | source: answered | schema: answered
SELECT w FROM people p, string_to_table(p.ssn, ' ') AS w

-- lateral-regexp-split | result: refused | source: answered | schema: answered
SELECT w FROM people p, regexp_split_to_table(p.ssn, '') AS w WHERE p.id = 1

-- lateral-json-each | result: refused | source: answered | schema: answered
SELECT e.key, e.value FROM people p, json_each_text(p.doc) AS e

-- lateral-row-json-each | result: refused | source: answered | schema: answered
SELECT e.key, e.value FROM people p, jsonb_each_text(to_jsonb(p)) AS e

-- lateral-rows-from | result: refused | source: answered | schema: answered
SELECT * FROM people p, ROWS FROM (unnest(p.marks), string_to_table(p.code, ' ')) AS r(a, b)

-- lateral-json-record | result: refused | source: answered | schema: answered
SELECT r.ssn FROM people p, json_to_record(row_to_json(p)) AS r(ssn text)

-- lateral-series | result: refused | source: answered | schema: answered
SELECT count(*) FROM people p, generate_series(1, length(p.ssn)) AS g

-- lateral-subselect | result: refused | source: answered | schema: answered
SELECT m FROM notes n, LATERAL (SELECT max(p.ssn) AS m FROM people p WHERE p.id = n.id) l

-- lateral-order | result: refused | source: answered | schema: answered
SELECT l.id FROM notes n, LATERAL (SELECT p.id FROM people p WHERE p.id > n.id ORDER BY p.ssn LIMIT 1) l
