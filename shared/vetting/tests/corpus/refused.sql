-- Statements that must be refused, each after a line with the kind of refusal. A bypass that was
-- ever found stays here.

--! syntax
SELEC 1
--! syntax
SELECT 'unterminated
--! syntax
SELECT FROM WHERE
--! syntax
SELECT $$never closed
--! syntax
\d customers
--! syntax
SELECT * FROM :table
--! count
;
--! count
-- nothing but a comment
--! count
/* /* nested */ */
--! count
SELECT 1; SELECT 2
--! count
SELECT 1; DROP TABLE orders
--! count
SELECT 1;;SELECT 2
--! count
BEGIN; SELECT 1; COMMIT
--! count
SELECT 1/*;*/; DELETE FROM orders -- '
--! kind
DROP FUNCTION f(int), g
--! kind
DROP RULE r ON orders
--! kind
DROP TRIGGER t ON orders
--! kind
TRUNCATE orders
--! clause
CREATE TABLE x AS SELECT * FROM customers
--! kind
CREATE TEMP VIEW v AS SELECT ssn FROM customers
--! kind
CREATE MATERIALIZED VIEW v AS SELECT 1
--! kind
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1'
--! kind
CREATE EXTENSION dblink
--! kind
CREATE RULE r AS ON SELECT TO orders DO INSTEAD SELECT * FROM customers
--! clause
ALTER TABLE orders OWNER TO agent
--! kind
ALTER SYSTEM SET log_statement = 'none'
--! kind
ALTER ROLE agent SUPERUSER
--! kind
GRANT ALL ON customers TO PUBLIC
--! kind
COPY customers TO STDOUT
--! kind
COPY (SELECT ssn FROM customers) TO PROGRAM 'cat'
--! kind
COPY orders FROM '/etc/passwd'
--! kind
DO $$ BEGIN PERFORM pg_sleep(1); END $$
--! kind
DO LANGUAGE plpgsql 'BEGIN END'
--! kind
CALL pay()
--! explained
EXPLAIN SELECT * FROM customers WHERE ssn < '5'
--! clause
EXPLAIN ANALYZE DELETE FROM orders
--! kind
SET ROLE postgres
--! kind
SET LOCAL transaction_read_only = off
--! kind
SET SESSION AUTHORIZATION postgres
--! kind
SET TRANSACTION READ WRITE
--! kind
RESET ALL
--! kind
SHOW ALL
--! kind
BEGIN
--! kind
COMMIT AND CHAIN
--! kind
ROLLBACK TO SAVEPOINT a
--! kind
PREPARE p AS DELETE FROM orders
--! kind
EXECUTE p
--! kind
DEALLOCATE ALL
--! kind
DECLARE c CURSOR WITH HOLD FOR SELECT ssn FROM customers
--! kind
FETCH ALL FROM c
--! kind
LISTEN x
--! kind
NOTIFY x, 'y'
--! kind
LOCK TABLE orders
--! kind
VACUUM orders
--! kind
ANALYZE customers
--! kind
REFRESH MATERIALIZED VIEW v
--! kind
LOAD 'evil.so'
--! kind
DISCARD ALL
--! kind
CHECKPOINT
--! kind
SECURITY LABEL ON TABLE orders IS 'x'
--! kind
IMPORT FOREIGN SCHEMA s FROM SERVER x INTO public
--! kind
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw
--! kind
REINDEX TABLE orders
--! kind
MERGE INTO orders o USING items i ON o.id = i.id WHEN MATCHED THEN DELETE
--! kind
WITH q AS (SELECT 1) MERGE INTO orders o USING items i ON o.id = i.id WHEN MATCHED THEN DELETE
--! clause
SELECT * INTO copied FROM orders
--! clause
SELECT id INTO TEMP t FROM orders
--! clause
SELECT * FROM orders FOR UPDATE
--! clause
SELECT * FROM orders FOR KEY SHARE SKIP LOCKED
--! clause
SELECT * FROM (SELECT * FROM orders FOR SHARE) s
--! clause
SELECT * FROM orders TABLESAMPLE SYSTEM (10)
--! clause
SELECT * FROM orders TABLESAMPLE evil.method (1)
--! clause
DELETE FROM orders WHERE CURRENT OF c
--! clause
SELECT * FROM orders ORDER BY id USING <
--! clause
SELECT * FROM orders ORDER BY id USING OPERATOR(evil.<)
--! clause
SELECT string_agg(name, ',' ORDER BY name USING >) FROM orders
--! clause
INSERT INTO orders (id) VALUES (1) ON CONFLICT (id evil_ops) DO NOTHING
--! write-inside
WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone
--! write-inside
WITH a AS (INSERT INTO orders (id) VALUES (1)) SELECT 1
--! write-inside
WITH a AS (UPDATE orders SET total = 0 RETURNING id) SELECT id FROM a
--! write-inside
WITH a AS (MERGE INTO orders o USING items i ON true WHEN MATCHED THEN DELETE RETURNING 1) SELECT 1
--! write-inside
SELECT * FROM orders WHERE id IN (WITH a AS (DELETE FROM items RETURNING id) SELECT id FROM a)
--! write-inside
WITH a AS (DELETE FROM items) INSERT INTO orders (id) VALUES (1)
--! syntactic
SELECT xmlelement(name a, 'b')
--! syntactic
SELECT xmlforest(name) FROM orders
--! syntactic
SELECT JSON_OBJECT('a': 1)
--! syntactic
SELECT JSON_VALUE(doc, '$.a') FROM orders
--! syntactic
SELECT JSON_ARRAYAGG(name) FROM orders
--! syntactic
SELECT * FROM JSON_TABLE('[1]'::jsonb, '$[*]' COLUMNS (a int PATH '$')) j
--! syntactic
SELECT * FROM XMLTABLE('/a' PASSING '<a/>' COLUMNS b text) x
--! syntactic
SELECT '{}' IS JSON
--! syntactic
WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM q) SEARCH DEPTH FIRST BY n SET o SELECT 1
--! syntactic
WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT n FROM q) CYCLE n SET c USING p SELECT 1
--! syntactic
UPDATE customers SET name = 'x' RETURNING WITH (OLD AS o) o.ssn
--! function
SELECT pg_read_file('/etc/passwd')
--! function
SELECT U&"pg_read_fil\0065"('/etc/passwd')
--! function
SELECT U&"pg_read_fil!0065" UESCAPE '!' ('/etc/passwd')
--! function
SELECT pg_catalog.pg_read_file('/etc/passwd')
--! function
SELECT PG_CATALOG . "pg_read_file" /**/ ('/etc/passwd')
--! function
SELECT postern.pg_catalog.lower('x')
--! function
SELECT public.lower('x')
--! function
SELECT "LOWER"('x')
--! function
SELECT "pg_catalog "."lower"('x')
--! function
SELECT lower('x') FROM orders WHERE (SELECT set_config('role', 'postgres', false)) = ''
--! function
SELECT lo_import('/etc/passwd')
--! function
SELECT lo_from_bytea(0, 'x')
--! function
SELECT pg_ls_dir('/')
--! function
SELECT * FROM pg_ls_waldir()
--! function
SELECT query_to_xml('select ssn from customers', true, false, '')
--! function
SELECT table_to_xml('customers', true, false, '')
--! function
SELECT * FROM ts_stat('select to_tsvector(ssn) from customers')
--! function
SELECT ts_rewrite('a'::tsquery, 'select t, s from x')
--! function
SELECT * FROM crosstab('select 1, 2, 3') AS ct(a int, b int)
--! function
SELECT * FROM dblink('host=x', 'select 1') AS t(a int)
--! function
SELECT current_setting('is_superuser')
--! function
SELECT pg_advisory_lock(1)
--! function
SELECT pg_notify('a', 'b')
--! function
SELECT pg_terminate_backend(1)
--! function
SELECT pg_sleep_for('1 hour')
--! function
SELECT nextval('orders_id_seq')
--! function
SELECT txid_current()
--! function
SELECT pg_get_viewdef('v')
--! function
SELECT pg_typeof(name) FROM orders
--! function
SELECT COLLATION FOR (name) FROM orders
--! function
SELECT has_table_privilege('agent', 'customers', 'select')
--! function
SELECT version()
--! function
SELECT current_database()
--! function
SELECT regclass('customers')
--! function
SELECT system_user
--! function
SELECT evil(1)
--! function
SELECT ssn(customers) FROM customers
--! function
SELECT "?column?"(1)
--! function
SELECT x."y" FROM (SELECT pg_sleep(1)) AS x("y")
--! source
SELECT * FROM lower('x')
--! source
SELECT * FROM now() AS n
--! source
SELECT * FROM count(1)
--! source
SELECT * FROM coalesce(1, 2) AS c
--! source
SELECT * FROM CAST('{1}' AS int[]) AS c
--! source
SELECT * FROM current_date
--! operator
SELECT 1 OPERATOR(public.+) 2
--! operator
SELECT 1 OPERATOR(pg_catalog.+) 2
--! operator
SELECT a <=> b FROM orders
--! operator
SELECT * FROM orders WHERE id OPERATOR(evil.=) ANY (SELECT 1)
--! operator
SELECT * FROM orders WHERE (id, total) OPERATOR(evil.=) (SELECT 1, 2)
--! operator
SELECT 1 @#@ 2
--! type
SELECT 'customers'::regclass
--! type
SELECT 'pg_class'::regclass::oid
--! type
SELECT 'pg_read_file'::regproc
--! type
SELECT CAST('x' AS evil.t)
--! type
SELECT 'x'::order_status
--! type
SELECT regtype 'int'
--! type
SELECT 1::oid
--! type
SELECT '<a/>'::xml
--! type
SELECT NULL::customers
--! type
SELECT json_to_record('{}') FROM json_to_record('{}') AS r(a regclass)
--! type
SELECT 'x'::customers.ssn%TYPE
--! type
SELECT ARRAY[]::regclass[]
--! type
SELECT 'x'::"INT4"
--! collation
SELECT name COLLATE evil FROM orders
--! collation
SELECT name COLLATE public."C" FROM orders
--! session
SELECT current_user
--! session
SELECT session_user
--! session
SELECT user
--! session
SELECT current_role
--! session
SELECT current_catalog
--! session
SELECT * FROM orders WHERE name = current_schema
--! system
SELECT * FROM pg_class
--! system
SELECT * FROM pg_catalog.pg_authid
--! system
SELECT histogram_bounds FROM pg_stats
--! system
SELECT * FROM information_schema.columns
--! system
SELECT * FROM "PG_CATALOG"."PG_CLASS"
--! system
SELECT * FROM U&"pg_cl\0061ss"
--! system
TABLE pg_settings
--! system
SELECT * FROM pg_toast.pg_toast_1
--! system
SELECT * FROM pg_temp.x
--! system
INSERT INTO pg_authid (rolname) VALUES ('x')
--! system
DELETE FROM pg_statistic
--! system
UPDATE pg_catalog.pg_proc SET prosrc = 'x'
--! system
WITH pg_class AS (SELECT 1) SELECT * FROM pg_catalog.pg_class
--! system
WITH pg_authid AS (SELECT 1) DELETE FROM pg_authid
--! parts
SELECT * FROM other.public.orders
--! parts
SELECT a.b.c.d FROM orders
--! parts
SELECT a.b.c.* FROM orders
--! gap
SELECT $2
--! gap
SELECT * FROM orders WHERE id = $1 AND total = $3
--! parameter
SELECT $0
--! parameter
SELECT $1001
--! parameter
SELECT $2147483647
--! tagged
SELECT id FROM customers WHERE ssn = '101-02-0001'
--! tagged
SELECT id FROM customers WHERE "ssn" LIKE '1%'
--! tagged
SELECT id FROM customers WHERE U&"s\0073n" = 'x'
--! tagged
SELECT ssn::text FROM customers
--! tagged
SELECT CAST(customers.ssn AS varchar(3)) FROM customers
--! tagged
SELECT ssn || '' FROM customers
--! tagged
SELECT upper(ssn) FROM customers
--! tagged
SELECT id FROM customers ORDER BY ssn
--! tagged
SELECT ssn AS x FROM customers ORDER BY x
--! tagged
SELECT ssn AS id, name FROM customers ORDER BY id
--! tagged
SELECT ssn AS x FROM customers GROUP BY x
--! tagged
SELECT DISTINCT ON (x) ssn AS x FROM customers
--! tagged
SELECT count(*) FROM customers GROUP BY ssn
--! column
SELECT o.id FROM orders o JOIN customers c USING (ssn)
--! tagged
SELECT (SELECT ssn FROM customers LIMIT 1)
--! tagged
SELECT ssn FROM customers UNION SELECT 'x'
--! tagged
INSERT INTO notes (body) SELECT ssn FROM customers
--! tagged
UPDATE notes SET body = c.ssn FROM customers c
--! tagged
UPDATE customers SET name = ssn
--! tagged
UPDATE customers SET ssn = ssn || ''
--! tagged
DELETE FROM customers WHERE ssn > '5'
--! tagged
SELECT public.customers.ssn || '' FROM public.customers
--! tagged
SELECT C.SSN FROM Customers AS C WHERE C.SSN = 'x'
--! tagged
SELECT o.id FROM orders o, customers c WHERE ssn = o.name
--! qualifier
SELECT unknown.ssn || '' FROM customers c
--! tagged
SELECT s.amount + 0 FROM hr.salaries s
--! tagged
SELECT max(amount) FROM hr.salaries
--! tagged
INSERT INTO customers (id, ssn) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET ssn = excluded.ssn
--! tagged
SELECT id FROM orders WHERE id IN (SELECT id FROM customers WHERE email = $1)
--! row
SELECT customers FROM customers
--! row
SELECT c FROM customers c
--! row
SELECT row_to_json(c) FROM customers c
--! row
SELECT to_jsonb(customers) FROM customers
--! row
SELECT c::text FROM customers c
--! row
SELECT json_agg(c) FROM customers c
--! row
SELECT id FROM customers c WHERE c IS NOT NULL
--! row
SELECT id FROM customers c ORDER BY c
--! row
SELECT (SELECT c) FROM customers c
--! row
SELECT to_json(C) FROM customers AS c
--! row
UPDATE customers SET name = 'x' RETURNING old
--! row
DELETE FROM customers RETURNING customers
--! row
SELECT count(c) FROM customers c
--! unresolved
SELECT * FROM customers c, unnest(ARRAY[c]) u
--! tagged
SELECT * FROM customers UNION ALL SELECT * FROM customers
--! tagged
SELECT ROW(c.*) FROM customers c
--! tagged
SELECT row_to_json(ROW(customers.*)) FROM customers
--! row
SELECT count(c.*) FROM customers c
--! columns
INSERT INTO notes SELECT * FROM customers
--! row
SELECT (public.customers.*) IS NULL FROM public.customers
--! row
SELECT coalesce(customers.*) FROM customers
--! column
SELECT c.row_to_json FROM customers c
--! column
SELECT customers.to_jsonb FROM customers
--! column
SELECT c."row_to_json" FROM customers AS c
--! column
SELECT c.json_agg FROM customers c
--! column
SELECT c.concat FROM customers c
--! column
SELECT o.pg_typeof FROM orders o
--! field
SELECT (o.total).pg_sleep FROM orders o
--! tagged
SELECT id, ssn FROM customers ORDER BY 2
--! tagged
SELECT ssn FROM customers GROUP BY 1
--! tagged
SELECT DISTINCT ON (1) ssn FROM customers
--! tagged
SELECT ssn, count(*) FROM customers GROUP BY ROLLUP (1)
--! tagged
SELECT ssn, id FROM customers GROUP BY (1, 2)
--! tagged
SELECT * FROM customers ORDER BY 3 DESC
--! tagged
SELECT DISTINCT ssn FROM customers
--! tagged
SELECT DISTINCT * FROM customers
--! tagged
INSERT INTO customers (id, ssn) VALUES (1, $1) ON CONFLICT (ssn) DO NOTHING
--! tagged
INSERT INTO customers (id, ssn) VALUES (1, $1) ON CONFLICT DO NOTHING
--! tagged
INSERT INTO customers (id, ssn) VALUES (1, $1) ON CONFLICT ON CONSTRAINT customers_ssn_key DO NOTHING
--! hidden
SELECT ctid FROM customers
--! hidden
SELECT c.xmin, c.id FROM customers c
--! hidden
DELETE FROM customers WHERE ctid = '(0,1)'
