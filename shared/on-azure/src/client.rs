//! The HTTP client of all adapters: TLS only, no redirects, bounded in time.

use std::{sync::Arc, time::Duration};

use azure_core::{
    http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport},
    time::Duration as Delay,
};
use reqwest::{Certificate, Client, ClientBuilder, redirect::Policy};

use crate::Error;

/// A client for [`Tables`](crate::Tables), [`KeyVault`](crate::KeyVault) and
/// [`KeyVaultKey`](crate::KeyVaultKey), to be shared by them. It trusts what the system trusts
/// (`SSL_CERT_FILE` is honoured) and the roots in `extra_roots`, a PEM bundle for a cloud behind a
/// private authority; empty for Azure itself.
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

/// What a client of Microsoft's is to work with: this HTTP client, and little patience.
pub(crate) fn options(http: Client) -> ClientOptions {
    ClientOptions {
        transport: Some(Transport::new(Arc::new(http))),
        retry: few(),
        ..ClientOptions::default()
    }
}

/// The SDK's own bounds are a minute, longer than anybody waits for a function.
fn few() -> RetryOptions {
    RetryOptions::exponential(ExponentialRetryOptions {
        initial_delay: Delay::milliseconds(100),
        max_retries: 2,
        max_total_elapsed: Delay::seconds(5),
        max_delay: Delay::seconds(1),
    })
}

fn bounded() -> ClientBuilder {
    // A token must not follow a redirect to somebody else.
    Client::builder().connect_timeout(CONNECT).timeout(ATTEMPT).redirect(Policy::none())
}

// A request makes a handful of calls in a row, and the functions' front gives up at 29 s.
const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_secs(4);

/// For all attempts of one call to a vault together, the token's included.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);
