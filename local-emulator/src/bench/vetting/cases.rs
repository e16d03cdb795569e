//! The statements that vetting is timed with, one or two of each class, and the database they are for.

use std::sync::Arc;

use catalogue::{Catalogue, Relation};

/// A statement of one class.
pub(super) struct Case {
    pub(super) class: &'static str,
    pub(super) text: &'static str,
    /// How many parameters it takes, all of them whole numbers.
    pub(super) params: usize,
}

/// Two targets of the same database: one whose results are masked, one whose sources are.
pub(super) const TARGETS: &str = r#"
    [targets.result]
    kind = "postgres"
    host = "shop.example"
    database = "shop"
    secret = "shop"
    [targets.result.tags."public.customers"]
    card = "card"
    email = "email"
    ssn = "ssn"

    [targets.source]
    kind = "postgres"
    host = "shop.example"
    database = "shop"
    secret = "shop"
    mask = "source"
    [targets.source.tags."public.customers"]
    card = "card"
    email = "email"
    ssn = "ssn"
"#;

/// Everything is permitted.
pub(super) const POLICY: &str = r#"@id("open") permit(principal, action, resource);"#;

/// From the plainest read to a plan.
pub(super) const ALL: &[Case] = &[
    Case {
        class: "read, simple",
        text: "SELECT id, name, email FROM customers WHERE id = $1",
        params: 1,
    },
    Case {
        class: "read, three joins",
        text: "SELECT c.id, c.name, c.email, o.id AS order_id, o.status, i.name AS item, i.total \
               FROM customers c JOIN orders o ON o.customer_id = c.id \
               JOIN items i ON i.order_id = o.id LEFT JOIN notes n ON n.id = o.id \
               WHERE o.status = 'paid' AND o.total > $1 AND i.total BETWEEN 5 AND 500 \
               ORDER BY o.id DESC LIMIT 50",
        params: 1,
    },
    Case { class: "read, analytic, 1 KB", text: ANALYTIC, params: 1 },
    Case {
        class: "write, insert",
        text: "INSERT INTO orders (id, customer_id, name, status, total) \
               VALUES ($1, $2, 'a chair', 'open', 19.90), ($1 + 1, $2, 'a table', 'open', 99.00)",
        params: 2,
    },
    Case {
        class: "write, update",
        text: "UPDATE orders SET status = 'paid', note = 'by card' \
               WHERE id = $1 AND status = 'open'",
        params: 1,
    },
    Case { class: "describe", text: "SHOW TimeZone", params: 0 },
    Case {
        class: "explain",
        text: "EXPLAIN SELECT o.status, sum(i.total) FROM orders o \
               JOIN items i ON i.order_id = o.id WHERE o.id > 100 GROUP BY o.status",
        params: 0,
    },
];

const ANALYTIC: &str = "WITH paid AS (SELECT o.id, o.customer_id, o.status, o.created_at, o.total \
    FROM orders o WHERE o.status IN ('paid', 'shipped') AND o.total > $1 \
    AND o.created_at >= now() - interval '90 days'), \
    lines AS (SELECT i.order_id, count(*) AS items, sum(i.total) AS sum FROM items i \
    JOIN paid p ON p.id = i.order_id GROUP BY i.order_id HAVING count(*) > 1), \
    ranked AS (SELECT p.customer_id, p.id, p.total, l.items, l.sum, \
    row_number() OVER (PARTITION BY p.customer_id ORDER BY p.total DESC) AS place, \
    lag(p.total) OVER (PARTITION BY p.customer_id ORDER BY p.created_at) AS before, \
    date_trunc('month', p.created_at) AS month FROM paid p JOIN lines l ON l.order_id = p.id) \
    SELECT r.month, c.id, c.name, count(*) AS orders, round(avg(r.total), 2) AS average, \
    max(r.total - coalesce(r.before, 0)) AS rise, sum(r.items) AS items \
    FROM ranked r JOIN customers c ON c.id = r.customer_id \
    WHERE r.place <= 3 AND lower(c.name) LIKE 'a%' \
    GROUP BY r.month, c.id, c.name HAVING sum(r.sum) > 100 \
    ORDER BY r.month DESC, average DESC LIMIT 100";

/// A shop of a hundred relations, of which the statements name four.
pub(super) fn catalogue() -> Option<Arc<Catalogue>> {
    let mut draft = vetting::draft("public");
    let named = [("orders", ORDERS), ("items", ITEMS), ("notes", NOTES), ("customers", CUSTOMERS)];
    for (oid, (name, columns)) in (20_000..).zip(named) {
        draft.relations.push(Relation::table(oid, "public", name, columns));
    }
    for oid in 20_100..20_196 {
        draft.relations.push(Relation::table(oid, "public", &format!("t_{oid}"), ORDERS));
    }
    Catalogue::of(draft).ok().map(Arc::new)
}

const ORDERS: &[(&str, &str)] = &[
    ("id", "integer"),
    ("customer_id", "integer"),
    ("name", "text"),
    ("note", "text"),
    ("status", "text"),
    ("total", "numeric(12,2)"),
    ("created_at", "timestamp with time zone"),
];
const ITEMS: &[(&str, &str)] =
    &[("id", "integer"), ("order_id", "integer"), ("name", "text"), ("total", "numeric(12,2)")];
const NOTES: &[(&str, &str)] = &[("id", "integer"), ("body", "text")];
const CUSTOMERS: &[(&str, &str)] = &[
    ("id", "integer"),
    ("name", "text"),
    ("email", "text"),
    ("ssn", "text"),
    ("card", "text"),
    ("phone", "text"),
];
