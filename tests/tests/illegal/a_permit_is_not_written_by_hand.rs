//! Tries to write a permit for a verified caller without asking policy.

use identity::{Chain, Verified};
use policy::Permit;

fn forge(who: Verified<Chain>) -> Permit {
    Permit { who }
}

fn main() {}
