//! One spelling for every address.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use super::Flaw;

/// No name of a host is longer.
const LONGEST_BYTES: usize = 256;

/// Reads an address: without a port, brackets and a zone; IPv6 as RFC 5952 writes
/// it, and what is mapped from IPv4 as IPv4. Of several, as proxies list them, the
/// one that `hop` counts. The name of a host, which some servers log, stays as it is.
///
/// # Errors
/// `Address` for other text, and if there are fewer addresses.
pub(in crate::audit) fn normal(text: Cow<'_, [u8]>, hop: i32) -> Result<Cow<'_, [u8]>, Flaw> {
    if matches!(hop, 1 | -1)
        && !text.is_empty()
        && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    {
        return Ok(text);
    }
    let one = chosen(&text, hop);
    match parse(one) {
        Some(address) => Ok(Cow::Owned(address.to_string().into_bytes())),
        None if !is_name(one) => Err(Flaw::Address),
        None if one.len() == text.len() => Ok(text),
        None => Ok(Cow::Owned(one.to_vec())),
    }
}

/// Names of hosts, sockets (`unix:`), and what proxies write for a client that they do
/// not name (`unknown`, `_hidden`; RFC 7239).
fn is_name(text: &[u8]) -> bool {
    let is_plain =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'/');
    (1..=LONGEST_BYTES).contains(&text.len()) && text.iter().all(is_plain)
}

/// Reads one address, with or without a port.
pub(super) fn parse(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text.trim_ascii()).ok()?;
    let text = text.trim_matches('"');
    let zoneless = text.split_once('%').map_or(text, |(address, _)| address);
    let address = zoneless.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    let address = address.or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address| address.to_canonical())
}

fn chosen(text: &[u8], hop: i32) -> &[u8] {
    let hops = || text.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|hop| !hop.is_empty());
    let count = hop.unsigned_abs().saturating_sub(1) as usize;
    let one = if hop < 0 { hops().rev().nth(count) } else { hops().nth(count) };
    one.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, hop: i32) -> String {
        let read = normal(Cow::Borrowed(text.as_bytes()), hop).unwrap();
        String::from_utf8(read.into_owned()).unwrap()
    }

    #[test]
    fn address_has_one_spelling() {
        for text in
            ["192.0.2.7", "192.0.2.7:443", "::ffff:192.0.2.7", "[::ffff:192.0.2.7]:50000", " 192.0.2.7 "]
        {
            assert_eq!(read(text, 1), "192.0.2.7", "{text}");
        }
        for text in
            ["2001:db8::7", "2001:DB8:0:0::7", "[2001:db8::7]", "[2001:db8::7]:443", "2001:db8::7%eth0"]
        {
            assert_eq!(read(text, 1), "2001:db8::7", "{text}");
        }
        for name in ["www.example.com", "unix:", "_hidden", "unknown"] {
            assert_eq!(read(name, 1), name);
        }
    }

    #[test]
    fn other_text_is_no_address() {
        for text in
            ["", "a host", "=1+2", "<b>", "gr\u{fc}n.example", "\u{202e}x", "a\u{0}", &"x".repeat(300)]
        {
            assert_eq!(normal(Cow::Borrowed(text.as_bytes()), 1), Err(Flaw::Address), "{text}");
        }
        assert_eq!(normal(Cow::Borrowed(b"192.0.2.7, 192.0.2.8"), 3), Err(Flaw::Address));
    }

    #[test]
    fn hop_is_chosen() {
        let list = "203.0.113.1, 198.51.100.2:7 ,192.0.2.7";
        assert_eq!(read(list, 1), "203.0.113.1");
        assert_eq!(read(list, 2), "198.51.100.2");
        assert_eq!(read(list, -1), "192.0.2.7");
        assert_eq!(read(list, -2), "198.51.100.2");
    }
}
