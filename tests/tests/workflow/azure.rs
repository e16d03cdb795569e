//! Queue Storage on Azurite, reached with the managed identity over TLS.

mod adapter;
mod journey;
mod stand;
