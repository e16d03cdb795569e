//! Names that are something else on the server than they look like.

use local_emulator::emulator::Cloud;

use crate::stage::Stage;

#[test]
fn nothing_behind_which_a_tagged_table_stands_is_read_by_another_name() {
    let stage = Stage::own();
    stage.play(async {
        let setup = stage.emulator().postgres.superuser().await.unwrap();
        setup
            .batch_execute(
                "CREATE VIEW people AS SELECT id, ssn AS code FROM customers;
                 CREATE VIEW persons AS SELECT code FROM people;
                 CREATE MATERIALIZED VIEW kept AS SELECT ssn AS code FROM customers;
                 CREATE TABLE more () INHERITS (customers);
                 INSERT INTO more SELECT * FROM customers WHERE id = 7;
                 CREATE TABLE base (code text);",
            )
            .await
            .unwrap();
        setup
            .batch_execute("GRANT SELECT ON people, persons, kept, more, base TO orders_agent")
            .await
            .unwrap();
        for cloud in Cloud::ALL {
            let agent = stage.reporting(cloud);
            for statement in
                ["SELECT code FROM people", "SELECT code FROM persons", "SELECT code FROM kept"]
            {
                let answer = agent.query("shop", statement).await.unwrap();
                let seen = (answer.status, answer.problem());
                assert_eq!(seen, (422, Some("vetting/view")), "{statement}: {}", answer.text);
            }
            let child = agent.query("shop", "SELECT name, ssn FROM more").await.unwrap();
            assert_eq!(child.body["rows"][0][1], "[masked:ssn]", "{}", child.text);
            let plain = agent.query("shop", "SELECT code FROM base").await.unwrap();
            assert_eq!(plain.status, 200, "{}", plain.text);
        }
    });
}

#[test]
fn a_function_that_is_written_like_a_column_is_not_called() {
    let stage = Stage::own();
    stage.play(async {
        let setup = stage.emulator().postgres.superuser().await.unwrap();
        setup
            .batch_execute(
                "CREATE FUNCTION peek(o orders) RETURNS text LANGUAGE sql SECURITY DEFINER
                   AS 'SELECT max(ssn) FROM public.customers';
                 GRANT EXECUTE ON FUNCTION peek(orders) TO orders_agent;",
            )
            .await
            .unwrap();
        for cloud in Cloud::ALL {
            let agent = stage.reporting(cloud);
            for statement in [
                "SELECT o.peek FROM orders o WHERE o.id = 1",
                "SELECT (o).peek FROM orders o WHERE o.id = 1",
                "SELECT o.row_to_json FROM orders o WHERE o.id = 1",
                "SELECT s.peek FROM (SELECT o FROM orders o WHERE id = 1) s",
                "SELECT id FROM orders o WHERE o.peek IS NOT NULL",
            ] {
                let answer = agent.query("shop", statement).await.unwrap();
                assert_eq!(answer.status, 422, "{statement}: {}", answer.text);
            }
            let column = agent.query("shop", "SELECT o.item FROM orders o WHERE o.id = 1").await;
            assert_eq!(column.unwrap().status, 200);
        }
    });
}
