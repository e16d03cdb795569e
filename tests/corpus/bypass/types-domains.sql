-- Types carry names, checks and fields.

-- type-domain-shown | result: answered | source: answered | schema: answered
SELECT key FROM people

-- type-domain-computed | result: refused | source: answered | schema: answered
SELECT key || '' FROM people

-- type-composite-shown | result: answered | source: answered | schema: answered
SELECT home FROM people

-- type-composite-text | result: refused | source: answered | schema: answered
SELECT home::text FROM people

-- type-composite-compared | result: refused | source: refused | schema: refused | a row type of a user may not be cast to
SELECT id FROM people WHERE home > ROW('m', 'm')::address

-- type-array-shown | result: answered | source: answered | schema: answered
SELECT marks FROM people

-- type-bytea-shown | result: answered | source: answered | schema: answered
SELECT photo FROM people

-- type-json-shown | result: answered | source: answered | schema: answered
SELECT doc FROM people

-- type-all-shown | result: answered | source: answered | schema: answered
SELECT * FROM people

-- type-table-command | result: answered | source: answered | schema: answered
TABLE people

-- type-percent | result: refused | source: refused | schema: refused
SELECT 'x'::people.ssn%TYPE

-- type-enum | result: answered | source: answered | schema: refused | an enum of the target's own schema
SELECT 'checkup'::visit_kind < 'surgery'::visit_kind

-- type-range-of | result: refused | source: answered | schema: answered
SELECT daterange(born, born, '[]') @> date '1720-01-01' FROM people

-- type-literal | result: refused | source: refused | schema: refused
SELECT people '(1,2)'

-- type-oid | result: refused | source: refused | schema: refused
SELECT 'people'::regclass::oid

-- type-interval-typmod | result: refused | source: answered | schema: answered
SELECT points::numeric(9, 0)::text FROM people

-- type-setof | result: refused | source: refused | schema: refused
SELECT * FROM json_to_record('{}') AS r(a people)

-- type-column-definition | result: refused | source: refused | schema: refused
SELECT * FROM json_to_recordset('[]') AS r(a regclass)
