//! Items as rows of a table: which properties hold what.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use state::{Item, Key, Partition, Version};

/// A row, and the ETag it had.
pub(super) struct Row {
    pub(super) etag: String,
    /// `None`: the row says that there is no item.
    pub(super) item: Option<Item>,
    /// Unix seconds after which it may be forgotten.
    pub(super) expires_at: Option<u64>,
}

/// What has to be asked for to know the state of a row but not its value.
pub(super) const STATE: &str = "n,gone";
/// And to know whether it is over.
pub(super) const TIME: &str = "n,gone,expires_at";

/// The properties of an item. A value is cut into pieces of 64 KiB, the most that one holds.
pub(super) fn item(value: &[u8], fresh: &str, expires_at: Option<u64>) -> Map<String, Value> {
    let mut entity = Map::from_iter([("n".to_owned(), json!(fresh))]);
    for (number, piece) in value.chunks(PIECE).enumerate() {
        entity.insert(format!("v{number}@odata.type"), json!("Edm.Binary"));
        entity.insert(format!("v{number}"), json!(STANDARD.encode(piece)));
    }
    // What expires after the end of Edm.Int64 does not expire.
    if let Some(at) = expires_at.and_then(|at| i64::try_from(at).ok()) {
        entity.insert("expires_at@odata.type".to_owned(), json!("Edm.Int64"));
        entity.insert("expires_at".to_owned(), json!(at.to_string()));
    }
    entity
}

/// The properties of an absence.
pub(super) fn absence() -> Map<String, Value> {
    Map::from_iter([("gone".to_owned(), json!(true))])
}

/// The properties that leave an item as it is.
pub(super) fn unchanged(version: &Version) -> Map<String, Value> {
    Map::from_iter([("n".to_owned(), json!(version.0))])
}

/// Gives the properties their place in the table.
pub(super) fn placed(partition: &Partition, key: &Key, mut entity: Map<String, Value>) -> Value {
    entity.insert("PartitionKey".to_owned(), json!(partition.as_str()));
    entity.insert("RowKey".to_owned(), json!(key.as_str()));
    Value::Object(entity)
}

/// Reads a row; `None` if it is not one of ours.
pub(super) fn row(entity: &Value, etag: String) -> Option<Row> {
    if entity.get("gone").is_some_and(|gone| gone == true) {
        return Some(Row { etag, item: None, expires_at: None });
    }
    let version = Version(entity.get("n")?.as_str()?.to_owned());
    // A text: JSON's numbers are too short for Edm.Int64.
    let expires_at = entity.get("expires_at").and_then(Value::as_str);
    let expires_at = expires_at.and_then(|at| at.parse().ok());
    Some(Row { etag, item: Some(Item { value: value(entity)?, version }), expires_at })
}

fn value(entity: &Value) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    for number in 0.. {
        let Some(piece) = entity.get(format!("v{number}")) else { break };
        STANDARD.decode_vec(piece.as_str()?, &mut value).ok()?;
    }
    Some(value)
}

/// The partition of a row.
pub(super) fn partition(entity: &Value) -> Option<Partition> {
    Partition::new(entity.get("PartitionKey")?.as_str()?)
}

/// The key of a row.
pub(super) fn key(entity: &Value) -> Option<Key> {
    Key::new(entity.get("RowKey")?.as_str()?)
}

const PIECE: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_any_length_comes_back() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, state::VALUE_LIMIT] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let entity = Value::Object(item(&bytes, "mark", Some(u64::MAX)));
            let back = row(&entity, String::new()).unwrap();
            assert_eq!(back.expires_at, None, "later than there are moments");
            let back = back.item.unwrap();
            assert!(back.value == bytes, "{length}");
            assert_eq!(back.version, Version("mark".to_owned()));
        }
    }

    #[test]
    fn a_row_says_when_it_is_over() {
        let entity = Value::Object(item(b"x", "mark", Some(1_800_000_000)));
        assert_eq!(row(&entity, String::new()).unwrap().expires_at, Some(1_800_000_000));
        let ever = Value::Object(item(b"x", "mark", None));
        assert_eq!(row(&ever, String::new()).unwrap().expires_at, None);
    }

    #[test]
    fn a_row_without_a_version_is_not_ours() {
        assert!(row(&json!({"v0": "AA=="}), String::new()).is_none());
        assert!(row(&json!({"n": "a", "v0": "?"}), String::new()).is_none());
    }
}
