-- A cell in pieces, none of which is the cell.

-- split-characters | result: refused | source: answered | schema: answered
SELECT substr(ssn, g, 1) FROM people, generate_series(1, 22) AS g WHERE id = 1 ORDER BY g

-- split-codes | result: refused | source: answered | schema: answered
SELECT ascii(substr(ssn, g, 1)) FROM people, generate_series(1, 22) AS g WHERE id = 1 ORDER BY g

-- split-columns | result: refused | source: answered | schema: answered
SELECT substr(ssn,1,1), substr(ssn,2,1), substr(ssn,3,1), substr(ssn,4,1), substr(ssn,5,1), substr(ssn,6,1), substr(ssn,7,1), substr(ssn,8,1), substr(ssn,9,1), substr(ssn,10,1), substr(ssn,11,1), substr(ssn,12,1) FROM people

-- split-digits | result: refused | source: answered | schema: answered
SELECT points / 10 ^ g FROM people, generate_series(0, 8) AS g WHERE id = 1

-- split-digits-modulo | result: refused | source: answered | schema: answered
SELECT points % 10, points / 10 % 10, points / 100 % 10 FROM people

-- split-bits | result: refused | source: answered | schema: answered
SELECT (points >> g) & 1 FROM people, generate_series(0, 29) AS g WHERE id = 1 ORDER BY g

-- split-as-row-counts | result: refused | source: answered | schema: answered
SELECT g FROM people, generate_series(1, ascii(ssn)) AS g WHERE id = 1

-- split-as-column-order | result: refused | source: answered | schema: answered
SELECT id FROM people ORDER BY left(ssn, 1), id

-- split-as-nulls | result: refused | source: answered | schema: answered
SELECT CASE WHEN substr(ssn, g, 1) > 'm' THEN 1 END FROM people, generate_series(1, 12) AS g WHERE id = 1

-- split-as-names-of-fields | result: refused | source: answered | schema: answered
SELECT json_build_object(ssn, 1) FROM people

-- split-as-lengths | result: refused | source: answered | schema: answered
SELECT repeat('x', ascii(ssn)) FROM people

-- split-reversed-characters | result: refused | source: answered | schema: answered
SELECT substr(reverse(ssn), g, 1) FROM people, generate_series(1, 22) AS g WHERE id = 1 ORDER BY g
