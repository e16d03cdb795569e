-- A mask is no value, and is not stored as one.

-- mask-literal | result: refused | source: refused | schema: refused
UPDATE people SET ssn = '[masked:ssn]' WHERE id = 1

-- mask-parameter | result: refused | source: refused | schema: refused | params: ["[masked:ssn]"]
UPDATE people SET ssn = $1 WHERE id = 1

-- mask-inside-text | result: refused | source: refused | schema: refused
UPDATE notes SET body = 'was [masked:code] once' WHERE id = 1

-- mask-token | result: refused | source: refused | schema: refused
UPDATE people SET ssn = 'tok_ssn_0123456789abcdef01234567' WHERE id = 1

-- mask-token-parameter | result: refused | source: refused | schema: refused | params: ["tok_ssn_0123456789abcdef01234567"]
INSERT INTO notes VALUES (600, $1, 'x')

-- mask-last-four | result: refused | source: refused | schema: refused
UPDATE people SET code = '****1234' WHERE id = 1

-- mask-last-four-parameter | result: refused | source: refused | schema: refused | params: ["****abcd"]
UPDATE people SET code = $1 WHERE id = 1

-- mask-in-array | result: refused | source: refused | schema: refused | params: [["x","[masked:marks]"]]
UPDATE people SET marks = $1 WHERE id = 1

-- mask-in-json | result: refused | source: refused | schema: refused | params: [{"a":{"b":"[masked:doc]"}}]
UPDATE visits SET info = $1 WHERE id = 1

-- mask-in-literal-json | result: refused | source: refused | schema: refused
UPDATE visits SET info = '{"a": "****1234"}' WHERE id = 1

-- mask-escaped | result: refused | source: refused | schema: refused
UPDATE notes SET body = E'[\x6dasked:ssn]' WHERE id = 1

-- mask-dollar-quoted | result: refused | source: refused | schema: refused
UPDATE notes SET body = $$[masked:ssn]$$ WHERE id = 1

-- mask-in-where-of-write | result: refused | source: refused | schema: refused
DELETE FROM notes WHERE body = '[masked:ssn]'

-- mask-in-on-conflict | result: refused | source: refused | schema: refused
INSERT INTO notes VALUES (1, 'x', 'y') ON CONFLICT (id) DO UPDATE SET body = 'tok_a_ffffffffffffffffffffffff'

-- mask-in-read | result: answered | source: answered | schema: answered | nothing is written
SELECT id FROM notes WHERE body = '[masked:ssn]'

-- mask-short-star | result: written | source: written | schema: refused | no mask of ours
UPDATE notes SET body = '***' WHERE id = 1
