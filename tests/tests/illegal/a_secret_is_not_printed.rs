//! Tries to print a secret.

use credentials::Secret;

fn leak(secret: &Secret) -> String {
    format!("{secret:?}")
}

fn main() {}
