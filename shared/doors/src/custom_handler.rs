//! On Azure Functions: a custom handler behind the Functions host.

use std::{
    future::Future,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
    serve::ListenerExt as _,
};
use host::Place;
use http::HeaderMap;
use request::{Deadline, Mistakes, Source};
use tokio::net::TcpListener;

use crate::{
    Cloud,
    start::{ended, mistake},
};

/// Runs a function until the platform ends it. `build` is to call nobody: it runs before the first
/// request.
pub async fn run<F>(build: impl FnOnce(Cloud) -> F) -> ExitCode
where
    F: Future<Output = Result<Router, Mistakes>>,
{
    ended(serve(build).await)
}

async fn serve<F>(build: impl FnOnce(Cloud) -> F) -> Result<(), Mistakes>
where
    F: Future<Output = Result<Router, Mistakes>>,
{
    let router = build(Cloud::azure()?).await?.layer(middleware::from_fn(placed));
    // The host forwards from the same machine; nobody else is to reach the handler.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port()?));
    let listener = TcpListener::bind(address).await.map_err(mistake)?;
    // The end of an answer is not to wait until the host has acknowledged what is before it.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, router).await.map_err(mistake)
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
