//! On AWS Lambda: behind a function URL or API Gateway, or called by another service.

use std::{future::Future, net::IpAddr, process::ExitCode, time::Duration};

use axum::Router;
use host::Place;
use lambda_http::{Request, RequestExt as _, request::RequestContext, tower::ServiceBuilder};
use request::{Clock as _, Deadline, Mistakes, Source};

use crate::{
    Cloud,
    start::{ended, mistake},
};

/// Runs a function that answers HTTP until the platform ends it. `build` is to call nobody: it runs
/// before the first request.
pub async fn run<F>(build: impl FnOnce(Cloud) -> F) -> ExitCode
where
    F: Future<Output = Result<Router, Mistakes>>,
{
    ended(serve(build).await)
}

/// What a function gets from Amazon, for one that answers something else than HTTP.
///
/// # Errors
/// Every mistake of the settings.
pub async fn cloud() -> Result<Cloud, Mistakes> {
    Cloud::aws().await
}

async fn serve<F>(build: impl FnOnce(Cloud) -> F) -> Result<(), Mistakes>
where
    F: Future<Output = Result<Router, Mistakes>>,
{
    let router = build(cloud().await?).await?;
    let service = ServiceBuilder::new().map_request(placed).service(router);
    lambda_http::run(service).await.map_err(mistake)
}

/// Puts beside the request what Lambda says about it.
fn placed(mut request: Request) -> Request {
    let place = Place { source: Source { ip: peer(&request) }, deadline: deadline(&request) };
    request.extensions_mut().insert(place);
    request
}

fn peer(request: &Request) -> Option<IpAddr> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref()?.parse().ok(),
        _ => None,
    }
}

/// Lambda names the moment in milliseconds of its wall clock, which is this machine's.
fn deadline(request: &Request) -> Deadline {
    let until = request.lambda_context_ref().map_or(0, |context| context.deadline);
    Deadline::within(Duration::from_millis(until.saturating_sub(host::SystemClock.now().0)))
}
