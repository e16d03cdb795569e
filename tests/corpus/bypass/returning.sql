-- A write that shows rows.

-- returning-star | result: written | source: written | schema: refused | shown by itself, and masked
UPDATE people SET city = 'x' WHERE id = 1 RETURNING *

-- returning-tagged | result: written | source: written | schema: refused | shown by itself, and masked
UPDATE people SET city = 'x' WHERE id = 1 RETURNING ssn AS s

-- returning-computed | result: refused | source: refused | schema: refused
UPDATE people SET city = 'x' WHERE id = 1 RETURNING upper(ssn)

-- returning-row | result: refused | source: refused | schema: refused
UPDATE people SET city = 'x' WHERE id = 1 RETURNING people

-- returning-row-json | result: refused | source: refused | schema: refused
DELETE FROM people WHERE id = 1 RETURNING row_to_json(people)

-- returning-old | result: refused | source: refused | schema: refused
UPDATE people SET city = 'x' RETURNING old.ssn, new.ssn

-- returning-with-names | result: refused | source: refused | schema: refused
UPDATE people SET city = 'x' RETURNING WITH (OLD AS o) o.ssn

-- returning-subselect | result: refused | source: refused | schema: refused
INSERT INTO notes VALUES (400, 'a', 'b') RETURNING (SELECT max(ssn) FROM people)

-- returning-from-table | result: written | source: written | schema: refused | shown by itself, and masked
UPDATE notes SET body = 'x' FROM people p WHERE p.id = notes.id AND notes.id = 1 RETURNING p.ssn

-- returning-from-table-computed | result: refused | source: refused | schema: refused
UPDATE notes SET body = 'x' FROM people p WHERE p.id = notes.id RETURNING p.ssn || ''

-- returning-ctid | result: refused | source: refused | schema: refused
UPDATE people SET city = 'x' RETURNING ctid

-- returning-tableoid | result: refused | source: refused | schema: refused
DELETE FROM people RETURNING tableoid

-- returning-untagged | result: written | source: written | schema: refused
INSERT INTO notes VALUES (401, 'a', 'b') RETURNING id, upper(body)

-- returning-set-tagged | result: refused | source: refused | schema: refused
UPDATE people SET ssn = ssn || 'x' WHERE id = 1 RETURNING id
