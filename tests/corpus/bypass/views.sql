-- A view shows other relations under names of its own.

-- view-of-tagged | result: refused | source: refused | schema: refused
SELECT * FROM people_ssn

-- view-renamed | result: refused | source: refused | schema: refused
SELECT name FROM people_renamed

-- view-on-view | result: refused | source: refused | schema: refused
SELECT name FROM people_again

-- view-aggregate | result: refused | source: refused | schema: refused
SELECT m FROM people_counted

-- view-filter | result: refused | source: refused | schema: refused | a tagged column decides what it shows
SELECT id FROM people_filtered

-- view-whole-row | result: refused | source: refused | schema: refused
SELECT person FROM people_whole

-- view-calls-function | result: refused | source: refused | schema: refused
SELECT told FROM people_called

-- view-materialized | result: refused | source: refused | schema: refused
SELECT kept FROM people_kept

-- view-untagged | result: answered | source: answered | schema: answered | it rests on untagged columns only
SELECT id, name FROM people_names ORDER BY id

-- view-untagged-computed | result: answered | source: answered | schema: answered
SELECT upper(name) FROM people_names ORDER BY 1

-- view-untagged-materialized | result: answered | source: answered | schema: answered
SELECT name FROM names_kept ORDER BY id

-- view-tagged-itself | result: answered | source: answered | schema: answered | masked by its own tags
SELECT ssn FROM people_tagged

-- view-tagged-computed | result: refused | source: answered | schema: answered
SELECT upper(ssn) FROM people_tagged

-- view-tagged-filter | result: refused | source: answered | schema: answered
SELECT id FROM people_tagged WHERE ssn > 'm'

-- view-in-cte | result: refused | source: refused | schema: refused
WITH q AS (SELECT * FROM people_renamed) SELECT city FROM q

-- view-in-exists | result: refused | source: refused | schema: refused
SELECT 1 WHERE EXISTS (SELECT 1 FROM people_filtered WHERE id = 1)

-- view-over-visits | result: answered | source: answered | schema: answered
SELECT sum(fee) FROM visits_seen

-- view-write-through | result: refused | source: refused | schema: refused
DELETE FROM people_filtered

-- view-by-schema | result: refused | source: refused | schema: refused
SELECT name FROM clinic.people_again
