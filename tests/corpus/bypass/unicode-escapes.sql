-- The parser reads escapes before anybody compares names.

-- unicode-column | result: refused | source: answered | schema: answered
SELECT U&"s\0073n" || '' FROM people

-- unicode-column-shown | result: answered | source: answered | schema: answered
SELECT U&"s\0073n" FROM people

-- unicode-table | result: refused | source: answered | schema: answered
SELECT upper(ssn) FROM U&"p\0065ople"

-- unicode-function | result: refused | source: refused | schema: refused
SELECT U&"pg_read_fil\0065"('/etc/passwd')

-- unicode-uescape | result: refused | source: refused | schema: refused
SELECT U&"pg_read_fil!0065" UESCAPE '!' ('/etc/passwd')

-- unicode-long | result: refused | source: answered | schema: answered
SELECT U&"\+000073sn" || '' FROM people

-- unicode-literal | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn LIKE U&'\0062%'

-- unicode-schema | result: refused | source: refused | schema: refused
SELECT * FROM U&"pg\005Fcatalog".pg_class

-- unicode-fullwidth | result: refused | source: refused | schema: refused
SELECT ｓｓｎ FROM people

-- unicode-dotless | result: refused | source: refused | schema: refused
SELECT vıews FROM people

-- unicode-no-break-space | result: refused | source: refused | schema: refused
SELECT{U+00A0}ssn{U+00A0}FROM{U+00A0}people

-- unicode-zero-width | result: refused | source: refused | schema: refused
SELECT s{U+200B}sn FROM people

-- unicode-right-to-left | result: refused | source: refused | schema: refused
SELECT {U+202E}ssn FROM people

-- unicode-byte-order-mark | result: refused | source: refused | schema: refused
{U+FEFF}SELECT ssn FROM people

-- unicode-surrogates | result: answered | source: answered | schema: answered
SELECT U&'\D83D\DE00', id FROM notes ORDER BY id

-- unicode-escape-string | result: refused | source: answered | schema: answered
SELECT id FROM people WHERE ssn > E'\u006d\x6d\155'
