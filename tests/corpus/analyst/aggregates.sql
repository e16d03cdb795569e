-- Sums, shares and distributions.

-- revenue-by-currency
SELECT currency, sum(amount) AS total, avg(amount)::numeric(12, 2) AS mean, min(amount), max(amount)
FROM orders GROUP BY currency ORDER BY currency

-- median-amount
SELECT currency, percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) AS median FROM orders GROUP BY currency ORDER BY 1

-- quartiles
SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY amount) FROM orders

-- mode-item
SELECT customer_id, mode() WITHIN GROUP (ORDER BY item) AS favourite FROM orders GROUP BY customer_id ORDER BY 1 LIMIT 10

-- pivot-by-filter
SELECT item,
       count(*) FILTER (WHERE status = 'shipped') AS shipped,
       count(*) FILTER (WHERE status = 'returned') AS returned,
       count(*) FILTER (WHERE status = 'cancelled') AS cancelled
FROM orders GROUP BY item ORDER BY item

-- pivot-by-case
SELECT city, sum(CASE WHEN o.currency = 'EUR' THEN amount ELSE 0 END) AS eur,
       sum(CASE WHEN o.currency = 'USD' THEN amount ELSE 0 END) AS usd
FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY city ORDER BY city

-- having
SELECT customer_id, count(*) AS n, sum(amount) AS total FROM orders
GROUP BY customer_id HAVING count(*) >= 10 AND sum(amount) > 5000 ORDER BY total DESC

-- rollup
SELECT currency, status, sum(amount) FROM orders GROUP BY ROLLUP (currency, status) ORDER BY currency, status

-- cube
SELECT currency, item, count(*) FROM orders GROUP BY CUBE (currency, item) ORDER BY 1, 2

-- grouping-sets
SELECT city, date_trunc('month', placed_at) AS month, sum(amount), grouping(city) AS g
FROM orders o JOIN customers c ON c.id = o.customer_id
GROUP BY GROUPING SETS ((city), (date_trunc('month', placed_at)), ()) ORDER BY g, 1, 2

-- standard-deviation
SELECT item, stddev_samp(amount), var_pop(amount), corr(amount, customer_id) FROM orders GROUP BY item ORDER BY item

-- linear-trend
SELECT regr_slope(amount, extract(epoch FROM placed_at)) AS slope, regr_r2(amount, extract(epoch FROM placed_at)) FROM orders

-- histogram
SELECT width_bucket(amount, 0, 1000, 10) AS bucket, count(*), min(amount), max(amount)
FROM orders GROUP BY bucket ORDER BY bucket

-- string-agg
SELECT customer_id, string_agg(DISTINCT item, ', ' ORDER BY item) AS items FROM orders
GROUP BY customer_id ORDER BY customer_id LIMIT 10

-- array-agg
SELECT status, array_agg(id ORDER BY placed_at DESC) AS ids FROM orders WHERE customer_id < 5 GROUP BY status ORDER BY status

-- bool-agg
SELECT customer_id, bool_and(status = 'shipped') AS all_shipped, bool_or(status = 'returned') AS any_returned
FROM orders GROUP BY customer_id ORDER BY customer_id LIMIT 15

-- distinct-counts
SELECT count(DISTINCT customer_id) AS customers, count(DISTINCT item) AS items, count(DISTINCT (customer_id, item)) AS pairs FROM orders

-- distinct-mails | tagged
SELECT count(DISTINCT email) AS mails, count(DISTINCT ssn) AS persons FROM customers

-- mails-per-city | tagged
SELECT city, count(DISTINCT lower(email)) FROM customers GROUP BY city ORDER BY city

-- return-rate
SELECT item, round(avg(CASE WHEN status = 'returned' THEN 1.0 ELSE 0 END), 3) AS rate FROM orders GROUP BY item ORDER BY rate DESC

-- share-of-total
SELECT item, sum(amount) AS revenue, round(sum(amount) / (SELECT sum(amount) FROM orders) * 100, 2) AS share
FROM orders GROUP BY item ORDER BY share DESC

-- geometric-mean
SELECT item, round(exp(avg(ln(amount + 1)))::numeric, 2) AS geometric FROM orders GROUP BY item ORDER BY item
