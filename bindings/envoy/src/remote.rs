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
    Failed(&'static str),
    Body { text: Vec<u8>, max_age_seconds: Option<u32> },
}

impl Reply {
    /// Takes a reply of Envoy's HTTP client.
    pub(crate) fn new<'b>(
        status: Option<&[u8]>,
        cache_control: Option<&[u8]>,
        chunks: impl Iterator<Item = &'b [u8]>,
    ) -> Self {
        if status != Some(b"200") {
            return Self::Failed("the status is not 200");
        }
        let mut text = Vec::new();
        for chunk in chunks {
            text.extend(chunk);
            if text.len() as u64 > LARGEST_BYTES {
                return Self::Failed("the reply is longer than 1 MiB");
            }
        }
        let control = std::str::from_utf8(cache_control.unwrap_or_default()).unwrap_or_default();
        let mut ages = control.split(',').filter_map(|part| part.trim().strip_prefix("max-age="));
        Self::Body { text, max_age_seconds: ages.next().and_then(|age| age.parse().ok()) }
    }
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

    #[test]
    fn reply_is_taken_when_it_is_whole() {
        let body = || [&b"ab"[..], b"c"].into_iter();
        let reply = Reply::new(Some(b"200"), Some(b"public, max-age=60"), body());
        assert!(matches!(reply, Reply::Body { text, max_age_seconds: Some(60) } if text == b"abc"));
        assert!(matches!(Reply::new(Some(b"404"), None, body()), Reply::Failed(_)));
        let long = vec![b'x'; 1 << 19];
        assert!(matches!(
            Reply::new(Some(b"200"), None, [&long[..], &long, b"x"].into_iter()),
            Reply::Failed(_)
        ));
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
