-- Statements that make more of themselves.

-- recursion-endless | result: refused | source: refused | schema: refused | ended by the time it may take
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n

-- recursion-over-rows | result: refused | source: answered | schema: answered
WITH RECURSIVE c(id, s) AS (SELECT id, ssn FROM people WHERE id = 1 UNION ALL SELECT p.id, p.ssn FROM people p JOIN c ON p.ssn > c.s) SELECT id FROM c

-- recursion-guess | result: refused | source: answered | schema: answered
WITH RECURSIVE g(lo, hi) AS (VALUES (930000000, 950000000) UNION ALL SELECT CASE WHEN (SELECT points FROM people WHERE id = 1) > (lo + hi) / 2 THEN (lo + hi) / 2 ELSE lo END, CASE WHEN (SELECT points FROM people WHERE id = 1) > (lo + hi) / 2 THEN hi ELSE (lo + hi) / 2 END FROM g WHERE hi - lo > 1) SELECT lo, hi FROM g

-- recursion-string | result: refused | source: answered | schema: answered
WITH RECURSIVE s(n, t) AS (SELECT 1, left(ssn, 1) FROM people WHERE id = 1 UNION ALL SELECT n + 1, t || (SELECT substr(ssn, n + 1, 1) FROM people WHERE id = 1) FROM s WHERE n < 22) SELECT t FROM s

-- recursion-numbers | result: answered | source: answered | schema: answered
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n

-- recursion-mutual | result: refused | source: refused | schema: refused
WITH RECURSIVE a AS (SELECT 1 FROM b), b AS (SELECT 1 FROM a) SELECT * FROM a
