-- Values that come beside the statement.

-- parameter-gap | result: refused | source: refused | schema: refused | params: ["a","b"]
SELECT $2 FROM notes

-- parameter-missing | result: refused | source: refused | schema: refused
SELECT id FROM notes WHERE body = $1

-- parameter-too-many | result: refused | source: refused | schema: refused | params: ["a","b"]
SELECT id FROM notes WHERE body = $1

-- parameter-zero | result: refused | source: refused | schema: refused
SELECT $0

-- parameter-huge-number | result: refused | source: refused | schema: refused | params: ["a"]
SELECT $65536

-- parameter-past-ours | result: refused | source: refused | schema: refused | params: ["a"] | where a key would stand
SELECT ssn, $2, $3 FROM people

-- parameter-injection | result: answered | source: answered | schema: answered | params: ["x' OR ssn > 'm"]
SELECT id FROM notes WHERE body = $1

-- parameter-wrong-type | result: refused | source: refused | schema: refused | params: ["ssn"]
SELECT id FROM notes WHERE id = $1

-- parameter-object-for-text | result: refused | source: refused | schema: refused | params: [{"a":1}]
SELECT id FROM notes WHERE id = $1

-- parameter-compared-to-tagged | result: refused | source: answered | schema: answered | params: ["guess"]
SELECT id, ssn = $1 FROM people

-- parameter-between-tagged | result: refused | source: answered | schema: answered | params: [930000000, 931000000]
SELECT id FROM people WHERE points BETWEEN $1 AND $2

-- parameter-as-limit | result: answered | source: answered | schema: answered | params: [3]
SELECT ssn FROM people LIMIT $1

-- parameter-as-position | result: refused | source: answered | schema: answered | params: [1]
SELECT id FROM people ORDER BY CASE $1::integer WHEN 1 THEN ssn ELSE name END

-- parameter-cast-regclass | result: refused | source: refused | schema: refused | params: ["people"]
SELECT $1::regclass

-- parameter-typed-row | result: refused | source: refused | schema: refused | params: ["(1)"]
SELECT $1::people

-- parameter-array-guess | result: refused | source: answered | schema: answered | params: [["guess"]]
SELECT id FROM people WHERE marks && $1
