//! The ports over Azure: state in Table Storage, the secrets of targets and our tokens' signatures
//! from Key Vault, and Queue Storage for what waits for people.
//!
//! Nothing is decided here. Each adapter turns the port's words into the service's, and the
//! service's errors into the port's. Key Vault, Queue Storage and the managed identity are
//! Microsoft's own crates; for Table Storage there is none, so [`Tables`] speaks its REST API.

mod client;
mod credential;
mod failure;
mod key_vault;
mod key_vault_key;
mod queue;
mod tables;

pub use azure_core::credentials::TokenCredential;
pub use client::client;
pub use credential::credential;
pub use key_vault::KeyVault;
pub use key_vault_key::KeyVaultKey;
pub use queue::Queue;
pub use tables::Tables;

/// Why an adapter cannot be made from its settings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address over which a token would travel in the clear, or none at all.
    #[error("`{0}` is not an https address")]
    Address(String),
    /// Neither `name` nor `name/version` by Key Vault's rules.
    #[error("`{0}` is not the name of a key")]
    Key(String),
    /// The root certificates are no PEM.
    #[error("the root certificates cannot be read")]
    Roots(#[source] reqwest::Error),
    /// TLS could not be set up.
    #[error("there can be no HTTP client")]
    Client(#[source] reqwest::Error),
    /// Not what the SDK takes.
    #[error("there can be no client of Azure")]
    Sdk(#[source] azure_core::Error),
}

/// The address without its last `/`, if a token may be sent there.
fn address(text: &str) -> Result<String, Error> {
    match reqwest::Url::parse(text) {
        Ok(url) if url.scheme() == "https" && url.has_host() && url.query().is_none() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err(Error::Address(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_over_https_only() {
        assert_eq!(address("https://a.example/b/").unwrap(), "https://a.example/b");
        for bad in ["http://a.example", "https://", "a.example", "https://a.example?x=1", ""] {
            assert!(matches!(address(bad), Err(Error::Address(_))), "{bad}");
        }
    }
}
