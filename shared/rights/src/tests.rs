//! Tests of order, meaning and text of rights, and of the accounts of their budgets.

mod accounts;
mod accounts_at_random;
mod allowed;
mod draws;
mod laws;
mod meaning;
mod narrowed;
mod refused;
mod texts;
mod widenings;

use serde_json::Value;

use crate::Rights;

fn rights(value: Value) -> Rights {
    Rights::parse(&value).unwrap()
}
