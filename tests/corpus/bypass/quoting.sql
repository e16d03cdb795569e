-- The same name in other letters.

-- quoting-column | result: answered | source: answered | schema: answered | shown by itself, and masked
SELECT "ssn" FROM people

-- quoting-upper-case | result: answered | source: answered | schema: answered
SELECT SSN FROM PEOPLE

-- quoting-case-in-quotes | result: refused | source: refused | schema: refused
SELECT "SSN" FROM people

-- quoting-table | result: refused | source: answered | schema: answered
SELECT upper("people"."ssn") FROM "people"

-- quoting-odd-table | result: answered | source: answered | schema: answered
SELECT "Ssn" FROM "odd ""names"""

-- quoting-odd-computed | result: refused | source: answered | schema: answered
SELECT "Ssn" || '' FROM "odd ""names"""

-- quoting-odd-alias | result: refused | source: answered | schema: answered
SELECT "a""b"."Ssn" || '' FROM "odd ""names""" AS "a""b"

-- quoting-odd-untagged | result: answered | source: answered | schema: answered
SELECT "select", "ünï" FROM "odd ""names""" ORDER BY id

-- quoting-keyword-alias | result: refused | source: answered | schema: answered
SELECT "select".ssn || '' FROM people AS "select"

-- quoting-alias-of-star | result: refused | source: answered | schema: answered
SELECT "*".ssn || '' FROM people AS "*"

-- quoting-alias-with-dot | result: refused | source: answered | schema: answered
SELECT "a.b".ssn || '' FROM people AS "a.b"

-- quoting-alias-empty | result: refused | source: refused | schema: refused
SELECT ssn FROM people AS ""

-- quoting-alias-is-column | result: refused | source: answered | schema: answered
SELECT ssn.ssn || '' FROM people AS ssn

-- quoting-output-name | result: answered | source: answered | schema: answered
SELECT ssn AS "[masked:ssn]" FROM people

-- quoting-long-name | result: refused | source: refused | schema: refused
SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa FROM people

-- quoting-long-alias-cut | result: refused | source: answered | schema: answered | an alias longer than 63 bytes is cut by the server
SELECT upper(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.ssn) FROM people AS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaXYZ

-- quoting-same-output-names | result: answered | source: answered | schema: answered
SELECT id AS ssn, ssn AS id FROM people

-- quoting-trailing-semicolon | result: answered | source: answered | schema: answered
SELECT ssn FROM people;

-- quoting-qualified | result: refused | source: answered | schema: refused
SELECT "clinic"."people"."id" FROM "clinic"."people" WHERE "clinic"."people"."ssn" > 'm'
