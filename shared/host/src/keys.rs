//! Key sets of issuers: over HTTPS, or from the store where somebody else has put them.

pub(crate) mod public;
mod stored;

use std::{sync::Arc, time::Duration};

use identity::{FetchError, Issuers, KeySource};
use request::{Clock, Later, Mistakes};
use reqwest::{Client, StatusCode, redirect::Policy};
use state::Store;

use crate::{KeysAt, mistake};
pub use stored::StoredKeys;

/// Where this function gets the key sets of its issuers.
///
/// # Errors
/// TLS cannot be set up.
pub fn key_source(
    at: KeysAt,
    issuers: &Issuers,
    store: &Arc<dyn Store>,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn KeySource>, Mistakes> {
    Ok(match at {
        // Only configured addresses are asked; an issuer within our own network is one of them.
        KeysAt::Https => Arc::new(Https::new(Reach::Everywhere)?),
        KeysAt::Store => Arc::new(stored::Stored::new(issuers, store, clock)),
    })
}

/// What fetches key sets for functions that cannot: from public addresses only, unless an issuer is
/// within the private network.
///
/// # Errors
/// TLS cannot be set up.
pub fn fetcher(private: bool) -> Result<Arc<dyn KeySource>, Mistakes> {
    let reach = if private { Reach::Everywhere } else { Reach::Public };
    Ok(Arc::new(Https::new(reach)?))
}

/// Fetches key sets: TLS only, no redirect, no proxy from the environment, bounded in time and size.
struct Https {
    client: Client,
    reach: Reach,
}

/// Whom to connect to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Whatever the address.
    Everywhere,
    /// Nobody behind our own doors, the platform's metadata service among them.
    Public,
}

impl Https {
    fn new(reach: Reach) -> Result<Self, Mistakes> {
        let mut client =
            Client::builder().https_only(true).redirect(Policy::none()).no_proxy().timeout(WITHIN);
        if reach == Reach::Public {
            client = client.dns_resolver(Arc::new(public::Names));
        }
        let client = client.build().map_err(|error| mistake(error.to_string()))?;
        Ok(Self { client, reach })
    }

    async fn get(&self, jwks_uri: &str) -> Result<Vec<u8>, FetchError> {
        // An address that stands in the URL is never looked up, so that it is looked at here.
        if self.reach == Reach::Public && !public::may_be(jwks_uri) {
            return Err(FetchError::new(public::PRIVATE));
        }
        let mut answer = self.client.get(jwks_uri).send().await.map_err(FetchError::new)?;
        if answer.status() != StatusCode::OK {
            return Err(FetchError::new(format!("status {}", answer.status())));
        }
        let mut document = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(FetchError::new)? {
            document.extend_from_slice(&chunk);
            if document.len() > LIMIT {
                return Err(FetchError::new("the document is too long"));
            }
        }
        Ok(document)
    }
}

impl KeySource for Https {
    fn fetch<'a>(&'a self, jwks_uri: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(self.get(jwks_uri))
    }
}

/// As the port promises.
const WITHIN: Duration = Duration::from_secs(3);
const LIMIT: usize = 256 * 1024;
