-- Another structure shows what the old one hid.

-- ddl-create-table-as | result: refused | source: refused | schema: refused
CREATE TABLE copied AS SELECT * FROM people

-- ddl-create-temp-table-as | result: refused | source: refused | schema: refused
CREATE TEMP TABLE copied AS SELECT ssn FROM people

-- ddl-select-into | result: refused | source: refused | schema: refused
SELECT ssn INTO copied FROM people

-- ddl-select-into-temp | result: refused | source: refused | schema: refused
SELECT ssn INTO TEMP copied FROM people

-- ddl-create-view | result: refused | source: refused | schema: refused
CREATE VIEW v AS SELECT ssn AS x FROM people

-- ddl-create-temp-view | result: refused | source: refused | schema: refused
CREATE TEMP VIEW people AS SELECT 1 AS ssn

-- ddl-create-matview | result: refused | source: refused | schema: refused
CREATE MATERIALIZED VIEW v AS SELECT ssn FROM people

-- ddl-create-function | result: refused | source: refused | schema: refused
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT max(ssn) FROM clinic.people'

-- ddl-create-temp-function | result: refused | source: refused | schema: refused
CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'

-- ddl-create-operator | result: refused | source: refused | schema: refused
CREATE OPERATOR + (LEFTARG = text, RIGHTARG = text, FUNCTION = textcat)

-- ddl-create-cast | result: refused | source: refused | schema: refused
CREATE CAST (text AS integer) WITH INOUT AS IMPLICIT

-- ddl-create-rule | result: refused | source: refused | schema: refused
CREATE RULE r AS ON SELECT TO notes DO INSTEAD SELECT id, ssn, code FROM people

-- ddl-create-trigger | result: refused | source: refused | schema: refused
CREATE TRIGGER t AFTER INSERT ON notes EXECUTE FUNCTION f()

-- ddl-create-policy | result: refused | source: refused | schema: refused
CREATE POLICY p ON people USING (true)

-- ddl-create-index | result: refused | source: refused | schema: refused
CREATE INDEX ON people (thrown(ssn))

-- ddl-alter-rename | result: refused | source: refused | schema: refused
ALTER TABLE people RENAME COLUMN ssn TO open

-- ddl-alter-add-column | result: refused | source: refused | schema: refused
ALTER TABLE people ADD COLUMN x text GENERATED ALWAYS AS (ssn) STORED

-- ddl-alter-inherit | result: refused | source: refused | schema: refused
ALTER TABLE staff NO INHERIT people

-- ddl-alter-type | result: refused | source: refused | schema: refused | the error would quote the value
ALTER TABLE people ALTER ssn TYPE integer USING ssn::integer

-- ddl-alter-system | result: refused | source: refused | schema: refused
ALTER SYSTEM SET log_statement = 'all'

-- ddl-alter-role | result: refused | source: refused | schema: refused
ALTER ROLE clinic_source SUPERUSER

-- ddl-alter-view-owner | result: refused | source: refused | schema: refused
ALTER VIEW people_names SET (security_barrier = false)

-- ddl-drop-table | result: refused | source: refused | schema: refused
DROP TABLE notes

-- ddl-drop-function | result: refused | source: refused | schema: refused
DROP FUNCTION initcap(text)

-- ddl-truncate | result: refused | source: refused | schema: refused
TRUNCATE notes

-- ddl-grant | result: refused | source: refused | schema: refused
GRANT SELECT ON clinic.people TO PUBLIC

-- ddl-refresh | result: refused | source: refused | schema: refused
REFRESH MATERIALIZED VIEW people_kept

-- ddl-comment | result: refused | source: refused | schema: refused
COMMENT ON TABLE notes IS 'x'

-- ddl-extension | result: refused | source: refused | schema: refused
CREATE EXTENSION dblink

-- ddl-foreign-server | result: refused | source: refused | schema: refused
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw

-- ddl-import-schema | result: refused | source: refused | schema: refused
IMPORT FOREIGN SCHEMA s FROM SERVER x INTO clinic

-- ddl-publication | result: refused | source: refused | schema: refused
CREATE PUBLICATION p FOR TABLE people

-- ddl-load | result: refused | source: refused | schema: refused
LOAD 'auto_explain'

-- ddl-security-label | result: refused | source: refused | schema: refused
SECURITY LABEL ON COLUMN people.ssn IS 'open'

-- ddl-vacuum | result: refused | source: refused | schema: refused
VACUUM people

-- ddl-cluster | result: refused | source: refused | schema: refused
CLUSTER people USING people_pkey

-- ddl-reassign | result: refused | source: refused | schema: refused
REASSIGN OWNED BY postgres TO clinic_source
