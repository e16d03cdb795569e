-- Where a literal ends is up to the parser.

-- dollar-plain | result: refused | source: answered | schema: answered
SELECT ssn || $$x$$ FROM people

-- dollar-tagged | result: refused | source: answered | schema: answered
SELECT ssn || $a$ $b$ ; DROP TABLE notes $b$ $a$ FROM people

-- dollar-hides-statement | result: answered | source: answered | schema: answered
SELECT $q$; DELETE FROM notes; $q$ AS x FROM notes

-- dollar-looks-like-parameter | result: refused | source: refused | schema: refused
SELECT $1$ssn$1$ FROM people

-- dollar-unclosed | result: refused | source: refused | schema: refused
SELECT $a$ ssn FROM people

-- dollar-in-identifier | result: refused | source: refused | schema: refused
SELECT ssn$ FROM people

-- dollar-backslash | result: answered | source: answered | schema: answered
SELECT 'a\', id FROM notes

-- dollar-escape-string | result: answered | source: answered | schema: answered
SELECT E'a\'', id FROM notes

-- dollar-continued-literal | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn > 'a'
'b'
