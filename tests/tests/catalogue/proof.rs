//! Whatever a verdict rests on is proven where the statement runs.

use std::{sync::Arc, time::Duration};

use catalogue::Catalogue;
use request::Deadline;
use targets::Error;
use tokio::time::timeout;

use crate::scene::{LONGEST, Scene, play, play_alone, text};

/// What comes of a statement before which the superuser has run this, after it was decided.
async fn ran(scene: &Scene, statement: &str, between: &str) -> Result<String, Error> {
    let by = Arc::new(Catalogue::of(scene.survey().await).unwrap());
    let armed = scene.armed("shop", statement, &by).await.unwrap();
    scene.admin(between).await;
    let executed = targets::execute(armed, &scene.driver, Deadline::within(LONGEST)).await?;
    Ok(text(executed.rows.get().json()))
}

const MADE: &str = "
    CREATE TABLE base (id int, name text); INSERT INTO base VALUES (1, 'one');
    CREATE VIEW inner_view AS SELECT id, name FROM base;
    CREATE VIEW seen AS SELECT id, name FROM inner_view;
    CREATE TABLE parent (id int); CREATE TABLE child () INHERITS (parent);
    CREATE TABLE grandchild () INHERITS (child); CREATE TABLE other (id int);
    CREATE TYPE mood AS ENUM ('good')";

#[test]
fn a_change_that_the_verdict_rests_on_is_found() {
    play_alone("proven", MADE, async |scene| {
        for (statement, change) in [
            ("SELECT name FROM base", "ALTER TABLE base ADD COLUMN ssn text"),
            ("SELECT name FROM seen", "ALTER TABLE base ADD COLUMN card text"),
            (
                "SELECT name FROM seen",
                "CREATE OR REPLACE VIEW inner_view AS SELECT id, upper(name) AS name FROM base",
            ),
            ("SELECT id FROM parent", "ALTER TABLE other INHERIT grandchild"),
            ("SELECT id FROM grandchild", "CREATE TABLE further () INHERITS (parent)"),
            ("SELECT id FROM other", "CREATE POLICY few ON other USING (id > 1)"),
            (
                "SELECT lower(name) FROM base",
                "CREATE FUNCTION lower(int) RETURNS text LANGUAGE sql AS 'SELECT $$$$'",
            ),
            (
                "SELECT id FROM base WHERE id = 1",
                "CREATE FUNCTION same(int, text) RETURNS bool LANGUAGE sql AS 'SELECT true';
              CREATE OPERATOR = (FUNCTION = same, LEFTARG = int, RIGHTARG = text)",
            ),
            ("SELECT id::text FROM base", "CREATE TYPE text AS ENUM ('x')"),
            ("SELECT name FROM base", "CREATE CAST (int AS mood) WITH INOUT"),
            ("DELETE FROM base WHERE id = 7", "ALTER TABLE base DROP COLUMN card"),
            // The server cannot even read these any more.
            ("SELECT name FROM base", "ALTER TABLE base RENAME COLUMN name TO title"),
            ("UPDATE base SET title = 'x' WHERE id = 1", "DROP TABLE base CASCADE"),
        ] {
            let changed = ran(scene, statement, change).await;
            assert!(matches!(changed, Err(Error::Changed)), "{change}: {changed:?}");
            if change.contains("CAST") {
                scene.admin("DROP CAST (int AS mood)").await;
            }
            if change.contains("FUNCTION =") {
                scene.admin("DROP OPERATOR = (int, text)").await;
            }
        }
    });
}

