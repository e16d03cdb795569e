//! What the front doors of both clouds share: a server on loopback, and what it lets through.

use std::{
    future::poll_fn,
    io,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody as _},
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    serve::ListenerExt as _,
};
use http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use tokio::{net::TcpListener, task::JoinHandle};

/// An HTTP server on 127.0.0.1; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Front {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Front {
    /// Serves this to whoever asks for this address, given the listener of [`listen`].
    pub(crate) fn open(listener: TcpListener, serve: Router) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let serve = serve.layer(middleware::from_fn_with_state(address, only_ours));
        let service = serve.into_make_service_with_connect_info::<SocketAddr>();
        // Answers are small and asked for one by one; waiting to fill a segment costs 40 ms each.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let task = tokio::spawn(async move {
            // It ends by being aborted, or when the runtime does.
            let _ = axum::serve(listener, service).await;
        });
        Ok(Self { address, task })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no further connection.
    pub(crate) fn close(&self) {
        self.task.abort();
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.close();
    }
}

/// Listens on this port of loopback; 0 takes a free one.
pub(crate) async fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// The address of a front, without a slash at its end.
pub(crate) fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

async fn only_ours(State(address): State<SocketAddr>, ask: Request, next: Next) -> Response {
    if is_for(ask.headers(), ask.uri(), address) {
        next.run(ask).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

/// Whether a request is meant for this address. The clouds route by host name, so a function never
/// sees a foreign one; a web page that points its own name at loopback is turned away as well.
fn is_for(headers: &HeaderMap, uri: &Uri, address: SocketAddr) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let named = |host: &str| {
        let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
        port.parse() == Ok(address.port()) && matches!(name, "127.0.0.1" | "localhost")
    };
    host.to_str().is_ok_and(named) && uri.authority().is_none_or(|at| named(at.as_str()))
}

/// Drops what is between two neighbours only (RFC 9110, 7.6.1), and what `Connection` names.
pub(crate) fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(*name);
    }
}

/// The whole body, or `None` when it is longer than this many bytes. The rest is read and thrown
/// away (up to a bound): a client that is still writing would otherwise not hear the answer.
pub(crate) async fn read(mut body: Body, limit: usize) -> Result<Option<Bytes>, axum::Error> {
    let mut whole = Vec::new();
    let mut seen = 0;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame?.into_data() else { continue };
        seen += data.len();
        if seen <= limit {
            whole.extend_from_slice(&data);
        } else if seen > limit.saturating_add(THROWN_AWAY) {
            break;
        }
    }
    Ok((seen <= limit).then(|| whole.into()))
}

const HOP_BY_HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

const THROWN_AWAY: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in of {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_foreign_or_doubled_host_is_not_for_us() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let is_for = |of: &[_]| is_for(&headers(of), &Uri::from_static("/"), address);
        assert!(is_for(&[("host", "127.0.0.1:8080")]));
        assert!(is_for(&[("host", "localhost:8080")]));
        assert!(!is_for(&[("host", "rebound.example:8080")]));
        assert!(!is_for(&[("host", "127.0.0.1:8081")]));
        assert!(!is_for(&[]));
        assert!(!is_for(&[("host", "127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
    }

    #[test]
    fn what_connection_names_is_dropped_with_it() {
        let mut got = headers(&[("connection", "close, x-mine"), ("x-mine", "1"), ("x-its", "2")]);
        drop_hop_by_hop(&mut got);
        assert_eq!(got, headers(&[("x-its", "2")]));
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_is_read() {
        assert_eq!(read(Body::from("1234"), 4).await.unwrap(), Some(Bytes::from_static(b"1234")));
        assert_eq!(read(Body::from("12345"), 4).await.unwrap(), None);
    }
}
