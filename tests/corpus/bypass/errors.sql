-- What an error says, and whether there is one.

-- error-quotes-value | result: refused | source: refused | schema: refused
SELECT (ssn || 'x')::numeric FROM people

-- error-in-where | result: refused | source: refused | schema: refused
SELECT id FROM people WHERE split_part(ssn, ' ', 1)::integer > 0

-- error-in-to-number | result: refused | source: refused | schema: refused
SELECT to_date(ssn, 'YYYY-MM-DD') FROM people

-- error-in-to-timestamp | result: refused | source: refused | schema: refused
SELECT to_timestamp(code, 'YYYY') FROM people

-- error-in-json | result: refused | source: refused | schema: refused
SELECT ('{' || ssn)::jsonb FROM people

-- error-in-array | result: refused | source: refused | schema: refused
SELECT ('{' || ssn)::text[] FROM people

-- error-in-interval | result: refused | source: refused | schema: refused
SELECT ssn::interval FROM people

-- error-in-inet | result: refused | source: refused | schema: refused
SELECT ssn::inet FROM people

-- error-in-regex | result: refused | source: refused | schema: refused
SELECT 'x' ~ ('(' || ssn) FROM people

-- error-in-jsonpath | result: refused | source: refused | schema: refused
SELECT (ssn || '((')::jsonpath FROM people

-- error-in-decode | result: refused | source: refused | schema: refused
SELECT decode(ssn, 'base64') FROM people

-- error-in-encoding-name | result: refused | source: refused | schema: refused
SELECT convert_to('x', ssn) FROM people

-- error-in-format | result: refused | source: refused | schema: refused
SELECT format('%' || ssn) FROM people

-- error-in-timezone | result: refused | source: refused | schema: refused
SELECT now() AT TIME ZONE ssn FROM people

-- error-in-date-trunc | result: refused | source: refused | schema: refused
SELECT date_trunc(ssn, now()) FROM people

-- error-in-extract | result: refused | source: refused | schema: refused
SELECT date_part(ssn, now()) FROM people

-- error-unique | result: refused | source: refused | schema: refused
INSERT INTO people (id, name, city, team, joined) VALUES (1, 'x', 'x', 'x', '2025-01-01')

-- error-unique-of-tagged | result: refused | source: refused | schema: refused | what is twice would be told by the error
UPDATE people SET ssn = 'same'

-- error-check | result: refused | source: refused | schema: refused | the error would quote the row
INSERT INTO notes VALUES (1, 'x', 'x')

-- error-not-null | result: refused | source: refused | schema: refused
INSERT INTO visits (id) VALUES (900)

-- error-partition | result: refused | source: refused | schema: refused | the error would quote the row
INSERT INTO readings_2024 VALUES (900, 1, '2030-01-01', 'x')

-- error-overflow | result: refused | source: answered | schema: answered | NULL times NULL in the place of an overflow
SELECT points * points FROM people

-- error-raised | result: refused | source: refused | schema: refused
SELECT thrown(ssn) FROM people

-- error-noticed | result: refused | source: refused | schema: refused
SELECT loud(ssn) FROM people

-- error-only-where-equal | result: refused | source: answered | schema: answered
SELECT 1 / (CASE WHEN ssn LIKE 'b%' THEN 0 ELSE 1 END) FROM people

-- error-text-to-enum | result: refused | source: refused | schema: refused
SELECT id FROM visits WHERE kind = (SELECT ssn FROM people WHERE id = 1)::visit_kind
