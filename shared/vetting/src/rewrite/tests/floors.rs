//! Where a least number of rows is put.

use super::{super::floor::at_least, *};

const FLOOR: &str = "(pg_catalog.count(*) OPERATOR(pg_catalog.>=) 5)";

fn becomes(before: &str, after: &str) {
    assert_eq!(at_least(before, 5), Ok(after.replace("<5>", FLOOR)), "{before}");
}

#[test]
fn groups_of_fewer_rows_are_left_out() {
    becomes("SELECT avg(a) FROM t", "SELECT avg(a) FROM t HAVING <5>");
    becomes("SELECT avg(a)", "SELECT avg(a) HAVING <5>");
    becomes(
        "SELECT b, avg(a) FROM t WHERE c GROUP BY b -- x\n;",
        "SELECT b, avg(a) FROM t WHERE c GROUP BY b HAVING <5> -- x\n;",
    );
    becomes(
        "select avg(a) from t group by\"b\"order by 1",
        "select avg(a) from t group by\"b\" HAVING <5>order by 1",
    );
    for rest in [
        "WINDOW w AS (ORDER BY 1)",
        "ORDER BY 1",
        "LIMIT 1",
        "OFFSET 1",
        "FETCH FIRST ROW ONLY",
        "FOR UPDATE",
    ] {
        becomes(
            &format!("SELECT avg(a) FROM t {rest}"),
            &format!("SELECT avg(a) FROM t HAVING <5> {rest}"),
        );
    }
}

#[test]
fn a_having_of_the_statement_s_own_holds_as_well() {
    becomes(
        "SELECT 1 FROM t HAVING true OR false",
        "SELECT 1 FROM t HAVING <5> AND ( true OR false)",
    );
    becomes(
        "SELECT 1 FROM t GROUP BY a HAVING(a > 1)AND b /* x */ ORDER BY 1",
        "SELECT 1 FROM t GROUP BY a HAVING <5> AND ((a > 1)AND b) /* x */ ORDER BY 1",
    );
}

#[test]
fn a_column_must_have_that_many_values() {
    let of = |column: &str| format!("pg_catalog.count({column}) OPERATOR(pg_catalog.>=) 5");
    let floors = format!("({} AND {} AND {})", of("*"), of("\"a\"\"b\""), of("\"C\""));
    for (before, after) in [
        ("SELECT avg(c) FROM t LIMIT 1", "SELECT avg(c) FROM t HAVING <> LIMIT 1"),
        ("SELECT 1 FROM t HAVING a AND b", "SELECT 1 FROM t HAVING <> AND ( a AND b)"),
    ] {
        let added = floor::at_least_of(before, 5, &["a\"b", "C"]);
        assert_eq!(added, Ok(after.replace("<>", &floors)), "{before}");
    }
}

#[test]
fn words_within_parentheses_and_names_are_no_clauses() {
    becomes(
        "WITH x AS (SELECT 1 HAVING true ORDER BY 1) SELECT avg(a ORDER BY b), (SELECT 1 LIMIT 1) AS order, t.having FROM x AS t",
        "WITH x AS (SELECT 1 HAVING true ORDER BY 1) SELECT avg(a ORDER BY b), (SELECT 1 LIMIT 1) AS order, t.having FROM x AS t HAVING <5>",
    );
    becomes(
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) OVER w, 'ORDER BY', \"limit\" FROM t LIMIT 1",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) OVER w, 'ORDER BY', \"limit\" FROM t HAVING <5> LIMIT 1",
    );
}

#[test]
fn what_is_no_plain_select_is_refused() {
    for text in [
        "SELECT 1 UNION SELECT 2",
        "VALUES (1)",
        "(SELECT 1)",
        "WITH x AS (SELECT 1) (SELECT 2)",
        "TABLE t",
        "DELETE FROM t",
    ] {
        assert_eq!(at_least(text, 5), Err(Error::Shape), "{text}");
    }
}
