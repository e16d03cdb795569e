//! Values of every type and the JSON they must become.

use Text::{Json, Moment, Number, Other, Same};

/// How PostgreSQL's own text of a value is to be compared with ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// What `to_jsonb` makes of the value is the same document.
    Json,
    /// `T` for the blank and `Z` for `+00`.
    Moment,
    /// It is the same number.
    Number,
    /// It cannot be compared.
    Other,
    /// It is the same text.
    Same,
}

macro_rules! range {
    ($lower:literal, $upper:literal, $from:literal, $to:literal) => {
        concat!(
            r#"{"lower":"#,
            $lower,
            r#","upper":"#,
            $upper,
            r#","lower_inc":"#,
            $from,
            r#","upper_inc":"#,
            $to,
            "}"
        )
    };
}

/// What the values below are made of.
pub(crate) const TYPES: &str = r#"
    create extension citext;
    create extension hstore;
    create extension ltree;
    create type mood as enum ('sad', 'so "so"', 'Glück');
    create domain ssn as text check (value ~ '^\d{3}-\d{2}-\d{4}$');
    create domain grid as int4[];
    create type place as (street text, "Zip code" varchar(10), mood mood);
    create type person as (id int8, name text, homes place[], born date, card ssn, "a""b" jsonb);
    create type nothing as ();
    create type floats as range (subtype = float8);
    create type texts as range (subtype = text, collation = "C");
    create table altered (a int4, gone text, b text);
    alter table altered drop column gone;
    create table held (v person, w altered);
"#;

