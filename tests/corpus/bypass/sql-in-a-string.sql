-- A function that runs what a text says.

-- string-query-to-xml | result: refused | source: refused | schema: refused
SELECT query_to_xml('SELECT ssn FROM clinic.people', true, false, '')

-- string-query-to-xml-schema | result: refused | source: refused | schema: refused
SELECT query_to_xml_and_xmlschema('SELECT * FROM clinic.people', true, false, '')

-- string-table-to-xml | result: refused | source: refused | schema: refused
SELECT table_to_xml('clinic.people', true, false, '')

-- string-schema-to-xml | result: refused | source: refused | schema: refused
SELECT schema_to_xml('clinic', true, false, '')

-- string-database-to-xml | result: refused | source: refused | schema: refused
SELECT database_to_xml(true, false, '')

-- string-cursor-to-xml | result: refused | source: refused | schema: refused
SELECT cursor_to_xml('c', 1, true, false, '')

-- string-ts-stat | result: refused | source: refused | schema: refused
SELECT word FROM ts_stat('SELECT ssn::tsvector FROM clinic.people')

-- string-ts-rewrite | result: refused | source: refused | schema: refused
SELECT ts_rewrite('a'::tsquery, 'SELECT ssn::tsquery, code::tsquery FROM clinic.people')

-- string-ts-stat-in-where | result: refused | source: refused | schema: refused
SELECT id FROM notes WHERE body IN (SELECT word FROM ts_stat('SELECT 1'))

-- string-crosstab | result: refused | source: refused | schema: refused
SELECT * FROM crosstab('SELECT 1, 2, ssn FROM clinic.people') AS ct(a int, b text)

-- string-dblink | result: refused | source: refused | schema: refused
SELECT * FROM dblink('dbname=shop', 'SELECT ssn FROM clinic.people') AS t(s text)

-- string-xpath-table | result: refused | source: refused | schema: refused
SELECT * FROM xpath_table('id', 'x', 'clinic.people', '/a', 'true') AS t(a int)

-- string-do | result: refused | source: refused | schema: refused
DO $$ BEGIN RAISE NOTICE '%', (SELECT ssn FROM clinic.people LIMIT 1); END $$

-- string-do-quoted | result: refused | source: refused | schema: refused
DO LANGUAGE plpgsql 'BEGIN PERFORM clinic.wiped(); END'

-- string-connectby | result: refused | source: refused | schema: refused
SELECT * FROM connectby('clinic.people', 'ssn', 'code', 'x', 0) AS t(a text, b text, c int)

-- string-lastval | result: refused | source: refused | schema: refused
SELECT lastval()

-- string-xpath | result: refused | source: refused | schema: refused
SELECT xpath('/a', '<a/>')
