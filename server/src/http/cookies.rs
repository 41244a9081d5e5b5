//! Cookies for pages. The prefix `__Host-` makes browsers insist that they came over TLS, from
//! this host, for all of it.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};

/// The refresh token.
pub(super) const REFRESH: &str = "__Host-jot-refresh";
/// The access token, which gateways can ask for.
pub(super) const ACCESS: &str = "__Host-jot-access";

/// Returns the cookie's value; `None` if it comes twice: one of them is not ours.
pub(super) fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let values = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(found, _)| *found == name).map(|(_, value)| value);
    let value = found.next()?;
    found.next().is_none().then_some(value)
}

/// Not for scripts, and not for requests of other sites but for links that lead here.
pub(super) fn set(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

pub(super) fn add(headers: &mut HeaderMap, cookies: &[String]) {
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            headers.append(SET_COOKIE, cookie);
        }
    }
}

/// Makes the browser forget both.
pub(super) fn clear_all(headers: &mut HeaderMap) {
    add(headers, &[set(REFRESH, "", 0), set(ACCESS, "", 0)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookie_is_read_if_it_is_the_only_one() {
        for (header, wanted) in [
            ("__Host-jot-refresh=a", Some("a")),
            ("x=1; __Host-jot-refresh=a ; y=2", Some("a")),
            ("__Host-jot-refresh=a; __Host-jot-refresh=b", None),
            ("jot-refresh=a", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, header.parse().unwrap());
            assert_eq!(read(&headers, REFRESH), wanted, "{header}");
        }
    }
}
