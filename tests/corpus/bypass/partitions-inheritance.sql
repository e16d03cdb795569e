-- A row has several tables.

-- partition-child | result: answered | source: answered | schema: answered | the tag of the whole holds for its parts
SELECT value FROM readings_2024

-- partition-child-computed | result: refused | source: answered | schema: answered
SELECT upper(value) FROM readings_2024

-- partition-other-child | result: refused | source: answered | schema: answered
SELECT upper(value) FROM readings_2025

-- partition-default-computed | result: refused | source: answered | schema: answered
SELECT value || '' FROM readings_rest

-- partition-parent | result: answered | source: answered | schema: answered
SELECT value FROM readings

-- partition-parent-filter | result: refused | source: answered | schema: answered
SELECT id FROM readings WHERE value LIKE 'b%'

-- partition-untagged | result: answered | source: answered | schema: answered
SELECT day, count(*) FROM readings GROUP BY day ORDER BY day

-- partition-tableoid | result: refused | source: refused | schema: refused
SELECT tableoid FROM readings

-- partition-tableoid-name | result: refused | source: refused | schema: refused
SELECT tableoid::regclass, id FROM readings

-- inherit-child | result: answered | source: answered | schema: answered
SELECT ssn FROM staff

-- inherit-child-computed | result: refused | source: answered | schema: answered
SELECT reverse(ssn) FROM staff

-- inherit-child-own-column | result: answered | source: answered | schema: answered
SELECT badge FROM staff ORDER BY id

-- inherit-only-parent | result: refused | source: answered | schema: answered | a masked schema has views, which have no children
SELECT upper(ssn) FROM ONLY people

-- inherit-star-parent | result: refused | source: answered | schema: answered
SELECT upper(ssn) FROM people *

-- inherit-union | result: refused | source: answered | schema: answered
SELECT ssn FROM ONLY staff UNION ALL SELECT badge FROM staff

-- inherit-row-of-child | result: refused | source: answered | schema: answered
SELECT row_to_json(s) FROM staff s

-- inherit-only-parenthesised | result: answered | source: answered | schema: answered
SELECT ssn FROM ONLY (people)
