//! The resolver of names against PostgreSQL itself: every SELECT of its own regression tests, and many
//! that nobody wrote, become views there, and the server notes which columns of which relations a view
//! rests on and which functions it calls; and a role that may read some columns only is refused where
//! the resolver says so.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod calls;
#[cfg(test)]
mod clinic;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod corpus;
#[cfg(test)]
#[path = "../stages/stand/door.rs"]
#[expect(dead_code, reason = "it is made for more tests than these")]
mod door;
#[cfg(test)]
mod generated;
#[cfg(test)]
#[path = "../bypass/generator.rs"]
mod generator;
#[cfg(test)]
mod grants;
#[cfg(test)]
mod server;
#[cfg(test)]
mod survey;
#[cfg(test)]
mod tree;

#[cfg(test)]
use survey::{NOW, Still};

/// Statements about which we and the server do not say the same, each with the reason, and how many
/// there are of which kind.
#[cfg(test)]
const DIFFERENCES: &str = include_str!("differences.txt");

#[test]
#[expect(clippy::print_stdout, reason = "the counts are to be seen")]
fn names_are_what_postgresql_takes_them_for() {
    let table = compare::table(&corpus::statements(), DIFFERENCES);
    table.lines().filter(|line| !line.contains(['#', '|'])).for_each(|line| println!("{line}"));
    assert!(table == DIFFERENCES, "this is not what was reviewed:\n{table}");
}
