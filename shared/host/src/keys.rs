//! Key sets of issuers, over HTTPS.

use std::time::Duration;

use identity::{FetchError, KeySource};
use request::Later;
use reqwest::{Client, StatusCode, redirect::Policy};

/// Fetches key sets: TLS only, no redirect, no proxy from the environment, bounded in time and size.
pub(crate) struct Https(Client);

impl Https {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .https_only(true)
            .redirect(Policy::none())
            .no_proxy()
            .timeout(WITHIN)
            .build()?;
        Ok(Self(client))
    }

    async fn get(&self, jwks_uri: &str) -> Result<Vec<u8>, FetchError> {
        let mut answer = self.0.get(jwks_uri).send().await.map_err(FetchError::new)?;
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
