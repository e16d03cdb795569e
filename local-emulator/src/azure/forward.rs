//! Hands a request to the custom handler as it came, and its answer back as it is.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, Version, header, request::Parts};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;
use uuid::Uuid;

use super::worker::{Crew, Went};
use crate::front;

pub(super) fn routes(crew: Arc<Crew>) -> Router {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new()).build(connector);
    Router::new().fallback(serve).with_state(Site { crew, client })
}

#[derive(Clone)]
struct Site {
    crew: Arc<Crew>,
    client: Client<HttpConnector, Body>,
}

async fn serve(
    State(site): State<Site>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    ask: Request,
) -> Response {
    let Some(by) = site.crew.take() else {
        return says(StatusCode::SERVICE_UNAVAILABLE, "Function host is not running.");
    };
    let patience = site.crew.config.answer_timeout;
    let Some(ask) = forwarded(ask, peer, by.port) else {
        return says(StatusCode::BAD_REQUEST, "Bad Request");
    };
    // On a task of its own: neither a caller nor the load balancer that gives up ends the request.
    let asked = tokio::spawn(async move { site.client.request(ask).await });
    let answer = timeout(patience, asked).await;
    let well = matches!(answer, Ok(Ok(Ok(_))));
    site.crew.done(by, if well { Went::Answered } else { Went::Wrong });
    match answer {
        Ok(Ok(Ok(answer))) => returned(answer.map(Body::new)),
        Ok(_) => says(StatusCode::BAD_GATEWAY, "Bad Gateway"),
        Err(_) => says(StatusCode::GATEWAY_TIMEOUT, "504.0 GatewayTimeout"),
    }
}

/// `None` when the target has no path, as that of `CONNECT`.
fn forwarded(ask: Request, peer: SocketAddr, port: u16) -> Option<Request> {
    let (mut parts, body) = ask.into_parts();
    let target = parts.uri.path_and_query()?.clone();
    front::drop_hop_by_hop(&mut parts.headers);
    announce(&mut parts, peer, target.as_str())?;
    let authority = format!("127.0.0.1:{port}");
    let uri = Uri::builder().scheme("http").authority(authority).path_and_query(target);
    parts.uri = uri.build().ok()?;
    parts.version = Version::HTTP_11;
    Some(Request::from_parts(parts, body))
}

/// What the front end and the host add. The handler sees itself as `Host`.
fn announce(parts: &mut Parts, peer: SocketAddr, target: &str) -> Option<()> {
    let headers = &mut parts.headers;
    // Answered by our server already.
    headers.remove(header::EXPECT);
    if let Some(host) = headers.remove(header::HOST) {
        headers.insert("disguised-host", host);
    }
    let mut known = headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str());
    let mut known =
        known.try_fold(String::new(), |known, one| one.map(|one| known + one + ", ")).ok()?;
    known.push_str(&peer.to_string());
    set(headers, FORWARDED_FOR, &known)?;
    set(headers, "client-ip", &peer.to_string())?;
    set(headers, "x-forwarded-proto", "http")?;
    set(headers, "x-original-url", target)?;
    set(headers, "x-azure-functions-invocationid", &Uuid::new_v4().to_string())?;
    set(headers, "x-azure-functions-hostversion", HOST_VERSION)
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) -> Option<()> {
    headers.insert(name, HeaderValue::from_str(value).ok()?);
    Some(())
}

fn returned(mut answer: Response) -> Response {
    front::drop_hop_by_hop(answer.headers_mut());
    answer
}

fn says(status: StatusCode, text: &'static str) -> Response {
    (status, text).into_response()
}

const FORWARDED_FOR: &str = "x-forwarded-for";
const HOST_VERSION: &str = "4.1040.300.1";
