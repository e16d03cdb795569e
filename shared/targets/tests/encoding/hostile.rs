//! A server that sends what PostgreSQL never would: no bytes end the process or break out of a value.

use masking::Cell;
use proptest::prelude::*;
use serde_json::Value;
use targets::postgres::encode::{DEPTH, Error, LIMIT, Raw, encode, showable};
use tokio_postgres::types::{Field, Kind, Type};

use crate::{json, odd, values::VALUES};

/// Every type that PostgreSQL brings along, by its OID.
fn built_in() -> Vec<Type> {
    (1..10_000).filter_map(Type::from_oid).collect()
}

fn made(name: &str, kind: Kind) -> Type {
    Type::new(name.into(), 20_000, kind, "public".into())
}

/// The type itself and each way in which another type can hold it.
fn holders(ty: &Type) -> Vec<Type> {
    let field = |name: &str| Field::new(name.into(), ty.clone());
    vec![
        ty.clone(),
        made("array", Kind::Array(ty.clone())),
        made("composite", Kind::Composite(vec![field("a"), field("b\"")])),
        made("domain", Kind::Domain(ty.clone())),
        made("multirange", Kind::Multirange(ty.clone())),
        made("range", Kind::Range(ty.clone())),
    ]
}

/// Whatever came in, what comes out is one value of JSON.
fn sound(ty: &Type, raw: &[u8]) {
    match encode(ty, Some(raw)) {
        Ok(Cell::Number(text)) => drop(text.parse::<serde_json::Number>().unwrap()),
        // As deep as it may be, which is deeper than `Value` reads.
        Ok(cell) => drop(serde_json::from_str::<serde::de::IgnoredAny>(&json(cell)).unwrap()),
        Err(Error::Type(_)) if showable(ty).is_ok() => panic!("{ty} is showable and not shown"),
        Err(_) => {}
    }
}

