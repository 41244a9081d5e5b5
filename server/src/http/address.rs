//! Whose request it is: the address, which counts wrong passwords.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

use crate::config::Network;

/// Returns the client's address. `X-Forwarded-For` counts only as far as our own proxies
/// wrote it: from the right, up to the first hop that is not one of them.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let is_ours = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    let hops = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut client = peer.to_canonical();
    for hop in hops.into_iter().rev() {
        if !is_ours(client) {
            break;
        }
        let Ok(address) = hop.parse::<IpAddr>() else { break };
        client = address.to_canonical();
    }
    client
}

/// Returns the name under which an address counts: one host has a /64 of IPv6.
pub(super) fn counted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_our_proxies_are_believed() {
        let proxies = [Network::from_text("10.0.0.0/8").unwrap()];
        for (peer, forwarded, wanted) in [
            ("1.2.3.4", "9.9.9.9", "1.2.3.4"),
            ("10.0.0.1", "9.9.9.9", "9.9.9.9"),
            ("10.0.0.1", "6.6.6.6, 9.9.9.9", "9.9.9.9"),
            ("10.0.0.1", "6.6.6.6, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("10.0.0.1", "9.9.9.9, unknown", "10.0.0.1"),
            ("::ffff:10.0.0.1", "9.9.9.9", "9.9.9.9"),
            ("10.0.0.1", "", "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            assert_eq!(client(address(peer), &headers, &proxies), address(wanted), "{peer} {forwarded}");
        }
        assert_eq!(client(address("10.0.0.1"), &HeaderMap::new(), &proxies), address("10.0.0.1"));
    }

    #[test]
    fn host_counts_once_whatever_address_it_takes() {
        assert_eq!(counted(address("1.2.3.4")), "1.2.3.4");
        assert_eq!(counted(address("2001:db8:1:2:3::4")), "2001:db8:1:2::/64");
        assert_eq!(counted(address("2001:db8:1:2:ffff::")), "2001:db8:1:2::/64");
    }
}
