//! Nothing leaks, in any mode: statements that try to get around the masks, sent through the whole
//! gate to a real PostgreSQL with a canary in every tagged cell; and ordinary ones, which must pass.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod analyst;
#[cfg(test)]
mod behind;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod generator;
#[cfg(test)]
mod interference;
#[cfg(test)]
mod invariance;
#[cfg(test)]
mod leaks;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod waiting;
