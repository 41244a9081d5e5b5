//! A remote key set: when to ask for it and what a reply means.

use std::time::{Duration, SystemTime};

use crate::config::RemoteConfig;

/// The longest reply that is read, and the longest key file.
pub(crate) const LARGEST_BYTES: u64 = 1 << 20;

/// A request that is due.
#[derive(Debug)]
pub(crate) struct Fetch<'k> {
    pub(crate) cluster: &'k str,
    pub(crate) authority: &'k str,
    pub(crate) path: &'k str,
    pub(crate) timeout_ms: u64,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Reply {
    Failed(String),
    Body { text: Vec<u8>, max_age_seconds: Option<u32> },
}

impl Reply {
    /// Takes a reply of Envoy's HTTP client, whose header fields `find` finds.
    pub(crate) fn new<'b>(
        find: impl Fn(&str) -> Option<&'b [u8]>,
        chunks: impl Iterator<Item = &'b [u8]>,
    ) -> Self {
        let mut text = Vec::new();
        for chunk in chunks {
            text.extend(chunk);
            if text.len() as u64 > LARGEST_BYTES {
                return Self::Failed("the reply is longer than 1 MiB".to_owned());
            }
        }
        let status = find(":status").unwrap_or_default();
        if status != b"200" {
            return Self::Failed(fault_of(status, find("location"), &text));
        }
        let control = std::str::from_utf8(find("cache-control").unwrap_or_default()).unwrap_or_default();
        let mut ages = control.split(',').filter_map(|part| part.trim().strip_prefix("max-age="));
        Self::Body { text, max_age_seconds: ages.next().and_then(|age| age.parse().ok()) }
    }
}

/// Says why a reply brings no keys. Where Envoy has no connection or waited in
/// vain, it makes up a reply whose text says so.
fn fault_of(status: &[u8], location: Option<&[u8]>, text: &[u8]) -> String {
    let status = shown(status);
    match location {
        Some(location) if status.starts_with('3') => {
            format!("the status is {status}, a redirect to {}; redirects are not followed", shown(location))
        }
        _ if matches!(&*status, "503" | "504") && !text.is_empty() => {
            format!("the status is {status}: {}", shown(text))
        }
        _ => format!("the status is {status}"),
    }
}

/// Text of others for a log: one line, plain, and not long.
fn shown(text: &[u8]) -> String {
    const LONGEST: usize = 200;
    let start = text.get(..LONGEST).unwrap_or(text);
    format!("{}{}", start.escape_ascii(), if start.len() < text.len() { " …" } else { "" })
}

/// How long a reply is fresh: as it says, but not less than the cool-down and
/// not more than the refresh time.
pub(crate) fn fresh_seconds(remote: &RemoteConfig, max_age: Option<u32>) -> u32 {
    let longest = remote.refresh_seconds;
    max_age.unwrap_or(longest).max(remote.cooldown_seconds).min(longest)
}

/// 1, 2, 4 … seconds, at most the refresh time, and up to a quarter more so
/// that many servers do not ask at once.
pub(crate) fn back_off(failures: u32, longest: u32) -> Duration {
    let pause = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX).clamp(1, longest.max(1));
    let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().subsec_nanos();
    let share = u64::from(pause).saturating_mul(u64::from(nanos % 250));
    seconds(pause).saturating_add(Duration::from_millis(share))
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

pub(crate) const fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uri_is_split_or_refused() {
        assert_eq!(parts("https://idp:8443/a/b?c"), Some(("idp:8443", "/a/b?c")));
        assert_eq!(parts("http://idp"), Some(("idp", "/")));
        for uri in ["idp/a", "https://", "https:///a", "ftp://idp/a", "https://idp/a b", "https://i\rdp/"] {
            assert_eq!(parts(uri), None, "{uri}");
        }
    }

    fn reply(
        headers: &[(&str, &'static str)],
        chunks: &[&'static [u8]],
    ) -> Result<(Vec<u8>, Option<u32>), String> {
        let find =
            |name: &str| headers.iter().find(|header| header.0 == name).map(|header| header.1.as_bytes());
        match Reply::new(find, chunks.iter().copied()) {
            Reply::Failed(fault) => Err(fault),
            Reply::Body { text, max_age_seconds } => Ok((text, max_age_seconds)),
        }
    }

    #[test]
    fn reply_is_taken_when_it_is_whole() {
        let taken = reply(&[(":status", "200"), ("cache-control", "public, max-age=60")], &[b"ab", b"c"]);
        assert_eq!(taken, Ok((b"abc".to_vec(), Some(60))));
        static HALF: [u8; 1 << 19] = [b'x'; 1 << 19];
        let ok = [(":status", "200")];
        assert!(reply(&ok, &[&HALF, &HALF]).is_ok());
        assert_eq!(reply(&ok, &[&HALF, &HALF, b"x"]), Err("the reply is longer than 1 MiB".to_owned()));
    }

    #[test]
    fn fault_of_a_reply_is_told() {
        let fault = |status, location: Option<&'static str>, text| {
            let mut headers = vec![(":status", status)];
            headers.extend(location.map(|location| ("location", location)));
            reply(&headers, &[text]).unwrap_err()
        };
        assert_eq!(fault("404", None, b"Not Found"), "the status is 404");
        assert_eq!(
            fault("302", Some("https://idp/login\n"), b""),
            "the status is 302, a redirect to https://idp/login\\n; redirects are not followed"
        );
        assert_eq!(
            fault("504", None, b"upstream request timeout"),
            "the status is 504: upstream request timeout"
        );
        let long = fault("503", None, &[b'x'; 300]);
        assert!(long.ends_with("x …") && long.len() < 230, "{long}");
    }

    #[test]
    fn pauses_grow_and_are_bounded() {
        let pause = |failures| back_off(failures, 300).as_secs();
        assert!(pause(1) == 1 && (8..=10).contains(&pause(4)) && (300..=375).contains(&pause(60)));
        let text = r#"{"cluster":"c","uri":"u","cooldown_seconds":30,"refresh_seconds":300}"#;
        let remote: RemoteConfig = serde_json::from_str(text).unwrap();
        let fresh: Vec<_> =
            [None, Some(0), Some(60), Some(9999)].map(|age| fresh_seconds(&remote, age)).into();
        assert_eq!(fresh, [300, 30, 60, 300]);
    }
}
