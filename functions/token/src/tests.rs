//! The function as its callers meet it: HTTP in, HTTP out.

mod elsewhere;
mod endpoint;
mod stand;
