-- A whole row carries its cells along, whatever it is called.

-- row-by-table-name | result: refused | source: refused | schema: answered | a row of a sub-select has no type that could be shown
SELECT people FROM people

-- row-by-alias | result: refused | source: refused | schema: answered
SELECT p FROM people p

-- row-field-of-alias | result: answered | source: answered | schema: answered | shown by itself, and masked
SELECT (p).ssn FROM people p

-- row-all-fields | result: answered | source: answered | schema: answered
SELECT (p).* FROM people p

-- row-as-json | result: refused | source: answered | schema: answered
SELECT row_to_json(p) FROM people p

-- row-as-json-pretty | result: refused | source: answered | schema: answered
SELECT row_to_json(p, true) FROM people AS p

-- row-as-jsonb | result: refused | source: answered | schema: answered
SELECT to_jsonb(people) FROM people

-- row-aggregated | result: refused | source: answered | schema: answered
SELECT json_agg(p) FROM people p

-- row-in-array | result: refused | source: answered | schema: answered
SELECT ARRAY[p]::text FROM people p

-- row-in-array-agg | result: refused | source: answered | schema: answered
SELECT array_agg(p)::text FROM people p

-- row-is-not-null | result: refused | source: answered | schema: answered
SELECT id FROM people p WHERE p IS NOT NULL

-- row-compared | result: refused | source: answered | schema: answered
SELECT a.id FROM people_tagged a, people_tagged b WHERE a < b AND b.id = 1

-- row-sorted | result: refused | source: answered | schema: answered
SELECT id FROM people_tagged p ORDER BY p

-- row-grouped | result: refused | source: answered | schema: refused
SELECT count(*) FROM people p GROUP BY p

-- row-distinct | result: refused | source: refused | schema: refused | json has no equality
SELECT DISTINCT p FROM people p

-- row-by-star-in-row | result: refused | source: answered | schema: answered
SELECT ROW(p.*)::text FROM people p

-- row-constructor | result: refused | source: refused | schema: refused | rows without a type are not shown as they are
SELECT ROW(id, ssn) FROM people

-- row-constructor-implicit | result: refused | source: answered | schema: answered
SELECT (id, ssn)::text FROM people

-- row-through-subselect | result: refused | source: answered | schema: answered
SELECT (SELECT p)::text FROM people p

-- row-of-subselect | result: refused | source: answered | schema: answered
SELECT s::text FROM (SELECT id, ssn FROM people) s

-- row-of-cte | result: refused | source: answered | schema: answered
WITH q AS (SELECT id, ssn FROM people) SELECT row_to_json(q) FROM q

-- row-of-join | result: refused | source: answered | schema: answered
SELECT to_json(j) FROM (SELECT * FROM people JOIN notes USING (id)) j

-- row-counted | result: refused | source: answered | schema: answered
SELECT count(p) FROM people p

-- row-counted-by-star | result: refused | source: answered | schema: answered
SELECT count(p.*) FROM people p

-- row-coalesced | result: refused | source: answered | schema: answered
SELECT coalesce(p, p)::text FROM people p

-- row-field-twice | result: refused | source: answered | schema: refused
SELECT ((p).home).street FROM people p

-- row-of-composite-column | result: refused | source: answered | schema: refused | the type is not in the masked schema
SELECT (home).street FROM people

-- row-of-composite-star | result: refused | source: answered | schema: refused
SELECT (home).* FROM people

-- row-by-concat | result: refused | source: answered | schema: answered
SELECT concat(p) FROM people p

-- row-by-format | result: refused | source: answered | schema: answered
SELECT format('%s', p) FROM people p

-- row-by-quote | result: refused | source: answered | schema: answered
SELECT quote_literal(p::text) FROM people p

-- row-of-view-tagged | result: refused | source: answered | schema: answered
SELECT row_to_json(t) FROM people_tagged t
