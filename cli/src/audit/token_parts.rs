//! Unverified values of a token's header, for the columns of its row.

use std::collections::HashMap;
use std::sync::Arc;

use base64_simd::URL_SAFE_NO_PAD;
use foldhash::fast::RandomState;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Longer values of a header are cut to this.
const LONGEST_CHARS: usize = 256;

/// How many headers are remembered.
const HEADERS: usize = 1024;

/// Unverified values of a JOSE Header.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) alg: Option<String>,
    pub(super) kid: Option<String>,
}

#[derive(Deserialize)]
struct RawHeader<'h> {
    #[serde(borrow)]
    alg: Option<&'h RawValue>,
    #[serde(borrow)]
    kid: Option<&'h RawValue>,
}

/// Reads headers and remembers them, because most tokens share a few.
#[derive(Debug, Default)]
pub(super) struct Headers {
    known: HashMap<Box<[u8]>, Arc<Named>, RandomState>,
}

impl Headers {
    pub(super) fn read(&mut self, token: &[u8]) -> Arc<Named> {
        let segment = token.split(|byte| *byte == b'.').next().unwrap_or_default();
        if let Some(known) = self.known.get(segment) {
            return Arc::clone(known);
        }
        let named = Arc::new(parse(segment));
        if self.known.len() >= HEADERS {
            self.known.clear();
        }
        self.known.insert(segment.into(), Arc::clone(&named));
        named
    }
}

fn parse(segment: &[u8]) -> Named {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode_to_vec(segment) else { return Named::default() };
    let Ok(RawHeader { alg, kid }) = serde_json::from_slice(&bytes) else { return Named::default() };
    let short = |raw: Option<&RawValue>| {
        let text: String = serde_json::from_str(raw?.get()).ok()?;
        Some(text.chars().take(LONGEST_CHARS).collect())
    };
    Named { alg: short(alg), kid: short(kid) }
}

/// Returns `true` if a token whose signature does not hold looks truncated by a log
/// field of bounded length.
pub(super) fn looks_cut(token: &[u8], alg: Option<&str>) -> bool {
    if !token.starts_with(b"eyJ") {
        return false;
    }
    if token.ends_with(b"...") || token.ends_with("\u{2026}".as_bytes()) {
        return true;
    }
    let mut segments = token.split(|byte| *byte == b'.').skip(2);
    let (Some(signature), None) = (segments.next(), segments.next()) else {
        // Fewer than two dots: the header or the payload was cut.
        return memchr::memchr_iter(b'.', token).count() < 2;
    };
    signature.len() < least_signature_chars(alg.unwrap_or_default())
}

/// Returns the smallest length of a signature in base64url; for RSA, with 2048 bits.
fn least_signature_chars(alg: &str) -> usize {
    match alg {
        "HS256" => 43,
        "HS384" => 64,
        "HS512" | "ES256" | "ES256K" | "EdDSA" | "Ed25519" => 86,
        "ES384" => 128,
        "ES512" => 176,
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => 342,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str, signature: &str) -> String {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode_to_string(text.as_bytes());
        format!("{}.{}.{signature}", encode(header), encode(claims))
    }

    #[test]
    fn names_are_read() {
        let token = token(r#"{"alg":"ES256","kid":7}"#, "{}", "");
        let named = Headers::default().read(token.as_bytes());
        assert_eq!((named.alg.as_deref(), named.kid.as_deref()), (Some("ES256"), None));
        assert!(Headers::default().read(b"a.b.c").alg.is_none());
    }

    #[test]
    fn tokens_that_were_cut_are_suspected() {
        let whole = token(r#"{"alg":"ES256"}"#, "{}", &"A".repeat(86));
        assert!(!looks_cut(whole.as_bytes(), Some("ES256")));
        for cut in [whole.len() - 1, whole.len() - 86, 25, 10] {
            assert!(looks_cut(&whole.as_bytes()[..cut], Some("ES256")), "{cut}");
        }
        assert!(looks_cut(format!("{whole}...").as_bytes(), Some("ES256")));
        assert!(!looks_cut(b"garbage", None));
        assert!(!looks_cut(format!("{whole}.x").as_bytes(), Some("ES256")));
    }
}
