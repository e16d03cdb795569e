//! What surrounds the way in every function: settings, configuration files, the issuers' keys, the
//! clock, the log. No decision about a request is made here.

mod clock;
mod files;
mod keys;
mod log;
mod nonces;
mod place;
mod settings;

use std::sync::Arc;

use audit::Ledger;
use credentials::{SecretStore, Vault};
use enforce::{Ports, Readings};
use identity::{NonceKeys, Own, Verifier};
use policy::Policies;
use request::{Clock, Mistake, Mistakes, SecretName};
use state::Store;
use targets::postgres::Postgres;

pub use clock::SystemClock;
pub use files::Configuration;
pub use keys::{
    StoredKeys, fetcher, key_source,
    public::{Names as PublicNames, may_be as may_be_public},
};
pub use log::log;
pub use place::Place;
pub use settings::{KeysAt, Settings, SignerAt, StateAt, WorkflowAt};

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
    keys: KeysAt,
    store: Arc<dyn Store>,
    secrets: Arc<dyn SecretStore>,
) -> Result<Ports, Mistakes> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let Configuration { issuers, snapshot, policies, own } = configuration;
    let keys = key_source(keys, &issuers, &store, &clock)?;
    let verifier = Verifier::new(issuers, keys, Arc::clone(&clock), snapshot)?;
    Ok(Ports {
        verifier: believing(verifier, own, || Ok(Arc::clone(&secrets)))?,
        driver: Box::new(Postgres::new(Arc::new(authorities(&policies)?))),
        policies: Arc::new(policies),
        ledger: Arc::new(Ledger::new(store, Arc::clone(&clock))),
        vault: Vault::new(secrets),
        surveys: targets::Surveys::default(),
        readings: Readings::new(),
        workflow: None,
        waker: None,
        clock,
    })
}

/// The verifier, with our own tokens where we issue any. The secret store is asked for only where
/// nonces are demanded: a function that needs no secret has none.
///
/// # Errors
/// The name of the nonces' secret is none.
pub fn believing(
    verifier: Verifier,
    own: Option<Own>,
    secrets: impl FnOnce() -> Result<Arc<dyn SecretStore>, Mistakes>,
) -> Result<Verifier, Mistakes> {
    let Some(own) = own else { return Ok(verifier) };
    let nonces = match own.nonce() {
        None => None,
        Some(name) => {
            let name = SecretName::new(name).map_err(|error| mistake(error.to_string()))?;
            Some(Arc::new(nonces::Kept { store: secrets()?, name }) as Arc<dyn NonceKeys>)
        }
    };
    verifier.with_own(own, nonces)
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
