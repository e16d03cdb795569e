//! What comes back: values as they are, or masked, and never more than is allowed.

use std::time::Duration;

use local_emulator::emulator::Cloud;
use serde_json::{Value, json};

use crate::stage::Stage;

#[test]
fn untagged_values_are_the_database_s_own_and_tagged_ones_never_are() {
    let stage = Stage::shared();
    stage.play(async {
        let name = stage.database("SELECT name FROM customers WHERE id = 7").await;
        let card = stage.database("SELECT right(card, 4) FROM customers WHERE id = 7").await;
        for cloud in Cloud::ALL {
            let statement = "SELECT name, email, ssn, card, phone FROM customers WHERE id = 7";
            let answer = stage.support(cloud).query("shop", statement).await.unwrap();
            let row = json!([
                name,
                "[masked:email]",
                "[masked:ssn]",
                format!("****{card}"),
                "[masked:phone]"
            ]);
            assert_eq!(answer.body["rows"], json!([row]), "{}", answer.text);
            assert_eq!(answer.body["masked"]["columns"], json!(4));
            let columns = answer.body["columns"].as_array().unwrap();
            assert_eq!(columns[1], json!({"name": "email", "type": "text", "masked": true}));
        }
    });
}

#[test]
fn an_alias_does_not_hide_where_a_column_comes_from() {
    let stage = Stage::shared();
    stage.play(async {
        let statement = "SELECT c.ssn AS name FROM customers AS c WHERE c.id = 7";
        let answer = stage.support(Cloud::Aws).query("shop", statement).await.unwrap();
        assert_eq!(answer.body["rows"], json!([["[masked:ssn]"]]), "{}", answer.text);
    });
}

#[test]
fn what_is_computed_beside_tagged_columns_is_masked_whole() {
    let stage = Stage::shared();
    stage.play(async {
        let statement = "SELECT count(*), upper(name) FROM customers WHERE id = 7 GROUP BY name";
        let answer = stage.support(Cloud::Aws).query("shop", statement).await.unwrap();
        let marks = json!([["[masked:computed]", "[masked:computed]"]]);
        assert_eq!(answer.body["rows"], marks, "{}", answer.text);
    });
}

#[test]
fn personal_data_in_free_text_and_documents_is_covered_and_the_rest_is_shown() {
    let stage = Stage::shared();
    stage.play(async {
        let plain = stage
            .database("SELECT string_agg(ssn || '|' || card || '|' || email, '|') FROM customers")
            .await;
        for statement in [
            "SELECT id, notes FROM customers WHERE id < 150",
            "SELECT id, body, tags FROM documents",
        ] {
            let answer = stage.reporting(Cloud::Azure).query("shop", statement).await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert!(
                answer.body["masked"]["cells"].as_u64().unwrap() > 10,
                "{}",
                answer.body["masked"]
            );
            for secret in plain.split('|') {
                assert!(!answer.text.contains(secret), "{statement} shows `{secret}`");
            }
        }
    });
}

#[test]
fn more_rows_than_policy_allows_are_cut_and_the_cut_is_told() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            let many = agent.query("shop", "SELECT id FROM bulk").await.unwrap();
            let (count, cut) = (&many.body["row_count"], &many.body["truncated"]);
            assert_eq!((count, cut), (&json!(1000), &json!(true)), "{}", many.body["masked"]);
            assert_eq!(many.body["rows"].as_array().unwrap().len(), 1000);
            let few = agent.query("shop", "SELECT id FROM bulk WHERE id <= 1000").await.unwrap();
            assert_eq!(few.body["truncated"], json!(false));
        }
    });
}

#[test]
fn more_bytes_than_the_target_allows_are_cut_and_the_answer_is_still_json() {
    let stage = Stage::shared();
    stage.play(async {
        let statement = "SELECT a.name, repeat('x', 400) FROM orders o CROSS JOIN orders b \
                         JOIN customers a ON a.id = 1 WHERE o.id < 20";
        let agent = stage.reporting(Cloud::Aws);
        let answer = agent.query("shop", statement).await.unwrap();
        // Computed beside a tagged table: a mark of 17 bytes; still more rows than fit.
        assert_eq!(answer.status, 200, "{}", answer.text);
        let long = "SELECT item, repeat('x', 4000) FROM orders";
        let answer = agent.query("shop", long).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.body["truncated"], json!(true));
        assert!(answer.text.len() < 4_300_000 && answer.text.len() > 4_000_000);
        let next = agent.query("shop", "SELECT 1").await.unwrap();
        assert_eq!(next.body["rows"], json!([[1]]), "the next request is none the worse for it");
    });
}

