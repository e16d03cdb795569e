//! Tries to print the token of a request.

use request::Bearer;

fn leak(token: &Bearer) -> String {
    format!("{token:?}")
}

fn main() {}
