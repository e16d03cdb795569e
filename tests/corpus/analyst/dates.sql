-- Calendars, months, ages.

-- per-month
SELECT date_trunc('month', placed_at) AS month, count(*), sum(amount) FROM orders GROUP BY month ORDER BY month

-- per-weekday
SELECT extract(isodow FROM placed_at) AS weekday, to_char(placed_at, 'Dy') AS name, count(*) FROM orders GROUP BY 1, 2 ORDER BY 1

-- per-hour
SELECT date_part('hour', placed_at) AS hour, count(*) FROM orders GROUP BY hour ORDER BY hour

-- last-thirty-days
SELECT count(*) FROM orders WHERE placed_at >= timestamptz '2025-06-01' - interval '30 days'

-- age-of-customers
SELECT id, name, age(timestamptz '2026-01-01', created_at) AS for_how_long FROM customers ORDER BY created_at LIMIT 10

-- series-of-days
SELECT d::date AS day, count(o.id) AS orders
FROM generate_series(date '2025-02-01', date '2025-02-28', interval '1 day') AS d
LEFT JOIN orders o ON o.placed_at >= d AND o.placed_at < d + interval '1 day' GROUP BY d ORDER BY d

-- series-of-months
SELECT m::date, coalesce(sum(o.amount), 0) FROM generate_series('2025-01-01'::timestamptz, '2025-12-01', '1 month') m
LEFT JOIN orders o ON date_trunc('month', o.placed_at) = m GROUP BY m ORDER BY m

-- quarter
SELECT to_char(placed_at, 'YYYY"-Q"Q') AS quarter, sum(amount) FROM orders GROUP BY 1 ORDER BY 1

-- week-numbers
SELECT extract(isoyear FROM placed_at) AS year, extract(week FROM placed_at) AS week, count(*) FROM orders GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 30

-- epoch
SELECT id, extract(epoch FROM placed_at)::bigint AS seconds FROM orders ORDER BY id LIMIT 5

-- at-time-zone
SELECT id, placed_at AT TIME ZONE 'Europe/Oslo' AS there, (placed_at AT TIME ZONE 'UTC')::date AS day FROM orders ORDER BY id LIMIT 5

-- date-bin
SELECT date_bin('6 hours', placed_at, timestamptz '2025-01-01') AS slot, count(*) FROM orders GROUP BY slot ORDER BY slot LIMIT 20

-- make-date
SELECT make_date(2025, g, 1) AS first_of_month, count(o.id) FROM generate_series(1, 12) AS g
LEFT JOIN orders o ON extract(month FROM o.placed_at) = g GROUP BY g ORDER BY g

-- interval-arithmetic
SELECT id, placed_at + interval '14 days' AS due, justify_interval(interval '40 days') FROM orders ORDER BY id LIMIT 5

-- days-between
SELECT c.id, (min(o.placed_at)::date - c.created_at::date) AS days_to_first FROM customers c JOIN orders o ON o.customer_id = c.id
GROUP BY c.id, c.created_at ORDER BY days_to_first DESC, c.id LIMIT 10

-- overlapping
SELECT count(*) FROM orders WHERE (placed_at, placed_at + interval '2 days') OVERLAPS (timestamptz '2025-03-01', timestamptz '2025-03-08')

-- range-contains
SELECT count(*) FROM orders WHERE tstzrange('2025-03-01', '2025-04-01') @> placed_at

-- now-and-today
SELECT count(*) FROM orders WHERE placed_at < now() AND placed_at::date < current_date

-- same-day-last-week
SELECT a.d, a.n, b.n AS week_before FROM
  (SELECT placed_at::date AS d, count(*) AS n FROM orders GROUP BY 1) a
  JOIN (SELECT placed_at::date AS d, count(*) AS n FROM orders GROUP BY 1) b ON b.d = a.d - 7 ORDER BY a.d LIMIT 20
