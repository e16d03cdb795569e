//! Serves a router on a free loopback port, with or without TLS, until it is dropped.

mod control;

use std::{io, net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use hyper::{Request, body::Incoming, header::HOST, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

pub use control::{Control, Fault};

/// A free loopback port that is ours already, so that a service knows its own address before it
/// answers the first request.
pub struct Bound {
    listener: TcpListener,
    port: u16,
    name: Option<&'static str>,
}

impl Bound {
    /// Takes a free port of 127.0.0.1.
    ///
    /// # Errors
    /// The system gives none.
    pub async fn free() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port, name: None })
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Answers to this host name too, beside `127.0.0.1` and `localhost` with the port.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Starts answering: HTTPS when there is a TLS configuration, else plain HTTP.
    #[must_use]
    pub fn serve(self, router: Router, tls: Option<Arc<ServerConfig>>, control: Control) -> Server {
        let own = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        let hosts = own.into_iter().chain(self.name.map(str::to_owned)).collect();
        let site = Site { router, tls: tls.map(TlsAcceptor::from), control, hosts };
        Server { port: self.port, task: tokio::spawn(accept(self.listener, site)) }
    }

    /// Hands every connection to `each`, for what does not speak HTTP requests alone.
    pub(crate) fn hand_over<F, Done>(self, each: F) -> Server
    where
        F: Fn(TcpStream) -> Done + Send + 'static,
        Done: Future<Output = ()> + Send + 'static,
    {
        Server { port: self.port, task: tokio::spawn(connections(self.listener, each)) }
    }
}

/// A running server. Dropping it closes the port and every open connection.
pub struct Server {
    port: u16,
    task: JoinHandle<()>,
}

impl Server {
    /// The loopback port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Site {
    router: Router,
    tls: Option<TlsAcceptor>,
    control: Control,
    hosts: Arc<[String]>,
}

impl Site {
    /// Whether a request names us as its host. A web page that points a name of its own at loopback
    /// does not, and so cannot use a browser on this machine to talk to us.
    fn is_named_by(&self, ask: &Request<Incoming>) -> bool {
        let ours = |host: &str| self.hosts.iter().any(|own| own == host);
        let mut hosts = ask.headers().get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        host.to_str().is_ok_and(ours) && ask.uri().authority().is_none_or(|at| ours(at.as_str()))
    }
}

async fn accept(listener: TcpListener, site: Site) {
    connections(listener, move |stream| connection(stream, site.clone())).await;
}

/// The set owns the connections: they end with the task that accepts.
async fn connections<F, Done>(listener: TcpListener, each: F)
where
    F: Fn(TcpStream) -> Done,
    Done: Future<Output = ()> + Send + 'static,
{
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { open.spawn(each(stream)); }
                // Out of file descriptors: the next attempt at once would only spin.
                Err(_) => tokio::time::sleep(BREATH).await,
            },
            Some(_) = open.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, site: Site) {
    if site.control.fault() == Some(Fault::Down) {
        return;
    }
    // Answers are small and asked for one by one; waiting to fill a segment costs 40 ms each.
    let _ = stream.set_nodelay(true);
    match site.tls.clone() {
        None => speak(stream, site).await,
        Some(acceptor) => {
            // A client that does not trust us hangs up here, which is the client's business.
            if let Ok(stream) = acceptor.accept(stream).await {
                speak(stream, site).await;
            }
        }
    }
}

async fn speak<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(stream: S, site: Site) {
    let service = service_fn(move |ask| answer(ask, site.clone()));
    // An error means that one side hung up, or that `Down` told us to.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// An error closes the connection without a word, as a service that dies does.
async fn answer(ask: Request<Incoming>, site: Site) -> io::Result<Response> {
    if !site.is_named_by(&ask) {
        return Ok(StatusCode::MISDIRECTED_REQUEST.into_response());
    }
    site.control.arrived();
    match site.control.fault() {
        Some(Fault::Down) => return Err(io::ErrorKind::ConnectionReset.into()),
        Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
        Some(Fault::Failing | Fault::Throttled) | None => {}
    }
    if let Some(instead) = site.control.answer() {
        return Ok(instead);
    }
    match site.router.oneshot(ask.map(Body::new)).await {
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}

const BREATH: Duration = Duration::from_millis(50);
