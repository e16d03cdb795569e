//! Signatures of our own tokens by a key that never leaves Azure Key Vault.

use std::sync::Arc;

use azure_core::{credentials::TokenCredential, http::RequestContent};
use azure_security_keyvault_keys::{
    KeyClient, KeyClientOptions,
    models::{KeyClientSignOptions, KeyOperationResult, SignParameters, SignatureAlgorithm},
};
use delegation::{SignError, Signer};
use request::Later;
use sha2::{Digest as _, Sha256};

use crate::{
    Error, address,
    client::{self, PATIENCE},
    failure::{Failure, KEY_VAULT as SERVICE, NO_ANSWER},
};

/// One key of the type `EC` on the curve `P-256`, or `EC-HSM`.
pub struct KeyVaultKey {
    client: KeyClient,
    name: String,
    version: Option<String>,
}

impl KeyVaultKey {
    /// The key of this name in the vault at this address, or `name/version`. Without a version the
    /// newest signs, so name the version for which the public key is pinned. The vault's host must
    /// lie under the domain for which it demands tokens; the SDK checks that.
    ///
    /// # Errors
    /// [`Error::Address`], [`Error::Key`] or [`Error::Sdk`].
    pub fn new(
        http: reqwest::Client,
        vault: &str,
        key: &str,
        credential: Arc<dyn TokenCredential>,
    ) -> Result<Self, Error> {
        let (name, version) = named(key).ok_or_else(|| Error::Key(key.to_owned()))?;
        let client_options = client::options(http);
        let options = KeyClientOptions { client_options, ..KeyClientOptions::default() };
        let client = KeyClient::new(&address(vault)?, credential, Some(options));
        Ok(Self {
            client: client.map_err(Error::Sdk)?,
            name: name.to_owned(),
            version: version.map(ToOwned::to_owned),
        })
    }

    async fn signature(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        let digest = Sha256::digest(message).to_vec();
        let answer = tokio::time::timeout(PATIENCE, self.operation(digest)).await;
        let failure = match answer {
            Ok(Ok(answer)) => match fixed(answer) {
                Some(signature) => return Ok(signature),
                None => Failure::new(SERVICE, "the signature cannot be read"),
            },
            Ok(Err(error)) => Failure::of_sdk(SERVICE, &error),
            Err(_) => Failure::new(SERVICE, NO_ANSWER),
        };
        Err(SignError::new(failure))
    }

    async fn operation(&self, digest: Vec<u8>) -> azure_core::Result<KeyOperationResult> {
        let (algorithm, value) = (Some(SignatureAlgorithm::Es256), Some(digest));
        let asked: RequestContent<_> = SignParameters { algorithm, value }.try_into()?;
        let key_version = self.version.clone();
        let options = KeyClientSignOptions { key_version, ..KeyClientSignOptions::default() };
        self.client.sign(&self.name, asked, Some(options)).await?.into_model()
    }
}

impl Signer for KeyVaultKey {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Later<'a, Result<[u8; 64], SignError>> {
        Box::pin(self.signature(message))
    }
}

/// Key Vault gives `r` and `s` as RFC 7518, 3.4 wants them; anything else is no signature of ours.
fn fixed(answer: KeyOperationResult) -> Option<[u8; 64]> {
    answer.result?.try_into().ok()
}

/// A key's name and its version. The SDK puts both into the path as they are.
fn named(key: &str) -> Option<(&str, Option<&str>)> {
    let (name, version) = match key.split_once('/') {
        Some((name, version)) => (name, Some(version)),
        None => (key, None),
    };
    (is_name(name) && version.is_none_or(is_version)).then_some((name, version))
}

fn is_name(text: &str) -> bool {
    (1..=127).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_version(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_alone_or_with_its_version() {
        let version = "0123456789abcdef0123456789ABCDEF";
        assert_eq!(named("token-key-1"), Some(("token-key-1", None)));
        assert_eq!(named(&format!("tokens/{version}")), Some(("tokens", Some(version))));
        let long = "n".repeat(128);
        for wrong in ["", "/", "a/", "/a", "a_b", "a b", "../a", "a/b", "a?x", "ä", long.as_str()]
        {
            assert_eq!(named(wrong), None, "{wrong}");
        }
        for wrong in [format!("a/{version}/"), format!("a/{version}0"), format!("a//{version}")] {
            assert_eq!(named(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_64_bytes_are_a_signature() {
        let answer = |bytes: Option<Vec<u8>>| {
            let mut answer = KeyOperationResult::default();
            answer.result = bytes;
            fixed(answer)
        };
        assert_eq!(answer(Some(vec![7; 64])), Some([7; 64]));
        for length in [0, 32, 63, 65, 70, 72, 96] {
            assert_eq!(answer(Some(vec![7; length])), None, "{length}");
        }
        assert_eq!(answer(None), None);
    }
}
