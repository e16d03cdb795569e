-- Questions within questions.

-- exists
SELECT count(*) FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'returned')

-- anti-join
SELECT c.id, c.name FROM customers c WHERE NOT EXISTS (SELECT FROM documents d WHERE d.customer_id = c.id) ORDER BY c.id LIMIT 10

-- in-subselect
SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders GROUP BY customer_id ORDER BY sum(amount) DESC LIMIT 5) ORDER BY name

-- not-in
SELECT count(*) FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE status = 'cancelled')

-- scalar-correlated
SELECT c.name, (SELECT max(o.amount) FROM orders o WHERE o.customer_id = c.id) AS dearest FROM customers c ORDER BY c.id LIMIT 10

-- compared-with-all
SELECT id, amount FROM orders WHERE amount >= ALL (SELECT amount FROM orders)

-- compared-with-any
SELECT count(*) FROM orders WHERE amount > ANY (SELECT avg(amount) FROM orders GROUP BY currency)

-- union
SELECT customer_id FROM orders WHERE status = 'returned' UNION SELECT customer_id FROM documents ORDER BY 1 LIMIT 20

-- intersect
SELECT customer_id FROM orders WHERE item = 'kettle' INTERSECT SELECT customer_id FROM orders WHERE item = 'notebook' ORDER BY 1

-- except
SELECT id FROM customers EXCEPT SELECT customer_id FROM documents ORDER BY id LIMIT 20

-- union-all-labelled
SELECT 'orders' AS what, count(*) FROM orders UNION ALL SELECT 'documents', count(*) FROM documents UNION ALL SELECT 'customers', count(*) FROM customers

-- lateral-top-n
SELECT c.name, t.item, t.amount FROM customers c
CROSS JOIN LATERAL (SELECT item, amount FROM orders o WHERE o.customer_id = c.id ORDER BY amount DESC LIMIT 2) t ORDER BY c.id, t.amount DESC LIMIT 20

-- lateral-left
SELECT c.id, l.last_order FROM customers c LEFT JOIN LATERAL (SELECT max(placed_at) AS last_order FROM orders o WHERE o.customer_id = c.id) l ON true ORDER BY c.id LIMIT 10

-- distinct-on
SELECT DISTINCT ON (customer_id) customer_id, item, placed_at FROM orders ORDER BY customer_id, placed_at DESC LIMIT 20

-- row-comparison
SELECT id, placed_at FROM orders WHERE (placed_at, id) > (timestamptz '2025-03-01', 0) ORDER BY placed_at, id LIMIT 10

-- values-table
SELECT v.label, count(o.id) FROM (VALUES ('small', 0, 100), ('medium', 100, 500), ('large', 500, 100000)) AS v(label, low, high)
LEFT JOIN orders o ON o.amount >= v.low AND o.amount < v.high GROUP BY v.label ORDER BY v.label

-- known-customer | tagged
SELECT id, name FROM customers WHERE email = 'ada@example.com'

-- mails-in-both | tagged
SELECT count(*) FROM customers c WHERE c.email IN (SELECT email FROM bulk)

-- union-of-mails | tagged
SELECT email FROM customers UNION SELECT email FROM bulk ORDER BY 1 LIMIT 10

-- sorted-by-mail | tagged
SELECT id, email FROM customers ORDER BY email LIMIT 10

-- grouped-subselect
SELECT n, count(*) FROM (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) t GROUP BY n ORDER BY n

-- coalesce-nullif
SELECT id, coalesce(nullif(notes, ''), 'none') AS note FROM customers ORDER BY id LIMIT 10

-- greatest-least
SELECT id, greatest(amount, 10), least(amount, 100), amount % 7, abs(amount - 500), ceil(amount), sign(amount - 1) FROM orders ORDER BY id LIMIT 5

-- random-sample
SELECT count(*) FROM (SELECT id FROM orders ORDER BY random() LIMIT 100) s

-- parameters | params: ["kettle", 100]
SELECT id, amount FROM orders WHERE item = $1 AND amount > $2 ORDER BY id LIMIT 10

-- parameter-list | params: [["EUR", "USD"]]
SELECT currency, count(*) FROM orders WHERE currency = ANY ($1) GROUP BY currency ORDER BY currency

-- enum-cast
SELECT count(*) FROM orders WHERE status = 'paid'::order_status

-- status-as-text
SELECT status::text AS word, length(status::text) FROM orders GROUP BY status ORDER BY word

-- fetch-first
SELECT id FROM orders ORDER BY amount DESC, id FETCH FIRST 5 ROWS ONLY

-- bulk-summary
SELECT count(*), round(avg(amount), 2), max(id) FROM bulk
