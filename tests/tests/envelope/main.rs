//! A kept result is opened by the libraries that agents are written with: jose in Node, joserfc in
//! Python.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

// The very file of `enforce`, which lends it to nobody: what it seals goes into the store only.
#[path = "../../../shared/enforce/src/envelope.rs"]
mod envelope;

mod others;

use std::{fs, path::Path};

use identity::OwnerKey;
use serde_json::{Value, json};

/// Rows as they are kept, some of them not ASCII, and what is hard on those who cut texts.
fn content() -> Value {
    json!({
        "columns": [{ "name": "id" }, { "name": "note" }],
        "rows": (0..500).map(|id| json!([id, format!("línea {id} \u{202e}\u{0} 🦀 \"…\"")])).collect::<Vec<_>>(),
    })
}

#[test]
fn each_library_makes_a_key_and_opens_what_was_sealed_to_it() {
    for opener in others::ALL {
        let folder = tempfile::tempdir().unwrap();
        let owner = opener.makes_a_key(folder.path());
        let contents = [json!({}), content()];
        for (number, content) in contents.iter().enumerate() {
            let sealed = envelope::seal(&owner, content.to_string().as_bytes()).unwrap();
            fs::write(folder.path().join(format!("{number}.jwe")), sealed).unwrap();
        }
        assert_eq!(opener.opens(folder.path(), contents.len()), contents, "{opener:?}");
    }
}

#[test]
fn no_library_opens_what_was_sealed_to_another() {
    for opener in others::ALL {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _ = opener.makes_a_key(folder.path());
        let stranger: OwnerKey = opener.makes_a_key(elsewhere.path());
        let sealed = envelope::seal(&stranger, b"{}").unwrap();
        fs::write(folder.path().join("0.jwe"), sealed).unwrap();
        assert_eq!(opener.opens(folder.path(), 1), [Value::Null], "{opener:?}");
    }
}

/// What both programs read of a folder, and where they leave what they made.
fn read(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}
