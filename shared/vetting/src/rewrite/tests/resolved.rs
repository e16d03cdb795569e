//! Statements as the catalogue resolves them.

use catalogue::{Catalogue, Draft, resolve};

use super::*;

fn catalogue() -> Catalogue {
    let named = [(CUSTOMERS, "customers"), (DOCTORS, "Ärzte"), (ORDERS, "orders")];
    let relations = named.map(|(oid, name)| relation(oid, name)).into();
    Catalogue::of(Draft { schema: "app".into(), major: 15, relations, ..Draft::default() }).unwrap()
}

/// The statement masked, with its selects written short.
fn masked(text: &str) -> Result<String, Error> {
    let tree = parse(text).unwrap();
    let root = tree.stmts[0].stmt.as_ref().unwrap().node.as_ref().unwrap();
    let resolved = resolve(root, &catalogue()).unwrap();
    let masked = rewrite(text, &tree, &resolved, &replaced())?;
    let short = |text: String, select: &str| text.replace(&with_selects(select), select);
    Ok(["<c>", "<o>", "<d>"].into_iter().fold(masked, short))
}

#[test]
fn what_the_catalogue_finds_is_what_is_masked() {
    for (before, after) in [
        ("TABLE customers", "SELECT * FROM  <c> AS \"customers\""),
        (
            "SELECT app.customers.ssn FROM app.customers",
            "SELECT customers.ssn FROM <c> AS \"customers\"",
        ),
        (
            "WITH customers AS (SELECT * FROM app.customers) SELECT c.ssn FROM customers c, orders",
            "WITH customers AS (SELECT * FROM <c> AS \"customers\") SELECT c.ssn FROM customers c, orders",
        ),
        (
            "WITH RECURSIVE customers AS (SELECT id FROM \"Ärzte\" UNION SELECT id FROM customers) TABLE customers",
            "WITH RECURSIVE customers AS (SELECT id FROM <d> AS \"Ärzte\" UNION SELECT id FROM customers) TABLE customers",
        ),
        (
            "SELECT o.id FROM orders o JOIN ONLY (customers) c USING (id), LATERAL (SELECT c.ssn FROM customers) l",
            "SELECT o.id FROM orders o JOIN <o> c USING (id), LATERAL (SELECT c.ssn FROM <c> AS \"customers\") l",
        ),
        (
            "INSERT INTO customers SELECT id, ssn, name FROM customers",
            "INSERT INTO customers SELECT id, ssn, name FROM <c> AS \"customers\"",
        ),
        (
            "UPDATE customers SET name = NULL FROM \"Ärzte\" d WHERE d.id IN (SELECT c.id FROM customers c WHERE app.customers.id IS NULL)",
            "UPDATE customers SET name = NULL FROM <d> d WHERE d.id IN (SELECT c.id FROM <c> c WHERE customers.id IS NULL)",
        ),
    ] {
        assert_eq!(masked(before).as_deref(), Ok(after), "{before}");
    }
}
