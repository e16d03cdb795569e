//! What a target's role can do on a real PostgreSQL, without any gate in front of it: what `postern
//! doctor` finds and how it is put right, and what the views of `postern mask apply` let through.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod command;
#[cfg(test)]
mod hard;
#[cfg(test)]
mod leaks;
#[cfg(test)]
mod made;
#[cfg(test)]
mod masks;
#[cfg(test)]
mod soft;
#[cfg(test)]
mod stand;
