//! What is sent in place of a statement.

use serde_json::json;

use crate::Stand;

#[test]
fn a_tagged_relation_gives_way_to_its_masks() {
    let stand = Stand::new("source", "@mask(\"pay:round-1000, age:null, ssn:redact\")");
    let sent = stand.sent("SELECT name, ssn FROM people WHERE age > 1");
    assert!(sent.starts_with("SELECT name, ssn FROM (SELECT \"id\", \"name\", CASE"), "{sent}");
    assert!(sent.ends_with(") AS \"people\" WHERE age > 1"), "{sent}");
    assert!(sent.contains("CASE WHEN FALSE THEN \"age\" END AS \"age\""), "{sent}");
    assert!(sent.contains("pg_catalog.div("), "{sent}");
    for untouched in ["SELECT id FROM orders", "SELECT 1", "DELETE FROM people WHERE id = 1"] {
        assert_eq!(stand.sent(untouched), untouched);
    }
    let joined = stand.sent("SELECT 1 FROM orders o, people p");
    assert!(joined.starts_with("SELECT 1 FROM orders o, (SELECT"), "{joined}");
    for mode in ["result", "schema"] {
        let text = "SELECT id FROM orders WHERE note = 'x'";
        assert_eq!(Stand::new(mode, "").sent(text), text);
    }
    assert_eq!(Stand::new("result", "").sent("SELECT ssn FROM people"), "SELECT ssn FROM people");
}

#[test]
fn the_key_is_sent_where_a_token_takes_it() {
    let keyed = |stand: &Stand, text: &str| {
        let vetted = stand.vet(text).ok().unwrap();
        (vetted.reading().key_parameters, vetted.sent().contains("$1"))
    };
    let stand = Stand::new("source", "@mask(\"ssn:token\")");
    assert_eq!(keyed(&stand, "SELECT ssn FROM people"), (true, true));
    assert_eq!(keyed(&stand, "SELECT note FROM orders"), (false, false));
    assert_eq!(keyed(&Stand::new("source", ""), "SELECT ssn FROM people"), (false, false));
    let after =
        stand.look("SELECT ssn FROM people WHERE id = $1 OR id = $2", &[json!(1), json!(2)]);
    let vetted = vetting::vet(after.ok().unwrap(), None, false).ok().unwrap();
    assert!(vetted.sent().contains("$3") && vetted.sent().contains("$4"), "{}", vetted.sent());
    assert!(!vetted.sent().contains("$5"), "{}", vetted.sent());
}

#[test]
fn outputs_made_of_masked_values_are_told_from_others() {
    let outputs = |annotations: &str, text: &str| {
        let vetted = Stand::new("source", annotations).vet(text).ok().unwrap();
        vetted.reading().masked_outputs.clone()
    };
    let text = "SELECT id, ssn, upper(ssn) || name, age FROM people";
    assert_eq!(outputs("", text), [false, true, true, true]);
    assert_eq!(outputs("@mask(\"ssn:bare\")", text), [false, false, false, true]);
    assert_eq!(outputs("", "SELECT note FROM orders"), [false]);
}

