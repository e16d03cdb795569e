//! Tests of the whole stage, most of them through its front door.

mod arbitrary;
mod bad_claims;
mod bad_headers;
mod bad_signatures;
mod cache;
mod draft;
mod good_tokens;
mod issuers;
mod key_sets;
mod refused;
mod signer;
mod stand;
mod vectors;
