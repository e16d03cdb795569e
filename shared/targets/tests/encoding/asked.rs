//! Values of a request on their way to the server: which are taken, and that they arrive unchanged.

use serde_json::{Value, json};
use targets::postgres::params::{Error, Param, bind};
use tokio_postgres::Client;

use crate::{first, odd, slice};

/// Asks for `select $1::type`, or says why the value is not sent.
pub(crate) async fn echo(client: &Client, ty: &str, value: Value) -> Result<String, Error> {
    let statement = client.prepare(&format!("select $1::{ty}")).await.unwrap();
    let params = bind(&[value], statement.params())?;
    let row = client.query_one(&statement, &slice(&params)).await.unwrap();
    Ok(first(&row).unwrap())
}

/// Values in another spelling than an answer has.
const TAKEN: &[(&str, &str, &str)] = &[
    ("int8", "9007199254740993", r#""9007199254740993""#),
    ("int8", "null", "null"),
    ("numeric", "18446744073709551615", r#""18446744073709551615""#),
    ("numeric", r#""-0.10""#, r#""-0.10""#),
    ("float8", "3", "3"),
    ("float4", "0.1", "0.1"),
    ("bool", "null", "null"),
    ("json", "null", "null"),
    ("jsonb", r#"{"b":[1,"\"x\\"],"a":null}"#, r#"{"a": null, "b": [1, "\"x\\"]}"#),
    ("uuid", r#""A0EEBC999C0B4EF8BB6D6BB9BD380A11""#, r#""a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11""#),
    ("inet", r#""10.0.0.1/32""#, r#""10.0.0.1""#),
    ("inet", r#""2001:DB8::0:1""#, r#""2001:db8::1""#),
    ("cidr", r#""10.1.2.3""#, r#""10.1.2.3/32""#),
    ("date", r#""0001-02-29 BC""#, r#""0001-02-29 BC""#),
    ("time", r#""12:34""#, r#""12:34:00""#),
    ("timetz", r#""12:34Z""#, r#""12:34:00+00:00""#),
    ("timestamp", r#""2024-01-02 03:04""#, r#""2024-01-02T03:04:00""#),
    ("timestamptz", r#""2024-07-01T12:00:00.5+02:00""#, r#""2024-07-01T10:00:00.5Z""#),
    ("timestamptz", r#""2024-07-01 12:00-03:30""#, r#""2024-07-01T15:30:00Z""#),
    ("timestamptz", r#""10000-01-01T00:00Z""#, r#""10000-01-01T00:00:00Z""#),
    ("interval", r#""P2W""#, r#""P14D""#),
    ("interval", r#""PT36H""#, r#""PT36H""#),
    ("interval", r#""P-1Y2M""#, r#""P-10M""#),
    ("text[]", r#"["NULL",null,"a,b"," ","\\\"{}"]"#, r#"["NULL",null,"a,b"," ","\\\"{}"]"#),
    ("jsonb[]", r#"[[1,2],{"a":[]},null]"#, r#"[[1, 2],{"a": []},null]"#),
    ("int4[]", "[[1,null],[3,4]]", "[[1,null],[3,4]]"),
    ("ssn[]", r#"["078-05-1120"]"#, r#"["078-05-1120"]"#),
    ("grid[]", "[[[1]],[[2]]]", "[[[1]],[[2]]]"),
    (
        "int4range",
        r#"{"lower":1,"upper":null,"lower_inc":false,"upper_inc":true}"#,
        r#"{"lower":2,"upper":null,"lower_inc":true,"upper_inc":false}"#,
    ),
];

#[tokio::test]
async fn a_value_arrives_as_what_it_says() {
    let (_server, client) = odd().await;
    for (ty, sent, wanted) in TAKEN {
        let value: Value = serde_json::from_str(sent).unwrap();
        assert_eq!(echo(&client, ty, value).await.as_deref(), Ok(*wanted), "{ty} {sent}");
    }
}

/// Values that are not of the type, and the shape that is asked for instead.
const MISMATCHED: &[(&str, &str, &str)] = &[
    ("bool", r#""true""#, "true or false"),
    ("bool", "1", "true or false"),
    ("int2", "32768", "a whole number of 16 bits"),
    ("int4", r#""1""#, "a whole number of 32 bits"),
    ("int4", "1.0", "a whole number of 32 bits"),
    ("int4", "2147483648", "a whole number of 32 bits"),
    ("oid", "-1", "a whole number of 32 bits that is not negative"),
    ("int8", "9223372036854775808", INT8),
    ("int8", r#""1e3""#, INT8),
    ("int8", r#"" 1""#, INT8),
    ("numeric", "0.1", NUMERIC),
    ("numeric", r#""1e5""#, NUMERIC),
    ("numeric", r#"".""#, NUMERIC),
    ("numeric", r#""-""#, NUMERIC),
    ("numeric", r#""0x1F""#, NUMERIC),
    ("numeric", r#""1_000""#, NUMERIC),
    ("numeric", r#""nan""#, NUMERIC),
    ("float8", r#""0.1""#, FLOAT),
    ("float4", "1e39", FLOAT),
    ("float4", "1e-46", FLOAT),
    ("text", "1", TEXT),
    ("text", r#""a\u0000b""#, TEXT),
    ("text[]", r#"["a\u0000b"]"#, TEXT),
    ("jsonb", r#"{"a":["\u0000"]}"#, "JSON without \\u0000"),
    ("bytea", r#""AA""#, "base64 with its padding"),
    ("bytea", r#""\\x00""#, "base64 with its padding"),
    ("uuid", r#""a0eebc99""#, "a UUID"),
    ("inet", r#""10.1""#, "an IP address"),
    ("inet", r#""10.0.0.1/33""#, "an IP address"),
    ("inet", r#""fe80::1%eth0""#, "an IP address"),
    ("cidr", r#""10.0.0.1/8""#, "an IP network, as in 10.0.0.0/8"),
    ("mood", r#""happy""#, "one of its labels"),
    ("date", r#""today""#, "YYYY-MM-DD"),
    ("date", r#""02/03/2004""#, "YYYY-MM-DD"),
    ("timestamp", r#""2024-01-01T00:00:00Z""#, "YYYY-MM-DDTHH:MM:SS without a zone"),
    ("timestamptz", r#""2024-01-01T00:00:00""#, "YYYY-MM-DDTHH:MM:SS with a zone: Z or an offset"),
    (
        "timestamptz",
        r#""2024-01-01T00:00:00 Europe/Berlin""#,
        "YYYY-MM-DDTHH:MM:SS with a zone: Z or an offset",
    ),
    ("interval", r#""1 day""#, "an ISO 8601 duration, as in P1DT2H"),
    ("name", NAME, "text of at most 63 bytes without \\u0000"),
    ("\"char\"", r#""é""#, "one ASCII character, or none"),
    ("varbit", r#""xFF""#, "text of the digits 0 and 1"),
    ("macaddr", r#""08-00-2b-01-02-03""#, "six pairs of hex digits with colons between them"),
    ("int4[]", "1", ARRAY),
    ("int4[]", r#""{1}""#, ARRAY),
    ("int4[]", "[[1,2],[3]]", ARRAY),
    ("int4[]", "[[1],null]", ARRAY),
    ("int4[]", "[[]]", ARRAY),
    ("int4[]", "[[[[[[[1]]]]]]]", ARRAY),
    ("int4[]", "[1,[2]]", "a whole number of 32 bits"),
    ("place", r#"{"street":"a","mood":null}"#, "an object of exactly its fields"),
    (
        "place",
        r#"{"street":"a","mood":null,"Zip code":null,"x":1}"#,
        "an object of exactly its fields",
    ),
    ("place", r#"["a"]"#, "an object of exactly its fields"),
    ("place", r#"{"street":1,"Zip code":null,"mood":null}"#, TEXT),
    ("int4range", r#"{"lower":1,"upper":2}"#, RANGE),
    ("int4range", r#"{"empty":false}"#, RANGE),
    ("int4range", r#"{"lower":1,"upper":2,"lower_inc":true,"upper_inc":true,"x":1}"#, RANGE),
    ("int4range", r#"{"empty":true,"lower":1}"#, RANGE),
    ("int4range", r#""[1,2)""#, RANGE),
    ("int4multirange", "{}", "an array of ranges"),
    ("hstore", r#"{"a":1}"#, "an object of text and nulls"),
];

const ARRAY: &str = "an array whose rows are equally long";
const FLOAT: &str = "a number of its range, or \"NaN\", \"Infinity\", \"-Infinity\"";
const INT8: &str = "a whole number of 64 bits, or its text";
const NAME: &str = r#""0123456789012345678901234567890123456789012345678901234567890123""#;
const NUMERIC: &str = "the text of a decimal number, or a whole number";
const RANGE: &str = "{\"empty\": true} or an object of lower, upper, lower_inc and upper_inc";
const TEXT: &str = "text without \\u0000";

#[tokio::test]
async fn a_mismatch_names_the_parameter_and_its_type_and_not_the_value() {
    let (_server, client) = odd().await;
    for (ty, sent, wanted) in MISMATCHED {
        let value: Value = serde_json::from_str(sent).unwrap();
        let statement = client.prepare(&format!("select $1::int4, $2::{ty}")).await.unwrap();
        let error = bind(&[json!(1), value], statement.params()).unwrap_err();
        let named = ty.trim_matches('"');
        assert_eq!(
            error.to_string(),
            format!("parameter $2 is not of type `{named}`: send {wanted}"),
            "{sent}"
        );
    }
}

#[tokio::test]
async fn a_type_that_is_not_taken_comes_with_the_way_around_it() {
    let (_server, client) = odd().await;
    for (ty, named) in [("point", "point"), ("regclass[]", "regclass"), ("oidvector", "oidvector")]
    {
        let error = echo(&client, ty, json!(["x"])).await.unwrap_err();
        let wanted = format!(
            "parameter $1 needs a `{named}`, which is not taken: write `$1::text::{named}`"
        );
        assert_eq!(error.to_string(), wanted);
    }
    assert_eq!(
        echo(&client, "text::regclass::text", json!("pg_class")).await,
        Ok(r#""pg_class""#.into())
    );
}

#[tokio::test]
async fn there_are_as_many_values_as_parameters() {
    let (_server, client) = odd().await;
    let statement = client.prepare("select $1::int4").await.unwrap();
    for values in [vec![], vec![json!(1), json!(2)]] {
        let given = values.len();
        let error = bind(&values, statement.params()).unwrap_err();
        assert_eq!(error, Error::Count { wanted: 1, given });
    }
}

#[tokio::test]
async fn nothing_that_was_sent_is_printed() {
    let (_server, client) = odd().await;
    let statement = client.prepare("select $1::text").await.unwrap();
    let params: Vec<Param> = bind(&[json!("hunter2")], statement.params()).unwrap();
    assert_eq!(format!("{params:?}"), "[Param(_)]");
}

#[tokio::test]
async fn what_grows_with_each_level_of_quotes_has_an_end() {
    let (_server, client) = odd().await;
    let statement = client.prepare("select $1::place[]").await.unwrap();
    let street = "\\".repeat(3 * 1024 * 1024);
    let value = json!([{"street": street, "Zip code": null, "mood": null}]);
    assert_eq!(bind(&[value], statement.params()).unwrap_err(), Error::Long(1));
}
