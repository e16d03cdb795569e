//! Tests of the whole stage, most of them through its front door.

mod arbitrary;
mod bad_claims;
mod bad_headers;
mod bad_signatures;
mod cache;
mod dpop;
mod draft;
mod events;
mod good_tokens;
mod issuers;
mod key_sets;
mod own;
mod people;
mod people_logins;
mod people_sessions;
mod profiles;
mod profiles_ci;
mod profiles_cloud;
mod profiles_config;
mod profiles_entra;
mod profiles_spiffe;
mod profiles_workloads;
mod refused;
mod signer;
mod stand;
mod standing;
pub(crate) mod vectors;
