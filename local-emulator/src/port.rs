//! A loopback port for a server that is yet to start, or has died and will start again.

use std::{io, net::Ipv4Addr};

use tokio::net::TcpSocket;

/// A port that stays ours without listening: whoever is told its number can bind it (servers set
/// `SO_REUSEADDR`), the kernel gives it to nobody else, and until then connections are refused. Picked
/// and let go, it might be somebody else's by the time the server is up, and that somebody would get
/// our requests.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _held: TcpSocket,
}

impl Port {
    /// Takes a free port of 127.0.0.1 until this is dropped.
    ///
    /// # Errors
    /// The system gives none.
    pub fn reserve() -> io::Result<Self> {
        let held = TcpSocket::new_v4()?;
        held.set_reuseaddr(true)?;
        held.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self { number: held.local_addr()?.port(), _held: held })
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_reserved_port_is_closed_until_its_server_listens_and_again_when_it_is_gone() {
        let port = Port::reserve().unwrap();
        let address = (Ipv4Addr::LOCALHOST, port.number());
        for _ in 0..2 {
            assert!(TcpStream::connect(address).is_err());
            let server = TcpListener::bind(address).unwrap();
            assert!(TcpStream::connect(address).is_ok());
            drop(server);
        }
    }

    #[test]
    fn the_kernel_gives_a_reserved_port_to_nobody_else() {
        let port = Port::reserve().unwrap();
        let others: Vec<_> = std::iter::repeat_with(|| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .map_while(Result::ok)
            .take(500)
            .map(|other| other.local_addr().unwrap().port())
            .collect();
        assert!(!others.contains(&port.number()));
    }
}
