-- Documents are built from cells, and taken apart.

-- json-build-object | result: refused | source: answered | schema: answered
SELECT json_build_object('k', ssn) FROM people

-- json-build-array | result: refused | source: answered | schema: answered
SELECT jsonb_build_array(ssn, code) FROM people

-- json-to-json | result: refused | source: answered | schema: answered
SELECT to_json(marks) FROM people

-- json-array-to-json | result: refused | source: answered | schema: answered
SELECT array_to_json(marks) FROM people

-- json-arrow | result: refused | source: answered | schema: answered
SELECT doc -> 'a', doc ->> 'b' FROM people

-- json-keys | result: refused | source: answered | schema: answered
SELECT json_object_keys(doc) FROM people

-- json-path | result: refused | source: answered | schema: answered
SELECT jsonb_path_query(doc::jsonb, '$.*') FROM people

-- json-path-vars | result: refused | source: answered | schema: answered
SELECT jsonb_path_exists('{"a":1}', '$ ? ($s starts with "b")', jsonb_build_object('s', ssn)) FROM people

-- json-pretty | result: refused | source: answered | schema: answered
SELECT jsonb_pretty(to_jsonb(p)) FROM people p

-- json-set | result: refused | source: answered | schema: answered
SELECT jsonb_set('{}', '{k}', to_jsonb(ssn)) FROM people

-- json-strip | result: refused | source: answered | schema: answered
SELECT json_strip_nulls(row_to_json(p)) FROM people p

-- json-populate-record | result: refused | source: refused | schema: refused
SELECT * FROM json_populate_record(NULL::people, '{}')

-- json-to-recordset | result: refused | source: answered | schema: answered
SELECT * FROM json_to_recordset((SELECT json_agg(p) FROM people p)) AS r(ssn text)

-- json-syntax-object | result: refused | source: refused | schema: refused
SELECT JSON_OBJECT('a': ssn) FROM people

-- json-syntax-array | result: refused | source: refused | schema: refused
SELECT JSON_ARRAY(SELECT ssn FROM people)

-- json-syntax-value | result: refused | source: refused | schema: refused
SELECT JSON_VALUE(doc::jsonb, '$.a') FROM people

-- json-syntax-table | result: refused | source: refused | schema: refused
SELECT * FROM people, JSON_TABLE(doc::jsonb, '$' COLUMNS (x text PATH '$.a')) j

-- json-is-json | result: refused | source: refused | schema: refused
SELECT ssn IS JSON FROM people

-- json-aggregate-syntax | result: refused | source: refused | schema: refused
SELECT JSON_ARRAYAGG(ssn) FROM people

-- json-object-from-arrays | result: refused | source: answered | schema: answered
SELECT json_object(marks) FROM people

-- xml-element | result: refused | source: refused | schema: refused
SELECT xmlelement(name x, ssn) FROM people

-- xml-forest | result: refused | source: refused | schema: refused
SELECT xmlforest(ssn, code) FROM people

-- xml-agg | result: refused | source: refused | schema: refused
SELECT xmlagg(xmlelement(name a, ssn)) FROM people

-- xml-parse | result: refused | source: refused | schema: refused
SELECT xmlparse(content ssn) FROM people

-- xml-serialize | result: refused | source: refused | schema: refused
SELECT xmlserialize(content xmlelement(name a, ssn) AS text) FROM people

-- xml-table | result: refused | source: refused | schema: refused
SELECT * FROM people p, XMLTABLE('/a' PASSING ('<a>' || p.ssn || '</a>')::xml COLUMNS v text PATH '.') x

-- xml-concat | result: refused | source: refused | schema: refused
SELECT xmlconcat(xmlelement(name a, code)) FROM people
