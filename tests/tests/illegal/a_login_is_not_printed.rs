//! Tries to print a login with its password.

use credentials::Login;

fn leak(login: &Login) -> String {
    format!("{login:?}")
}

fn main() {}