#[test]
fn every_type_of_the_samples_comes_back_in_its_json_form() {
    let stage = Stage::shared();
    stage.play(async {
        let statement = "SELECT a_bigint, a_numeric, a_boolean, a_bytea, a_uuid, a_jsonb, an_enum, \
                         some_integers, a_timestamptz, an_inet FROM samples WHERE id = 1";
        let answer = stage.support(Cloud::Aws).query("shop", statement).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        let row = answer.body["rows"][0].as_array().unwrap();
        let text = |at: usize| row[at].is_string() || row[at].is_null();
        assert!(
            text(0) && text(1) && text(3) && text(4) && text(6) && text(8) && text(9),
            "{row:?}"
        );
        assert!(row[7].is_array() || row[7].is_null(), "{row:?}");
    });
}

#[test]
fn parameters_are_values_and_never_sql() {
    let stage = Stage::shared();
    stage.play(async {
        let agent = stage.support(Cloud::Azure);
        let body = |params: Value| {
            json!({"target": "shop", "params": params,
                   "statement": "SELECT id FROM orders WHERE item = $1 AND id < $2"})
        };
        let none = agent.post(&body(json!(["' OR 1=1 --", 1000]))).await.unwrap();
        assert_eq!((none.status, &none.body["row_count"]), (200, &json!(0)), "{}", none.text);
        let wrong = agent.post(&body(json!(["x", "not a number"]))).await.unwrap();
        assert_eq!(wrong.problem(), Some("targets/parameter"));
        assert!(!wrong.text.contains("not a number"), "{}", wrong.text);
        let few = agent.post(&body(json!(["x"]))).await.unwrap();
        assert_eq!(few.problem(), Some("vetting/parameters"));
    });
}

#[test]
fn errors_of_the_server_reach_the_caller_as_a_code_and_words_of_ours() {
    let stage = Stage::shared();
    stage.play(async {
        let agent = stage.support(Cloud::Aws);
        for (statement, code) in [
            ("SELECT item::integer FROM orders WHERE id = 1", "22P02"),
            ("SELECT 1 / (id - id) FROM orders WHERE id = 1", "22012"),
            ("INSERT INTO orders (customer_id, item, amount) VALUES (1, 'pen', -1)", "23514"),
            ("SELECT yearly FROM salaries", "42501"),
        ] {
            let answer = agent.query("shop", statement).await.unwrap();
            assert_eq!(answer.body["sqlstate"], json!(code), "{statement}: {}", answer.text);
            assert_eq!(answer.status, 422);
        }
        for (statement, problem) in [
            ("SELECT no_such_column FROM orders", "vetting/column"),
            ("SELECT id FROM no_such_table", "vetting/relation"),
        ] {
            let answer = agent.query("shop", statement).await.unwrap();
            assert_eq!((answer.status, answer.problem()), (422, Some(problem)), "{statement}");
        }
        let item = stage.database("SELECT item FROM orders WHERE id = 1").await;
        let answer =
            agent.query("shop", "SELECT item::integer FROM orders WHERE id = 1").await.unwrap();
        assert!(!answer.text.contains(&item), "{}", answer.text);
    });
}

#[test]
fn a_statement_that_takes_too_long_is_cancelled_on_the_server() {
    let stage = Stage::shared();
    stage.play(async {
        let statement = "SELECT count(*) FROM bulk a, bulk b, bulk c WHERE a.id + b.id + c.id = -1";
        for cloud in Cloud::ALL {
            let answer = stage.reporting(cloud).query("shop", statement).await.unwrap();
            assert_eq!((answer.status, answer.problem()), (504, Some("targets/timeout")), "{}", answer.text);
        }
        let running = "SELECT count(*)::text FROM pg_stat_activity \
                       WHERE application_name = 'postern' AND state = 'active' AND query LIKE '%bulk c%'";
        assert_eq!(stage.database(running).await, "0");
    });
}

#[test]
fn no_transaction_is_left_open_behind_an_answer() {
    let stage = Stage::shared();
    stage.play(async {
        let agent = stage.support(Cloud::Azure);
        for (statement, status) in [
            ("SELECT id FROM orders WHERE id = 1 LIMIT 1", 200),
            ("SELECT 1 / 0", 422),
            ("SELECT id FROM bulk", 200),
            ("SELECT id FROM orders WHERE id = 1", 200),
        ] {
            let answer = agent.query("shop", statement).await.unwrap();
            assert_eq!(answer.status, status, "{}", answer.text);
        }
        // Longer than any other test's transaction takes between two statements.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let idle = "SELECT count(*)::text FROM pg_stat_activity \
                    WHERE application_name = 'postern' AND state LIKE 'idle in transaction%' \
                    AND state_change < clock_timestamp() - interval '1 second'";
        assert_eq!(stage.database(idle).await, "0");
    });
}
