//! The secrets of targets in AWS Secrets Manager.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::{
    Client,
    operation::get_secret_value::{GetSecretValueError, GetSecretValueOutput},
};
use credentials::{Fetched, Secret, SecretStore, StoreError};
use request::{Later, SecretName};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Secrets Manager, in the account and region of its client. A secret is the text of its version
/// `AWSCURRENT`.
pub struct SecretsManager {
    client: Client,
}

impl SecretsManager {
    /// The secrets of the configuration's account and region.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config) }
    }

    async fn current(&self, name: &SecretName) -> Result<Fetched, StoreError> {
        // Named, although it is the default: what a rotation has pending must not be used.
        let call = self.client.get_secret_value().secret_id(name.as_str());
        match call.version_stage("AWSCURRENT").send().await {
            Ok(answer) => fetched(answer),
            Err(error) if error.as_service_error().is_some_and(is_missing) => {
                Err(StoreError::Missing)
            }
            Err(error) => Err(StoreError::Unavailable(Failure::of(SERVICE, &error))),
        }
    }
}

impl SecretStore for SecretsManager {
    fn fetch<'a>(&'a self, name: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        Box::pin(self.current(name))
    }
}

fn fetched(mut answer: GetSecretValueOutput) -> Result<Fetched, StoreError> {
    // Before anything can return: the SDK does not wipe its own strings.
    let text = answer.secret_string.take().map(Zeroizing::new);
    let binary = answer.secret_binary.take();
    drop(binary.map(|blob| Zeroizing::new(blob.into_inner())));
    match (text, answer.version_id.take()) {
        (Some(text), Some(version)) => Ok(Fetched { secret: Secret::new(text), version }),
        _ => Err(StoreError::Unavailable(Failure::new(SERVICE, "the secret is not a text"))),
    }
}

/// No such secret, none any more, or none for us.
fn is_missing(error: &GetSecretValueError) -> bool {
    error.is_resource_not_found_exception()
        || error.is_invalid_request_exception()
        || error.meta().code() == Some("AccessDeniedException")
}

const SERVICE: &str = "Secrets Manager";
