//! What surrounds the way in every function: settings, configuration files, the issuer's keys over
//! HTTPS, the clock, the log. No decision about a request is made here.

mod clock;
mod files;
mod keys;
mod log;
mod place;
mod settings;

use std::sync::Arc;

use audit::Ledger;
use credentials::{SecretStore, Vault};
use enforce::Ports;
use identity::Verifier;
use policy::Policies;
use request::{Clock, Mistake, Mistakes};
use state::Store;
use targets::postgres::Postgres;

pub use clock::SystemClock;
pub use files::Configuration;
pub use log::log;
pub use place::Place;
pub use settings::{Settings, StateAt};

/// Installs the one TLS provider. The first line of every `main`.
///
/// # Errors
/// Another one was installed before.
pub fn tls() -> Result<(), Mistakes> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    provider.install_default().map_err(|_| mistake("another TLS provider is installed already"))
}

/// Puts the ports together from what was configured and from the two that are each cloud's own.
///
/// # Errors
/// Every mistake of the configuration, at once; nothing starts.
pub fn ports(
    configuration: Configuration,
    store: Arc<dyn Store>,
    secrets: Arc<dyn SecretStore>,
) -> Result<Ports, Mistakes> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let Configuration { issuers, snapshot, policies } = configuration;
    let keys = Arc::new(keys::Https::new().map_err(|error| mistake(error.to_string()))?);
    Ok(Ports {
        verifier: Verifier::new(issuers, keys, Arc::clone(&clock), snapshot)?,
        driver: Box::new(Postgres::new(Arc::new(authorities(&policies)?))),
        policies: Arc::new(policies),
        ledger: Arc::new(Ledger::new(store, Arc::clone(&clock))),
        vault: Vault::new(secrets),
        clock,
    })
}

/// The platform's authorities; read only if a target relies on them, which takes milliseconds.
fn authorities(policies: &Policies) -> Result<rustls::RootCertStore, Mistakes> {
    let mut roots = rustls::RootCertStore::empty();
    if policies.targets().iter().all(|target| target.authority.is_some()) {
        return Ok(roots);
    }
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    match roots.is_empty() {
        false => Ok(roots),
        true => Err(mistake("a target names no `authority`, and the platform has none either")),
    }
}

fn mistake(text: impl Into<String>) -> Mistakes {
    Mistakes(vec![Mistake { file: "start".into(), line: 0, text: text.into() }])
}
