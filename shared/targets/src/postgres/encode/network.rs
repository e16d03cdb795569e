//! Addresses of networks and network cards.

use std::{
    borrow::Cow,
    net::{Ipv4Addr, Ipv6Addr},
};

use masking::Cell;

use super::{
    Error,
    reader::{Reader, fixed, whole},
};

/// Without the length of its prefix where that is the whole address, as PostgreSQL prints it.
pub(super) fn inet(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let Network { address, prefix, full } = whole(raw, network)?;
    Ok(text(if prefix == full { address } else { format!("{address}/{prefix}") }))
}

/// Always with the length of its prefix.
pub(super) fn cidr(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let Network { address, prefix, .. } = whole(raw, network)?;
    Ok(text(format!("{address}/{prefix}")))
}

pub(super) fn macaddr(raw: &[u8]) -> Result<Cell<'_>, Error> {
    fixed::<6>(raw).map(|bytes| text(pairs(&bytes)))
}

pub(super) fn macaddr8(raw: &[u8]) -> Result<Cell<'_>, Error> {
    fixed::<8>(raw).map(|bytes| text(pairs(&bytes)))
}

struct Network {
    address: String,
    prefix: u8,
    full: u8,
}

/// Family, length of the prefix, whether it is a cidr, length of the address, address.
fn network(reader: &mut Reader<'_>) -> Result<Network, Error> {
    let (family, prefix, _, length) = (reader.u8()?, reader.u8()?, reader.u8()?, reader.u8()?);
    let (address, full) = match (family, length) {
        (V4, 4) => (Ipv4Addr::from(reader.array::<4>()?).to_string(), 32),
        (V6, 16) => (sixth(Ipv6Addr::from(reader.array::<16>()?)), 128),
        _ => return Err(Error::Malformed),
    };
    if prefix > full { Err(Error::Malformed) } else { Ok(Network { address, prefix, full }) }
}

/// As RFC 5952 has it, and with the last four bytes in decimals for `::a.b.c.d`, as PostgreSQL prints
/// those addresses.
fn sixth(address: Ipv6Addr) -> String {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, _] if high != 0 => {
            let [.., a, b, c, d] = address.octets();
            format!("::{}", Ipv4Addr::new(a, b, c, d))
        }
        _ => address.to_string(),
    }
}

fn pairs(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

fn text<'a>(text: String) -> Cell<'a> {
    Cell::Text(Cow::Owned(text))
}

// PGSQL_AF_INET and PGSQL_AF_INET6 of PostgreSQL's inet.h.
const V4: u8 = 2;
const V6: u8 = 3;
