-- A write that looks like a read, and one that carries cells to where nobody masks them.

-- write-insert-select | result: refused | source: refused | schema: refused
INSERT INTO notes SELECT id + 100, ssn, code FROM people

-- write-insert-select-star | result: refused | source: refused | schema: refused
INSERT INTO notes SELECT q.* FROM (SELECT id + 100, ssn, code FROM people) q

-- write-insert-values-subselect | result: refused | source: refused | schema: refused
INSERT INTO notes VALUES (100, (SELECT max(ssn) FROM people), 'x')

-- write-update-from | result: refused | source: refused | schema: refused
UPDATE notes SET body = p.ssn FROM people p WHERE p.id = notes.id

-- write-update-subselect | result: refused | source: refused | schema: refused
UPDATE notes n SET body = (SELECT ssn FROM people p WHERE p.id = n.id)

-- write-update-own-column | result: refused | source: refused | schema: refused
UPDATE people SET name = ssn

-- write-update-multi | result: refused | source: refused | schema: refused
UPDATE people SET (name, city) = (ssn, code)

-- write-update-multi-select | result: refused | source: refused | schema: refused
UPDATE notes SET (body, about) = (SELECT ssn, code FROM people p WHERE p.id = notes.id)

-- write-update-where-tagged | result: refused | source: refused | schema: refused
UPDATE people SET city = 'x' WHERE ssn > 'm'

-- write-delete-where-tagged | result: refused | source: refused | schema: refused
DELETE FROM people WHERE ssn > 'm'

-- write-delete-using | result: refused | source: refused | schema: refused
DELETE FROM notes USING people p WHERE p.id = notes.id AND p.ssn > 'm'

-- write-from-cte | result: refused | source: refused | schema: refused
WITH q AS (SELECT id, ssn FROM people) UPDATE notes SET body = q.ssn FROM q WHERE q.id = notes.id

-- write-insert-through-view | result: refused | source: refused | schema: refused
INSERT INTO people_ssn VALUES (900, 'x')

-- write-update-through-view | result: written | source: written | schema: refused | what the role may write through a view that anybody may read
UPDATE people_names SET name = 'x' WHERE id = 1 RETURNING people_names

-- write-merge | result: refused | source: refused | schema: refused
MERGE INTO notes n USING people p ON n.id = p.id WHEN MATCHED THEN UPDATE SET body = p.ssn

-- write-merge-delete | result: refused | source: refused | schema: refused
MERGE INTO notes n USING visits v ON n.id = v.id WHEN MATCHED THEN DELETE

-- write-with-rule | result: refused | source: refused | schema: refused | a rule makes of it what it wants
UPDATE ruled SET body = 'x'

-- write-nextval | result: refused | source: refused | schema: refused
SELECT nextval('tickets')

-- write-setval | result: refused | source: refused | schema: refused
SELECT setval('tickets', 5)

-- write-by-definer | result: refused | source: refused | schema: refused
SELECT wiped()

-- write-system | result: refused | source: refused | schema: refused
UPDATE pg_catalog.pg_attribute SET attname = 'x' WHERE attname = 'ssn'

-- write-system-statistic | result: refused | source: refused | schema: refused
DELETE FROM pg_statistic

-- write-function-in-values | result: refused | source: refused | schema: refused
INSERT INTO notes VALUES (200, peek(1), 'x')

-- write-function-in-default | result: refused | source: refused | schema: refused
INSERT INTO notes SELECT 200, told(p), 'x' FROM people p

-- write-plain-insert | result: written | source: written | schema: refused | an ordinary write
INSERT INTO notes VALUES (300, 'plain', NULL)

-- write-plain-update | result: written | source: written | schema: refused | an ordinary write
UPDATE notes SET about = upper(about) WHERE id = 2

-- write-plain-delete | result: written | source: written | schema: refused | params: [3] | an ordinary write
DELETE FROM notes WHERE id = $1

-- write-tagged-by-value | result: written | source: written | schema: refused | params: ["a value of my own"] | a tagged column may be given a value
UPDATE people SET ssn = $1 WHERE id = 1

-- write-tagged-insert | result: written | source: written | schema: refused | a tagged column may be given a value
INSERT INTO people (id, name, city, team, joined, ssn) VALUES (901, 'x', 'x', 'x', '2025-01-01', 'my own')

-- write-where-joined-untagged | result: written | source: written | schema: refused | nothing tagged is used
UPDATE notes SET about = p.city FROM people p WHERE p.id = notes.id
