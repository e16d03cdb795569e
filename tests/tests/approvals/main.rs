//! What people approve: who may decide about a request, what is on record of whoever tries, and the life
//! of one that waits, in every order in which its steps can fall.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on ends, and what was searched is told"
)]

mod caller;
mod life;
mod matrix;
mod model;
mod reference;
mod scene;
mod stand;
mod stories;
