//! Tries to decide as somebody whom no issuer vouches for.

use identity::{Person, Verified};

fn pose(person: Person) -> Verified<Person> {
    Verified(person)
}

fn main() {}
