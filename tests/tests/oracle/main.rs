//! The resolver of names against PostgreSQL itself: every SELECT of its own regression tests becomes a
//! view there, and the server notes which columns of which relations the view rests on.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod compare;
#[cfg(test)]
mod corpus;
#[cfg(test)]
#[path = "../stages/stand/door.rs"]
#[expect(dead_code, reason = "it is made for more tests than these")]
mod door;
#[cfg(test)]
mod server;
#[cfg(test)]
mod survey;

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
