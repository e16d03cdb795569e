-- Exactly one.

-- multi-two-selects | result: refused | source: refused | schema: refused
SELECT 1; SELECT ssn FROM people

-- multi-select-and-drop | result: refused | source: refused | schema: refused
SELECT 1; DROP TABLE notes

-- multi-commit | result: refused | source: refused | schema: refused
SELECT 1; COMMIT; DELETE FROM notes

-- multi-empty | result: refused | source: refused | schema: refused


-- multi-semicolons | result: refused | source: refused | schema: refused
;;

-- multi-empty-between | result: refused | source: refused | schema: refused
SELECT 1;;SELECT 2

-- multi-begin | result: refused | source: refused | schema: refused
BEGIN; SELECT 1; COMMIT

-- multi-nul | result: refused | source: refused | schema: refused
SELECT 1{U+0000}; DROP TABLE notes

-- multi-backslash | result: refused | source: refused | schema: refused
\copy people TO 'x'

-- multi-psql-variable | result: refused | source: refused | schema: refused
SELECT :ssn FROM people
