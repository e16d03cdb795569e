//! The function's ports, from what its cloud has and its files say.

use std::sync::Arc;

use audit::Ledger;
use axum::Router;
use delegation::Ports;
use doors::{Cloud, mistake};
use host::{Configuration, SystemClock};
use identity::Verifier;
use request::{Clock, Mistakes};

/// All routes over this cloud. Nothing is called before the first request.
///
/// # Errors
/// Every mistake of the settings and of the configuration.
pub async fn configured(cloud: Cloud) -> Result<Router, Mistakes> {
    Ok(crate::router(Arc::new(ports(&cloud)?)))
}

fn ports(cloud: &Cloud) -> Result<Ports, Mistakes> {
    let settings = cloud.settings();
    let Configuration { issuers, snapshot, policies, own } = Configuration::read(&settings.config)?;
    if own.is_none() {
        return Err(mistake("`tokens.toml` is missing, and this function issues tokens"));
    }
    let (store, clock): (_, Arc<dyn Clock>) = (cloud.store(), Arc::new(SystemClock));
    let keys = host::key_source(settings.keys, &issuers, &store, &clock)?;
    let verifier = Verifier::new(issuers, keys, Arc::clone(&clock), snapshot)?;
    Ok(Ports {
        verifier: Arc::new(host::believing(verifier, own, || cloud.secrets())?),
        policies: Arc::new(policies),
        ledger: Arc::new(Ledger::new(store, Arc::clone(&clock))),
        signer: cloud.signer()?,
        clock,
    })
}
