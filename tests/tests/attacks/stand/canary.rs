//! A listener that nobody is to find: whoever follows an attacker's address ends up here.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// It takes connections and says nothing.
pub(crate) struct Canary {
    port: u16,
    seen: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Canary {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let guests = Arc::clone(&seen);
        std::thread::spawn(move || {
            while let Ok((_, from)) = listener.accept() {
                guests.lock().unwrap().push(from);
            }
        });
        Self { port, seen }
    }

    /// Its address, by any scheme and with any path.
    pub(crate) fn url(&self, scheme: &str, path: &str) -> String {
        format!("{scheme}://127.0.0.1:{}{path}", self.port)
    }

    /// How many came. They queue: once a connection of our own has been taken, all before it have.
    pub(crate) fn seen(&self) -> usize {
        let own = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let own = own.local_addr().unwrap();
        loop {
            let mut seen = self.seen.lock().unwrap();
            if let Some(at) = seen.iter().position(|guest| *guest == own) {
                seen.remove(at);
                return seen.len();
            }
            drop(seen);
            std::thread::yield_now();
        }
    }
}
