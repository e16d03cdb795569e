//! The HTTP client of all adapters: TLS only, no redirects, bounded in time.

use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, redirect::Policy};

use crate::Error;

/// A client for [`Tables`](crate::Tables) and [`KeyVault`](crate::KeyVault), to be shared by them.
/// It trusts what the system trusts (`SSL_CERT_FILE` is honoured) and the roots in `extra_roots`, a
/// PEM bundle for a cloud behind a private authority; empty for Azure itself.
///
/// # Errors
/// [`Error::Roots`], or [`Error::Client`] where TLS cannot be set up.
pub fn client(extra_roots: &[u8]) -> Result<Client, Error> {
    let roots = Certificate::from_pem_bundle(extra_roots).map_err(Error::Roots)?;
    bounded().https_only(true).tls_certs_merge(roots).build().map_err(Error::Client)
}

/// A client for the identity endpoint, which is plain HTTP within the machine.
pub(crate) fn local() -> Result<Client, Error> {
    bounded().no_proxy().build().map_err(Error::Client)
}

fn bounded() -> ClientBuilder {
    // A token must not follow a redirect to somebody else.
    Client::builder().connect_timeout(CONNECT).timeout(ATTEMPT).redirect(Policy::none())
}

// A request makes a handful of calls in a row, and the functions' front gives up at 29 s.
const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_secs(4);
