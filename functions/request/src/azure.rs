//! On Azure Functions: a custom handler behind the Functions host, with Table Storage and Key Vault.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use credentials::SecretStore;
use enforce::Ports;
use host::{Configuration, Place, Settings, StateAt};
use http::HeaderMap;
use request::{Deadline, Mistakes, Source};
use state::Store;
use tokio::net::TcpListener;

use crate::{
    router,
    start::{elsewhere, ended, mistake, settings},
};

/// Runs the function until the platform ends it.
pub async fn run() -> ExitCode {
    ended(serve().await)
}

async fn serve() -> Result<(), Mistakes> {
    let router: Router = router(Arc::new(ports()?)).layer(middleware::from_fn(placed));
    // The host forwards from the same machine; nobody else is to reach the handler.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port()?));
    let listener = TcpListener::bind(address).await.map_err(mistake)?;
    axum::serve(listener, router).await.map_err(mistake)
}

/// The ports, before the first request and without any network.
fn ports() -> Result<Ports, Mistakes> {
    let settings = settings()?;
    let configuration = Configuration::read(&settings.config)?;
    let credential = on_azure::credential(settings.client.as_deref()).map_err(mistake)?;
    let http = on_azure::client(&[]).map_err(mistake)?;
    let store: Arc<dyn Store> = match &settings.state {
        StateAt::Tables(account, table) => {
            let credential = Arc::clone(&credential);
            let tables = on_azure::Tables::new(http.clone(), account, table, credential);
            Arc::new(tables.map_err(mistake)?)
        }
        other => elsewhere(other)?,
    };
    let vault = vault(&settings)?;
    let secrets = on_azure::KeyVault::new(http, vault, credential).map_err(mistake)?;
    let secrets: Arc<dyn SecretStore> = Arc::new(secrets);
    host::ports(configuration, store, secrets)
}

fn vault(settings: &Settings) -> Result<&str, Mistakes> {
    settings.vault.as_deref().ok_or_else(|| mistake("`POSTERN_VAULT_URL` names the Key Vault"))
}

#[expect(clippy::disallowed_methods, reason = "the port is the platform's word, not a setting")]
fn port() -> Result<u16, Mistakes> {
    let text = std::env::var("FUNCTIONS_CUSTOMHANDLER_PORT").unwrap_or_default();
    let port = text.parse().ok();
    port.ok_or_else(|| {
        mistake("`FUNCTIONS_CUSTOMHANDLER_PORT` is not a port; the Functions host sets it")
    })
}

/// Puts beside the request what the Functions host says about it.
async fn placed(mut request: Request, next: Next) -> Response {
    let source = Source { ip: peer(request.headers()) };
    request.extensions_mut().insert(Place { source, deadline: Deadline::within(TIME) });
    next.run(request).await
}

/// The last entry of `X-Forwarded-For`, which the host itself appends, as `address:port`. Entries
/// before it are the caller's own word.
fn peer(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    last.parse().ok().or_else(|| last.parse().ok().map(|address: SocketAddr| address.ip()))
}

/// The Functions host names no deadline; its load balancer gives up after 230 s. Nobody waits longer
/// than this for an agent's query.
const TIME: Duration = Duration::from_secs(30);