/// An expression, its JSON, and how the server's text compares.
pub(crate) const VALUES: &[(&str, &str, Text)] = &[
    // Booleans and numbers.
    ("true", "true", Same),
    ("false", "false", Same),
    ("null::bool", "null", Other),
    ("'-32768'::int2", "-32768", Same),
    ("32767::int2", "32767", Same),
    ("'-2147483648'::int4", "-2147483648", Same),
    ("2147483647", "2147483647", Same),
    ("0", "0", Same),
    ("'-9223372036854775808'::int8", r#""-9223372036854775808""#, Same),
    ("9007199254740993", r#""9007199254740993""#, Same),
    ("4294967295::oid", "4294967295", Same),
    ("'7'::xid", r#""7""#, Same),
    ("'18446744073709551615'::xid8", r#""18446744073709551615""#, Same),
    ("'3'::cid", r#""3""#, Same),
    ("'16/B374D848'::pg_lsn", r#""16/B374D848""#, Same),
    ("'(42,7)'::tid", r#""(42,7)""#, Same),
    ("0.1::float8", "0.1", Number),
    ("'-0'::float8", "-0", Number),
    ("1e300::float8", "1e300", Number),
    ("5e-324::float8", "5e-324", Number),
    ("100000000000000000000::float8", "1e20", Number),
    ("3::float8", "3", Number),
    ("1.7976931348623157e308::float8", "1.7976931348623157e308", Number),
    ("'NaN'::float8", r#""NaN""#, Same),
    ("'Infinity'::float8", r#""Infinity""#, Same),
    ("'-Infinity'::float4", r#""-Infinity""#, Same),
    ("0.1::float4", "0.1", Number),
    ("16777216::float4", "16777216", Number),
    ("3.4028235e38::float4", "3.4028235e38", Number),
    ("1e-45::float4", "1e-45", Number),
    ("0::numeric", r#""0""#, Same),
    ("0.00::numeric", r#""0.00""#, Same),
    ("1.10::numeric", r#""1.10""#, Same),
    ("'-0.0001'::numeric", r#""-0.0001""#, Same),
    ("10000::numeric", r#""10000""#, Same),
    ("100000000::numeric(20,3)", r#""100000000.000""#, Same),
    ("12345678901234567890.123456789", r#""12345678901234567890.123456789""#, Same),
    ("1e-20::numeric", r#""0.00000000000000000001""#, Same),
    ("9999.9999", r#""9999.9999""#, Same),
    ("'1e40'::numeric", r#""10000000000000000000000000000000000000000""#, Same),
    ("12345::numeric(5,-2)", r#""12300""#, Same),
    ("'NaN'::numeric", r#""NaN""#, Same),
    ("'Infinity'::numeric", r#""Infinity""#, Same),
    ("'-Infinity'::numeric", r#""-Infinity""#, Same),
    // Text.
    ("''::text", r#""""#, Same),
    ("E'a\"b\\\\c\\n\\t\\u0001\u{2028}'", "\"a\\\"b\\\\c\\n\\t\\u0001\u{2028}\"", Same),
    ("'Grüße, 世界 🐘'::varchar(20)", r#""Grüße, 世界 🐘""#, Same),
    ("'ab'::char(4)", r#""ab  ""#, Other),
    ("'pg_class'::name", r#""pg_class""#, Same),
    ("'x'::\"char\"", r#""x""#, Same),
    ("''::\"char\"", r#""""#, Same),
    ("'ABC'::citext", r#""ABC""#, Same),
    ("'unknown'", r#""unknown""#, Same),
    ("'so \"so\"'::mood", r#""so \"so\"""#, Same),
    ("'Glück'::mood", r#""Glück""#, Same),
    ("'078-05-1120'::ssn", r#""078-05-1120""#, Same),
    ("'<a href=\"x\">&amp;</a>'::xml", r#""<a href=\"x\">&amp;</a>""#, Same),
    ("'Top.Science.*{1,2}'::lquery", r#""Top.Science.*{1,2}""#, Same),
    ("'Top.Science'::ltree", r#""Top.Science""#, Same),
    ("'$.\"a\"[*]?(@ > 1)'::jsonpath", r#""$.\"a\"[*]?(@ > 1)""#, Same),
    // Bytes, bits, addresses.
    ("'\\x'::bytea", r#""""#, Other),
    ("'\\x00ff10deadbeef'::bytea", r#""AP8Q3q2+7w==""#, Other),
    ("B''::varbit", r#""""#, Same),
    ("B'101'", r#""101""#, Same),
    ("B'1010101011'::varbit", r#""1010101011""#, Same),
    (
        "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid",
        r#""a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11""#,
        Same,
    ),
    ("'192.168.0.1'::inet", r#""192.168.0.1""#, Other),
    ("'192.168.0.1/24'::inet", r#""192.168.0.1/24""#, Same),
    ("'10.0.0.0/8'::cidr", r#""10.0.0.0/8""#, Same),
    ("'10.0.0.1'::cidr", r#""10.0.0.1/32""#, Same),
    ("'::/0'::cidr", r#""::/0""#, Same),
    ("'2001:db8:0:0:1:0:0:1/64'::inet", r#""2001:db8::1:0:0:1/64""#, Same),
    ("'2001:db8:0:1:1:1:1:1/64'::inet", r#""2001:db8:0:1:1:1:1:1/64""#, Same),
    ("'::ffff:1.2.3.4/100'::inet", r#""::ffff:1.2.3.4/100""#, Same),
    ("'::1.2.0.0/100'::inet", r#""::1.2.0.0/100""#, Same),
    ("'::1/100'::inet", r#""::1/100""#, Same),
    ("'08:00:2b:01:02:0f'::macaddr", r#""08:00:2b:01:02:0f""#, Same),
    ("'08:00:2b:01:02:03:04:ff'::macaddr8", r#""08:00:2b:01:02:03:04:ff""#, Same),
    // Dates and times.
    ("'2024-02-29'::date", r#""2024-02-29""#, Same),
    ("'1999-12-31'::date", r#""1999-12-31""#, Same),
    ("'0044-03-15 BC'::date", r#""0044-03-15 BC""#, Same),
    ("'4714-11-24 BC'::date", r#""4714-11-24 BC""#, Same),
    ("'5874897-12-31'::date", r#""5874897-12-31""#, Same),
    ("'infinity'::date", r#""infinity""#, Same),
    ("'-infinity'::date", r#""-infinity""#, Same),
    ("'00:00'::time", r#""00:00:00""#, Same),
    ("'24:00'::time", r#""24:00:00""#, Same),
    ("'13:14:15.000160'::time", r#""13:14:15.00016""#, Same),
    ("'13:14:15+05:30'::timetz", r#""13:14:15+05:30""#, Same),
    ("'13:14:15.5-03:30:15'::timetz", r#""13:14:15.5-03:30:15""#, Same),
    ("'13:14:15Z'::timetz", r#""13:14:15+00:00""#, Other),
    ("'2024-02-29 13:14:15.123456'::timestamp", r#""2024-02-29T13:14:15.123456""#, Moment),
    ("'1969-12-31 23:59:59.999999'::timestamp", r#""1969-12-31T23:59:59.999999""#, Moment),
    ("'294276-12-31 23:59:59'::timestamp", r#""294276-12-31T23:59:59""#, Moment),
    ("'4713-01-01 00:00:00 BC'::timestamp", r#""4713-01-01T00:00:00 BC""#, Moment),
    ("'-infinity'::timestamp", r#""-infinity""#, Same),
    ("'2024-07-01 12:00:00+02'::timestamptz", r#""2024-07-01T10:00:00Z""#, Moment),
    ("'2024-01-01 00:00:00.5-08'::timestamptz", r#""2024-01-01T08:00:00.5Z""#, Moment),
    ("'0044-03-15 12:00:00+00 BC'::timestamptz", r#""0044-03-15T12:00:00Z BC""#, Moment),
    ("'infinity'::timestamptz", r#""infinity""#, Same),
    ("'0'::interval", r#""PT0S""#, Same),
    ("'1 year 2 mons 3 days 04:05:06.789'::interval", r#""P1Y2M3DT4H5M6.789S""#, Same),
    ("'-1 year +2 days -00:00:00.5'::interval", r#""P-1Y2DT-0.5S""#, Same),
    ("'-13 months -100:00:01'::interval", r#""P-1Y-1MT-100H-1S""#, Same),
    ("'2562047788:00:54.775807'::interval", r#""PT2562047788H54.775807S""#, Same),
    ("'178000000 years'::interval", r#""P178000000Y""#, Same),
    // JSON as the server has it.
    (r#"'{"a": [1, 2.50, null], "a": 1e2 }'::json"#, r#"{"a": [1, 2.50, null], "a": 1e2 }"#, Same),
    (r#"'{"b":1,"a":"\u00e9\n"}'::jsonb"#, r#"{"a": "é\n", "b": 1}"#, Same),
    ("'null'::jsonb", "null", Same),
    ("'\"x\"'::json", r#""x""#, Same),
    ("'a=>1, \"b c\"=>NULL, d=>\"say \\\"hi\\\"\"'::hstore", HSTORE, Other),
    ("''::hstore", "{}", Other),
    // Arrays.
    ("'{}'::int4[]", "[]", Json),
    ("array[1,null,3]", "[1,null,3]", Json),
    ("'[5:6]={1,2}'::int4[]", "[1,2]", Json),
    ("array[[1,2],[3,4]]", "[[1,2],[3,4]]", Json),
    ("array[[[true]],[[false]]]", "[[[true]],[[false]]]", Json),
    ("array[9007199254740993]", r#"["9007199254740993"]"#, Other),
    (r#"array['a"b', null, 'NULL', '{}', '\', '']"#, r#"["a\"b",null,"NULL","{}","\\",""]"#, Json),
    ("array['078-05-1120']::ssn[]", r#"["078-05-1120"]"#, Json),
    ("array['sad']::mood[]", r#"["sad"]"#, Json),
    (r#"array['[1]', '{"a": 2}', null]::jsonb[]"#, r#"[[1],{"a": 2},null]"#, Json),
    ("array['{1,2}', '{3}']::grid[]", "[[1,2],[3]]", Json),
    ("'{{1,2}}'::grid", "[[1,2]]", Json),
    ("array['a=>1']::hstore[]", r#"[{"a":"1"}]"#, Json),
    ("'1 2 3'::int2vector", "[1,2,3]", Other),
    ("array['\\x00'::bytea]", r#"["AA=="]"#, Other),
    ("array['2024-01-01 00:00Z'::timestamptz]", r#"["2024-01-01T00:00:00Z"]"#, Other),
    ("array[1.50, 'NaN']", r#"["1.50","NaN"]"#, Other),
    // Ranges.
    ("'[1,5]'::int4range", range!("1", "6", true, false), Other),
    ("'empty'::int4range", r#"{"empty":true}"#, Other),
    ("'(,)'::int8range", range!("null", "null", false, false), Other),
    ("'(1.5,2.50]'::numrange", range!("\"1.5\"", "\"2.50\"", false, true), Other),
    (
        "'[2024-01-01,infinity)'::daterange",
        range!("\"2024-01-01\"", "\"infinity\"", true, false),
        Other,
    ),
    ("'[,2.5)'::floats", range!("null", "2.5", false, false), Other),
    (r#"texts('a"]', 'b\,', '[]')"#, range!(r#""a\"]""#, r#""b\\,""#, true, true), Other),
    ("'{}'::int4multirange", "[]", Other),
    ("array['[1,2)'::int4range]", concat!("[", range!("1", "2", true, false), "]"), Other),
    (
        "'{[1,3),[5,)}'::int4multirange",
        concat!("[", range!("1", "3", true, false), ",", range!("5", "null", true, false), "]"),
        Other,
    ),
    // Composites.
    ("row()::nothing", "{}", Json),
    ("row('a ''\"\\ b', null, 'sad')::place", PLACE, Json),
    (
        "row(7, 'Ann', array[row('x', '1', null)::place, null], '2000-01-01', '078-05-1120', '[1]')::person",
        PERSON,
        Other,
    ),
    ("row(1, 'b')::altered", r#"{"a":1,"b":"b"}"#, Json),
    ("array[row(1, '}'), row(null, null)]::altered[]", ALTERED, Json),
];

/// Expressions whose values are refused, and the type that is to blame.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    ("'(1,2)'::point", "point"),
    ("'((1,2),(3,4))'::box", "box"),
    ("array['((1,2),(3,4))'::box]", "box"),
    ("'12.34'::money", "money"),
    ("'a b'::tsvector", "tsvector"),
    ("'a & b'::tsquery", "tsquery"),
    ("row(1, 2)", "record"),
    ("array[row(1, 2)]", "_record"),
    // The driver does not learn what a multirange made here is of.
    ("'{}'::texts_multirange", "texts_multirange"),
    ("'pg_class'::regclass", "regclass"),
    ("'10:20:10,15'::pg_snapshot", "pg_snapshot"),
];

const HSTORE: &str = r#"{"a":"1","d":"say \"hi\"","b c":null}"#;
const PLACE: &str = r#"{"street":"a '\"\\ b","Zip code":null,"mood":"sad"}"#;
const PERSON: &str = concat!(
    r#"{"id":"7","name":"Ann","homes":[{"street":"x","Zip code":"1","mood":null},null],"#,
    r#""born":"2000-01-01","card":"078-05-1120","a\"b":[1]}"#
);
const ALTERED: &str = r#"[{"a":1,"b":"}"},{"a":null,"b":null}]"#;
