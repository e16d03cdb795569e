//! The key of a target's masks: fetched with the login, and the same on the target as here.

use std::sync::Arc;

use catalogue::Catalogue;
use credentials::{Error, MaskKey};
use request::Deadline;

use crate::scene::{LONGEST, play, text};

const MADE: &str =
    "CREATE TABLE people (id int, ssn text); INSERT INTO people VALUES (1, '536-90-4399')";

#[test]
fn a_statement_is_armed_with_the_key_that_its_target_names() {
    play("armed", MADE, async |scene| {
        let by = Arc::new(Catalogue::of(scene.survey().await).unwrap());
        let read = "SELECT id FROM people";
        assert!(scene.armed("shop", read, &by).await.unwrap().mask_key().is_none());
        let armed = scene.armed("keyed", read, &by).await.unwrap();
        let same = MaskKey::new(bytes().into());
        assert_eq!(armed.mask_key().unwrap().hmac(b"x"), same.hmac(b"x"));
    });
}

#[test]
fn what_is_no_key_of_32_bytes_is_none() {
    play("unkeyed", MADE, async |scene| {
        let by = Arc::new(Catalogue::of(scene.survey().await).unwrap());
        let armed = scene.armed("short", "SELECT id FROM people", &by).await;
        assert!(matches!(armed, Err(Error::Shape)));
    });
}

#[test]
fn the_target_makes_the_tokens_that_we_would_make() {
    play("tokens", MADE, async |scene| {
        let by = Arc::new(Catalogue::of(scene.survey().await).unwrap());
        let armed = scene.armed("keyed", "SELECT ssn FROM people", &by).await.unwrap();
        let executed =
            targets::execute(armed, &scene.driver, Deadline::within(LONGEST)).await.unwrap();
        let mac = MaskKey::new(bytes().into()).hmac(b"ssn\x00536-90-4399");
        let hex: String = mac.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let rows = text(executed.rows.get().json());
        assert!(rows.contains(&format!("tok_ssn_{hex}")), "{rows}");
    });
}

/// As in the scene's safe.
fn bytes() -> [u8; 32] {
    std::array::from_fn(|at| u8::try_from(at).unwrap())
}
