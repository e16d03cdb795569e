-- A statement by another name, sent later.

-- prepare | result: refused | source: refused | schema: refused
PREPARE p AS SELECT ssn FROM people

-- prepare-delete | result: refused | source: refused | schema: refused
PREPARE p AS DELETE FROM notes

-- execute | result: refused | source: refused | schema: refused
EXECUTE p

-- deallocate | result: refused | source: refused | schema: refused
DEALLOCATE ALL

-- declare | result: refused | source: refused | schema: refused
DECLARE c CURSOR FOR SELECT ssn FROM people

-- declare-with-hold | result: refused | source: refused | schema: refused
DECLARE c CURSOR WITH HOLD FOR SELECT ssn FROM people

-- fetch | result: refused | source: refused | schema: refused
FETCH ALL FROM c

-- move | result: refused | source: refused | schema: refused
MOVE FORWARD ALL IN c

-- close | result: refused | source: refused | schema: refused
CLOSE ALL

-- delete-current-of | result: refused | source: refused | schema: refused
DELETE FROM notes WHERE CURRENT OF c

-- update-current-of | result: refused | source: refused | schema: refused
UPDATE notes SET body = 'x' WHERE CURRENT OF c

-- call | result: refused | source: refused | schema: refused
CALL pay()
