//! Signatures of our own tokens by a key that never leaves AWS KMS.

mod der;

use aws_config::SdkConfig;
use aws_sdk_kms::{
    Client,
    operation::sign::{SignOutput, builders::SignFluentBuilder},
    primitives::Blob,
    types::{MessageType, SigningAlgorithmSpec},
};
use delegation::{SignError, Signer};
use request::Later;
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;

/// One key of the spec `ECC_NIST_P256` and the usage `SIGN_VERIFY`.
pub struct Kms {
    client: Client,
    key: String,
}

impl Kms {
    /// The key of this id, ARN or alias, in the configuration's account and region. An alias signs
    /// with whatever key it points at, so name the one for which the public key is pinned.
    #[must_use]
    pub fn new(config: &SdkConfig, key: impl Into<String>) -> Self {
        Self { client: Client::new(config), key: key.into() }
    }

    async fn signature(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        let call = self.client.sign().key_id(&self.key);
        let call = call.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        match with(call, message).send().await {
            Ok(answer) => fixed(&answer),
            Err(error) => Err(SignError::new(Failure::of(SERVICE, &error))),
        }
    }
}

impl Signer for Kms {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Later<'a, Result<[u8; 64], SignError>> {
        Box::pin(self.signature(message))
    }
}

/// The message as it is, for KMS to hash; or its hash, where it is more than KMS takes.
fn with(call: SignFluentBuilder, message: &[u8]) -> SignFluentBuilder {
    if message.len() <= RAW_LIMIT {
        return call.message_type(MessageType::Raw).message(Blob::new(message));
    }
    let digest = Sha256::digest(message).to_vec();
    call.message_type(MessageType::Digest).message(Blob::new(digest))
}

fn fixed(answer: &SignOutput) -> Result<[u8; 64], SignError> {
    let signature = answer.signature.as_ref().and_then(|der| der::fixed(der.as_ref()));
    let strange = || SignError::new(Failure::new(SERVICE, "the signature cannot be read"));
    signature.ok_or_else(strange)
}

const SERVICE: &str = "KMS";

/// What `Sign` takes as a message, in bytes; a hash stands for anything.
const RAW_LIMIT: usize = 4096;
