//! Which addresses are public: nobody gets us to knock at doors of our own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

/// Looks names up, and forgets every address that is not public.
pub struct Names;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Port 0 stands for the one in the URL.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.filter(|at| is_public(at.ip())).collect();
            match found.is_empty() {
                true => Err(PRIVATE.into()),
                false => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

/// Whether this URL may lead to a public address: it names one, or has a name to look up.
#[must_use]
pub fn may_be(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    // The parser has brought every spelling of an address (`0x7f.1`, `2130706433`) into its one form.
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    address.map_or(true, is_public)
}

/// By the registries of special addresses (RFC 6890 and what came later).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b); // RFC 6598
    let protocol = (a, b, c) == (192, 0, 0); // RFC 6890
    let benchmarks = a == 198 && (18..20).contains(&b); // RFC 2544
    let platform = address == Ipv4Addr::new(168, 63, 129, 16); // Azure's own, at every machine
    let reserved = a == 0 || a >= 240; // RFC 1122, 3.2.1.3; RFC 1112, 4
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || shared
        || protocol
        || benchmarks
        || platform
        || reserved)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // An address of version 4 in the clothes of version 6 (RFC 4291, 2.5.5.2; RFC 6052, 2.1).
    if let Some(inner) = address.to_ipv4_mapped().or_else(|| translated(address)) {
        return is_public_v4(inner);
    }
    let [first, second, ..] = address.segments();
    let unicast = first & 0xe000 == 0x2000; // RFC 4291, 2.4; all that is given out lies in here
    let special = first == 0x2001 && second < 0x0200; // RFC 2928: Teredo and other protocols
    let documentation = (first == 0x2001 && second == 0x0db8) || first == 0x3fff; // RFC 9637
    let inner = first == 0x2002; // RFC 7526: an address of version 4 within, out of use
    unicast && !special && !documentation && !inner
}

fn translated(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
        }
        _ => None,
    }
}

pub(super) const PRIVATE: &str = "the address is not a public one";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_our_own_network_are_not_public_in_any_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "169.254.170.2",
            "168.63.129.16",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[64:ff9b::10.0.0.1]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
        ] {
            assert!(!may_be(&format!("https://{host}/jwks")), "{host}");
        }
        assert!(!may_be("https://"));
    }

    #[test]
    fn public_addresses_and_names_may_be_asked() {
        for host in
            ["9.9.9.9", "[2620:fe::fe]", "[64:ff9b::9.9.9.9]", "login.example", "10.example"]
        {
            assert!(may_be(&format!("https://{host}/jwks")), "{host}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_leads_nowhere() {
        let name = "localhost".parse::<Name>().unwrap();
        assert!(Names.resolve(name).await.is_err());
    }
}
