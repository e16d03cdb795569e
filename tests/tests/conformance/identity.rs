//! The endpoint at which a function app gets its tokens, as Microsoft describes it for App Service,
//! and tokens of the kind that Azurite takes: it reads their claims, but not their signature.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::SystemTime,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The endpoint; it serves until the process ends.
pub(crate) struct Identity {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Identity {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
                answer(&mut stream.unwrap());
            }
        });
        Self { port, asked }
    }

    /// What a function app finds in its environment.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        let endpoint = format!("http://127.0.0.1:{}/msi/token", self.port);
        [("IDENTITY_ENDPOINT", endpoint), ("IDENTITY_HEADER", HEADER.to_owned())]
    }

    /// How often it was asked for a token.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A token for storage, good for an hour.
pub(crate) fn token() -> String {
    let now = now();
    let claims = json!({
        "aud": "https://storage.azure.com",
        "iss": "https://sts.windows.net/00000000-0000-0000-0000-000000000001/",
        "iat": now - 60, "nbf": now - 60, "exp": now + 3600,
    });
    let part = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(json!({"alg": "RS256", "typ": "JWT"})), part(claims))
}

fn answer(stream: &mut TcpStream) {
    let lines: Vec<_> = BufReader::new(&mut *stream)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .map(|line| line.to_ascii_lowercase())
        .collect();
    let ours = lines.contains(&format!("x-identity-header: {HEADER}"))
        && lines[0].starts_with("get /msi/token?api-version=2019-08-01&resource=")
        && lines[0].contains(&format!("&client_id={CLIENT_ID}"));
    let (status, body) = if ours {
        let expires_on = (now() + 3600).to_string();
        let resource = "https://storage.azure.com";
        let token = json!({"access_token": token(), "expires_on": expires_on,
            "resource": resource, "token_type": "Bearer"});
        ("200 OK", token)
    } else {
        ("400 Bad Request", json!({"message": "no such identity"}))
    };
    let body = body.to_string();
    let head = "Content-Type: application/json\r\nConnection: close";
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}")
        .unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "Azurite compares a token's times with its own clock"
)]
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

/// The identity for which there are tokens.
pub(crate) const CLIENT_ID: &str = "00000000-0000-0000-0000-0000000000aa";
const HEADER: &str = "proof-of-being-on-this-machine";