#[test]
fn what_the_verdict_does_not_rest_on_may_change() {
    play("unmoved", MADE, async |scene| {
        for (statement, change) in [
            ("SELECT name FROM base", "ALTER TABLE other ADD COLUMN ssn text"),
            (
                "SELECT name FROM base",
                "INSERT INTO base VALUES (2, 'two'); DELETE FROM base WHERE id = 2",
            ),
            ("SELECT name FROM base", "CREATE VIEW another AS SELECT name FROM base"),
            (
                "SELECT lower(name) FROM base",
                "CREATE FUNCTION unused(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            ),
            ("SELECT upper(name) FROM seen", "CREATE INDEX ON base (name)"),
            ("SELECT name FROM base", "ANALYZE base"),
        ] {
            let rows = ran(scene, statement, change).await;
            let rows = rows.unwrap_or_else(|error| panic!("{change}: {error:?}"));
            assert!(rows.to_lowercase().contains("one"), "{change}: {rows}");
        }
    });
}

#[test]
fn what_the_server_cannot_read_of_an_unchanged_target_is_the_statement_s_fault() {
    play("unread", MADE, async |scene| {
        let unread = ran(scene, "SELECT name FROM base WHERE id = 'one'", "SELECT").await;
        let Err(Error::Statement { sqlstate }) = unread else { panic!("{unread:?}") };
        assert_eq!(sqlstate, "22P02");
        let rows = ran(scene, "SELECT name FROM base", "SELECT").await.unwrap();
        assert!(rows.contains("one"), "{rows}");
    });
}

#[test]
fn a_connection_on_which_a_statement_waits_for_a_lock_is_not_taken_for_a_dead_one() {
    play("locked", MADE, async |scene| {
        let by = Arc::new(Catalogue::of(scene.survey().await).unwrap());
        let armed = scene.armed("shop", "SELECT name FROM base", &by).await.unwrap();
        let session = "SELECT pid::text FROM pg_stat_activity WHERE usename = 'locked'";
        let kept = scene.asked(session).await;
        // Longer than a kept connection has to show that it is alive.
        let locked = scene.admin("BEGIN; LOCK TABLE base; SELECT pg_sleep(2); COMMIT");
        let granted = "SELECT count(*)::text FROM pg_locks \
                       WHERE relation = 'base'::regclass AND mode = 'AccessExclusiveLock'";
        let execute = async {
            while scene.asked(granted).await == "0" {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            targets::execute(armed, &scene.driver, Deadline::within(LONGEST)).await
        };
        let ((), executed) = tokio::join!(locked, timeout(LONGEST, execute));
        let rows = text(executed.unwrap().unwrap().rows.get().json());
        assert!(rows.contains("one"), "{rows}");
        assert_eq!(scene.asked(session).await, kept);
    });
}

#[test]
fn a_relation_that_was_made_anew_under_the_name_is_another() {
    play("anew", MADE, async |scene| {
        let change = "DROP TABLE other; CREATE TABLE other (id int)";
        let changed = ran(scene, "SELECT id FROM other", change).await;
        assert!(matches!(changed, Err(Error::Changed)), "{changed:?}");
        let change = "ALTER TABLE other RENAME TO kept; CREATE TABLE other (id int)";
        let changed = ran(scene, "SELECT id FROM other", change).await;
        assert!(matches!(changed, Err(Error::Changed)), "{changed:?}");
    });
}

#[test]
fn a_column_s_origin_is_the_name_that_was_read() {
    play(
        "origins",
        "CREATE TABLE people (id int, ssn text); INSERT INTO people VALUES (1, '123')",
        async |scene| {
            let by = Arc::new(Catalogue::of(scene.survey().await).unwrap());
            let armed = scene.armed("tagged", "SELECT id, ssn FROM people", &by).await.unwrap();
            let executed =
                targets::execute(armed, &scene.driver, Deadline::within(LONGEST)).await.unwrap();
            let rows = text(executed.rows.get().json());
            assert!(rows.contains("[masked:ssn]") && !rows.contains("123"), "{rows}");
        },
    );
}

#[test]
fn a_change_is_told_as_what_it_is() {
    let told = "the target's schema changed while the request was decided; send it again";
    assert_eq!((Error::Changed.told().as_str(), Error::Changed.cause()), (told, "changed"));
    assert!(!Error::Changed.is_theirs());
}
