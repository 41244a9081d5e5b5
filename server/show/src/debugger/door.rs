//! The door of a debugger on a loopback port. Any page in the browser can send requests to
//! such a port, and by DNS rebinding one can even read the answers. So the door lets in only
//! requests
//!
//! - with the `Host` that the URL has (a rebound name is another one),
//! - below a path that nobody can guess,
//! - which no other site caused (Fetch Metadata, and `Origin` for older browsers).

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Makes a path that nobody can guess: 128 random bits.
///
/// # Errors
/// The system has no randomness.
pub fn path() -> Result<String, getrandom::Error> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    Ok(format!("/{}", URL_SAFE_NO_PAD.encode(random)))
}

/// Returns how a request is refused; `None` if it may come in. `authority` is `HOST:PORT`, as
/// the URL has it.
///
/// ```
/// use axum::http::{HeaderMap, HeaderValue, StatusCode};
/// use jot_show::debugger::door::refuse;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("host", HeaderValue::from_static("127.0.0.1:4000"));
/// assert_eq!(refuse(&headers, "127.0.0.1:4000"), None);
/// headers.insert("host", HeaderValue::from_static("evil.example:4000"));
/// assert_eq!(refuse(&headers, "127.0.0.1:4000"), Some(StatusCode::MISDIRECTED_REQUEST));
/// ```
#[must_use]
pub fn refuse(headers: &HeaderMap, authority: &str) -> Option<StatusCode> {
    let mut hosts = headers.get_all(HOST).into_iter();
    let is_ours = hosts.next().is_some_and(|host| host.as_bytes() == authority.as_bytes());
    if !is_ours || hosts.next().is_some() {
        return Some(StatusCode::MISDIRECTED_REQUEST);
    }
    let is_own_site = match headers.get(SITE) {
        // `none`: the user typed the address, or a program opened it.
        Some(site) => ["same-origin", "none"].iter().any(|own| site.as_bytes() == own.as_bytes()),
        None => true,
    };
    let is_own_origin = match headers.get(ORIGIN).map(|origin| origin.as_bytes()) {
        Some(origin) => origin.strip_prefix(b"http://") == Some(authority.as_bytes()),
        None => true,
    };
    (!is_own_site || !is_own_origin).then_some(StatusCode::FORBIDDEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn door_is_open_to_its_own_page_only() {
        let own = "127.0.0.1:4000";
        let (misdirected, forbidden) = (Some(StatusCode::MISDIRECTED_REQUEST), Some(StatusCode::FORBIDDEN));
        for (headers, wanted) in [
            (vec![("host", own)], None),
            (vec![("host", own), ("sec-fetch-site", "none")], None),
            (
                vec![("host", own), ("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:4000")],
                None,
            ),
            (vec![], misdirected),
            (vec![("host", "127.0.0.1")], misdirected),
            (vec![("host", "127.0.0.1:4001")], misdirected),
            (vec![("host", "localhost:4000")], misdirected),
            (vec![("host", "127.0.0.1.evil.example:4000")], misdirected),
            (vec![("host", own), ("host", "evil.example")], misdirected),
            (vec![("host", own), ("sec-fetch-site", "cross-site")], forbidden),
            // Another port of this machine is the same site.
            (vec![("host", own), ("sec-fetch-site", "same-site")], forbidden),
            (vec![("host", own), ("origin", "http://127.0.0.1:5000")], forbidden),
            (vec![("host", own), ("origin", "null")], forbidden),
            (
                vec![("host", own), ("sec-fetch-site", "same-origin"), ("origin", "http://evil.example")],
                forbidden,
            ),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.append(HeaderName::from_static(name), value.parse().unwrap());
            }
            assert_eq!(refuse(&map, own), wanted, "{headers:?}");
        }
    }

    #[test]
    fn paths_are_never_the_same() {
        let (one, other) = (path().unwrap(), path().unwrap());
        assert!(one != other && one.len() == 23, "{one}");
    }
}
