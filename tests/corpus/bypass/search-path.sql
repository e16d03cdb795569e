-- The same name elsewhere.

-- path-qualified | result: answered | source: answered | schema: refused | a masked schema shows none of the tables themselves
SELECT ssn FROM clinic.people

-- path-qualified-computed | result: refused | source: answered | schema: refused
SELECT upper(ssn) FROM clinic.people

-- path-qualified-column | result: refused | source: answered | schema: refused
SELECT upper(clinic.people.ssn) FROM clinic.people

-- path-other-schema | result: refused | source: refused | schema: refused
SELECT * FROM kept.people

-- path-public | result: refused | source: refused | schema: refused
SELECT ssn FROM public.customers

-- path-temporary | result: refused | source: refused | schema: refused
SELECT * FROM pg_temp.people

-- path-with-database | result: refused | source: refused | schema: refused
SELECT ssn FROM shop.clinic.people

-- path-pg-catalog-function | result: answered | source: answered | schema: answered | with its schema it is the server's own
SELECT pg_catalog.upper(body) FROM notes ORDER BY id

-- path-clinic-function | result: refused | source: refused | schema: refused
SELECT clinic.peek(1)

-- path-masked-schema | result: refused | source: refused | schema: answered
SELECT ssn FROM masked_clinic.people

-- path-operator-schema | result: refused | source: refused | schema: refused
SELECT 1 OPERATOR(clinic.===) 2

-- path-qualifier-of-alias | result: refused | source: refused | schema: refused
SELECT clinic.people.ssn FROM clinic.people AS p

-- path-qualifier-mixed | result: refused | source: refused | schema: refused
SELECT other.people.ssn FROM people
