-- Operators take part in what they compare.

-- operator-arithmetic | result: refused | source: answered | schema: answered
SELECT points + 0, -points, @ points, points % 7 FROM people

-- operator-square-root | result: refused | source: answered | schema: answered
SELECT |/ points, points ^ 2 FROM people

-- operator-array-concat | result: refused | source: answered | schema: answered
SELECT marks || ARRAY['x'], ARRAY['x'] || marks FROM people

-- operator-array-index | result: refused | source: answered | schema: answered
SELECT marks[1], marks[1:1], marks[array_length(marks, 1)] FROM people

-- operator-json-minus | result: refused | source: answered | schema: answered
SELECT doc::jsonb - 'x', doc::jsonb || '{}' FROM people

-- operator-json-path | result: refused | source: answered | schema: answered | `#` alone is a user's; these are others
SELECT doc #> '{a}', doc #>> '{}' FROM people

-- operator-text-search | result: refused | source: refused | schema: refused
SELECT ssn::tsvector @@ 'b:*'::tsquery FROM people

-- operator-qualified | result: refused | source: refused | schema: refused
SELECT ssn OPERATOR(pg_catalog.||) '' FROM people

-- operator-pattern | result: refused | source: answered | schema: answered
SELECT ssn ~~ 'b%', ssn ~>=~ 'm' FROM people

-- operator-record | result: refused | source: refused | schema: refused
SELECT ROW(ssn) *= ROW('x') FROM people

-- operator-any | result: refused | source: answered | schema: answered
SELECT 'b' < ANY (marks) FROM people

-- operator-overlaps | result: refused | source: answered | schema: answered
SELECT (born, born) OVERLAPS (date '1700-01-01', date '1750-01-01') FROM people

-- operator-at-time-zone | result: refused | source: answered | schema: answered
SELECT born::timestamp AT TIME ZONE 'UTC' FROM people

-- operator-is-true | result: refused | source: answered | schema: answered
SELECT (ssn > 'm') IS TRUE FROM people

-- operator-unknown | result: refused | source: refused | schema: refused
SELECT ssn <=> 'x' FROM people
