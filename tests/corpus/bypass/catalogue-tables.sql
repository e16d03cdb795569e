-- The system's own relations tell about everything.

-- catalogue-class | result: refused | source: refused | schema: refused
SELECT relname FROM pg_class

-- catalogue-schema-qualified | result: refused | source: refused | schema: refused
SELECT relname FROM pg_catalog.pg_class

-- catalogue-attribute-defaults | result: refused | source: refused | schema: refused
SELECT attname, attmissingval FROM pg_attribute

-- catalogue-proc-source | result: refused | source: refused | schema: refused
SELECT prosrc FROM pg_proc WHERE proname = 'peek'

-- catalogue-viewdef | result: refused | source: refused | schema: refused
SELECT pg_get_viewdef('people_ssn')

-- catalogue-functiondef | result: refused | source: refused | schema: refused
SELECT pg_get_functiondef('peek'::regproc)

-- catalogue-indexdef | result: refused | source: refused | schema: refused
SELECT indexdef FROM pg_indexes

-- catalogue-information-schema | result: refused | source: refused | schema: refused
SELECT column_name FROM information_schema.columns

-- catalogue-activity | result: refused | source: refused | schema: refused
SELECT query FROM pg_stat_activity

-- catalogue-activity-function | result: refused | source: refused | schema: refused
SELECT query FROM pg_stat_get_activity(NULL)

-- catalogue-authid | result: refused | source: refused | schema: refused
SELECT rolpassword FROM pg_authid

-- catalogue-settings | result: refused | source: refused | schema: refused
SELECT name, setting FROM pg_settings

-- catalogue-largeobject | result: refused | source: refused | schema: refused
SELECT data FROM pg_largeobject

-- catalogue-prepared | result: refused | source: refused | schema: refused
SELECT statement FROM pg_prepared_statements

-- catalogue-quoted | result: refused | source: refused | schema: refused
SELECT relname FROM "pg_class"

-- catalogue-escaped | result: refused | source: refused | schema: refused
SELECT relname FROM U&"pg_cl\0061ss"

-- catalogue-table-command | result: refused | source: refused | schema: refused
TABLE pg_roles

-- catalogue-as-cte-name | result: refused | source: refused | schema: refused
WITH pg_class AS (SELECT 1) SELECT * FROM pg_catalog.pg_class

-- catalogue-toast | result: refused | source: refused | schema: refused
SELECT * FROM pg_toast.pg_toast_2619

-- catalogue-column-privilege | result: refused | source: refused | schema: refused
SELECT has_column_privilege('clinic.people', 'ssn', 'select')

-- catalogue-relation-size | result: refused | source: refused | schema: refused
SELECT pg_relation_size('clinic.people')

-- catalogue-typeof | result: refused | source: refused | schema: refused
SELECT pg_typeof(ssn) FROM people

-- catalogue-column-size | result: refused | source: refused | schema: refused
SELECT pg_column_size(ssn) FROM people

-- catalogue-collation-for | result: refused | source: refused | schema: refused
SELECT COLLATION FOR (ssn) FROM people

-- catalogue-other-database | result: refused | source: refused | schema: refused
SELECT * FROM other.clinic.people

-- catalogue-statement-timestamp | result: refused | source: refused | schema: refused
SELECT * FROM pg_stat_user_tables
