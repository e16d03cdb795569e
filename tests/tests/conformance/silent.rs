//! Servers that take a request and do not do what is asked.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

/// Takes connections and never says a word. Serves until the process ends.
pub(crate) fn silence() -> u16 {
    let (listener, port) = listen();
    std::thread::spawn(move || {
        let _kept: Vec<_> = listener.incoming().collect();
    });
    port
}

/// Answers every request alike and keeps what it was asked, with everything after the head.
pub(crate) fn answering(
    status: &'static str,
    body: &'static str,
) -> (u16, Arc<Mutex<Vec<String>>>) {
    let (listener, port) = listen();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            kept.lock().unwrap().push(read(&mut stream));
            let head = "Content-Type: application/x-amz-json-1.0\r\nConnection: close";
            let length = body.len();
            drop(write!(
                stream,
                "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}"
            ));
        }
    });
    (port, asked)
}

fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// All of a small request: the client waits for the answer, so what has come in is all.
fn read(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = stream.read(&mut piece) {
        request.extend_from_slice(&piece[..length]);
    }
    String::from_utf8_lossy(&request).into_owned()
}
