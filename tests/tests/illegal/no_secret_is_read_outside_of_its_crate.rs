//! Tries to read the login out of a secret that a store has handed over.

use credentials::{Login, Secret};

fn read(secret: &Secret) -> Option<Login> {
    secret.login()
}

fn main() {}
