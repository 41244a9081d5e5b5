//! Columns of a log that the rows keep: which request it was, for example.

use std::borrow::Cow;
use std::sync::Arc;

use super::find_token;

/// The most columns that are kept.
pub(in crate::audit) const MOST: usize = 12;

/// No text that is kept is longer.
const LONGEST_BYTES: usize = 1024;

/// How many bytes of a token are left.
const LEFT_BYTES: usize = 6;

/// What every server knows, under whichever name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Common {
    /// Without the query, in which secrets may be.
    Path,
    Method,
    Host,
    UserAgent,
    RequestId,
}

/// A column that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audit) struct Kept {
    name: String,
    pub(super) common: Option<Common>,
}

/// The columns that are kept, in their order.
pub(in crate::audit) type Keep = Arc<[Kept]>;

const PATHS: &[&str] = &[
    "uri",
    "request_uri",
    "RequestPath",
    "request.uri",
    "requestURI",
    "url.path",
    "_source.url.path",
    "rawPath",
    "resourcePath",
    "http_path",
    "http_x_envoy_original_path",
    "cs-uri-stem",
    "request",
];
const METHODS: &[&str] = &[
    "request_method",
    "RequestMethod",
    "request.method",
    "httpMethod",
    "http.request.method",
    "_source.http.request.method",
    "verb",
    "http_method",
    "cs-method",
    "request",
];
const HOSTS: &[&str] = &[
    "http_host",
    "RequestHost",
    "request.host",
    "authority",
    "http_authority",
    "url.domain",
    "_source.url.domain",
    "domainName",
    "cs-host",
    "cs(Host)",
    "x-host-header",
    "server_name",
];
const USER_AGENTS: &[&str] = &[
    "http_user_agent",
    "request_User-Agent",
    "request.headers.User-Agent",
    "request.headers.user-agent",
    "user_agent.original",
    "_source.user_agent.original",
    "userAgent",
    "cs(User-Agent)",
];
const REQUEST_IDS: &[&str] = &[
    "http_x_request_id",
    "x_request_id",
    "x-request-id",
    "requestId",
    "requestID",
    "http.request.id",
    "_source.http.request.id",
    "auditID",
    "eventID",
    "x-edge-request-id",
];

impl Common {
    const ALL: [(&'static str, Self, &'static [&'static str]); 5] = [
        ("path", Self::Path, PATHS),
        ("method", Self::Method, METHODS),
        ("host", Self::Host, HOSTS),
        ("user_agent", Self::UserAgent, USER_AGENTS),
        ("request_id", Self::RequestId, REQUEST_IDS),
    ];
}

impl Kept {
    pub(in crate::audit) fn new(name: &str) -> Self {
        let common = Common::ALL.iter().find(|(known, ..)| *known == name).map(|(_, common, _)| *common);
        Self { name: name.to_owned(), common }
    }

    /// The name of the column in the rows.
    pub(in crate::audit) fn name(&self) -> &str {
        &self.name
    }

    /// The names under which it is looked for, the best first.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        let usual = Common::ALL.iter().find(|(_, common, _)| Some(*common) == self.common);
        std::iter::once(&*self.name).chain(usual.into_iter().flat_map(|(.., names)| names.iter().copied()))
    }

    /// Returns what is kept of a field's text: what may be a token is cut, and so are the
    /// queries of paths; `None` if that is nothing.
    pub(in crate::audit) fn text<'t>(&self, text: &'t [u8]) -> Option<Cow<'t, [u8]>> {
        let part = match self.common {
            Some(Common::Path) => path(text),
            Some(Common::Method) => text.split(|byte| *byte == b' ').next().unwrap_or_default(),
            _ => text,
        };
        let part = shortened(part.trim_ascii());
        (!matches!(part, b"" | b"-")).then(|| without_tokens(part))
    }
}

/// The path of a target, of a URL, or of a whole request such as `GET /a?b HTTP/1.1`.
fn path(text: &[u8]) -> &[u8] {
    let mut words = text.split(|byte| *byte == b' ');
    let first = words.next().unwrap_or_default();
    let is_method = !first.is_empty() && first.iter().all(u8::is_ascii_uppercase);
    let target = words.next().filter(|_| is_method).unwrap_or(text);
    let end = target.iter().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(target.len());
    let target = target.get(..end).unwrap_or_default();
    match memchr::memmem::find(target, b"://") {
        Some(scheme) if !target.starts_with(b"/") => {
            let authority = target.get(scheme.saturating_add(3)..).unwrap_or_default();
            let begin = memchr::memchr(b'/', authority).unwrap_or(authority.len());
            authority.get(begin..).filter(|path| !path.is_empty()).unwrap_or(b"/")
        }
        _ => target,
    }
}

/// Cuts a text that is too long, and between characters.
fn shortened(text: &[u8]) -> &[u8] {
    let mut end = text.len().min(LONGEST_BYTES);
    while end > 0 && text.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

fn without_tokens(text: &[u8]) -> Cow<'_, [u8]> {
    let pieces = find_token::pieces(text);
    if pieces.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    for piece in pieces {
        let Some(begin) = memchr::memmem::find(rest, piece) else { continue };
        let left = begin.saturating_add(LEFT_BYTES.min(piece.len()));
        out.extend_from_slice(rest.get(..left).unwrap_or_default());
        out.extend_from_slice("\u{2026}".as_bytes());
        rest = rest.get(begin.saturating_add(piece.len())..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(name: &str, text: &str) -> String {
        let kept = Kept::new(name);
        let text = kept.text(text.as_bytes()).unwrap_or_default();
        String::from_utf8(text.into_owned()).unwrap()
    }

    #[test]
    fn path_and_method_are_those_of_the_request() {
        for text in [
            "/a/b",
            "/a/b?token=x",
            "/a/b#c",
            "GET /a/b HTTP/1.1",
            "GET /a/b?c=d e HTTP/1.1",
            "GET https://host:443/a/b?c HTTP/1.1",
            "https://host/a/b",
        ] {
            assert_eq!(kept("path", text), "/a/b", "{text}");
        }
        assert_eq!(kept("path", "https://host"), "/");
        assert_eq!(kept("path", "/redirect/http://x"), "/redirect/http://x");
        assert_eq!(kept("method", "GET /a HTTP/1.1"), "GET");
        assert_eq!(kept("method", "POST"), "POST");
        for nothing in ["", "-", " "] {
            assert_eq!(kept("path", nothing), "");
        }
    }

    #[test]
    fn tokens_are_cut_and_so_is_long_text() {
        let token = format!("eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.{}", "s".repeat(86));
        assert_eq!(kept("path", &format!("/reset/{token}/x")), "/reset/eyJhbG\u{2026}/x");
        assert_eq!(kept("note", &format!("a {token} b {token}")), "a eyJhbG\u{2026} b eyJhbG\u{2026}");
        assert_eq!(kept("note", "eyJhbGciOiJFUzI1NiJ9.eyJhIjo"), "eyJhbG\u{2026}");
        let long = "\u{fc}".repeat(2000);
        assert_eq!(kept("note", &long), "\u{fc}".repeat(512));
    }
}
