-- Steps with names, and trees.

-- two-steps
WITH totals AS (SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id)
SELECT c.name, t.total FROM totals t JOIN customers c ON c.id = t.customer_id ORDER BY t.total DESC LIMIT 10

-- above-average
WITH per_customer AS (SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id),
     average AS (SELECT avg(total) AS mean FROM per_customer)
SELECT p.customer_id, p.total FROM per_customer p, average a WHERE p.total > 1.5 * a.mean ORDER BY p.total DESC

-- cohorts
WITH firsts AS (SELECT customer_id, date_trunc('month', min(placed_at)) AS cohort FROM orders GROUP BY customer_id),
     activity AS (SELECT o.customer_id, f.cohort,
                         (extract(year FROM o.placed_at) - extract(year FROM f.cohort)) * 12
                         + extract(month FROM o.placed_at) - extract(month FROM f.cohort) AS month
                  FROM orders o JOIN firsts f USING (customer_id))
SELECT cohort, month, count(DISTINCT customer_id) AS active FROM activity GROUP BY cohort, month ORDER BY cohort, month

-- retention
WITH m AS (SELECT DISTINCT customer_id, date_trunc('month', placed_at) AS month FROM orders)
SELECT a.month, count(*) AS buyers, count(b.customer_id) AS again
FROM m a LEFT JOIN m b ON b.customer_id = a.customer_id AND b.month = a.month + interval '1 month'
GROUP BY a.month ORDER BY a.month

-- funnel
WITH steps AS (
  SELECT count(*) AS placed,
         count(*) FILTER (WHERE status IN ('paid', 'shipped', 'returned')) AS paid,
         count(*) FILTER (WHERE status IN ('shipped', 'returned')) AS shipped FROM orders)
SELECT placed, paid, shipped, round(100.0 * shipped / nullif(placed, 0), 1) AS conversion FROM steps

-- rfm
WITH r AS (SELECT customer_id, max(placed_at) AS last_order, count(*) AS frequency, sum(amount) AS money FROM orders GROUP BY customer_id)
SELECT customer_id, ntile(5) OVER (ORDER BY last_order) AS recency, ntile(5) OVER (ORDER BY frequency) AS f, ntile(5) OVER (ORDER BY money) AS m
FROM r ORDER BY customer_id LIMIT 50

-- calendar
WITH RECURSIVE days(day) AS (SELECT date '2025-01-01' UNION ALL SELECT day + 1 FROM days WHERE day < date '2025-01-31')
SELECT d.day, count(o.id) AS orders FROM days d LEFT JOIN orders o ON o.placed_at::date = d.day GROUP BY d.day ORDER BY d.day

-- fibonacci
WITH RECURSIVE f(a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM f WHERE b < 1000) SELECT a FROM f

-- referral-tree
WITH RECURSIVE tree AS (
  SELECT id, name, 1 AS depth, ARRAY[id] AS path FROM customers WHERE id = 1
  UNION ALL
  SELECT c.id, c.name, t.depth + 1, t.path || c.id FROM customers c JOIN tree t ON c.id IN (t.id * 2, t.id * 2 + 1) WHERE t.depth < 5)
SELECT depth, count(*), max(array_length(path, 1)) FROM tree GROUP BY depth ORDER BY depth

-- tree-indented
WITH RECURSIVE tree(id, name, depth) AS (
  SELECT id, name, 0 FROM customers WHERE id = 3
  UNION ALL
  SELECT c.id, c.name, depth + 1 FROM customers c, tree t WHERE c.id = t.id * 3 AND depth < 3)
SELECT repeat('  ', depth) || name AS branch FROM tree ORDER BY id

-- materialized
WITH big AS MATERIALIZED (SELECT * FROM orders WHERE amount > 900)
SELECT currency, count(*), avg(amount) FROM big GROUP BY currency ORDER BY currency

-- not-materialized
WITH o AS NOT MATERIALIZED (SELECT customer_id, amount FROM orders) SELECT max(amount) FROM o WHERE customer_id = 5

-- cte-twice
WITH monthly AS (SELECT date_trunc('month', placed_at) AS m, sum(amount) AS r FROM orders GROUP BY 1)
SELECT a.m, a.r, b.r AS before, round((a.r / b.r - 1) * 100, 1) AS growth
FROM monthly a LEFT JOIN monthly b ON b.m = a.m - interval '1 month' ORDER BY a.m

-- mail-summary | tagged
WITH mails AS (SELECT id, split_part(email, '@', 2) AS domain FROM customers)
SELECT domain, count(*) FROM mails GROUP BY domain ORDER BY count(*) DESC

-- customer-card-types | tagged
WITH cards AS (SELECT id, left(card, 1) AS scheme FROM customers)
SELECT scheme, count(*) FROM cards GROUP BY scheme ORDER BY scheme

-- values-lookup
WITH rates(currency, rate) AS (VALUES ('EUR', 1.0), ('USD', 0.92), ('GBP', 1.17), ('PLN', 0.23), ('JPY', 0.006))
SELECT o.item, round(sum(o.amount * r.rate), 2) AS eur FROM orders o JOIN rates r USING (currency) GROUP BY o.item ORDER BY eur DESC
