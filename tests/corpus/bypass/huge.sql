-- More than anybody follows.

-- huge-nested-selects | result: refused | source: refused | schema: refused
SELECT {60×(SELECT }ssn FROM people LIMIT 1{60×)}

-- huge-nested-from | result: refused | source: refused | schema: refused
SELECT x FROM {40×(SELECT x FROM }(SELECT ssn AS x FROM people) s{40×) s}

-- huge-parentheses | result: answered | source: answered | schema: answered | the parser drops them
SELECT {3000×(}1{3000×)}

-- huge-concatenation | result: refused | source: refused | schema: refused
SELECT {300×ssn || }ssn FROM people

-- huge-union | result: refused | source: refused | schema: refused
SELECT ssn FROM people {200× UNION ALL SELECT ssn FROM people}

-- huge-in-list | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE points IN ({2000×930000000, }1)

-- huge-casts | result: refused | source: refused | schema: refused
SELECT ssn{200×::text} FROM people

-- huge-list | result: answered | source: answered | schema: answered
SELECT {300×ssn, }ssn FROM people WHERE id = 1

-- huge-joins | result: refused | source: answered | schema: answered
SELECT 1 FROM people p0 JOIN people p1 ON p1.ssn = p0.ssn JOIN people p2 ON p2.ssn = p0.ssn

-- huge-result | result: refused | source: answered | schema: answered | cut at the bytes that may be shown
SELECT repeat(p.name, 1000000) FROM people p, visits a

-- huge-rows | result: answered | source: answered | schema: answered | cut at the rows that may be shown
SELECT v.id FROM visits v, visits w, visits x

-- huge-cases | result: refused | source: refused | schema: refused
SELECT {60×CASE WHEN true THEN }ssn{60× END} FROM people

-- huge-ands | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE true{400× AND ssn > 'm'}

-- huge-comment | result: answered | source: answered | schema: answered
SELECT id /*{5000×x}*/ FROM notes ORDER BY id

-- huge-text | result: refused | source: refused | schema: refused | longer than a statement may be
SELECT '{70000×x}'
