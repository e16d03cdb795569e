//! Strict JSON in, canonical JSON out.
//!
//! In: no key twice in an object at any depth (also not spelt with escapes), a bounded depth, no
//! bytes after the document. Out: RFC 8785 (JCS) for the subset that Postern writes: objects with
//! ASCII keys, strings, booleans, null and integers up to 2^53.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::Error;

/// Reads one JSON document whose nesting is at most `depth`.
///
/// # Errors
/// Not UTF-8, not JSON, deeper than `depth`, a key twice in one object, or bytes after the end.
pub fn strict(bytes: &[u8], depth: usize) -> Result<Value, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::Json("not UTF-8".into()))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { depth }.deserialize(&mut reader).map_err(told)?;
    reader.end().map_err(told)?;
    Ok(value)
}

/// Reads one JSON document strictly and then as `T`, so that a key twice or an unknown field is told
/// apart from a wrong type.
///
/// # Errors
/// As [`strict`], or when the document is not a `T`.
pub fn strict_as<T: serde::de::DeserializeOwned>(bytes: &[u8], depth: usize) -> Result<T, Error> {
    T::deserialize(strict(bytes, depth)?).map_err(told)
}

/// Writes `value` as RFC 8785 has it, for the subset named above.
#[must_use]
pub fn canonical(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write(value, &mut out);
    out
}

/// What `serde_json` says, without the piece of the document it may quote.
fn told(error: serde_json::Error) -> Error {
    let text = error.to_string();
    // "invalid type: string \"hunter2\", expected u64 at line 1 column 9" quotes a value.
    let clean = match text.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => text,
    };
    Error::Json(clean)
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(members) => {
            // Sorted here, whatever the order that the map of this build keeps. Bytes sort as UTF-16
            // does, because our keys are ASCII.
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_unstable();
            out.push(b'{');
            for (n, key) in keys.into_iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(Value::from(key.as_str()).to_string().as_bytes());
                out.push(b':');
                if let Some(member) = members.get(key) {
                    write(member, out);
                }
            }
            out.push(b'}');
        }
        scalar => out.extend_from_slice(scalar.to_string().as_bytes()),
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut members = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(A::Error::custom("a key stands twice in one object"));
            }
            let member = map.next_value_seed(inner)?;
            members.insert(key, member);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_twice_is_refused_at_any_depth_and_in_any_spelling() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"x":{"a":1,"\u0061":2}}]"#] {
            let error = strict(text.as_bytes(), 8).unwrap_err();
            assert!(error.to_string().contains("stands twice"), "{error}");
        }
    }

    #[test]
    fn nesting_ends_at_the_given_depth() {
        assert!(strict(b"[[[1]]]", 3).is_ok());
        assert!(strict(b"[[[1]]]", 2).is_err());
        assert!(strict("[".repeat(1_000_000).as_bytes(), 24).is_err());
    }

    #[test]
    fn nothing_may_follow_the_document() {
        assert!(strict(b"{} ", 2).is_ok());
        assert!(strict(b"{}{}", 2).is_err());
        assert!(strict(b"\xff", 2).is_err());
    }

    #[test]
    fn an_error_does_not_quote_the_document() {
        #[derive(Debug, serde::Deserialize)]
        struct Want {
            #[expect(dead_code, reason = "read by nobody: the test wants the error")]
            n: u64,
        }
        let error = strict_as::<Want>(br#"{"n":"hunter2"}"#, 4).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn canonical_bytes_are_those_of_rfc_8785_for_what_we_write() {
        // Keys sorted, no space, the short escapes, everything else as it is (RFC 8785, 3.2).
        let value = strict("{\"b\":[1,true,null],\"a\":\"\\u20ac\\u000f\\n\\\"\"}".as_bytes(), 4);
        let bytes = canonical(&value.unwrap());
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"a\":\"€\\u000f\\n\\\"\",\"b\":[1,true,null]}"
        );
    }
}
