-- A condition on a cell tells about it without showing it.

-- predicate-equal | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn = 'bcdfghjklmnp 930000001'

-- predicate-parameter | result: refused | source: answered | schema: answered | params: ["bcd 1"]
SELECT id FROM people WHERE ssn = $1

-- predicate-range | result: refused | source: answered | schema: answered
SELECT count(*) FROM people WHERE ssn < 'm'

-- predicate-like | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn LIKE 'b%'

-- predicate-ilike | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE code ILIKE '%B%'

-- predicate-similar | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE code SIMILAR TO '(b|c)%'

-- predicate-regex | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn ~ '^[b-f]'

-- predicate-not-regex | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn !~* '^B'

-- predicate-between | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE points BETWEEN 930000000 AND 935000000

-- predicate-between-symmetric | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE points BETWEEN SYMMETRIC 935000000 AND 930000000

-- predicate-in-list | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn IN ('a', 'b')

-- predicate-any-array | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn = ANY (ARRAY['a', 'b'])

-- predicate-any-parameter | result: refused | source: answered | schema: answered | params: [["a","b"]]
SELECT id FROM people WHERE ssn = ANY ($1)

-- predicate-in-subselect | result: refused | source: answered | schema: answered
SELECT id FROM notes WHERE body IN (SELECT ssn FROM people)

-- predicate-all | result: refused | source: answered | schema: answered
SELECT 1 WHERE 'm' > ALL (SELECT ssn FROM people)

-- predicate-exists | result: refused | source: answered | schema: answered
SELECT 1 WHERE EXISTS (SELECT 1 FROM people WHERE ssn > 'c')

-- predicate-correlated | result: refused | source: answered | schema: answered
SELECT n.id FROM notes n WHERE EXISTS (SELECT 1 FROM people p WHERE p.id = n.id AND p.ssn > n.body)

-- predicate-row-compare | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE (id, ssn) > (3, 'm')

-- predicate-row-in | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE (id, ssn) IN ((1, 'a'), (2, 'b'))

-- predicate-distinct-from | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn IS DISTINCT FROM 'a'

-- predicate-null | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn IS NULL

-- predicate-length | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE length(ssn) > 5

-- predicate-case | result: refused | source: answered | schema: answered
SELECT CASE WHEN ssn < 'm' THEN 'low' ELSE 'high' END FROM people

-- predicate-case-simple | result: refused | source: answered | schema: answered
SELECT CASE ssn WHEN 'a' THEN 1 ELSE 0 END FROM people

-- predicate-having | result: refused | source: answered | schema: answered
SELECT team FROM people GROUP BY team HAVING max(ssn) > 'm'

-- predicate-filter | result: refused | source: answered | schema: answered
SELECT count(*) FILTER (WHERE ssn > 'm') FROM people

-- predicate-in-limit | result: refused | source: answered | schema: answered
SELECT id FROM notes LIMIT (SELECT count(*) FROM people WHERE ssn > 'm')

-- predicate-in-offset | result: refused | source: answered | schema: answered
SELECT id FROM notes OFFSET (SELECT count(*) FROM people WHERE points > 935000000)

-- predicate-in-join | result: refused | source: answered | schema: answered
SELECT n.id FROM notes n JOIN people p ON p.ssn > n.body

-- predicate-boolean-column | result: refused | source: answered | schema: answered
SELECT ssn > 'm' FROM people

-- predicate-division | result: refused | source: answered | schema: answered | an error where there is a value and none where there is not
SELECT 1 / (points - points) FROM people

-- predicate-conditional-error | result: refused | source: answered | schema: answered | a mask sorts before `m`, so that no row divides
SELECT CASE WHEN ssn > 'm' THEN 1 / (id - id) END FROM people

-- predicate-date | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE born < date '1750-01-01'

-- predicate-json-path | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE doc::jsonb @? '$.*'

-- predicate-json-key | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE doc::jsonb ? 'bcd'

-- predicate-array-contains | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE marks @> ARRAY['bcd']

-- predicate-array-overlaps | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE marks && ARRAY['bcd']

-- predicate-starts-with | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn ^@ 'b'

-- predicate-position | result: refused | source: answered | schema: answered
SELECT position('b' IN ssn) FROM people

-- predicate-collate | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn COLLATE "C" < 'm'

-- predicate-on-partition | result: refused | source: answered | schema: answered
SELECT id FROM readings WHERE value < 'm'
