//! Who may do what where, as one table that is reviewed when it changes.

use std::fmt::Write as _;

use local_emulator::{agent::Answer, emulator::Cloud};

use crate::stage::Stage;

const ACTORS: &[(&str, &[&str])] = &[
    ("support", &["shop-support"]),
    ("reporting", &["shop-reporting"]),
    ("payroll", &["people-payroll"]),
    ("both", &["shop-support", "shop-reporting"]),
    ("nobody", &[]),
    ("unlisted", &["admins"]),
];

const TARGETS: &[&str] = &["shop", "payroll", "nowhere"];

const VERBS: &[(&str, &str)] = &[
    ("read orders", "SELECT item FROM orders WHERE id = 5"),
    ("read a customer", "SELECT name, ssn FROM customers WHERE id = 5"),
    ("read all customers", "SELECT name, ssn FROM customers"),
    ("read salaries", "SELECT yearly FROM salaries"),
    ("insert an order", "INSERT INTO orders (customer_id, item, amount) VALUES (1, 'pen', 1)"),
    ("update an order", "UPDATE orders SET status = 'paid' WHERE id = 5"),
    ("update all orders", "UPDATE orders SET status = 'paid'"),
    ("update a customer", "UPDATE customers SET city = 'x' WHERE id = 5"),
    ("delete an order", "DELETE FROM orders WHERE id = 1234567"),
    ("delete all orders", "DELETE FROM orders"),
    ("truncate", "TRUNCATE orders"),
];

#[test]
fn every_actor_gets_on_both_clouds_what_the_reviewed_table_says() {
    let stage = Stage::shared();
    stage.play(async {
        let aws = table(&stage, Cloud::Aws).await;
        let azure = table(&stage, Cloud::Azure).await;
        assert_eq!(aws, azure, "the clouds do not agree");
        let reviewed = include_str!("matrix.txt");
        assert!(aws == reviewed, "this is not what was reviewed:\n{aws}");
    });
}

async fn table(stage: &Stage, cloud: Cloud) -> String {
    let mut table = String::new();
    for (actor, groups) in ACTORS {
        let agent = stage.agent(cloud, actor, groups);
        for target in TARGETS {
            for (verb, statement) in VERBS {
                let answer = agent.query(target, statement).await.unwrap();
                writeln!(table, "{actor:<10} {target:<8} {verb:<19} {}", verdict(&answer)).unwrap();
            }
        }
    }
    table
}

fn verdict(answer: &Answer) -> String {
    match (answer.status, answer.problem()) {
        (200, None) => "allow".into(),
        (202, None) => "park".into(),
        (status, Some(problem)) => {
            let code = answer.body["sqlstate"].as_str().unwrap_or_default();
            format!("refuse {status} {problem} {code}").trim_end().to_owned()
        }
        (status, None) => format!("{status}?"),
    }
}
