-- Statements that must be permitted, each after a line with the facts that are read out of it.

--! verbs=select
SELECT 1
--! verbs=select
SELECT
--! verbs=select
SELECT 'it''s', E'\n', $$tag$$, B'1', 1.5, NULL, true
--! verbs=select reads=public.orders columns=id,total flags=where params=1
SELECT id, total FROM orders WHERE id = $1
--! verbs=select reads=public.orders columns=id flags=where
select ID from PUBLIC.ORDERS where "id" = 1 -- a comment
--! verbs=select reads=public.items,public.orders columns=id,name,order_id,total flags=where
SELECT o.id, i.name FROM orders o JOIN items i ON i.order_id = o.id WHERE o.total > 10 ORDER BY o.id DESC LIMIT 10
--! verbs=select reads=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=unfiltered
SELECT * FROM orders
--! verbs=select reads=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=unfiltered
SELECT o.* FROM orders o
--! verbs=select reads=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=unfiltered
TABLE orders
--! verbs=select
VALUES (1, 'a'), (2, 'b')
--! verbs=select reads=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=unfiltered
SELECT * FROM ONLY orders
--! verbs=select reads=public.orders functions=count flags=aggregate,unfiltered
SELECT count(*) FROM orders
--! verbs=select reads=public.orders columns=status,total functions=count,sum flags=aggregate,unfiltered
SELECT status, count(*), sum(total) FROM orders GROUP BY status HAVING sum(total) > 100 ORDER BY 2 DESC
--! verbs=select reads=public.orders columns=status flags=unfiltered
SELECT DISTINCT status FROM orders
--! verbs=select reads=public.orders columns=created_at,customer_id,id flags=unfiltered
SELECT DISTINCT ON (customer_id) id FROM orders ORDER BY customer_id, created_at DESC
--! verbs=select reads=public.items,public.orders columns=id flags=set,unfiltered
SELECT id FROM orders UNION SELECT id FROM items
--! verbs=select reads=public.items,public.orders columns=id flags=set,unfiltered
(SELECT id FROM orders LIMIT 1) EXCEPT ALL (SELECT id FROM items) ORDER BY id
--! verbs=select reads=public.orders columns=id,status,total functions=rank flags=unfiltered
SELECT id, rank() OVER (PARTITION BY status ORDER BY total DESC) FROM orders
--! verbs=select reads=public.orders columns=id,total functions=sum flags=unfiltered
SELECT sum(total) OVER w FROM orders WINDOW w AS (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
--! verbs=select reads=public.orders columns=id,total
WITH big AS (SELECT id FROM orders WHERE total > 100) SELECT id FROM big
--! verbs=select flags=set
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
--! verbs=select
WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT b.x FROM b
--! verbs=select reads=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=unfiltered
WITH orders AS (SELECT * FROM orders) SELECT id FROM orders
--! verbs=select reads=public.items,public.orders columns=id,total functions=max flags=aggregate,unfiltered
SELECT (SELECT max(total) FROM orders) AS top, id FROM items
--! verbs=select reads=public.items,public.orders columns=id,order_id flags=where
SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id)
--! verbs=select reads=public.items,public.orders columns=id,order_id flags=where,unfiltered
SELECT id FROM orders WHERE id IN (SELECT order_id FROM items)
--! verbs=select reads=public.orders columns=id flags=where params=1
SELECT id FROM orders WHERE id = ANY ($1)
--! verbs=select reads=public.items,public.orders columns=id,order_id functions=count flags=aggregate,unfiltered
SELECT o.id, l.n FROM orders o, LATERAL (SELECT count(*) AS n FROM items i WHERE i.order_id = o.id) l
--! verbs=select functions=generate_series
SELECT g FROM generate_series(1, 10) AS g
--! verbs=select functions=json_to_recordset params=1
SELECT r.a FROM json_to_recordset($1::json) AS r(a int, b text)
--! verbs=select reads=public.orders columns=total flags=unfiltered
SELECT CASE WHEN total > 10 THEN 'big' ELSE 'small' END FROM orders
--! verbs=select reads=public.items columns=a,b,name flags=unfiltered
SELECT coalesce(name, 'none'), nullif(a, b), greatest(a, b) FROM items
--! verbs=select reads=public.orders columns=created_at functions=extract,timezone flags=unfiltered
SELECT created_at::date, extract(year FROM created_at), created_at AT TIME ZONE 'UTC' FROM orders
--! verbs=select functions=now
SELECT now(), current_date, current_timestamp(3), localtime
--! verbs=select reads=public.orders columns=doc flags=unfiltered
SELECT doc -> 'a' ->> 'b', doc @> '{"a": 1}'::jsonb, doc ? 'k' FROM orders
--! verbs=select reads=public.orders columns=tags flags=unfiltered
SELECT tags[1], tags[2:3], ARRAY[1, 2] || 3, (ARRAY[1, 2])[1] FROM orders
--! verbs=select reads=public.orders columns=name flags=unfiltered
SELECT name COLLATE "C" FROM orders ORDER BY name COLLATE pg_catalog."default"
--! verbs=select reads=public.orders columns=name,total functions=string_agg flags=aggregate,unfiltered
SELECT string_agg(name, ', ' ORDER BY name) FILTER (WHERE total > 1) FROM orders
--! verbs=select reads=public.orders columns=total functions=percentile_cont flags=aggregate,unfiltered
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM orders
--! verbs=select reads=public.orders columns=a,b flags=aggregate,unfiltered
SELECT a, b, GROUPING(a) FROM orders GROUP BY GROUPING SETS ((a), (b), ())
--! verbs=select
SELECT interval '1 day', date '2026-01-01', timestamp with time zone '2026-01-01 00:00+00', numeric(10, 2) '1.5'
--! verbs=select reads=public.orders columns=name functions=btrim,lower,position,substring flags=unfiltered
SELECT pg_catalog.lower(name), trim(name), substring(name FROM 1 FOR 2), position('a' IN name) FROM orders
--! verbs=select reads=public.items,public.notes,public.orders columns=a,address,b,body,created_at,customer_id,data,doc,id,name,note,order_id,status,tags,total flags=unfiltered
SELECT * FROM orders o LEFT JOIN items i USING (id) NATURAL JOIN notes
--! verbs=select reads=Mixed.Case,sales.orders columns=id,region flags=unfiltered
SELECT * FROM sales.orders, "Mixed"."Case"
--! verbs=select reads=public.orders columns=customer_id,id flags=unfiltered
SELECT x, y FROM orders o(x, y)
--! verbs=select reads=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=unfiltered
SELECT o FROM orders o
--! verbs=select reads=public.orders columns=address,total flags=unfiltered
SELECT (o).total, (o.address).city FROM orders o
--! verbs=select reads=public.customers columns=ssn tags=ssn-tag uses=ssn-tag:shown flags=tagged,unfiltered
SELECT ssn FROM customers
--! verbs=select reads=public.customers columns=id,name,ssn tags=ssn-tag uses=ssn-tag:shown flags=tagged,where params=1
SELECT id, ssn AS number, name FROM customers WHERE id = $1
--! verbs=select reads=public.customers columns=card,email,id,name,phone,ssn,tags tags=card-tag,email-tag,ssn-tag uses=card-tag:shown,email-tag:shown,ssn-tag:shown flags=tagged,unfiltered
SELECT * FROM customers
--! verbs=select reads=public.customers columns=card,email,id,name,phone,ssn,tags tags=card-tag,email-tag,ssn-tag uses=card-tag:shown,email-tag:shown,ssn-tag:shown flags=tagged,where
SELECT c.* FROM customers c WHERE c.id = 1 ORDER BY c.name
--! verbs=select reads=public.customers columns=card,email,id,name,phone,ssn,tags tags=card-tag,email-tag,ssn-tag uses=card-tag:shown,email-tag:shown,ssn-tag:shown flags=tagged,unfiltered
TABLE customers
--! verbs=select reads=public.customers columns=email,ssn tags=email-tag,ssn-tag uses=email-tag:shown,ssn-tag:shown flags=tagged,unfiltered
SELECT C.SSN, "c"."email" FROM Public.Customers AS C
--! verbs=select reads=public.customers,public.orders columns=customer_id,id,ssn,total tags=ssn-tag uses=ssn-tag:shown flags=tagged,where
SELECT c.ssn, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > 5
--! verbs=select reads=public.customers,public.orders columns=a,address,b,card,created_at,customer_id,data,doc,email,id,name,note,phone,ssn,status,tags,total tags=card-tag,email-tag,ssn-tag uses=card-tag:shown,email-tag:shown,ssn-tag:shown flags=tagged,unfiltered
SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id
--! verbs=select reads=public.customers,public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=tagged,unfiltered
SELECT o.* FROM orders o JOIN customers c ON c.id = o.customer_id
--! verbs=select reads=public.customers,public.leads columns=email,id flags=tagged,where
SELECT leads.email, c.id FROM leads JOIN customers c ON c.id = leads.id WHERE leads.email LIKE 'a%'
--! verbs=select reads=public.customers columns=name functions=count flags=tagged,aggregate,unfiltered
SELECT name, count(*) FROM customers GROUP BY name ORDER BY 2
--! verbs=select reads=public.customers,public.orders columns=customer_id,id,name flags=tagged,where params=1
SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE name = $1)
--! verbs=select reads=public.customers columns=id,name flags=tagged,unfiltered
SELECT s.id FROM (SELECT id, name FROM customers) AS s ORDER BY s.name
--! verbs=select reads=hr.salaries columns=amount,employee tags=amount-tag uses=amount-tag:shown flags=tagged,unfiltered
SELECT employee, amount FROM hr.salaries ORDER BY employee
--! verbs=select reads=public.salaries columns=amount flags=where
SELECT amount FROM salaries WHERE amount > 5
--! verbs=select reads=archive.customers columns=ssn flags=where
SELECT ssn FROM archive.customers WHERE ssn = 'x'
--! verbs=insert writes=public.orders columns=id,total params=2
INSERT INTO orders (id, total) VALUES ($1, $2)
--! verbs=insert writes=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total
INSERT INTO orders VALUES (1, DEFAULT)
--! verbs=insert writes=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total
INSERT INTO orders DEFAULT VALUES
--! verbs=insert,select reads=public.items writes=public.orders columns=id
INSERT INTO orders (id) SELECT id FROM items WHERE id > 1
--! verbs=insert,select,update reads=public.orders writes=public.orders columns=id,total
INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET total = excluded.total WHERE orders.total < 5 RETURNING id
--! verbs=insert writes=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total
INSERT INTO orders (id) VALUES (1) ON CONFLICT DO NOTHING
--! verbs=insert,select reads=public.customers writes=public.customers columns=email,id,ssn tags=ssn-tag uses=email-tag:target,ssn-tag:shown,ssn-tag:target flags=tagged params=2
INSERT INTO customers (id, ssn, email) VALUES (1, $1, $2) RETURNING id, ssn
--! verbs=insert,update writes=public.customers columns=id,name,ssn uses=ssn-tag:target flags=tagged params=1
INSERT INTO customers (id, ssn) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET name = 'x'
--! verbs=insert,select reads=public.items writes=public.orders columns=id flags=unfiltered
WITH q AS (SELECT id FROM items) INSERT INTO orders (id) SELECT id FROM q
--! verbs=update writes=public.orders columns=id,total flags=where params=1
UPDATE orders SET total = total * 1.1 WHERE id = $1
--! verbs=update writes=public.orders columns=total flags=unfiltered
UPDATE orders SET total = 0
--! verbs=select,update reads=public.items,public.orders writes=public.orders columns=id,note,order_id,total flags=where
UPDATE orders o SET (total, note) = (i.total, 'x') FROM items i WHERE i.order_id = o.id RETURNING o.id
--! verbs=update writes=public.orders columns=address,id,tags flags=where
UPDATE orders SET tags[1] = 'x', address.city = 'y' WHERE id = 1
--! verbs=update writes=public.customers columns=id,name,ssn uses=ssn-tag:target flags=tagged,where params=2
UPDATE customers SET ssn = $1, name = 'x' WHERE id = $2
--! verbs=select,update reads=public.customers writes=public.customers columns=card,email,id,name,phone,ssn,tags tags=card-tag,email-tag,ssn-tag uses=card-tag:shown,email-tag:shown,ssn-tag:shown flags=tagged,where
UPDATE customers SET name = 'x' WHERE id = 1 RETURNING *
--! verbs=delete writes=public.orders columns=id flags=where params=1
DELETE FROM orders WHERE id = $1
--! verbs=delete writes=public.orders flags=unfiltered
DELETE FROM orders
--! verbs=delete,select reads=public.items,public.orders writes=public.orders columns=id,order_id flags=where
DELETE FROM orders USING items i WHERE i.order_id = orders.id RETURNING orders.id
--! verbs=delete,select reads=public.customers writes=public.customers columns=id,ssn tags=ssn-tag uses=ssn-tag:shown flags=tagged,where
DELETE FROM customers WHERE id = 1 RETURNING ssn AS gone
--! verbs=select reads=public.orders columns=data flags=unfiltered
SELECT 1 AS "4111", U&"d\0061ta" FROM orders
--! verbs=define writes=public.orders
DROP TABLE orders
--! verbs=define writes=public.orders
/* reading only */ DROP/**/TABLE/**/orders
--! verbs=define writes=public.orders
DROP TABLE orders -- SELECT 1
--! verbs=define writes=public.orders
COMMENT ON TABLE orders IS 'x'
--! verbs=select reads=public.customers columns=ssn tags=ssn-tag uses=ssn-tag:shown flags=tagged,unfiltered
WITH q AS (SELECT ssn FROM customers) SELECT * FROM q
--! verbs=select reads=public.customers columns=ssn tags=ssn-tag uses=ssn-tag:shown flags=tagged,unfiltered
SELECT x FROM (SELECT ssn AS x FROM customers) s
--! verbs=select reads=public.customers columns=ssn tags=ssn-tag uses=ssn-tag:shown flags=tagged,unfiltered
SELECT (c).ssn FROM customers c
--! verbs=select reads=public.customers columns=card,email,id,name,phone,ssn,tags tags=card-tag,email-tag,ssn-tag uses=card-tag:shown,email-tag:shown,ssn-tag:shown flags=tagged,unfiltered
SELECT (c).* FROM customers c
--! verbs=select reads=public.customers columns=card,email,id,name,phone,ssn,tags flags=tagged,unfiltered
SELECT s.id FROM (SELECT * FROM customers) s
--! verbs=select reads=public.customers columns=card,email,id,name,phone,ssn,tags tags=card-tag,email-tag,ssn-tag uses=card-tag:shown,email-tag:shown,ssn-tag:shown flags=tagged,unfiltered
WITH q AS (TABLE customers) SELECT * FROM q
--! verbs=select reads=public.customers columns=card,email,id,name,phone,ssn,tags tags=card-tag,email-tag,ssn-tag uses=card-tag:shown,email-tag:shown,ssn-tag:shown flags=tagged,unfiltered
WITH q AS (SELECT c.* FROM customers c) SELECT * FROM q
--! verbs=select reads=public.customers,public.orders columns=card,email,id,name,phone,ssn,tags flags=tagged,where
SELECT id FROM orders o WHERE EXISTS (SELECT * FROM customers c WHERE c.id = o.id)
--! verbs=select reads=public.customers columns=name flags=tagged,unfiltered
SELECT b FROM customers AS c(a, b)
--! verbs=select reads=public.customers,public.orders columns=id flags=tagged,unfiltered
SELECT j.x FROM (customers c JOIN orders o ON c.id = o.id) AS j(x)
--! verbs=select reads=public.customers,public.orders columns=id,ssn tags=ssn-tag uses=ssn-tag:shown flags=tagged,unfiltered
SELECT j.ssn FROM (customers c JOIN orders o ON c.id = o.id) AS j
--! verbs=select reads=public.customers,public.orders columns=id flags=tagged,unfiltered
SELECT j FROM customers c JOIN orders o USING (id) AS j
--! verbs=select reads=public.customers,public.orders columns=id,name,tags flags=tagged,unfiltered
SELECT c.id FROM customers c NATURAL JOIN orders
--! verbs=select reads=public.customers,public.orders columns=id flags=tagged,unfiltered
SELECT o.id FROM orders o NATURAL FULL JOIN (SELECT id FROM customers) s
--! verbs=select
WITH customers AS (SELECT 1 AS ssn) SELECT ssn FROM customers
--! verbs=select
WITH "Customers" AS (SELECT 1) SELECT 1
--! verbs=select reads=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=unfiltered
WITH salaries AS (SELECT 1) SELECT * FROM orders
--! verbs=select reads=public.orders columns=a,address,b,created_at,customer_id,data,doc,id,name,note,status,tags,total flags=where
SELECT * FROM orders WHERE id IN (WITH customers AS (SELECT 1 AS id) SELECT id FROM customers)
