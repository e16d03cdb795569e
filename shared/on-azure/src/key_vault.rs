//! The secrets of targets in Azure Key Vault.

use std::sync::Arc;

use azure_core::{Bytes, credentials::TokenCredential, http::StatusCode};
use azure_security_keyvault_secrets::{
    ResourceExt as _, SecretClient, SecretClientOptions, models,
};
use credentials::{Fetched, Secret, SecretStore, StoreError};
use request::{Later, SecretName};
use zeroize::{Zeroize as _, Zeroizing};

use crate::{
    Error, address,
    client::{self, PATIENCE},
    failure::{Failure, KEY_VAULT as SERVICE, NO_ANSWER},
};

/// One vault. A secret is the text of its current version. Names with a `/` are Secrets Manager's;
/// here there is no such secret.
pub struct KeyVault {
    client: SecretClient,
}

impl KeyVault {
    /// The vault at this address, such as `https://shop.vault.azure.net`. Its host must lie under
    /// the domain for which it demands tokens; the SDK checks that.
    ///
    /// # Errors
    /// [`Error::Address`] or [`Error::Sdk`].
    pub fn new(
        http: reqwest::Client,
        vault: &str,
        credential: Arc<dyn TokenCredential>,
    ) -> Result<Self, Error> {
        let client_options = client::options(http);
        let options = SecretClientOptions { client_options, ..SecretClientOptions::default() };
        let client = SecretClient::new(&address(vault)?, credential, Some(options));
        Ok(Self { client: client.map_err(Error::Sdk)? })
    }

    async fn current(&self, name: &SecretName) -> Result<Fetched, StoreError> {
        // The SDK puts the name into the path as it is: `a/b` would be version `b` of `a`.
        if name.as_str().contains('/') {
            return Err(StoreError::Missing);
        }
        let answer = tokio::time::timeout(PATIENCE, self.client.get_secret(name.as_str(), None));
        match answer.await {
            Ok(Ok(answer)) => fetched(answer.into_body().into()),
            Ok(Err(error)) if is_missing(&error) => Err(StoreError::Missing),
            Ok(Err(error)) => Err(StoreError::Unavailable(Failure::of_sdk(SERVICE, &error))),
            Err(_) => Err(StoreError::Unavailable(Failure::new(SERVICE, NO_ANSWER))),
        }
    }
}

impl SecretStore for KeyVault {
    fn fetch<'a>(&'a self, name: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        Box::pin(self.current(name))
    }
}

fn fetched(body: Bytes) -> Result<Fetched, StoreError> {
    // An error would quote the secret; it is dropped here.
    let secret: Option<models::Secret> = serde_json::from_slice(&body).ok();
    wipe(body);
    let Some(mut secret) = secret else { return Err(strange()) };
    let text = secret.value.take().map(Zeroizing::new);
    let version = secret.resource_id().ok().and_then(|id| id.version);
    match (text, version) {
        (Some(text), Some(version)) => Ok(Fetched { secret: Secret::new(text), version }),
        _ => Err(strange()),
    }
}

/// The answer was ours alone unless the SDK kept a part of it.
fn wipe(body: Bytes) {
    if let Ok(mut body) = body.try_into_mut() {
        body.as_mut().zeroize();
    }
}

/// No such secret, or none for us.
fn is_missing(error: &azure_core::Error) -> bool {
    matches!(error.http_status(), Some(StatusCode::NotFound | StatusCode::Forbidden))
}

fn strange() -> StoreError {
    StoreError::Unavailable(Failure::new(SERVICE, "the secret cannot be read"))
}
