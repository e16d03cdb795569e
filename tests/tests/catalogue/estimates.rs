//! An estimate is the planner's, and nothing is executed for it.

use serde_json::json;
use targets::Error;

use crate::scene::play;

const MADE: &str = "
    CREATE TABLE numbers AS SELECT n, n % 10 AS digit, n::text AS name FROM generate_series(1, 5000) AS n;
    ANALYZE numbers;
    CREATE FUNCTION alarm() RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN RAISE 'it ran'; END $$;
    CREATE VIEW alarming AS SELECT n, alarm() FROM numbers WHERE alarm() > 0";

#[test]
fn an_estimate_is_that_of_the_topmost_node() {
    play("expected", MADE, async |scene| {
        for (statement, wanted) in [
            ("SELECT * FROM numbers", 5000..=5000),
            ("SELECT * FROM numbers LIMIT 10", 10..=10),
            ("SELECT count(*) FROM numbers", 1..=1),
            ("SELECT digit, count(*) FROM numbers GROUP BY digit", 10..=10),
            ("SELECT * FROM numbers WHERE digit = 3", 400..=600),
            ("SELECT * FROM numbers a, numbers b", 25_000_000..=25_000_000),
            ("DELETE FROM numbers", 5000..=5000),
            ("UPDATE numbers SET name = '' WHERE digit = 3", 400..=600),
        ] {
            let rows = scene.estimate(statement, &[]).await.unwrap();
            assert!(wanted.contains(&rows), "{statement}: {rows}");
        }
        assert_eq!(
            scene.asked("SELECT count(*)::text FROM numbers WHERE name <> ''").await,
            "5000"
        );
    });
}

#[test]
fn an_estimate_is_for_the_values_that_are_given() {
    play("bound", MADE, async |scene| {
        let below = "SELECT * FROM numbers WHERE n < $1";
        let few = scene.estimate(below, &[json!(100)]).await.unwrap();
        let many = scene.estimate(below, &[json!(4900)]).await.unwrap();
        assert!(few < 200 && many > 4500, "{few} {many}");
        let wrong = scene.estimate(below, &[json!("x")]).await.unwrap_err();
        assert!(matches!(wrong, Error::Parameter(_)), "{wrong:?}");
    });
}

#[test]
fn nothing_is_executed_for_an_estimate() {
    play("unrun", MADE, async |scene| {
        let rows = scene.estimate("SELECT * FROM alarming", &[]).await.unwrap();
        assert!(rows > 0);
        let rows = scene.estimate("SELECT alarm() FROM numbers", &[]).await.unwrap();
        assert_eq!(rows, 5000);
        // Not even by a text that would have it analysed, or by a second statement.
        for smuggled in ["ANALYZE SELECT alarm()", "SELECT 1; SELECT alarm()"] {
            let error = scene.estimate(smuggled, &[]).await.unwrap_err();
            assert_eq!(error.sqlstate(), Some("42601"), "{smuggled}");
        }
    });
}

#[test]
fn the_key_is_nothing_but_zeros_for_an_estimate() {
    play("zeros", MADE, async |scene| {
        let text = "SELECT encode(sha256($3 || sha256($2 || convert_to(name, 'UTF8'))), 'hex') \
                    FROM numbers WHERE n < $1";
        let rows = scene.estimate(text, &[json!(100)]).await.unwrap();
        assert!(rows < 200, "{rows}");
        // The text in which it would show.
        let shown = "SELECT 1 / (get_byte($1, 0) + length(sha256($2)) - 32) FROM numbers";
        let error = scene.estimate(shown, &[]).await.unwrap_err();
        assert_eq!(error.sqlstate(), Some("22012"));
    });
}

#[test]
fn questions_of_ours_share_one_connection_and_leave_nothing_on_it() {
    play("shared", MADE, async |scene| {
        scene.survey().await;
        scene.estimate("SELECT 1", &[]).await.unwrap();
        scene.survey().await;
        assert_eq!(scene.connections().await, "1");
        let idle = "SELECT state FROM pg_stat_activity WHERE usename = 'shared'";
        assert_eq!(scene.asked(idle).await, "idle");
        // What failed is not kept.
        scene.estimate("SELECT nothing", &[]).await.unwrap_err();
        scene.estimate("SELECT 1", &[]).await.unwrap();
        assert_eq!(scene.asked(idle).await, "idle");
    });
}
