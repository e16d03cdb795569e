-- Customers with what they bought and wrote.

-- orders-with-names
SELECT o.id, c.name, o.item, o.amount
FROM orders o JOIN customers c ON c.id = o.customer_id
ORDER BY o.id LIMIT 50

-- revenue-per-city
SELECT c.city, sum(o.amount) AS revenue, count(*) AS orders
FROM customers c JOIN orders o ON o.customer_id = c.id
WHERE o.currency = 'EUR' GROUP BY c.city ORDER BY revenue DESC

-- customers-without-orders
SELECT c.id, c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.id
WHERE o.id IS NULL ORDER BY c.id

-- three-tables
SELECT c.name, count(DISTINCT o.id) AS orders, count(DISTINCT d.id) AS documents
FROM customers c
LEFT JOIN orders o ON o.customer_id = c.id
LEFT JOIN documents d ON d.customer_id = c.id
GROUP BY c.id, c.name ORDER BY orders DESC, c.name LIMIT 10

-- same-city-pairs
SELECT a.name, b.name, a.city FROM customers a JOIN customers b ON a.city = b.city AND a.id < b.id
ORDER BY a.id, b.id LIMIT 25

-- using-clause
SELECT customer_id, o.item, d.title FROM orders o JOIN documents d USING (customer_id)
ORDER BY customer_id, o.id, d.id LIMIT 20

-- full-join-of-counts
SELECT coalesce(a.city, b.city) AS city, a.n AS early, b.n AS late
FROM (SELECT city, count(*) AS n FROM customers WHERE created_at < '2024-06-01' GROUP BY city) a
FULL JOIN (SELECT city, count(*) AS n FROM customers WHERE created_at >= '2024-06-01' GROUP BY city) b ON a.city = b.city
ORDER BY 1

-- cross-join-matrix
SELECT c.city, s.status, count(o.id) AS n
FROM (SELECT DISTINCT city FROM customers) c
CROSS JOIN (SELECT DISTINCT status FROM orders) s
LEFT JOIN (orders o JOIN customers k ON k.id = o.customer_id) ON k.city = c.city AND o.status = s.status
GROUP BY c.city, s.status ORDER BY c.city, s.status

-- non-equal-join
SELECT a.id, count(b.id) AS dearer FROM orders a JOIN orders b ON b.amount > a.amount AND b.customer_id = a.customer_id
WHERE a.customer_id = 8 GROUP BY a.id ORDER BY a.id

-- natural-join
SELECT count(*) FROM (SELECT customer_id, item FROM orders) a NATURAL JOIN (SELECT customer_id, title FROM documents) b

-- mail-domains-of-buyers | tagged
SELECT split_part(c.email, '@', 2) AS domain, sum(o.amount) AS revenue
FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1 ORDER BY revenue DESC

-- invoice-list | tagged
SELECT o.id, c.name, c.email, o.amount, o.currency
FROM orders o JOIN customers c ON c.id = o.customer_id
WHERE o.status = 'placed' ORDER BY o.id LIMIT 30

-- bulk-by-name | tagged
SELECT b.name, b.ssn FROM bulk b WHERE b.amount > 990 ORDER BY b.id LIMIT 20

-- bulk-duplicates | tagged
SELECT count(*) FROM bulk a JOIN bulk b ON a.ssn = b.ssn AND a.id < b.id

-- join-on-expression
SELECT c.city, to_char(o.placed_at, 'YYYY-MM') AS month, count(*)
FROM customers c JOIN orders o ON o.customer_id = c.id AND o.placed_at > c.created_at + interval '1 year'
GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 40
