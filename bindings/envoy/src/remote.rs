//! A remote key set: where it is, how it is followed and what a reply means.

use std::hash::{BuildHasher as _, RandomState};

use jot::jwks::{Answer, Field, Keeper, KeeperOptions, Request};
use jot::{Code, Error};

use crate::config::RemoteConfig;
use crate::keys;
use crate::target::Target;

/// The longest key set.
const LARGEST_BYTES: usize = 1 << 20;

/// The longest reply that is read: that of a list.
const LARGEST_REPLY: usize = 8 << 20;

/// The most keys of a set.
const MOST_KEYS: usize = 256;

/// A request that is due.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fetch {
    pub(crate) cluster: String,
    pub(crate) authority: String,
    pub(crate) path: String,
    pub(crate) timeout_ms: u64,
    pub(crate) accept: &'static str,
    /// Header fields that ask for changes only.
    pub(crate) conditions: Vec<(&'static str, String)>,
}

impl Fetch {
    pub(crate) fn new(target: &Target, request: &Request<'_>) -> Option<Self> {
        let (authority, path) = parts(request.url)?;
        let conditions = [("if-none-match", request.etag), ("if-modified-since", request.last_modified)];
        let conditions = conditions.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
        Some(Self {
            cluster: target.cluster().to_owned(),
            authority: authority.to_owned(),
            path: path.to_owned(),
            timeout_ms: target.timeout_ms().into(),
            accept: request.accept,
            conditions: conditions.collect(),
        })
    }
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Reply {
    Failed(String),
    Response { status: u16, fields: Vec<(String, String)>, body: Vec<u8> },
}

impl Reply {
    /// Takes a reply of Envoy's HTTP client.
    pub(crate) fn new<'b>(
        fields: impl Iterator<Item = (&'b [u8], &'b [u8])>,
        chunks: impl Iterator<Item = &'b [u8]>,
    ) -> Self {
        let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
        let fields: Vec<_> = fields.filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect();
        let status = fields.iter().find(|field| field.0 == ":status").and_then(|field| field.1.parse().ok());
        let mut body = Vec::new();
        for chunk in chunks {
            body.extend(chunk);
            // One byte too many is enough to refuse it.
            if body.len() > LARGEST_REPLY {
                body.truncate(LARGEST_REPLY.saturating_add(1));
                break;
            }
        }
        Self::Response { status: status.unwrap_or(0), fields, body }
    }

    pub(crate) fn lend<T>(&self, take: impl FnOnce(Answer<'_>) -> T) -> T {
        match self {
            Self::Failed(_) => take(Answer::Failed),
            Self::Response { status, fields, body } => {
                let fields: Vec<Field<'_>> =
                    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                take(Answer::Response { status: *status, fields: &fields, body })
            }
        }
    }

    /// Says why the reply brings no keys or list. Where Envoy has no connection or waited in
    /// vain, it makes up a reply whose text says so.
    pub(crate) fn fault(&self, error: &Error) -> String {
        let (status, fields, body) = match self {
            Self::Failed(fault) => return fault.clone(),
            Self::Response { status, fields, body } => (status, fields, body),
        };
        let location = || fields.iter().find(|field| field.0 == "location").map(|field| &*field.1);
        match error.code() {
            Code::FetchRedirect => {
                let to = shown(location().unwrap_or_default().as_bytes());
                format!("the status is {status}, a redirect to {to}; {error}")
            }
            Code::FetchStatus if matches!(status, 503 | 504) && !body.is_empty() => {
                format!("the status is {status}: {}", shown(body))
            }
            Code::FetchStatus => format!("the status is {status}"),
            _ => error.to_string(),
        }
    }
}

/// Text of others for a log: one line, plain, and not long.
fn shown(text: &[u8]) -> String {
    const LONGEST: usize = 200;
    let start = text.get(..LONGEST).unwrap_or(text);
    format!("{}{}", start.escape_ascii(), if start.len() < text.len() { " …" } else { "" })
}

/// Makes the keeper of a key set; the text says what is wrong with the configuration.
pub(crate) fn keeper(config: &RemoteConfig) -> Result<Keeper, String> {
    let fault = || "a cluster and an http or https uri are wanted".to_owned();
    let (authority, path) = parts(&config.uri).filter(|_| !config.cluster.is_empty()).ok_or_else(fault)?;
    // The cluster says whether the way there is encrypted.
    let url = format!("https://{authority}{path}");
    let seed = RandomState::new().hash_one(&url);
    if config.discover {
        // Its name is compared with what the metadata say, to the letter.
        let fault = |_| "the `issuer` is no https uri, so a uri of its keys is wanted".to_owned();
        return Keeper::of_issuer(&config.uri, options(config), seed).map_err(fault);
    }
    Keeper::of_keys(&url, options(config), seed).map_err(|_| fault())
}

/// How a key set is followed. A reply is fresh for as long as it says, but not for less
/// than the cool-down and not for more than the refresh time.
pub(crate) fn options(config: &RemoteConfig) -> KeeperOptions {
    let RemoteConfig { refresh_seconds, cooldown_seconds, .. } = *config;
    KeeperOptions::default()
        .fresh_for(refresh_seconds, cooldown_seconds.min(refresh_seconds), refresh_seconds)
        .serve_stale_for(Some(config.serve_stale_seconds))
        .cool_down(cooldown_seconds)
        .timeout(config.timeout_ms.div_ceil(1000))
        .limits(LARGEST_BYTES, MOST_KEYS)
        .keys(keys::options(config.certificate_validity))
}

/// Splits `https://host/path` into host and path.
pub(crate) fn parts(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"))?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let plain = |text: &str| text.bytes().all(|byte| matches!(byte, 0x21..=0x7e));
    let fits = !authority.is_empty() && plain(authority) && plain(path);
    fits.then_some((authority, if path.is_empty() { "/" } else { path }))
}

#[cfg(test)]
pub(crate) mod tests {
    use jot::UnixSeconds;
    use jot::jwks::{Change, Poll};

