//! What a JOSE Header names as `alg` and `kid`, whoever wrote it.

use memchr::memchr;

use super::header::{JoseHeader, decode_text};
use crate::error::Rejection;
use crate::header_cache::{CachedHeader, Found, HeaderCache};
use crate::json;
use crate::limits::Limits;

/// How many characters of a name are kept.
const MAX_CHARS: usize = 256;

/// The `alg` and `kid` of a token's header. Unless the signature held, anybody may
/// have written them.
///
/// Each is there if the header segment is within the policy's limit and holds a
/// JSON object in base64url, both read as strictly as those of an accepted token,
/// and if the member is a string. Each is cut at 256 characters. The token itself
/// may have any shape: its header segment ends at the first dot, or at its end.
///
/// ```
/// use jot::batch::{Batch, Columns, HeaderNames, Instants, Tokens};
/// # use jot::{Alg, KeySet, Policy, SigningKey, UnixSeconds, Verifier};
/// # let keys = KeySet::new([SigningKey::generate(Alg::HS256)?.verifying_key()?]);
/// # let verifier = Verifier::builder(Policy::new([Alg::HS256])).keys(keys).build()?;
///
/// let show = |_: usize, header: &HeaderNames<'_>| {
///     assert_eq!((header.alg(), header.kid()), (Some("HS256"), Some("old")));
/// };
/// let rows: [&[u8]; 1] = [b"eyJhbGciOiJIUzI1NiIsImtpZCI6Im9sZCJ9.e30."];
/// let mut codes = [0];
/// let mut columns = Columns::codes(&mut codes);
/// columns.unverified_header = Some(&show);
/// let now = Instants::Now(UnixSeconds(0));
/// Batch::new(1)?.verify(&verifier, &Tokens::Slices(&rows), now, &mut columns)?;
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeaderNames<'h> {
    alg: Option<&'h str>,
    kid: Option<&'h str>,
}

impl<'h> HeaderNames<'h> {
    pub(crate) fn new(alg: Option<&'h str>, kid: Option<&'h str>) -> Self {
        Self { alg: alg.map(start_of), kid: kid.map(start_of) }
    }

    /// Reads the header of a token, or finds it in the cache.
    pub(crate) fn read(token: &[u8], limits: Limits, headers: &'h mut HeaderCache) -> Self {
        let Some(segment) = header_segment(token, limits) else { return Self::default() };
        let read = match headers.find(segment) {
            Found::Known(slot) => {
                JoseHeader::recall(slot).map(|header| Self::new(Some(header.alg().name()), header.kid()))
            }
            Found::New(slot) => Self::parse(segment, slot),
        };
        read.unwrap_or_default()
    }

    fn parse(segment: &[u8], slot: &'h mut CachedHeader) -> Result<Self, Rejection> {
        slot.vacate();
        decode_text(segment, &mut slot.text)?;
        let object =
            json::parse(slot.text.as_bytes(), &mut slot.storage).map_err(super::header::rejection)?;
        let string = |name| object.member(name).and_then(|value| value.as_str());
        Ok(Self::new(string("alg"), string("kid")))
    }

    /// Returns the `alg`, also of an algorithm that nobody knows.
    #[must_use]
    pub const fn alg(&self) -> Option<&'h str> {
        self.alg
    }

    /// Returns the `kid`.
    #[must_use]
    pub const fn kid(&self) -> Option<&'h str> {
        self.kid
    }
}

/// Returns what stands before the first dot, unless it is longer than the limit.
fn header_segment(token: &[u8], limits: Limits) -> Option<&[u8]> {
    let start = token.get(..=limits.header_bytes).unwrap_or(token);
    match memchr(b'.', start) {
        Some(dot) => token.get(..dot),
        None => Some(token).filter(|token| token.len() <= limits.header_bytes),
    }
}

