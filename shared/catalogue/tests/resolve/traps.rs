//! Ways past a gate that were tried on others: each reaches a column, and is seen to.

use crate::{kind, uses};

/// The column that all of them are after.
const SECRET: &str = "customers.ssn";

#[test]
fn no_way_to_read_a_column_goes_unseen() {
    for text in [
        "SELECT reverse(ssn) FROM customers",
        "SELECT ssn::bytea FROM customers",
        "SELECT md5(ssn), count(*) FROM customers GROUP BY 1",
        "SELECT c FROM customers c",
        "SELECT row_to_json(c) FROM customers c",
        "SELECT to_jsonb(c) - 'name' FROM customers c",
        "SELECT to_jsonb(c)->>'ssn' FROM customers c",
        "SELECT array_agg(c) FROM customers c",
        "SELECT json_agg(s) FROM (SELECT * FROM customers) s",
        "SELECT string_agg(ssn, ',') FROM customers",
        "SELECT x FROM (SELECT 1, ssn FROM customers) s(a, x)",
        "SELECT c.b FROM customers c(a, n, b)",
        "SELECT b FROM (customers a JOIN orders o ON true) j(x, y, b)",
        "WITH t(a) AS (SELECT ssn FROM customers) SELECT a FROM t",
        "SELECT 1 FROM customers WHERE ssn < '5'",
        "SELECT 1 FROM customers ORDER BY ssn",
        "SELECT id FROM customers GROUP BY id, ssn",
        "SELECT count(*) FROM customers HAVING min(ssn) < '5'",
        "SELECT count(*) FILTER (WHERE ssn LIKE '1%') FROM customers",
        "SELECT DISTINCT ON (ssn) id FROM customers",
        "SELECT id FROM customers LIMIT (SELECT count(*) FROM customers WHERE ssn < '5')",
        "SELECT rank() OVER (ORDER BY ssn) FROM customers",
        "SELECT 1 FROM customers a JOIN notes b ON a.ssn = b.ssn",
        "SELECT 1 FROM customers NATURAL JOIN notes",
        "SELECT ssn FROM notes INTERSECT SELECT ssn FROM customers",
        "TABLE customers",
        "SELECT * FROM ONLY customers",
        "SELECT (SELECT c.ssn) FROM customers c",
        "SELECT (SELECT x FROM (VALUES (c.ssn)) v(x)) FROM customers c",
        "SELECT x FROM customers c, LATERAL (SELECT c.ssn UNION SELECT '') s(x)",
        "SELECT u FROM customers c, unnest(ARRAY[c.ssn]) u",
        "SELECT u FROM customers c, unnest(string_to_array(c.ssn, '-')) u",
        "SELECT CASE WHEN ssn LIKE '1%' THEN 1 ELSE 0 END FROM customers",
        "SELECT 1 / (length(ssn) - 11) FROM customers",
        "SELECT (c).ssn FROM customers c",
        "SELECT (c).* FROM customers c",
        "SELECT ROW(c.*) FROM customers c",
        "SELECT ssn IS NULL FROM customers",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM customers WHERE ssn = '1')",
        "SELECT 1 WHERE '1' IN (TABLE customers)",
        "VALUES ((SELECT ssn FROM customers))",
        "SELECT ssn(c) FROM customers c",
        "UPDATE orders SET note = c.ssn FROM customers c",
        "INSERT INTO orders (note) SELECT ssn FROM customers",
        "DELETE FROM orders USING customers WHERE ssn = note RETURNING 1",
        "DELETE FROM customers RETURNING *",
        "UPDATE customers SET name = ssn",
        "INSERT INTO customers (id) VALUES (1) ON CONFLICT (ssn) DO NOTHING",
        "WITH RECURSIVE r AS (SELECT ssn AS x FROM customers UNION SELECT x FROM r) SELECT x FROM r",
    ] {
        let used = uses(text);
        assert!(used.contains(SECRET), "{text}: {used}");
        assert_ne!(used, format!("passed {SECRET}"), "{text}");
    }
}

#[test]
fn names_that_lead_elsewhere_are_not_followed() {
    for text in [
        "SELECT c.row_to_json FROM customers c",
        "SELECT c.to_jsonb->>'ssn' FROM customers c",
        "SELECT (c).row_to_json FROM customers c",
        "SELECT (SELECT (x).ssn FROM (SELECT c AS x) s) FROM customers c",
        "SELECT (array_agg(c))[1].ssn FROM customers c",
        "SELECT s.x.ssn FROM (SELECT c AS x FROM customers c) s",
        "SELECT public.customers.ssn FROM customers AS customers",
    ] {
        assert!(["column", "field", "qualifier"].contains(&kind(text)), "{text}");
    }
}

#[test]
fn a_harmless_name_leads_to_what_it_is() {
    // None of these is the column that it is called like.
    for text in [
        "SELECT ssn FROM notes",
        "SELECT name AS ssn FROM customers",
        "SELECT ssn FROM (SELECT name AS ssn FROM customers) s",
        "SELECT ssn FROM customers c(ssn, name, x)",
        "WITH customers AS (SELECT '' AS ssn) SELECT ssn FROM customers",
        "SELECT customers.ssn FROM notes customers",
        "SELECT ssn FROM unnest('{}'::text[]) AS ssn",
        "SELECT 'customers.ssn' FROM customers",
        "SELECT /* ssn */ id FROM customers -- ssn",
        "SELECT $$ssn$$ FROM customers",
        "SELECT (SELECT ssn FROM notes) FROM customers",
    ] {
        assert!(!uses(text).contains(SECRET), "{text}");
    }
}
