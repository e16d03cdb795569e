//! The shapes in which a relation can be named.

use super::*;

fn becomes(before: &str, after: &str) {
    assert_eq!(rewritten(before), Ok(with_selects(after)), "{before}");
}

#[test]
fn a_relation_keeps_the_name_by_which_its_columns_are_had() {
    becomes("SELECT ssn FROM {|customers}", "SELECT ssn FROM <c> AS \"customers\"");
    becomes("SELECT c.ssn FROM {a|customers} c", "SELECT c.ssn FROM <c> c");
    becomes("SELECT 1 FROM {a|app.customers} AS \"C\";", "SELECT 1 FROM <c> AS \"C\";");
    becomes("SELECT a FROM {a|customers} AS c(a, b)", "SELECT a FROM <c> AS c(a, b)");
    becomes(
        "SELECT 1 FROM{|\"customers\"}WHERE true",
        "SELECT 1 FROM<c> AS \"customers\"WHERE true",
    );
}

#[test]
fn every_place_in_which_rows_are_read_is_masked() {
    becomes(
        "SELECT * FROM {|customers}, {a|customers} b JOIN {2|\"Ärzte\"} ON true",
        "SELECT * FROM <c> AS \"customers\", <c> b JOIN <d> AS \"Ärzte\" ON true",
    );
    becomes(
        "SELECT (SELECT max(ssn) FROM {|customers}) FROM (SELECT 1 FROM {a|customers} c) s \
         WHERE EXISTS (SELECT FROM {|customers}) ORDER BY (SELECT id FROM {a|customers} c LIMIT 1)",
        "SELECT (SELECT max(ssn) FROM <c> AS \"customers\") FROM (SELECT 1 FROM <c> c) s \
         WHERE EXISTS (SELECT FROM <c> AS \"customers\") ORDER BY (SELECT id FROM <c> c LIMIT 1)",
    );
    becomes(
        "SELECT 1 FROM {3|orders} o LEFT JOIN LATERAL (SELECT * FROM {a|customers} c WHERE c.id = o.id) l USING (id)",
        "SELECT 1 FROM orders o LEFT JOIN LATERAL (SELECT * FROM <c> c WHERE c.id = o.id) l USING (id)",
    );
    becomes(
        "SELECT id FROM {|customers} UNION (SELECT id FROM {|customers} EXCEPT TABLE {|customers})",
        "SELECT id FROM <c> AS \"customers\" UNION (SELECT id FROM <c> AS \"customers\" EXCEPT SELECT * FROM  <c> AS \"customers\")",
    );
}

#[test]
fn only_and_the_star_are_swallowed() {
    becomes("SELECT 1 FROM ONLY {o|customers}", "SELECT 1 FROM <o> AS \"customers\"");
    becomes("SELECT 1 FROM only/**/( {oa|app.customers} ) c", "SELECT 1 FROM <o> c");
    becomes(
        "SELECT 1 FROM {|customers} * WHERE id*2 = 4",
        "SELECT 1 FROM <c> AS \"customers\" WHERE id*2 = 4",
    );
    becomes("SELECT 1 FROM {a|customers}*c", "SELECT 1 FROM <c>c");
}

#[test]
fn table_is_short_for_a_select() {
    becomes("TABLE {|customers}", "SELECT * FROM  <c> AS \"customers\"");
    becomes("table only({o|customers}) limit 3", "SELECT * FROM  <o> AS \"customers\" limit 3");
    becomes(
        "INSERT INTO {3w|orders} TABLE{|\"customers\"}",
        "INSERT INTO orders SELECT * FROM <c> AS \"customers\"",
    );
}

#[test]
fn a_name_is_found_however_it_is_written() {
    becomes("SELECT 1 FROM {|CUSTOMERS}", "SELECT 1 FROM <c> AS \"customers\"");
    becomes(
        "SELECT 1 FROM {|\"app\" . /* it's */ customers}",
        "SELECT 1 FROM <c> AS \"customers\"",
    );
    becomes("SELECT 1 FROM {|U&\"cust\\006fmers\"}", "SELECT 1 FROM <c> AS \"customers\"");
    becomes(
        "SELECT 1 FROM {|app.U&\"cust!006fmers\" UESCAPE '!'}",
        "SELECT 1 FROM <c> AS \"customers\"",
    );
    becomes("SELECT 1 FROM {a|U&\"!0061pp\" UESCAPE '!' .customers} x", "SELECT 1 FROM <c> x");
    becomes("SELECT 1 FROM {2|app --\n.\"Ärzte\"}", "SELECT 1 FROM <d> AS \"Ärzte\"");
}

#[test]
fn other_mentions_of_a_name_stay() {
    becomes(
        "SELECT 'customers', $$FROM customers$$, e'\\'customers', \"customers\".id -- FROM customers\n\
         FROM /* \"customers\" */ {|customers}",
        "SELECT 'customers', $$FROM customers$$, e'\\'customers', \"customers\".id -- FROM customers\n\
         FROM /* \"customers\" */ <c> AS \"customers\"",
    );
    becomes(
        "SELECT 'äöü€😀', ssn FROM {|customers}",
        "SELECT 'äöü€😀', ssn FROM <c> AS \"customers\"",
    );
}

#[test]
fn a_with_query_of_the_same_name_stays() {
    becomes(
        "WITH customers AS (SELECT id FROM {|app.customers}) SELECT * FROM customers",
        "WITH customers AS (SELECT id FROM <c> AS \"customers\") SELECT * FROM customers",
    );
}