    use super::*;

    pub(crate) fn config(more: &str) -> RemoteConfig {
        serde_json::from_str(&format!(r#"{{"cluster":"c","uri":"http://idp/keys"{more}}}"#)).unwrap()
    }

    pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
        let status = status.to_string();
        let fields = headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        Reply::new(
            [(&b":status"[..], status.as_bytes())].into_iter().chain(fields),
            [body.as_bytes()].into_iter(),
        )
    }

    /// Why the keeper takes no keys out of a reply.
    fn fault(reply: &Reply) -> String {
        let mut keeper = keeper(&config("")).unwrap();
        let Poll::Fetch(request) = keeper.poll(UnixSeconds(0)) else { panic!("a fetch is due") };
        let ticket = request.ticket;
        match reply.lend(|answer| keeper.answer(ticket, answer, UnixSeconds(0))) {
            Change::Failed(error) => reply.fault(&error),
            change => panic!("{change:?}"),
        }
    }

    #[test]
    fn uri_is_split_or_refused() {
        assert_eq!(parts("https://idp:8443/a/b?c"), Some(("idp:8443", "/a/b?c")));
        assert_eq!(parts("http://idp"), Some(("idp", "/")));
        for uri in ["idp/a", "https://", "https:///a", "ftp://idp/a", "https://idp/a b", "https://i\rdp/"] {
            assert_eq!(parts(uri), None, "{uri}");
        }
        for (cluster, uri) in [("", "https://idp/a"), ("c", "https://u@idp/a"), ("c", "https://idp/a#b")] {
            let text = format!(r#"{{"cluster":"{cluster}","uri":"{uri}"}}"#);
            keeper(&serde_json::from_str(&text).unwrap()).unwrap_err();
        }
    }

    #[test]
    fn request_goes_where_the_configuration_says() {
        let config = config(r#","timeout_ms":700"#);
        let mut keeper = keeper(&config).unwrap();
        let Poll::Fetch(request) = keeper.poll(UnixSeconds(0)) else { panic!("a fetch is due") };
        assert_eq!(request.timeout, 1);
        let fetch = Fetch::new(&Target::Keys(config), &request).unwrap();
        assert_eq!((&*fetch.cluster, &*fetch.authority, &*fetch.path), ("c", "idp", "/keys"));
        assert!(fetch.accept.starts_with("application/jwk-set+json"), "{}", fetch.accept);
        assert_eq!((fetch.timeout_ms, fetch.conditions), (700, Vec::new()));
    }

    #[test]
    fn metadata_lead_to_the_keys_of_an_issuer_that_has_no_uri() {
        let issuer = |name: &str| {
            let text = format!(r#"{{"issuer":"{name}","keys":{{"remote":{{"cluster":"c"}}}}}}"#);
            crate::origin::remote_of(&serde_json::from_str(&text).unwrap()).unwrap()
        };
        let config = issuer("https://idp/tenant");
        let mut keeper = keeper(&config).unwrap();
        let Poll::Fetch(request) = keeper.poll(UnixSeconds(0)) else { panic!("a fetch is due") };
        let ticket = request.ticket;
        let fetch = Fetch::new(&Target::Keys(config), &request).unwrap();
        assert_eq!((&*fetch.authority, &*fetch.path), ("idp", "/tenant/.well-known/openid-configuration"));
        let document = reply(200, &[], r#"{"issuer":"https://idp/tenant","jwks_uri":"https://keys/k"}"#);
        let change = document.lend(|answer| keeper.answer(ticket, answer, UnixSeconds(0)));
        assert!(matches!(change, Change::Elsewhere));
        let Poll::Fetch(request) = keeper.poll(UnixSeconds(0)) else { panic!("a fetch is due") };
        assert_eq!(request.url, "https://keys/k");
        for name in ["http://idp", "idp"] {
            super::keeper(&issuer(name)).unwrap_err();
        }
    }

    #[test]
    fn fault_of_a_reply_is_told() {
        assert_eq!(fault(&reply(404, &[], "Not Found")), "the status is 404");
        let elsewhere = fault(&reply(302, &[("location", "https://login/\n")], ""));
        assert!(elsewhere.starts_with("the status is 302, a redirect to https://login/\\n; fetch_redirect"));
        let slow = reply(504, &[], "upstream request timeout");
        assert_eq!(fault(&slow), "the status is 504: upstream request timeout");
        let long = fault(&reply(503, &[], &"x".repeat(300)));
        assert!(long.ends_with("x …") && long.len() < 230, "{long}");
        assert_eq!(fault(&Reply::Failed("no connection".to_owned())), "no connection");
        assert!(fault(&reply(200, &[], &" ".repeat(LARGEST_BYTES + 1))).starts_with("reply_too_long"));
    }
}
