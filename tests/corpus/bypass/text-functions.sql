-- Functions that change a text so that it is not recognised, and can be changed back.

-- text-reverse | result: refused | source: answered | schema: answered
SELECT reverse(ssn) FROM people

-- text-upper | result: refused | source: answered | schema: answered
SELECT upper(ssn) FROM people

-- text-substr | result: refused | source: answered | schema: answered
SELECT substr(ssn, 1, 6), substr(ssn, 7) FROM people

-- text-left-right | result: refused | source: answered | schema: answered
SELECT left(ssn, 3), right(ssn, 3) FROM people

-- text-overlay | result: refused | source: answered | schema: answered
SELECT overlay(ssn PLACING '' FROM 1 FOR 0) FROM people

-- text-translate | result: refused | source: answered | schema: answered
SELECT translate(ssn, 'bcdfg', 'vwxyz') FROM people

-- text-replace | result: refused | source: answered | schema: answered
SELECT replace(ssn, ' ', '_') FROM people

-- text-regexp-replace | result: refused | source: answered | schema: answered
SELECT regexp_replace(code, '(.)', '\1.', 'g') FROM people

-- text-lpad | result: refused | source: answered | schema: answered
SELECT lpad(ssn, 40, 'x') FROM people

-- text-concat | result: refused | source: answered | schema: answered
SELECT concat('', ssn) FROM people

-- text-concat-operator | result: refused | source: answered | schema: answered
SELECT ssn || '' FROM people

-- text-format | result: refused | source: answered | schema: answered
SELECT format('%s', ssn) FROM people

-- text-format-wide | result: refused | source: answered | schema: answered
SELECT format('%1$s %1$L %1$I', ssn) FROM people

-- text-quote | result: refused | source: answered | schema: answered
SELECT quote_literal(ssn), quote_ident(ssn) FROM people

-- text-repeat | result: refused | source: answered | schema: answered
SELECT repeat(ssn, 2) FROM people

-- text-split-part | result: refused | source: answered | schema: answered
SELECT split_part(ssn, ' ', 1), split_part(ssn, ' ', 2) FROM people

-- text-string-to-array | result: refused | source: answered | schema: answered
SELECT string_to_array(ssn, NULL) FROM people

-- text-trim | result: refused | source: answered | schema: answered
SELECT trim(both 'z' FROM ssn) FROM people

-- text-collate | result: refused | source: answered | schema: answered
SELECT ssn COLLATE "C" FROM people

-- text-coalesce | result: refused | source: answered | schema: answered
SELECT coalesce(ssn, '') FROM people

-- text-nullif | result: refused | source: answered | schema: answered
SELECT nullif(ssn, '') FROM people

-- text-greatest | result: refused | source: answered | schema: answered
SELECT greatest(ssn, ''), least(ssn, 'zz') FROM people

-- text-case | result: refused | source: answered | schema: answered
SELECT CASE WHEN true THEN ssn END FROM people

-- text-any-value | result: refused | source: answered | schema: answered
SELECT min(ssn) FROM people GROUP BY id

-- text-to-char | result: refused | source: answered | schema: answered
SELECT to_char(points, '999999999'), to_char(salary, 'FM999999999.99'), to_char(born, 'YYYYMMDD') FROM people

-- text-to-hex | result: refused | source: answered | schema: answered
SELECT to_hex(points) FROM people

-- text-initcap | result: refused | source: refused | schema: answered | somebody made a function of this name
SELECT initcap(name) FROM people

-- text-normalize | result: refused | source: answered | schema: answered
SELECT normalize(ssn) FROM people

-- text-extract | result: refused | source: answered | schema: answered
SELECT extract(epoch FROM born) FROM people

-- text-age | result: refused | source: answered | schema: answered
SELECT age(timestamp '2000-01-01', born::timestamp) FROM people

-- text-date-arithmetic | result: refused | source: answered | schema: answered
SELECT born + 1, born - date '1700-01-01' FROM people

-- text-date-range | result: refused | source: answered | schema: answered
SELECT daterange(born, NULL) FROM people

-- text-width-bucket | result: refused | source: answered | schema: answered
SELECT width_bucket(salary, 930000000, 947000000, 1000) FROM people

-- text-parse-ident | result: refused | source: refused | schema: refused | an error: a mask is no identifier
SELECT parse_ident(split_part(ssn, ' ', 1)) FROM people
