-- Something of a user's under a name of the server's.

-- shadow-function | result: refused | source: refused | schema: answered
SELECT initcap(body) FROM notes

-- shadow-function-in-schema | result: refused | source: refused | schema: refused
SELECT clinic.initcap('x')

-- shadow-function-own | result: answered | source: answered | schema: answered
SELECT pg_catalog.initcap(body) FROM notes ORDER BY id

-- shadow-overload | result: refused | source: refused | schema: answered
SELECT round(fee) FROM visits ORDER BY id

-- shadow-overload-taken | result: refused | source: refused | schema: refused
SELECT round(kind) FROM visits

-- shadow-operator | result: refused | source: refused | schema: refused
SELECT id === 930000001 FROM notes

-- shadow-operator-of-text | result: refused | source: refused | schema: refused
SELECT body # about FROM notes

-- shadow-operator-overload | result: refused | source: refused | schema: answered
SELECT 5 # 3

-- shadow-cast-of-enum | result: refused | source: refused | schema: refused | somebody made this cast
SELECT mood::circle FROM moods

-- shadow-cast-in-union | result: refused | source: refused | schema: refused
SELECT center(mood::circle) FROM moods

-- shadow-cast-beside | result: refused | source: answered | schema: answered | the cast is one of other types
SELECT ssn::varchar FROM people ORDER BY id

-- shadow-aggregate | result: refused | source: refused | schema: refused
SELECT gathered(name) FROM people

-- shadow-type | result: refused | source: refused | schema: answered
SELECT '08:00:2b:01:02:03:04:05'::macaddr8

-- shadow-set-function | result: refused | source: refused | schema: refused
SELECT * FROM everybody()

-- shadow-set-function-in-list | result: refused | source: refused | schema: refused
SELECT (everybody()).ssn

-- shadow-definer | result: refused | source: refused | schema: refused
SELECT peek(id) FROM visits

-- shadow-definer-in-from | result: refused | source: refused | schema: refused
SELECT * FROM peek(1) AS p

-- shadow-definer-in-order | result: refused | source: refused | schema: refused
SELECT id FROM notes ORDER BY peek(id)

-- shadow-definer-in-limit | result: refused | source: refused | schema: refused
SELECT id FROM notes LIMIT length(peek(1))

-- shadow-cte-of-system | result: refused | source: refused | schema: refused
WITH pg_authid AS (SELECT 1) DELETE FROM pg_authid