fn start_of(text: &str) -> &str {
    if text.len() <= MAX_CHARS {
        return text;
    }
    let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url;

    const LIMITS: Limits = Limits { token_bytes: 4096, header_bytes: 2048 };

    fn names(token: &str) -> [Option<String>; 2] {
        let mut headers = HeaderCache::default();
        let names = HeaderNames::read(token.as_bytes(), LIMITS, &mut headers);
        [names.alg(), names.kid()].map(|name| name.map(str::to_owned))
    }

    fn of_header(header: &str) -> [Option<String>; 2] {
        let segment = base64url::encode(header.as_bytes());
        let told = names(&format!("{segment}.e30."));
        for shape in [segment.clone(), format!("{segment}."), format!("{segment}.a.b.c.d.e")] {
            assert_eq!(names(&shape), told, "{shape}");
        }
        told
    }

    fn some(alg: &str, kid: &str) -> [Option<String>; 2] {
        [Some(alg.to_owned()), Some(kid.to_owned())]
    }

    #[test]
    fn names_are_told_of_any_object() {
        assert_eq!(of_header(r#"{"alg":"ES256","kid":"1"}"#), some("ES256", "1"));
        assert_eq!(of_header(r#"{"k\u0069d":"\u00e9","alg":"nOnE","typ":7}"#), some("nOnE", "é"));
        assert_eq!(of_header(r#"{"alg":7,"kid":"1"}"#), [None, Some("1".to_owned())]);
        assert_eq!(of_header(r#"{"alg":"dir","enc":"A128GCM","kid":{}}"#), [Some("dir".to_owned()), None]);
    }

    #[test]
    fn nothing_is_told_of_what_is_no_header() {
        let of_bytes = |bytes: &[u8]| names(&base64url::encode(bytes));
        for header in [
            &b""[..],
            b"[]",
            b"{",
            b"{}{}",
            b"{\"alg\":\"a\",\"alg\":\"b\"}",
            b"{\"alg\":\"a\",\"x\":1,\"x\":2}",
            b"{\"alg\":\"\xff\"}",
            b"{\"alg\":\"\\ud800\"}",
        ] {
            assert_eq!(of_bytes(header), [None, None], "{header:?}");
        }
        let nested = format!("{{\"alg\":\"a\",\"x\":{}{}}}", "[".repeat(32), "]".repeat(32));
        assert_eq!(of_bytes(nested.as_bytes()), [None, None]);
        // Unused bits, padding, the other alphabet.
        for segment in ["eyJhbGciOiJhIn1", "eyJhbGciOiJhIn0=", "eyJhbGciOiLDvyJ9+", " eyJhbGciOiJhIn0"] {
            assert_eq!(names(segment), [None, None], "{segment}");
        }
        assert_eq!(names("eyJhbGciOiJhIn0"), [Some("a".to_owned()), None]);
    }

    #[test]
    fn limit_holds_for_the_segment_alone() {
        let header = |bytes: usize| format!("{{\"alg\":\"a\",\"x\":\"{}\"}}", "x".repeat(bytes - 18));
        // 1536 bytes are 2048 characters.
        let (fits, beyond) = [1536, 1537].map(|bytes| base64url::encode(header(bytes).as_bytes())).into();
        let long = format!("{fits}.{}", "p".repeat(10_000));
        for token in [fits.as_str(), &long] {
            assert_eq!(names(token)[0].as_deref(), Some("a"));
        }
        for token in [beyond.clone(), format!("{beyond}.e30.")] {
            assert_eq!(names(&token), [None, None]);
        }
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let kid = "é".repeat(MAX_CHARS + 1);
        let told = of_header(&format!("{{\"alg\":\"a\",\"kid\":\"{kid}\"}}"));
        assert_eq!(told, some("a", &"é".repeat(MAX_CHARS)));
    }

    #[test]
    fn known_headers_are_told_like_new_ones() {
        let segment = base64url::encode(br#"{"alg":"EdDSA","kid":"k"}"#);
        let mut headers = HeaderCache::default();
        let Found::New(slot) = headers.find(segment.as_bytes()) else { panic!("it is new") };
        JoseHeader::parse(segment.as_bytes(), &[], slot).unwrap().prove();
        let token = format!("{segment}.e30.");
        let told = HeaderNames::read(token.as_bytes(), LIMITS, &mut headers);
        assert_eq!((told.alg(), told.kid()), (Some("EdDSA"), Some("k")));
        assert!(matches!(headers.find(segment.as_bytes()), Found::Known(_)));
    }
}
