//! On Lambda: behind a function URL or API Gateway, with DynamoDB and Secrets Manager.

use std::{process::ExitCode, sync::Arc, time::Duration};

use enforce::Ports;
use host::{Configuration, Place, StateAt};
use lambda_http::{Request, RequestExt as _, request::RequestContext, tower::ServiceBuilder};
use request::{Clock as _, Deadline, Mistakes, Source};
use state::Store;

use crate::{
    router,
    start::{elsewhere, ended, mistake, settings},
};

/// Runs the function until the platform ends it.
pub async fn run() -> ExitCode {
    ended(serve().await)
}

async fn serve() -> Result<(), Mistakes> {
    let router = router(Arc::new(ports().await?));
    let service = ServiceBuilder::new().map_request(placed).service(router);
    lambda_http::run(service).await.map_err(mistake)
}

/// The ports, before the first request and without any network.
async fn ports() -> Result<Ports, Mistakes> {
    let settings = settings()?;
    let configuration = Configuration::read(&settings.config)?;
    let aws = on_aws::config().await;
    let store: Arc<dyn Store> = match &settings.state {
        StateAt::DynamoDb(table) => Arc::new(on_aws::DynamoDb::new(&aws, table)),
        other => elsewhere(other)?,
    };
    host::ports(configuration, store, Arc::new(on_aws::SecretsManager::new(&aws)))
}

/// Puts beside the request what Lambda says about it.
fn placed(mut request: Request) -> Request {
    let place = Place { source: Source { ip: peer(&request) }, deadline: deadline(&request) };
    request.extensions_mut().insert(place);
    request
}

fn peer(request: &Request) -> Option<std::net::IpAddr> {
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
