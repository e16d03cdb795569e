//! What the functions are told through their environment.

use std::{collections::BTreeMap, path::Path};

use super::{Cloud, config, ledger, signer};
use crate::{key_vault, managed_identity, secrets_manager};

/// Names and values.
pub(super) type Variables = BTreeMap<String, String>;

/// What the environments of all functions are made from.
pub(super) struct Environment<'a> {
    /// The folder of this run.
    pub(super) folder: &'a Path,
    /// Whom to trust.
    pub(super) authority: &'a Path,
}

impl Environment<'_> {
    /// On AWS.
    pub(super) fn aws(&self, secrets: &secrets_manager::Server) -> Variables {
        let mut all = self.both(Cloud::Aws);
        all.extend(variables(&[
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &secrets.url()),
            ("AWS_ACCESS_KEY_ID", "emulated"),
            ("AWS_SECRET_ACCESS_KEY", "emulated"),
        ]));
        all
    }

    /// On Azure.
    pub(super) fn azure(
        &self,
        vault: &key_vault::Server,
        identity: &managed_identity::Server,
    ) -> Variables {
        let mut all = self.both(Cloud::Azure);
        all.extend(variables(&[
            ("POSTERN_VAULT_URL", &vault.url()),
            ("AZURE_CLIENT_ID", identity.client()),
            ("IDENTITY_ENDPOINT", &identity.endpoint()),
            ("IDENTITY_HEADER", identity.header()),
            ("HTTPS_PROXY", &vault.proxy()),
            ("NO_PROXY", "localhost,127.0.0.1"),
        ]));
        all
    }

    /// The same for a function that signs tokens.
    pub(super) fn signing(&self, cloud: Cloud, others: &Variables) -> Variables {
        let mut all = others.clone();
        let key = format!("file:{}", text(&signer(self.folder, cloud)));
        all.extend(variables(&[("POSTERN_SIGNER", &key)]));
        all
    }

    fn both(&self, cloud: Cloud) -> Variables {
        let state = format!("sqlite:{}", text(&ledger(self.folder, cloud)));
        variables(&[
            ("POSTERN_CONFIG", &text(&config(self.folder, cloud))),
            ("POSTERN_STATE", &state),
            ("SSL_CERT_FILE", &text(self.authority)),
        ])
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn variables(pairs: &[(&str, &str)]) -> Variables {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
