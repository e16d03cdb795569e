-- Names, items and notes.

-- first-names
SELECT split_part(name, ' ', 1) AS first_name, count(*) FROM customers GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10

-- upper-lower
SELECT upper(item), lower(currency), initcap(item) FROM orders ORDER BY id LIMIT 5

-- lengths
SELECT length(notes) AS letters, count(*) FROM customers WHERE notes <> '' GROUP BY 1 ORDER BY 1 DESC LIMIT 10

-- trim-and-pad
SELECT lpad(id::text, 6, '0') AS number, rtrim(item, 's'), btrim('  x  ') FROM orders ORDER BY id LIMIT 5

-- concatenated
SELECT name || ' (' || city || ')' AS label FROM customers ORDER BY id LIMIT 10

-- concat-ws
SELECT concat_ws(', ', item, currency, status) FROM orders ORDER BY id LIMIT 10

-- format
SELECT format('%s bought %s for %s %s', c.name, o.item, o.amount, o.currency) FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id LIMIT 10

-- regexp-match
SELECT item, regexp_replace(item, '[aeiou]', '_', 'g'), (regexp_match(item, '^(\w+)'))[1] FROM orders GROUP BY item ORDER BY item

-- regexp-filter
SELECT count(*) FROM customers WHERE name ~* '^(a|b)[a-z]+ ' AND name !~ 'O''Brien'

-- words
SELECT word, count(*) FROM customers, regexp_split_to_table(lower(notes), '\W+') AS word WHERE length(word) > 4 GROUP BY word ORDER BY 2 DESC, 1 LIMIT 20

-- substring
SELECT substring(name FROM 1 FOR 1) AS initial, count(*) FROM customers GROUP BY 1 ORDER BY 1

-- position
SELECT name, position(' ' IN name), strpos(name, 'a') FROM customers ORDER BY id LIMIT 5

-- translate
SELECT DISTINCT translate(city, 'óé', 'oe') FROM customers ORDER BY 1

-- to-char-numbers
SELECT id, to_char(amount, 'FM999G990D00'), to_number('1,234.5', '9G999D9') FROM orders ORDER BY id LIMIT 5

-- md5-sample
SELECT id FROM orders WHERE left(md5(id::text), 1) = '0' ORDER BY id LIMIT 20

-- search-notes
SELECT id, left(notes, 30) FROM customers WHERE notes LIKE '%customer%' OR notes ILIKE 'vip%' ORDER BY id

-- full-text
SELECT count(*) FROM customers WHERE to_tsvector('english', coalesce(notes, '')) @@ plainto_tsquery('english', 'invoice')

-- mail-user-part | tagged
SELECT left(email, strpos(email, '@') - 1) AS who FROM customers ORDER BY id LIMIT 10

-- phone-prefix | tagged
SELECT substring(phone FROM 1 FOR 6) AS area, count(*) FROM customers GROUP BY 1 ORDER BY 2 DESC LIMIT 5

-- masked-by-hand | tagged
SELECT id, regexp_replace(card, '\d(?=\d{4})', '*', 'g') FROM customers ORDER BY id LIMIT 5
