-- Definitions in the plain forms that policy can permit, with people who agree. Without them, nothing
-- of it is done; and what people are asked about shows no more than the statement itself.

-- definition-create-table | result: refused | source: refused | schema: refused
CREATE TABLE fresh (id integer PRIMARY KEY, body text NOT NULL, n integer DEFAULT 1 + 1 CHECK (n > 0))

-- definition-create-serial | result: refused | source: refused | schema: refused
CREATE TABLE fresh (id bigserial, at timestamptz DEFAULT now())

-- definition-create-unlogged | result: refused | source: refused | schema: refused
CREATE UNLOGGED TABLE IF NOT EXISTS clinic.fresh (id integer)

-- definition-create-reference | result: refused | source: refused | schema: refused
CREATE TABLE fresh (note integer REFERENCES clinic.notes (id))

-- definition-create-index | result: refused | source: refused | schema: refused
CREATE INDEX ON clinic.notes (body)

-- definition-create-unique-index | result: refused | source: refused | schema: refused
CREATE UNIQUE INDEX one_note ON clinic.notes (lower(body)) WHERE about IS NOT NULL

-- definition-add-column | result: refused | source: refused | schema: refused
ALTER TABLE clinic.notes ADD COLUMN more text DEFAULT 'x'

-- definition-drop-column | result: refused | source: refused | schema: refused
ALTER TABLE clinic.notes DROP COLUMN about

-- definition-default | result: refused | source: refused | schema: refused
ALTER TABLE clinic.notes ALTER COLUMN body SET DEFAULT 'x', ALTER COLUMN about SET NOT NULL

-- definition-add-constraint | result: refused | source: refused | schema: refused
ALTER TABLE clinic.visits ADD CONSTRAINT paid CHECK (fee > 0) NOT VALID

-- definition-drop-table | result: refused | source: refused | schema: refused
DROP TABLE clinic.notes

-- definition-drop-index | result: refused | source: refused | schema: refused
DROP INDEX clinic.notes_pkey

-- definition-comment | result: refused | source: refused | schema: refused
COMMENT ON COLUMN clinic.notes.body IS 'x'

-- definition-tagged-index | result: refused | source: refused | schema: refused | its size and errors would tell
CREATE UNIQUE INDEX ON clinic.people (ssn)

-- definition-tagged-partial-index | result: refused | source: refused | schema: refused
CREATE INDEX ON clinic.staff (id) WHERE ssn < 'm'

-- definition-tagged-check | result: refused | source: refused | schema: refused | whether it holds would tell
ALTER TABLE clinic.people ADD CHECK (points > 935000000)

-- definition-tagged-drop-column | result: refused | source: refused | schema: refused
ALTER TABLE clinic.people DROP COLUMN name

-- definition-tagged-child | result: refused | source: refused | schema: refused
ALTER TABLE clinic.readings_2024 ADD COLUMN more text

-- definition-tagged-reference | result: refused | source: refused | schema: refused | whether a value is there would tell
CREATE TABLE fresh (ssn text REFERENCES clinic.people (ssn))

-- definition-tagged-view-comment | result: refused | source: refused | schema: refused
COMMENT ON TABLE clinic.people_tagged IS 'x'

-- definition-subselect | result: refused | source: refused | schema: refused
CREATE TABLE fresh (x text DEFAULT (SELECT max(ssn) FROM clinic.people))

-- definition-function | result: refused | source: refused | schema: refused
CREATE TABLE fresh (x text DEFAULT clinic.peek(1))

-- definition-shadowing | result: refused | source: refused | schema: refused | a table that is looked up first
CREATE TABLE pg_temp.people (id integer)

-- definition-inherits | result: refused | source: refused | schema: refused
CREATE TABLE fresh () INHERITS (clinic.people)

-- definition-like | result: refused | source: refused | schema: refused
CREATE TABLE fresh (LIKE clinic.people INCLUDING ALL)

-- definition-cascade | result: refused | source: refused | schema: refused
DROP TABLE clinic.notes CASCADE

-- definition-two | result: refused | source: refused | schema: refused
COMMENT ON TABLE clinic.notes IS 'x'; DROP TABLE clinic.visits
