-- Each row beside its neighbours.

-- running-total
SELECT id, placed_at, amount, sum(amount) OVER (ORDER BY placed_at, id) AS so_far FROM orders WHERE customer_id = 15 ORDER BY placed_at

-- rank-in-city
SELECT city, name, rank() OVER (PARTITION BY city ORDER BY created_at) AS nth FROM customers ORDER BY city, nth LIMIT 40

-- row-number-latest
SELECT * FROM (
  SELECT o.*, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS n FROM orders o
) latest WHERE n = 1 ORDER BY customer_id LIMIT 20

-- lag-between-orders
SELECT customer_id, placed_at, placed_at - lag(placed_at) OVER (PARTITION BY customer_id ORDER BY placed_at) AS since_last
FROM orders ORDER BY customer_id, placed_at LIMIT 40

-- lead-next
SELECT id, lead(id) OVER w AS next_id, lead(amount, 2, 0) OVER w AS after_next
FROM orders WHERE customer_id = 22 WINDOW w AS (ORDER BY placed_at) ORDER BY placed_at

-- moving-average
SELECT day, revenue, avg(revenue) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week
FROM (SELECT placed_at::date AS day, sum(amount) AS revenue FROM orders GROUP BY 1) d ORDER BY day LIMIT 60

-- ntile
SELECT customer_id, total, ntile(4) OVER (ORDER BY total DESC) AS quarter
FROM (SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id) t ORDER BY total DESC LIMIT 40

-- dense-rank
SELECT item, amount, dense_rank() OVER (PARTITION BY item ORDER BY amount DESC) AS r FROM orders ORDER BY item, r LIMIT 30

-- percent-rank
SELECT id, amount, round(percent_rank() OVER (ORDER BY amount)::numeric, 3), cume_dist() OVER (ORDER BY amount) FROM orders ORDER BY amount LIMIT 20

-- first-and-last-value
SELECT DISTINCT customer_id, first_value(item) OVER w AS first_item, last_value(item) OVER w AS last_item
FROM orders WINDOW w AS (PARTITION BY customer_id ORDER BY placed_at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
ORDER BY customer_id LIMIT 20

-- range-window
SELECT placed_at, amount, count(*) OVER (ORDER BY placed_at RANGE BETWEEN '1 day' PRECEDING AND CURRENT ROW) AS day_count
FROM orders ORDER BY placed_at LIMIT 30

-- gaps-and-islands
SELECT min(day) AS from_day, max(day) AS to_day, count(*) AS days
FROM (SELECT day, day - (row_number() OVER (ORDER BY day))::int AS island
      FROM (SELECT DISTINCT placed_at::date AS day FROM orders WHERE status = 'returned') d) i
GROUP BY island ORDER BY from_day

-- sessions
SELECT customer_id, sum(fresh) OVER (PARTITION BY customer_id ORDER BY placed_at) AS session, placed_at
FROM (SELECT customer_id, placed_at,
             CASE WHEN placed_at - lag(placed_at) OVER (PARTITION BY customer_id ORDER BY placed_at) < interval '20 days' THEN 0 ELSE 1 END AS fresh
      FROM orders) s ORDER BY customer_id, placed_at LIMIT 40

-- difference-to-mean
SELECT id, item, amount, round(amount - avg(amount) OVER (PARTITION BY item), 2) AS off FROM orders ORDER BY abs(amount - 500) LIMIT 15

-- nth-value
SELECT DISTINCT city, nth_value(name, 3) OVER (PARTITION BY city ORDER BY created_at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS third
FROM customers ORDER BY city

-- window-over-aggregate
SELECT date_trunc('month', placed_at) AS month, sum(amount) AS revenue,
       sum(sum(amount)) OVER (ORDER BY date_trunc('month', placed_at)) AS year_to_date
FROM orders GROUP BY 1 ORDER BY 1

-- newest-contact | tagged
SELECT city, name, email FROM (
  SELECT city, name, email, row_number() OVER (PARTITION BY city ORDER BY created_at DESC) AS n FROM customers) c
WHERE n = 1 ORDER BY city
