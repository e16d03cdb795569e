//! An HTTPS proxy that leads to the vault by its real name and to nowhere else.

use std::{io, net::Ipv4Addr};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::TcpStream,
};

use super::HOST;
use crate::serve::{Bound, Server};

/// Starts on a free port; `vault` is the port of the vault.
pub(super) async fn start(vault: u16) -> io::Result<Server> {
    let bound = Bound::free().await?;
    Ok(bound.hand_over(move |stream| async move {
        // An error means that one side hung up.
        let _ = tunnel(stream, vault).await;
    }))
}

async fn tunnel(mut client: TcpStream, vault: u16) -> io::Result<()> {
    let head = head(&mut client).await?;
    if !asks_for_vault(&head) {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
    }
    let mut vault = TcpStream::connect((Ipv4Addr::LOCALHOST, vault)).await?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut vault).await.map(drop)
}

/// Up to the empty line, byte by byte: what follows belongs to TLS.
async fn head(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_LIMIT {
        head.push(client.read_u8().await?);
    }
    Ok(head)
}

fn asks_for_vault(head: &[u8]) -> bool {
    // Python says 1.0 here, everybody else 1.1.
    let line = format!("CONNECT {HOST}:443 HTTP/1.");
    head.starts_with(line.as_bytes())
}

const HEAD_LIMIT: usize = 8192;