#[test]
fn what_is_written_stays_and_what_is_read_for_it_is_masked() {
    becomes(
        "UPDATE {w|customers} SET name = s.name FROM {a|customers} s WHERE s.id = customers.id",
        "UPDATE customers SET name = s.name FROM <c> s WHERE s.id = customers.id",
    );
    becomes(
        "DELETE FROM {wa|customers} c USING {|customers} WHERE c.ssn IN (SELECT ssn FROM {2|\"Ärzte\"})",
        "DELETE FROM customers c USING <c> AS \"customers\" WHERE c.ssn IN (SELECT ssn FROM <d> AS \"Ärzte\")",
    );
    becomes(
        "INSERT INTO {w|app.customers} SELECT * FROM {|customers} RETURNING id",
        "INSERT INTO app.customers SELECT * FROM <c> AS \"customers\" RETURNING id",
    );
}

#[test]
fn a_column_loses_the_schema_that_its_relation_lost() {
    becomes(
        "SELECT {q|app.customers.ssn}, {q|app./**/ \"customers\".*}, o.id FROM {|customers}, {3|orders} o",
        "SELECT customers.ssn, /**/ \"customers\".*, o.id FROM <c> AS \"customers\", orders o",
    );
    becomes(
        "SELECT 1 FROM {|app.customers} WHERE (SELECT {q|U&\"app\" UESCAPE '!' . customers.id} LIMIT 1) IS NULL",
        "SELECT 1 FROM <c> AS \"customers\" WHERE (SELECT  customers.id LIMIT 1) IS NULL",
    );
}

#[test]
fn a_column_that_would_change_its_relation_is_refused() {
    for inner in [
        "SELECT {q|app.customers.ssn} FROM {3a|orders} customers",
        "SELECT {q|app.customers.ssn} FROM {3n|other.customers}",
        "SELECT {q|app.customers.ssn} FROM (SELECT 1 AS ssn) AS customers",
        "SELECT {q|app.customers.ssn} FROM customers(1)",
        "WITH customers AS (SELECT 1 AS ssn) SELECT {q|app.customers.ssn} FROM customers",
    ] {
        let statement = format!("SELECT ({inner}) FROM {{|app.customers}}");
        assert_eq!(rewritten(&statement), Err(Error::Clash("customers".into())), "{inner}");
    }
}

#[test]
fn a_mention_that_nobody_resolved_is_refused() {
    let missed = Err(Error::Missed("customers".into()));
    assert_eq!(
        rewritten("SELECT 1 FROM {|customers} WHERE id IN (SELECT id FROM customers)"),
        missed
    );
    assert_eq!(rewritten("SELECT 1 FROM {|customers} c, LATERAL (TABLE app.customers) x"), missed);
    let shadowed = "WITH customers AS (SELECT 1) SELECT 1 FROM app.customers, {2|\"Ärzte\"}";
    assert_eq!(rewritten(shadowed), missed, "a WITH query has no schema");
}

#[test]
fn positions_that_do_not_fit_are_refused() {
    for wrong in ["SELECT {|1} FROM x", "SELECT 1 FROM cust{|omers}", "SELECT 1 FROM {o|customers}"]
    {
        assert_eq!(rewritten(wrong), Err(Error::Place), "{wrong}");
    }
    for wrong in [
        "SELECT {|id} FROM orders",
        "SELECT 1 FROM {|orders}",
        "SELECT 1 FROM {|other.customers}",
        "SELECT 1 FROM {a|customers}",
        "SELECT 1 FROM {|customers} c",
        "SELECT 1 FROM ONLY {|customers}",
        "SELECT {q|x.y.z} FROM {|customers}",
        "SELECT {q|app.orders.ssn} FROM {|customers}",
    ] {
        assert!(matches!(rewritten(wrong), Err(Error::Differs | Error::Unread)), "{wrong}");
    }
}

#[test]
fn a_column_that_was_come_past_twice_loses_its_schema_once() {
    let (text, mut resolved) = marked("SELECT {q|app.customers.ssn} FROM {|customers}");
    resolved.qualified.extend(resolved.qualified.clone());
    let masked = rewrite(&text, &parse(&text).unwrap(), &resolved, &replaced()).unwrap();
    assert_eq!(masked, with_selects("SELECT customers.ssn FROM <c> AS \"customers\""));
}

#[test]
fn a_proof_does_not_take_one_thing_for_another() {
    for (asked, passed) in [
        ("SELECT {|id} FROM orders", "SELECT id FROM orders"),
        ("SELECT 1 FROM {o|customers}", "SELECT 1 FROM <o> AS \"customers\""),
        ("SELECT 1 FROM ONLY {|customers}", "SELECT 1 FROM <c> AS \"customers\""),
        ("SELECT 1 FROM {|orders}", "SELECT 1 FROM <c> AS \"orders\""),
        ("SELECT 1 FROM {a|other.customers} c", "SELECT 1 FROM <c> c"),
        (
            "SELECT {q|app.orders.id} FROM {|customers}",
            "SELECT orders.id FROM <c> AS \"customers\"",
        ),
    ] {
        let (text, resolved) = marked(asked);
        let proof = prove(&with_selects(passed), &parse(&text).unwrap(), &resolved, &replaced());
        assert_eq!(proof.map(drop), Err(Error::Differs), "{asked}");
    }
}

#[test]
fn a_statement_that_becomes_too_deep_is_refused() {
    let nested = |levels: usize| {
        let open = "SELECT * FROM (".repeat(levels);
        format!("{open}SELECT * FROM {{a|customers}} c{}", ") x".repeat(levels))
    };
    crate::room::with_room(|| {
        assert!(rewritten(&nested(10)).is_ok());
        let deepest = (1..40).take_while(|n| parse(&marked(&nested(*n)).0).is_ok()).last().unwrap();
        assert_eq!(rewritten(&nested(deepest)), Err(Error::Unread), "{deepest}");
    });
}
