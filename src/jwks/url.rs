//! The URLs that keys are fetched from, and nothing else that RFC 3986 allows.

use crate::error::{Code, Error};

/// The longest URL that is taken.
const LONGEST: usize = 2048;

/// An absolute URL of `https`, or of `http` on this machine if the caller allows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    text: Box<str>,
    /// Where the path begins.
    path: usize,
}

impl Url {
    /// Reads `scheme://authority[/path][?query]` of visible ASCII.
    ///
    /// A user, a fragment, white space and a backslash are refused: each is read
    /// differently by different programs, so that one checks another host than the
    /// one that the other asks.
    ///
    /// # Errors
    /// [`Code::UrlRefused`]
    pub(crate) fn parse(text: &str, allow_loopback: bool) -> Result<Self, Error> {
        let refused = Error::new(Code::UrlRefused);
        let (is_secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(refused),
        };
        let visible =
            |byte: u8| matches!(byte, 0x21..=0x7e) && !matches!(byte, b'#' | b'\\' | b'"' | b'<' | b'>');
        if text.len() > LONGEST || !text.bytes().all(visible) {
            return Err(refused);
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        let host = host_of(authority).ok_or(refused)?;
        let is_allowed = is_secure || (allow_loopback && is_loopback(host));
        if !is_allowed {
            return Err(refused);
        }
        Ok(Self { text: text.into(), path: text.len().saturating_sub(rest.len()).saturating_add(end) })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns scheme and authority.
    pub(crate) fn origin(&self) -> &str {
        self.text.get(..self.path).unwrap_or_default()
    }

    /// Returns path and query, which are empty if the URL has none.
    fn path(&self) -> &str {
        self.text.get(self.path..).unwrap_or_default()
    }

    /// Returns the URL of an issuer's metadata by OpenID Connect Discovery 1.0 §4:
    /// the name is appended to the path.
    ///
    /// # Errors
    /// [`Code::UrlRefused`] for an issuer with a query.
    pub(crate) fn appended(&self, name: &str) -> Result<String, Error> {
        self.without_query()?;
        Ok(format!("{}/.well-known/{name}", self.text.trim_end_matches('/')))
    }

    /// Returns the URL of an issuer's metadata by RFC 8414 §3.1 or of a resource's
    /// by RFC 9728 §3.1: the name is put between authority and path.
    ///
    /// # Errors
    /// [`Code::UrlRefused`] for one with a query.
    pub(crate) fn inserted(&self, name: &str) -> Result<String, Error> {
        self.without_query()?;
        Ok(format!("{}/.well-known/{name}{}", self.origin(), self.path().trim_end_matches('/')))
    }

    fn without_query(&self) -> Result<(), Error> {
        if self.path().contains('?') { Err(Error::new(Code::UrlRefused)) } else { Ok(()) }
    }
}

/// Returns the host of `host[:port]`; `None` if it is neither a name nor an address.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (address, after.strip_prefix(':').or_else(|| after.is_empty().then_some("443"))?)
        }
        None => {
            let (name, port) = authority.split_once(':').unwrap_or((authority, "443"));
            let in_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
            (!name.is_empty() && name.bytes().all(in_name)).then_some((name, port))?
        }
    };
    let is_port =
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    is_port.then_some(host)
}

/// Returns `true` for hosts that lie on this machine (RFC 6761 §6.3 for the name).
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_is_taken_when_it_has_one_meaning() {
        for text in ["https://a.example", "https://a.example:8443/k?v=1", "https://[::1]:1/", "https://a/%20"]
        {
            assert_eq!(Url::parse(text, false).unwrap().as_str(), text);
        }
        for text in [
            "http://a.example/",
            "HTTPS://a.example/",
            "https://",
            "https:///k",
            "https://u@a.example/",
            "https://a.example/#f",
            "https://a.example/ k",
            "https://a.example\\k",
            "https://a.example:0/",
            "https://a.example:99999/",
            "https://a.example:+1/",
            "https://[::1/",
            "https://[a]/",
            "https://[::1]x/",
            "https://ä.example/",
            "//a.example/",
            "a.example",
            "https://a.example/\n",
        ] {
            assert_eq!(Url::parse(text, true).map_err(|error| error.code()), Err(Code::UrlRefused), "{text}");
        }
        let long = format!("https://a/{}", "x".repeat(LONGEST));
        assert!(Url::parse(&long, false).is_err());
    }

    #[test]
    fn plain_http_is_for_this_machine_alone_and_only_where_it_is_allowed() {
        for text in ["http://localhost:1/", "http://127.0.0.1/", "http://[::1]/", "http://127.9.9.9/"] {
            assert!(Url::parse(text, true).is_ok() && Url::parse(text, false).is_err(), "{text}");
        }
        for text in
            ["http://localhost.example/", "http://127.0.0.1.example/", "http://10.0.0.1/", "http://0.0.0.0/"]
        {
            assert!(Url::parse(text, true).is_err(), "{text}");
        }
    }

    #[test]
    fn metadata_lies_where_each_standard_says() {
        let of = |text: &str| {
            let url = Url::parse(text, false).unwrap();
            (url.appended("a").unwrap(), url.inserted("b").unwrap())
        };
        let expected = |appended: &str, inserted: &str| (appended.to_owned(), inserted.to_owned());
        assert_eq!(
            of("https://i.example"),
            expected("https://i.example/.well-known/a", "https://i.example/.well-known/b")
        );
        assert_eq!(of("https://i.example/"), of("https://i.example"));
        assert_eq!(
            of("https://i.example/t/"),
            expected("https://i.example/t/.well-known/a", "https://i.example/.well-known/b/t")
        );
        let query = Url::parse("https://i.example/?t", false).unwrap();
        assert!(query.appended("a").is_err() && query.inserted("b").is_err());
    }
}
