//! What is asked, and what a right answer looks like.

use serde_json::{Value, json};

/// One statement over the table `bulk`, whose ids run from 1 to 10,000.
pub(super) struct Question {
    pub(super) title: &'static str,
    pub(super) statement: &'static str,
    /// The same without a tagged column, where masking is told apart by it.
    pub(super) untagged: Option<&'static str>,
    /// How often it is asked in a full bench.
    pub(super) rounds: u32,
    rows: i32,
    columns: usize,
    params: fn(i32) -> Vec<i32>,
    masked: &'static [(usize, &'static str)],
}

/// From the smallest to the largest.
pub(super) const ALL: &[Question] = &[
    Question {
        title: "1 row × 3 columns",
        statement: "SELECT id, name, amount FROM bulk WHERE id = $1",
        untagged: None,
        rounds: 2000,
        rows: 1,
        columns: 3,
        params: |first| vec![first],
        masked: &[],
    },
    Question {
        title: "100 rows × 5 columns, 2 masked",
        statement: "SELECT id, name, email, ssn, amount FROM bulk \
                    WHERE id BETWEEN $1 AND $2 ORDER BY id",
        untagged: None,
        rounds: 500,
        rows: 100,
        columns: 5,
        params: |first| vec![first, first + 99],
        masked: TAGGED,
    },
    Question {
        title: "10,000 rows × 5 columns, 2 masked",
        statement: "SELECT id, name, email, ssn, amount FROM bulk ORDER BY id",
        untagged: Some("SELECT id, name, name, name, amount FROM bulk ORDER BY id"),
        rounds: 100,
        rows: 10_000,
        columns: 5,
        params: |_| Vec::new(),
        masked: TAGGED,
    },
];

/// Where the tagged columns stand, and what stands in their place.
const TAGGED: &[(usize, &str)] = &[(2, "[masked:email]"), (3, "[masked:ssn]")];

impl Question {
    /// How many cells one answer has.
    pub(super) fn cells(&self) -> usize {
        self.count() * self.columns
    }

    /// How many of them are masked.
    pub(super) fn masked_cells(&self) -> usize {
        self.count() * self.masked.len()
    }

    /// How many rows an answer has.
    pub(super) fn count(&self) -> usize {
        usize::try_from(self.rows).unwrap_or_default()
    }

    /// The values for this round: other rows in each.
    pub(super) fn params(&self, round: u32) -> Vec<i32> {
        (self.params)(self.first(round))
    }

    /// What is sent to `POST /v1/query` in this round.
    pub(super) fn body(&self, round: u32, tagged: bool) -> String {
        let statement = if tagged { Some(self.statement) } else { self.untagged };
        json!({"target": "shop", "statement": statement, "params": self.params(round)}).to_string()
    }

    /// What is wrong with this answer of this round, if anything is.
    pub(super) fn flaw(
        &self,
        round: u32,
        tagged: bool,
        status: u16,
        body: &[u8],
    ) -> Option<String> {
        let Ok(answer) = serde_json::from_slice::<Value>(body) else {
            return Some("the answer is not JSON".into());
        };
        if status != 200 {
            return Some(format!("{status} {}", answer.get("type").unwrap_or(&Value::Null)));
        }
        let rows = answer.get("rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if rows.len() != self.count() {
            return Some(format!("{} rows instead of {}", rows.len(), self.rows));
        }
        let masks = if tagged { self.masked } else { &[] };
        let said = answer.pointer("/masked/cells").and_then(Value::as_u64);
        if said != Some((rows.len() * masks.len()) as u64) {
            return Some(format!("{said:?} cells are said to be masked"));
        }
        let ids = self.first(round)..;
        let wrong = rows.iter().zip(ids).filter(|(row, id)| !self.is_row(row, *id, masks)).count();
        (wrong > 0).then(|| format!("{wrong} rows are not what they have to be"))
    }

    /// Whether this is the row of this id: masked where it has to be, and nowhere else.
    fn is_row(&self, row: &Value, id: i32, masks: &[(usize, &str)]) -> bool {
        let cells = row.as_array().map_or(&[][..], Vec::as_slice);
        let right = |(at, cell): (usize, &Value)| match masks.iter().find(|mask| mask.0 == at) {
            Some((_, mask)) => cell == mask,
            None if at == 0 => *cell == id,
            None => cell.as_str().is_some_and(|text| !text.is_empty() && !text.contains("[masked")),
        };
        cells.len() == self.columns && cells.iter().enumerate().all(right)
    }

    /// 7919 is prime, so that all rows have their turn.
    fn first(&self, round: u32) -> i32 {
        let places = i64::from(10_001 - self.rows);
        i32::try_from(i64::from(round) * 7919 % places).unwrap_or_default() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cell: &str) -> Vec<u8> {
        let rows: Vec<Value> =
            (1..=10_000).map(|id| json!([id, "a name", "[masked:email]", cell, "1.00"])).collect();
        json!({"rows": rows, "masked": {"cells": 20_000}}).to_string().into_bytes()
    }

    #[test]
    fn an_answer_that_shows_a_tagged_cell_is_wrong() {
        let question = ALL.last().unwrap();
        assert_eq!(question.flaw(0, true, 200, &answer("[masked:ssn]")), None);
        assert!(question.flaw(0, true, 200, &answer("123-45-6789")).is_some());
        assert!(question.flaw(0, false, 200, &answer("[masked:ssn]")).is_some());
    }

    #[test]
    fn no_round_asks_for_rows_that_are_not_there() {
        for question in ALL {
            for round in 0..20_000 {
                let first = question.first(round);
                assert!(first >= 1 && first + question.rows <= 10_001, "{first}");
            }
        }
    }
}