/// The head of an array, a composite or a range around the bytes, so that they are read as a part.
fn dressed(ty: &Type, raw: &[u8]) -> Vec<u8> {
    let length = u32::try_from(raw.len()).unwrap().to_be_bytes();
    match ty.kind() {
        Kind::Array(of) => {
            let head: [u32; 5] = [1, 0, of.oid(), 1, 1];
            [&head.map(u32::to_be_bytes).concat()[..], &length, raw].concat()
        }
        Kind::Composite(fields) => {
            let part = [&fields[0].type_().oid().to_be_bytes()[..], &length, raw].concat();
            [&2_u32.to_be_bytes()[..], &part, &part].concat()
        }
        Kind::Range(_) => [&[2][..], &length, raw, &length, raw].concat(),
        _ => raw.to_vec(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_bytes_end_the_process(raw in prop::collection::vec(any::<u8>(), 0..40)) {
        for ty in built_in().iter().flat_map(holders) {
            sound(&ty, &raw);
            sound(&ty, &dressed(&ty, &raw));
        }
    }
}

#[tokio::test]
async fn no_change_to_a_message_ends_the_process() {
    let (_server, client) = odd().await;
    for (sql, _, _) in VALUES {
        let row = client.query_one(&format!("select {sql}"), &[]).await.unwrap();
        let Raw(raw) = row.try_get(0).unwrap();
        let (ty, raw) = (row.columns()[0].type_(), raw.unwrap_or_default());
        for at in 0..raw.len() {
            sound(ty, &raw[..at]);
            for other in [0, 1, 0x7F, 0x80, 0xFF, raw[at].wrapping_add(1), raw[at] ^ 0x20] {
                let mut raw = raw.to_vec();
                raw[at] = other;
                sound(ty, &raw);
            }
        }
        assert!(
            encode(ty, Some(&[raw, b"x"].concat())).is_err() || ENDLESS.contains(&ty.name()),
            "{sql}"
        );
    }
}

/// Types without a length or an end of their own.
const ENDLESS: [&str; 14] = [
    "bpchar", "bytea", "citext", "jsonpath", "lquery", "ltree", "mood", "name", "ssn", "text",
    "varchar", "xml", "bytea", "unknown",
];

#[test]
fn a_count_without_its_elements_is_malformed_before_anything_is_made_of_it() {
    let many = i32::MAX.to_be_bytes();
    let oid = Type::INT4.oid().to_be_bytes();
    let one = [&1_u32.to_be_bytes()[..], &[0; 4], &oid, &many, &[0; 4]].concat();
    assert_eq!(encode(&Type::INT4_ARRAY, Some(&one)).err(), Some(Error::Malformed));
    let row = [&many[..], &[0; 4]].concat();
    let six = [&6_u32.to_be_bytes()[..], &[0; 4], &oid, &row.repeat(6)].concat();
    assert_eq!(encode(&Type::INT4_ARRAY, Some(&six)).err(), Some(Error::Malformed));
    for ty in [Type::INT4MULTI_RANGE, Type::VARBIT] {
        assert_eq!(encode(&ty, Some(&many)).err(), Some(Error::Malformed));
    }
}

#[test]
fn an_element_of_another_type_than_was_named_is_malformed() {
    let element = dressed(&Type::INT4_ARRAY, &7_u32.to_be_bytes());
    assert_eq!(encode(&Type::INT4_ARRAY, Some(&element)).ok().map(json), Some("[7]".into()));
    assert_eq!(encode(&Type::OID_ARRAY, Some(&element)).err(), Some(Error::Malformed));
}

#[test]
fn a_key_or_a_field_twice_is_malformed() {
    let hstore = made("hstore", Kind::Simple);
    let pair = [&1_u32.to_be_bytes()[..], b"k", &1_u32.to_be_bytes(), b"v"].concat();
    let raw = |count: u32| [&count.to_be_bytes()[..], &pair.repeat(count as usize)].concat();
    assert_eq!(encode(&hstore, Some(&raw(1))).ok().map(json), Some(r#"{"k":"v"}"#.into()));
    assert_eq!(encode(&hstore, Some(&raw(2))).err(), Some(Error::Malformed));
    let field = || Field::new("a".into(), Type::BOOL);
    let row = made("row", Kind::Composite(vec![field(), field()]));
    assert_eq!(encode(&row, Some(&dressed(&row, &[1]))).err(), Some(Error::Malformed));
}

#[test]
fn types_within_types_have_an_end() {
    let mut ty = Type::BOOL;
    for _ in 0..DEPTH {
        ty = made("domain", Kind::Domain(ty));
    }
    assert_eq!(encode(&ty, Some(&[1])).err(), Some(Error::Type("bool".into())));
    let Kind::Domain(inner) = ty.kind() else { panic!("made a domain") };
    assert_eq!(encode(inner, Some(&[1])).ok().map(json), Some("true".into()));
}

#[test]
fn what_is_longer_than_the_limit_is_refused() {
    let long = vec![b'a'; LIMIT];
    assert!(encode(&Type::TEXT, Some(&long)).is_ok());
    assert_eq!(encode(&Type::BYTEA, Some(&long)).err(), Some(Error::Long));
    assert_eq!(encode(&Type::TEXT, Some(&[&long[..], b"a"].concat())).err(), Some(Error::Long));
    // Neither is read to its end first.
    let no_text = vec![0xFF; LIMIT + 1];
    assert_eq!(encode(&Type::TEXT, Some(&no_text)).err(), Some(Error::Long));
    // Ten bytes that name 131,072 digits, a hundred times, and then none.
    let element = [&10_u32.to_be_bytes()[..], &[0, 1, 0x7F, 0xFF, 0, 0, 0, 0, 0, 1]].concat();
    let head = [1, 0, Type::NUMERIC.oid(), 200, 1].map(u32::to_be_bytes).concat();
    let array = [&head[..], &element.repeat(100)].concat();
    assert_eq!(encode(&Type::NUMERIC_ARRAY, Some(&array)).err(), Some(Error::Long));
}

#[test]
fn a_digit_that_base_10_000_does_not_have_is_malformed() {
    let digit = |digit: u16| {
        let raw = [1, 0, 0, 0, digit].map(u16::to_be_bytes).concat();
        encode(&Type::NUMERIC, Some(&raw)).map(json)
    };
    assert_eq!(digit(9_999), Ok(r#""9999""#.into()));
    assert_eq!(digit(10_000), Err(Error::Malformed));
}

#[test]
fn text_is_borrowed_and_json_too() {
    for (ty, raw) in [(Type::TEXT, &b"a"[..]), (Type::JSON, b"[1]"), (Type::JSONB, b"\x01[1]")] {
        let Ok(Cell::Text(text) | Cell::Json(text)) = encode(&ty, Some(raw)) else {
            panic!("{ty} is text")
        };
        assert!(matches!(text, std::borrow::Cow::Borrowed(_)), "{ty}");
    }
}

#[test]
fn null_is_null_of_any_type() {
    for ty in [Type::INT4, Type::POINT, Type::JSONB, made("range", Kind::Range(Type::INT4))] {
        assert_eq!(encode(&ty, None).ok().map(json), Some(Value::Null.to_string()));
    }
}
