-- COPY goes past the result.

-- copy-to-stdout | result: refused | source: refused | schema: refused
COPY people TO STDOUT

-- copy-query | result: refused | source: refused | schema: refused
COPY (SELECT ssn FROM people) TO STDOUT

-- copy-columns | result: refused | source: refused | schema: refused
COPY people (ssn, code) TO STDOUT WITH (FORMAT csv)

-- copy-binary | result: refused | source: refused | schema: refused
COPY people TO STDOUT WITH BINARY

-- copy-to-file | result: refused | source: refused | schema: refused
COPY people TO '/srv/people'

-- copy-to-program | result: refused | source: refused | schema: refused
COPY (SELECT ssn FROM people) TO PROGRAM 'cat'

-- copy-from-stdin | result: refused | source: refused | schema: refused
COPY notes FROM STDIN

-- copy-from-program | result: refused | source: refused | schema: refused
COPY notes FROM PROGRAM 'id'

-- copy-of-a-delete | result: refused | source: refused | schema: refused
COPY (DELETE FROM notes RETURNING *) TO STDOUT
