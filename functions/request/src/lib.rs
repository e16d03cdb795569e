//! The function that agents call: HTTP in, one way through `enforce`, HTTP out.

mod answer;
mod body;
mod explain;
mod look;
mod metadata;
pub mod openapi;
mod problem;
mod query;
mod waiting;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use enforce::Ports;

/// All routes over these ports.
pub fn router(ports: Arc<Ports>) -> Router {
    let routes = Router::new()
        .route("/v1/query", post(query::query))
        .route("/v1/explain", post(explain::explain))
        .route("/v1/requests/{id}", get(look::request).delete(waiting::withdraw))
        .route("/v1/requests/{id}/run", post(waiting::run))
        .route("/v1/targets", get(look::targets))
        .route("/healthz", get(look::health))
        .route("/openapi.json", get(openapi::document))
        .route(metadata::PATH, get(metadata::resource))
        .route(&format!("{}/{{*resource}}", metadata::PATH), get(metadata::resource));
    doors::bounded(routes, ports.verifier.own()).with_state(ports)
}

/// The same as this process is configured.
///
/// # Errors
/// Every mistake of the configuration.
#[cfg(any(feature = "aws", feature = "azure"))]
pub async fn configured(cloud: doors::Cloud) -> Result<Router, request::Mistakes> {
    let settings = cloud.settings();
    let configuration = host::Configuration::read(&settings.config)?;
    let mut ports = host::ports(configuration, settings.keys, cloud.store(), cloud.secrets()?)?;
    ports.workflow = cloud.workflow()?;
    ports.waker = cloud.waker()?;
    Ok(router(Arc::new(ports)))
}
