-- Looking around: filters, orders, counts, the first few.

-- latest-orders
SELECT id, item, amount, currency, status, placed_at
FROM orders ORDER BY placed_at DESC LIMIT 20

-- one-customer
SELECT id, name, city, created_at FROM customers WHERE id = 42

-- orders-of-one-customer
SELECT * FROM orders WHERE customer_id = 42 ORDER BY placed_at

-- cities
SELECT DISTINCT city FROM customers ORDER BY city

-- customers-per-city
SELECT city, count(*) AS customers FROM customers GROUP BY city ORDER BY customers DESC, city

-- items-like
SELECT id, item FROM orders WHERE item ILIKE '%lamp%' ORDER BY id LIMIT 10

-- items-in-list
SELECT item, count(*) FROM orders WHERE item IN ('kettle', 'notebook', 'chess set') GROUP BY item

-- open-orders
SELECT count(*) FROM orders WHERE status NOT IN ('shipped', 'cancelled', 'returned')

-- amount-between
SELECT id, amount FROM orders WHERE amount BETWEEN 100 AND 150 ORDER BY amount

-- whole-customer | tagged
SELECT * FROM customers WHERE id = 7

-- customers-without-phone | tagged
SELECT count(*) FROM customers WHERE phone IS NULL

-- contact-list | tagged
SELECT name, email, phone FROM customers WHERE city = 'Oslo' ORDER BY name

-- orders-page
SELECT id, item, amount FROM orders ORDER BY id OFFSET 40 LIMIT 20

-- cheap-and-dear
(SELECT id, amount FROM orders ORDER BY amount LIMIT 3)
UNION ALL
(SELECT id, amount FROM orders ORDER BY amount DESC LIMIT 3)

-- statuses
SELECT status, count(*) AS n, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM orders GROUP BY status ORDER BY n DESC

-- size-of-things
SELECT (SELECT count(*) FROM customers) AS customers, (SELECT count(*) FROM orders) AS orders,
       (SELECT count(*) FROM documents) AS documents

-- null-notes
SELECT count(*) AS all_of_them, count(notes) AS with_notes, count(*) - count(notes) AS without FROM customers

-- first-and-last
SELECT min(placed_at), max(placed_at), max(placed_at) - min(placed_at) AS span FROM orders
