//! An Azure Key Vault's secrets and keys over HTTPS, with its bearer challenge, under its real name.
//!
//! Microsoft's clients check that a vault's host lies under the domain that its challenge names, and
//! that check shall stay on. So the vault is called `shop.vault.azure.net` here as well: clients
//! reach it through [`Server::proxy`], which knows that name and no other.

mod keys;
mod proxy;
mod rest;
mod safe;
mod secrets;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::error::Unspecified;
use serde_json::{Value, json};

use self::{keys::Pair, safe::Safe};
use crate::{
    ca::{self, Authority},
    managed_identity::Tokens,
    serve::{self, Bound, Control},
};

/// The host name of the vault.
pub const HOST: &str = "shop.vault.azure.net";

/// The resource for which its tokens are given out.
pub const RESOURCE: &str = "https://vault.azure.net";

/// Why there is no vault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its server certificate could not be made.
    #[error("the vault has no certificate")]
    Certificate(#[from] ca::Error),
    /// No free port.
    #[error("the vault cannot listen")]
    Listen(#[from] io::Error),
    /// No randomness to make one of.
    #[error("the vault cannot make a key")]
    Key(#[from] Unspecified),
}

/// A running vault. [`Control::calls`] counts `challenge`, and with a good token `GetKey`,
/// `GetSecret`, `GetSecretVersions`, `SetSecret` and `Sign`.
pub struct Server {
    site: Site,
    server: serve::Server,
    proxy: serve::Server,
}

#[derive(Clone)]
struct Site {
    secrets: Arc<Mutex<Safe<String>>>,
    keys: Arc<Mutex<Safe<Pair>>>,
    tokens: Tokens,
    control: Control,
}

impl Server {
    /// Starts on a free port, empty; it accepts the tokens that this identity endpoint gives out.
    ///
    /// # Errors
    /// No certificate or no free port.
    pub async fn start(authority: &Authority, tokens: &Tokens) -> Result<Self, Error> {
        let failure = json!({"error": {"code": "InternalServerError", "message": "told to fail"}});
        let throttled = json!({"error": {"code": "Throttled", "message": "asked too often"}});
        let control = Control::new(failure, throttled);
        let site = Site {
            secrets: Arc::default(),
            keys: Arc::default(),
            tokens: tokens.clone(),
            control: control.clone(),
        };
        let tls = authority.server(&[HOST])?;
        let bound = Bound::free().await?.named(HOST);
        let server = bound.serve(rest::routes(site.clone()), Some(tls), control);
        let proxy = proxy::start(server.port()).await?;
        Ok(Self { site, server, proxy })
    }

    /// The vault's address for whoever goes through [`Server::proxy`].
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{HOST}/")
    }

    /// The value of `HTTPS_PROXY` for the vault's clients. Everything else on loopback wants
    /// `NO_PROXY=localhost,127.0.0.1` beside it.
    #[must_use]
    pub fn proxy(&self) -> String {
        format!("http://127.0.0.1:{}", self.proxy.port())
    }

    /// The vault's address on loopback, for whoever does not compare it with the challenge.
    #[must_use]
    pub fn direct_url(&self) -> String {
        format!("https://localhost:{}/", self.server.port())
    }

    /// Its faults and counters.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.site.control
    }

    /// Makes the secret, or rotates it. Returns the name of the new version.
    pub fn put(&self, name: &str, value: &str) -> String {
        self.site.secrets().put(name, value.to_owned()).id
    }

    /// Makes a P-256 key for ES256, or rotates it. Returns its public half as a JWK, whose `kid` is
    /// the identifier of the new version: `https://shop.vault.azure.net/keys/{name}/{version}`.
    ///
    /// # Errors
    /// [`Error::Key`].
    pub fn new_key(&self, name: &str) -> Result<Value, Error> {
        let version = self.site.keys().put(name, keys::pair()?);
        Ok(keys::public(HOST, name, &version))
    }
}

impl Site {
    fn secrets(&self) -> MutexGuard<'_, Safe<String>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keys(&self) -> MutexGuard<'_, Safe<Pair>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