#[test]
fn averages_over_enough_rows_see_values() {
    let stand =
        Stand::new("source", "@use(\"pay:group-5, age:group-9\") @mask(\"pay:null, age:null\")");
    let raw = |text: &str| {
        let sent = stand.sent(text);
        let bare = |column: &str| !sent.contains(&format!("AS \"{column}\""));
        (bare("salary"), bare("age"), sent.contains("HAVING"))
    };
    let sent = stand.sent("SELECT avg(salary) FROM people");
    let floor = "HAVING (pg_catalog.count(*) OPERATOR(pg_catalog.>=) 5 AND \
                 pg_catalog.count(\"salary\") OPERATOR(pg_catalog.>=) 5)";
    assert!(sent.ends_with(floor), "{sent}");
    let both = stand.sent("SELECT avg(salary), sum(age) FROM people");
    assert!(both.contains("(*) OPERATOR(pg_catalog.>=) 9") && !both.contains(">=) 5"), "{both}");
    for word in "avg count stddev stddev_pop stddev_samp sum var_pop var_samp variance".split(' ') {
        assert_eq!(
            raw(&format!("SELECT {word}(salary) FROM people")),
            (true, false, true),
            "{word}"
        );
    }
    for text in [
        "SELECT max(salary) FROM people",
        "SELECT avg(salary + 1) FROM people",
        "SELECT avg(salary), min(salary) FROM people",
        "SELECT avg(salary) FROM people WHERE salary > 1",
        "SELECT avg(p.salary) FROM people p JOIN orders o ON o.id = p.id",
        "SELECT avg(salary) FROM (SELECT salary FROM people) AS s",
        "SELECT avg(salary) FILTER (WHERE id = 1) FROM people",
        "SELECT avg(DISTINCT salary) FROM people",
        "SELECT avg(salary) OVER (ORDER BY id) FROM people",
        "SELECT avg(salary) FROM people, generate_series(1, 2)",
        "SELECT avg(x) FROM people AS p(id, name, ssn, x)",
        "SELECT avg(salary), p FROM people p GROUP BY p",
        "SELECT id FROM people",
    ] {
        assert_eq!(raw(text), (false, false, false), "{text}");
    }
    // Only where policy says so.
    let masked = Stand::new("source", "@mask(\"pay:null\")").sent("SELECT avg(salary) FROM people");
    assert!(masked.contains("AS \"salary\"") && !masked.contains("HAVING"), "{masked}");
}

#[test]
fn the_planner_is_asked_about_masked_values_only() {
    let policies =
        "@id(\"open\") @mask(\"ssn:bare, age:token\") permit(principal, action, resource);
        @id(\"large\") @approvers(\"1 of dba\") permit(principal, action == Action::\"select\", resource)
        when { context.estimated_rows > 5 };";
    let stand = Stand::with("source", policies);
    let looked = stand.look("SELECT ssn, age FROM people WHERE id = $1", &[json!(1)]).ok().unwrap();
    let estimable = looked.estimable().ok().flatten().unwrap();
    assert!(estimable.sent.contains("[masked:ssn]"), "{}", estimable.sent);
    assert!(!estimable.sent.contains("$2"), "{}", estimable.sent);
    assert_eq!(estimable.params.values(), [json!(1)]);
    let plain = stand.look("SELECT note FROM orders", &[]).ok().unwrap();
    assert_eq!(plain.estimable().ok().flatten().unwrap().sent, "SELECT note FROM orders");
    let nobody = Stand::new("source", "").look("SELECT ssn FROM people", &[]).ok().unwrap();
    assert!(nobody.estimable().ok().unwrap().is_none());
    let vetted = vetting::vet(looked, Some(4), false).ok().unwrap();
    assert_eq!(vetted.estimated_rows(), Some(4), "whoever approves it is told");
}

#[test]
fn a_mask_is_not_written_back() {
    let stand = Stand::new("result", "");
    let kind = |text: &str, params: &[serde_json::Value]| {
        stand.look(text, params).err().map(|error| error.kind())
    };
    let insert = "INSERT INTO orders (id, note) VALUES (1, $1)";
    assert_eq!(kind(insert, &[json!("[masked:ssn]")]), Some("mark"));
    assert_eq!(kind(insert, &[json!(["x", {"a": "[masked:ssn]"}])]), Some("mark"));
    assert_eq!(kind(insert, &[json!("x")]), None);
    assert_eq!(kind("UPDATE orders SET note = '[masked:ssn]' WHERE id = 1", &[]), Some("mark"));
    // Reading one is no harm.
    assert_eq!(kind("SELECT id FROM orders WHERE note = '[masked:ssn]'", &[]), None);
    assert_eq!(kind("SELECT id FROM orders WHERE note = $1", &[json!("[masked:ssn]")]), None);
    assert_eq!(kind(insert, &[]), Some("parameters"));
}
