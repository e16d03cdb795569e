//! How many rows the planner expects of a statement: it is planned and not run.

use futures_util::future;
use serde_json::Value;
use tokio_postgres::Client;
use zeroize::Zeroizing;

use super::{
    encode, params,
    session::{CLEAN, failed},
};
use crate::{Error, Estimate};

/// Asks within the transaction that was begun, and cleans the connection in the same round trip.
/// EXPLAIN without ANALYZE executes nothing (PostgreSQL's manual, EXPLAIN), but for functions that the
/// planner reckons with, which are not volatile.
pub(super) async fn estimate(client: &Client, read: &Estimate<'_>) -> Result<u64, Error> {
    let text = format!("EXPLAIN (FORMAT JSON) {}", read.statement);
    // Extended protocol: the server takes one statement here and refuses two.
    let statement = client.prepare(&text).await.map_err(failed)?;
    let params = match read.key_parameters {
        true => params::bind_keyed(read.params, statement.params(), no_keys())?,
        false => params::bind(read.params, statement.params())?,
    };
    let params: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
        params.iter().map(|param| param as _).collect();
    let (row, clean) =
        future::join(client.query_one(&statement, &params), client.batch_execute(CLEAN)).await;
    let row = row.map_err(failed)?;
    clean.map_err(failed)?;
    let plan: Value = row.try_get(0).map_err(failed)?;
    expected(&plan).ok_or(Error::Value(encode::Error::Malformed))
}

/// The rows of the topmost node, where a limit and an aggregate have had their say. A write that
/// returns nothing expects to return none: there the rows count that it is given.
fn expected(plan: &Value) -> Option<u64> {
    let top = plan.get(0)?.get("Plan")?;
    let given = top.get("Plans").and_then(|below| below.get(0));
    match top.get("Node Type")?.as_str()? {
        "ModifyTable" => rows(given?),
        _ => rows(top),
    }
}

/// A whole number, which may be greater than any of 64 bits.
fn rows(node: &Value) -> Option<u64> {
    let rows = node.get("Plan Rows")?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float ends at the bounds of the integer"
    )]
    rows.as_u64().or_else(|| rows.as_f64().map(|rows| rows as u64))
}

/// Zeros in place of the two padded keys: the planner does not look at them.
fn no_keys() -> [Zeroizing<[u8; 64]>; 2] {
    [Zeroizing::new([0; 64]), Zeroizing::new([0; 64])]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_topmost_node_tells() {
        let plan = json!([{"Plan": {"Node Type": "Limit", "Plan Rows": 10,
            "Plans": [{"Node Type": "Seq Scan", "Plan Rows": 5000}]}}]);
        assert_eq!(expected(&plan), Some(10));
    }

    #[test]
    fn of_a_write_the_rows_count_that_it_is_given() {
        let plan = json!([{"Plan": {"Node Type": "ModifyTable", "Plan Rows": 0,
            "Plans": [{"Node Type": "Seq Scan", "Plan Rows": 5000}]}}]);
        assert_eq!(expected(&plan), Some(5000));
    }

    #[test]
    fn more_rows_than_can_be_counted_are_the_most_that_can() {
        let text = r#"[{"Plan": {"Node Type": "Nested Loop", "Plan Rows": 1e30}}]"#;
        assert_eq!(expected(&serde_json::from_str(text).unwrap()), Some(u64::MAX));
        assert_eq!(expected(&json!([])), None);
    }
}
