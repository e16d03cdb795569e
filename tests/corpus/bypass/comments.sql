-- What one reader takes for a comment another may not.

-- comment-in-name | result: refused | source: answered | schema: answered
SELECT upper/**/(ssn) FROM people

-- comment-nested | result: refused | source: answered | schema: answered
SELECT /* /* ' */ ; */ ssn || '' FROM people

-- comment-line-return | result: refused | source: answered | schema: answered
SELECT --{U+000D}id,
ssn || '' FROM people

-- comment-hides-second | result: refused | source: refused | schema: refused
SELECT 1/*;*/; DELETE FROM notes -- '

-- comment-only | result: refused | source: refused | schema: refused
-- SELECT 1

-- comment-unclosed | result: refused | source: refused | schema: refused
SELECT ssn FROM people /* x

-- comment-mysql | result: answered | source: answered | schema: answered | a comment, and nothing more
SELECT id /*!50000 , ssn */ FROM people

-- comment-between-parts | result: refused | source: answered | schema: answered
SELECT p . /* x */ ssn || '' FROM people -- y
 AS p

-- comment-hash | result: refused | source: refused | schema: refused
SELECT id # comment
FROM people

-- comment-reads-only | result: refused | source: refused | schema: refused
/* SELECT */ DELETE FROM notes USING people p WHERE p.ssn > 'm' -- SELECT

-- comment-in-operator | result: refused | source: refused | schema: refused | two operators, of which there is none
SELECT ssn |/**/| '' FROM people
