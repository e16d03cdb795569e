-- The same bytes in other letters.

-- encode-base64 | result: refused | source: answered | schema: answered
SELECT encode(ssn::bytea, 'base64') FROM people

-- encode-hex | result: refused | source: answered | schema: answered
SELECT encode(convert_to(ssn, 'UTF8'), 'hex') FROM people

-- encode-escape | result: refused | source: answered | schema: answered
SELECT encode(photo, 'escape') FROM people

-- encode-convert-from | result: refused | source: answered | schema: answered
SELECT convert_from(photo, 'UTF8') FROM people

-- encode-convert | result: refused | source: answered | schema: answered
SELECT convert(photo, 'UTF8', 'LATIN1') FROM people

-- encode-json-escape | result: refused | source: answered | schema: answered
SELECT to_json(ssn)::text FROM people

-- encode-reversed-base64 | result: refused | source: answered | schema: answered
SELECT reverse(encode(ssn::bytea, 'base64')) FROM people

-- encode-twice | result: refused | source: answered | schema: answered
SELECT encode(encode(ssn::bytea, 'hex')::bytea, 'base64') FROM people

-- encode-ascii | result: refused | source: answered | schema: answered
SELECT ascii(ssn), ascii(substr(ssn, 2)) FROM people

-- encode-bytes | result: refused | source: answered | schema: answered
SELECT get_byte(photo, 0), get_byte(photo, 1) FROM people

-- encode-bits | result: refused | source: answered | schema: answered
SELECT get_bit(photo, 0) FROM people

-- encode-md5 | result: refused | source: answered | schema: answered | a digest of a short number is as good as the number
SELECT md5(ssn), sha256(ssn::bytea) FROM people

-- encode-xor | result: refused | source: refused | schema: answered
SELECT points # 255, points << 1, ~points FROM people

-- encode-bit-string | result: refused | source: answered | schema: answered
SELECT ('x' || encode(photo, 'hex'))::text FROM people

-- encode-tsvector | result: refused | source: refused | schema: refused
SELECT ssn::tsvector FROM people

-- encode-tsvector-to-array | result: refused | source: refused | schema: refused
SELECT tsvector_to_array(code::tsvector) FROM people

-- encode-inet | result: refused | source: answered | schema: answered
SELECT ('10.0.0.0'::inet + points) FROM people

-- encode-interval | result: refused | source: answered | schema: answered
SELECT points * interval '1 second' FROM people

-- encode-chr | result: refused | source: answered | schema: answered
SELECT chr(ascii(ssn) + 1) FROM people

-- encode-uuid | result: refused | source: refused | schema: refused
SELECT md5(ssn)::uuid, ssn::uuid FROM people

-- encode-range | result: refused | source: answered | schema: answered
SELECT int4range(points, NULL), numrange(NULL, salary) FROM people

-- encode-point | result: refused | source: refused | schema: refused | points are not shown as they are
SELECT point(points, points) FROM people
