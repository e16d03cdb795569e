//! Tries to put another caller's name on a permit.

use identity::{Chain, Verified};
use policy::Permit;

fn steal(mut permit: Permit, who: Verified<Chain>) -> Permit {
    permit.who = who;
    permit
}

fn main() {}
