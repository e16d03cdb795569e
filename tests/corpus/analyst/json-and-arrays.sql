-- Documents and lists.

-- field
SELECT id, body ->> 'kind' AS kind, (body ->> 'pages')::int AS pages FROM documents ORDER BY id LIMIT 10

-- path
SELECT id, body #>> '{applicant,name}' AS applicant FROM documents ORDER BY id LIMIT 10

-- contains
SELECT count(*) FROM documents WHERE body @> '{"signed": true}'

-- key-exists
SELECT count(*) FROM documents WHERE body ? 'reviewer' AND body -> 'reviewer' = 'null'

-- keys
SELECT key, count(*) FROM documents, jsonb_object_keys(body) AS key GROUP BY key ORDER BY key

-- elements
SELECT d.id, e.value -> 'default' AS is_default FROM documents d, jsonb_array_elements(d.body -> 'payment') AS e ORDER BY d.id LIMIT 10

-- group-by-field
SELECT body ->> 'kind' AS kind, avg((body ->> 'pages')::numeric) FROM documents GROUP BY 1 ORDER BY 1

-- json-path-query
SELECT id FROM documents WHERE jsonb_path_exists(body, '$.pages ? (@ > 8)') ORDER BY id

-- build
SELECT jsonb_build_object('id', id, 'item', item, 'price', jsonb_build_object('amount', amount, 'currency', currency)) FROM orders ORDER BY id LIMIT 5

-- aggregated
SELECT customer_id, jsonb_agg(jsonb_build_object('item', item, 'amount', amount) ORDER BY id) FROM orders GROUP BY customer_id ORDER BY customer_id LIMIT 3

-- object-agg
SELECT jsonb_object_agg(city, n) FROM (SELECT city, count(*) AS n FROM customers GROUP BY city) c

-- row-as-json
SELECT row_to_json(o) FROM orders o ORDER BY id LIMIT 3

-- records
SELECT r.kind, r.pages FROM documents d, jsonb_to_record(d.body) AS r(kind text, pages int) ORDER BY d.id LIMIT 10

-- typeof
SELECT jsonb_typeof(body -> 'reviewer') AS t, count(*) FROM documents GROUP BY t

-- tags-any
SELECT count(*) FROM documents WHERE 'open' = ANY (tags)

-- tags-overlap
SELECT id, tags FROM documents WHERE tags && ARRAY['archived', 'open'] ORDER BY id LIMIT 10

-- unnest
SELECT t AS tag, count(*) FROM documents, unnest(tags) AS t GROUP BY t ORDER BY 2 DESC, 1 LIMIT 5

-- unnest-ordinality
SELECT d.id, t.tag, t.n FROM documents d, unnest(d.tags) WITH ORDINALITY AS t(tag, n) ORDER BY d.id, t.n LIMIT 10

-- array-functions
SELECT cardinality(tags), array_length(tags, 1), array_to_string(tags, '; ', '-'), array_position(tags, '2025') FROM documents ORDER BY id LIMIT 10

-- slices
SELECT some_integers[1], some_texts[1:2], some_integers || 9 FROM samples WHERE id < 3 ORDER BY id

-- array-of-subselect
SELECT c.id, ARRAY(SELECT o.item FROM orders o WHERE o.customer_id = c.id ORDER BY o.id LIMIT 3) AS first_items FROM customers c ORDER BY c.id LIMIT 5

-- customer-as-json | tagged
SELECT jsonb_build_object('name', name, 'email', email) FROM customers ORDER BY id LIMIT 3
