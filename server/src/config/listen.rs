//! Where the service listens, and to whom.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::network::Network;
use super::reader::{Reader, Table};

#[derive(Debug)]
pub(crate) struct Listen {
    pub(crate) address: SocketAddr,
    /// Certificates and key.
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    pub(crate) proxies: Vec<Network>,
    pub(crate) connections: usize,
    pub(crate) header_seconds: u32,
    pub(crate) body_seconds: u32,
}

pub(super) fn listen<'t>(reader: &mut Reader<'t>, top: &Table<'t>, folder: &Path) -> Option<Listen> {
    let table = reader.table(top, "listen");
    let address = reader.text(&table, "address");
    let address = match address {
        None => Some(SocketAddr::from(([127, 0, 0, 1], 8460))),
        Some((text, place)) => {
            let address = text.parse().ok();
            if address.is_none() {
                reader.fault(&place, "address is IP:PORT, such as 127.0.0.1:8460 or [::1]:8460");
            }
            address
        }
    };
    let certificate = reader.text(&table, "tls_certificate");
    let key = reader.text(&table, "tls_key");
    let tls = match (certificate, key) {
        (Some((certificate, _)), Some((key, _))) => Some((folder.join(certificate), folder.join(key))),
        (None, None) => None,
        (Some((_, place)), None) | (None, Some((_, place))) => {
            reader.fault(&place, "tls_certificate and tls_key belong together");
            None
        }
    };
    let mut proxies = Vec::new();
    for (text, place) in reader.texts(&table, "proxies").map(|found| found.0).unwrap_or_default() {
        match Network::from_text(&text) {
            Some(network) => proxies.push(network),
            None => reader.fault(&place, format!("{text} is no address and no network such as 10.0.0.0/8")),
        }
    }
    let header_seconds = reader.number(&table, "header_seconds", 1..=300, 10);
    let body_seconds = reader.number(&table, "body_seconds", 1..=300, 10);
    let connections = reader.number(&table, "connections", 1..=100_000, 4096);
    Some(Listen {
        address: address?,
        tls,
        proxies,
        connections: usize::try_from(connections).unwrap_or(4096),
        header_seconds,
        body_seconds,
    })
}
