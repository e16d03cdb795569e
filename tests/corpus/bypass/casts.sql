-- A cast makes another value of a cell, and no origin is left on it.

-- cast-to-text | result: refused | source: answered | schema: answered
SELECT ssn::text FROM people

-- cast-to-shorter-text | result: refused | source: answered | schema: answered
SELECT CAST(ssn AS varchar(5)) FROM people

-- cast-varchar-to-text | result: refused | source: answered | schema: answered
SELECT code::text FROM people

-- cast-text-to-integer | result: refused | source: refused | schema: refused | the error would quote the value
SELECT ssn::integer FROM people

-- cast-text-to-date | result: refused | source: refused | schema: refused | the error would quote the value
SELECT code::date FROM people

-- cast-text-to-boolean | result: refused | source: refused | schema: refused
SELECT ssn::boolean FROM people

-- cast-text-to-json | result: refused | source: refused | schema: refused
SELECT ssn::json FROM people

-- cast-integer-to-text | result: refused | source: answered | schema: answered
SELECT points::text FROM people

-- cast-integer-to-bits | result: refused | source: answered | schema: answered
SELECT points::bit(32) FROM people

-- cast-numeric-to-integer | result: refused | source: answered | schema: answered
SELECT salary::integer FROM people

-- cast-date-to-text | result: refused | source: answered | schema: answered
SELECT born::text FROM people

-- cast-json-to-jsonb | result: refused | source: answered | schema: answered
SELECT doc::jsonb FROM people

-- cast-json-to-text | result: refused | source: answered | schema: answered
SELECT doc::text FROM people

-- cast-array-to-text | result: refused | source: answered | schema: answered
SELECT marks::text FROM people

-- cast-array-to-array | result: refused | source: answered | schema: answered
SELECT marks::varchar(4)[] FROM people

-- cast-bytea-to-text | result: refused | source: answered | schema: answered
SELECT photo::text FROM people

-- cast-text-to-bytea | result: refused | source: answered | schema: answered
SELECT ssn::bytea FROM people

-- cast-domain-to-text | result: refused | source: answered | schema: answered
SELECT key::text FROM people

-- cast-row-to-text | result: refused | source: answered | schema: answered
SELECT p::text FROM people p

-- cast-by-function-name | result: refused | source: answered | schema: answered | there is no text(integer)
SELECT text(points), date(born) FROM people

-- cast-by-type-as-function | result: refused | source: answered | schema: answered
SELECT int8(points), "numeric"(salary) FROM people

-- cast-to-regclass | result: refused | source: refused | schema: refused
SELECT ssn::regclass FROM people

-- cast-name-to-regclass | result: refused | source: refused | schema: refused
SELECT 'people'::regclass

-- cast-to-xml | result: refused | source: refused | schema: refused
SELECT ssn::xml FROM people

-- cast-to-an-enum | result: refused | source: refused | schema: refused
SELECT ssn::visit_kind FROM people

-- cast-to-a-domain | result: refused | source: refused | schema: refused
SELECT id::text::pin FROM people

-- cast-to-a-shadowed-type | result: refused | source: refused | schema: refused
SELECT name::macaddr8 FROM people

-- cast-in-a-predicate | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn::varchar(3) = 'abc'

-- cast-literal-of-row-type | result: refused | source: refused | schema: refused
SELECT NULL::people
