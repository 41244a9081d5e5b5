//! The Compact Serialization (RFC 7515 §3.1, §7.1) and the JOSE Header.

mod header;
mod names;

use memchr::memchr;

use crate::base64url;
use crate::error::{Code, Rejection};
use crate::header_cache::{Found, HeaderCache};
use crate::json::{self, Storage};
use crate::limits::Limits;

pub use header::JoseHeader;
pub(crate) use header::REGISTERED;
#[cfg(feature = "capi")]
pub(crate) use header::code_of as code_of_header;
pub use names::HeaderNames;

/// The three segments of a token, still encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segments<'t> {
    pub(crate) header: &'t [u8],
    pub(crate) payload: &'t [u8],
    pub(crate) signature: &'t [u8],
    /// Header and payload with the dot between them: the signing input of an attached,
    /// encoded payload.
    pub(crate) signing_input: &'t [u8],
}

impl<'t> Segments<'t> {
    /// The segments of no token.
    pub(crate) const NONE: Self = Self { header: &[], payload: &[], signature: &[], signing_input: &[] };

    /// Checks a token's length and splits it at its dots. `like` is a hint: if the
    /// token starts with it, the first dot need not be searched for.
    ///
    /// # Errors
    /// [`Code::TokenEmpty`], [`Code::TokenTooLong`], [`Code::TokenSegments`],
    /// [`Code::TokenJsonSerialization`], [`Code::HeaderTooLong`].
    pub(crate) fn split(token: &'t [u8], limits: Limits, like: &[u8]) -> Result<Self, Rejection> {
        if token.is_empty() {
            return Err(Rejection::new(Code::TokenEmpty));
        }
        if token.len() > limits.token_bytes {
            return Err(Rejection::new(Code::TokenTooLong));
        }
        //= rfc8725bis#section-3.14
        //# Implementations MUST confirm the JWT is in a legal format while parsing it.
        let Some(segments) = Self::at_dots(token, like) else {
            return Err(Rejection::new(shape_of(token, limits)));
        };
        //= rfc7515#section-3.2
        //# one or both of the JWS Protected Header and JWS Unprotected Header MUST be present.
        if looks_like_json(segments.header) {
            return Err(Rejection::new(Code::TokenJsonSerialization));
        }
        if segments.header.len() > limits.header_bytes {
            return Err(Rejection::new(Code::HeaderTooLong));
        }
        Ok(segments)
    }

    /// Returns a more specific code for a segment that is not base64url, or `code`.
    #[cold]
    pub(crate) fn undecodable(&self, code: Code) -> Rejection {
        let Self { header, payload, signature, .. } = *self;
        let is_wrap =
            |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>');
        let is_wrapped = header.first().is_some_and(is_wrap)
            || signature.last().is_some_and(is_wrap)
            || has_scheme(header);
        let is_padded = [header, payload, signature].iter().any(|segment| segment.last() == Some(&b'='));
        Rejection::new(match (is_wrapped, is_padded) {
            (true, _) => Code::TokenWrapped,
            (false, true) => Code::TokenPadded,
            (false, false) => code,
        })
    }

    /// `like` has no dots.
    fn at_dots(token: &'t [u8], like: &[u8]) -> Option<Self> {
        let dot = match token.get(like.len()) {
            Some(b'.') if !like.is_empty() && token.starts_with(like) => like.len(),
            _ => memchr(b'.', token)?,
        };
        let (header, rest) = token.split_at_checked(dot)?;
        let rest = rest.get(1..)?;
        let (payload, signature) = rest.split_at_checked(memchr(b'.', rest)?)?;
        let signature = signature.get(1..)?;
        //= rfc7797#section-5.2
        //# such payloads MUST NOT be used with the JWS Compact Serialization.
        if memchr(b'.', signature).is_some() {
            return None;
        }
        //= rfc7515#section-6
        //# These Header Parameters MUST be integrity protected if the information that they convey
        //# is to be utilized in a trust decision
        let signed = token.len().checked_sub(signature.len())?.checked_sub(1)?;
        Some(Self { header, payload, signature, signing_input: token.get(..signed)? })
    }
}

/// Returns the code for a token without exactly three segments.
#[cold]
fn shape_of(token: &[u8], limits: Limits) -> Code {
    if looks_like_json(token) {
        return Code::TokenJsonSerialization;
    }
    // A JWE has five segments and an enc in its header (RFC 7516 §3.1, §4.1.2).
    let mut segments = token.split(|byte| *byte == b'.');
    let header = segments.next().unwrap_or_default();
    let is_jwe = || {
        // Decode only a header within the limits, as for any other token.
        let header = Some(header).filter(|header| header.len() <= limits.header_bytes)?;
        let text = base64url::decode(header).ok()?;
        json::parse(&text, &mut Storage::default()).ok()?.member("enc").map(drop)
    };
    match (segments.nth(3), segments.next()) {
        //= rfc7516#section-3.2
        //# one or more of the JWE Protected Header, JWE Shared Unprotected Header, and JWE
        //# Per-Recipient Unprotected Header MUST be present.
        //= rfc8725bis#section-3.3
        //# Libraries MUST allow the verifier to distinguish between signed JWTs (JWSes) and
        //# encrypted JWTs (JWEs).
        (Some(_), None) if is_jwe().is_some() => Code::TokenEncrypted,
        _ => Code::TokenSegments,
    }
}

/// Returns `true` if the scheme of an `Authorization` header precedes the token.
fn has_scheme(header: &[u8]) -> bool {
    let word = header.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let is_short = (1..=10).contains(&word) && matches!(header.get(word..), Some([b' ', _, ..]));
    is_short && !header.starts_with(b"ey")
}

/// RFC 7515 §7.2: both JSON Serializations are objects.
fn looks_like_json(text: &[u8]) -> bool {
    text.trim_ascii_start().first() == Some(&b'{')
}

/// A token whose syntax and JOSE Header are well formed, but unverified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jws<'t, 's> {
    pub(crate) segments: Segments<'t>,
    pub(crate) header: JoseHeader<'s>,
}

impl<'t, 's> Jws<'t, 's> {
    /// Splits the token, and finds its header in the cache or parses it into the cache.
    /// `understood` are the extensions besides `b64` that `crit` may name.
    ///
    /// # Errors
    /// The codes of [`Segments::split`], [`Code::HeaderEncoding`] and the
    /// codes 3xx that do not depend on a policy.
    pub(crate) fn parse(
        token: &'t [u8],
        limits: Limits,
        understood: &[Box<str>],
        headers: &'s mut HeaderCache,
    ) -> Result<Self, Rejection> {
        Self::of(Segments::split(token, limits, &[])?, understood, headers)
    }

    /// Finds or parses the header of a token that was already split.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse), except those of [`Segments::split`].
    pub(crate) fn of(
        segments: Segments<'t>,
        understood: &[Box<str>],
        headers: &'s mut HeaderCache,
    ) -> Result<Self, Rejection> {
        let header = match headers.find(segments.header) {
            Found::Known(slot) => JoseHeader::recall(slot)?,
            Found::New(slot) => JoseHeader::parse(segments.header, understood, slot).map_err(|refused| {
                if refused.code() == Code::HeaderEncoding {
                    segments.undecodable(refused.code())
                } else {
                    refused
                }
            })?,
        };
        Ok(Self { segments, header })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(token: &[u8]) -> Code {
        let limits = Limits { token_bytes: 2_000_000, header_bytes: 8 };
        let [code, again] =
            [&b""[..], b"a"].map(|like| Segments::split(token, limits, like).unwrap_err().code());
        assert_eq!(code, again);
        code
    }

    #[test]
    fn splitting_finds_the_three_segments() {
        for like in ["", "a", "aa", "aaa", "bb"] {
            let segments = Segments::split(b"aa.bbb.c", Limits::default(), like.as_bytes()).unwrap();
            assert_eq!(
                (segments.header, segments.payload, segments.signature),
                (&b"aa"[..], &b"bbb"[..], &b"c"[..])
            );
            assert_eq!(segments.signing_input, b"aa.bbb");
        }
        let segments = Segments::split(b"..", Limits::default(), b"").unwrap();
        assert_eq!((segments.header, segments.signing_input), (&b""[..], &b"."[..]));
    }

    #[test]
    fn what_is_not_base64url_is_told_where_it_is_known() {
        let code = |token: &str| {
            let segments = Segments::split(token.as_bytes(), Limits::default(), b"").unwrap();
            segments.undecodable(Code::HeaderEncoding).code()
        };
        for token in [" a.b.c", "a.b.c\n", "\"a.b.c\"", "'a.b.c", "a.b.c'", "Bearer a.b.c", "<a.b.c>"] {
            assert_eq!(code(token), Code::TokenWrapped, "{token}");
        }
        for token in ["a=.b.c", "a.b=.c", "a.b.c=="] {
            assert_eq!(code(token), Code::TokenPadded, "{token}");
        }
        for token in ["eyJ hbGci.b.c", "longerthanone x.b.c", "a+.b.c", "a.b\".c", "a.b.\"c", "a=b.c.d"] {
            assert_eq!(code(token), Code::HeaderEncoding, "{token}");
        }
    }

    #[test]
    fn splitting_refuses_other_shapes() {
        assert_eq!(code(b""), Code::TokenEmpty);
        for token in ["a", ".", "a.b", "a.b.c.d", "a.b.c.d.e", ".a.b.c", "a.b.c.", "a..b.c"] {
            assert_eq!(code(token.as_bytes()), Code::TokenSegments, "{token}");
        }
        assert_eq!(code(&b".".repeat(1_000_000)), Code::TokenSegments);
        // {"enc":1}, of more bytes than a header may have, and within the limit.
        let jwe = b"eyJlbmMiOjF9.a.b.c.d";
        assert_eq!(code(jwe), Code::TokenSegments);
        let refused = Segments::split(jwe, Limits::default(), b"").unwrap_err();
        assert_eq!(refused.code(), Code::TokenEncrypted);
        assert_eq!(code(br#"{"payload":"a.b.c"}"#), Code::TokenJsonSerialization);
        assert_eq!(code(b" {\"payload\":\"\"}"), Code::TokenJsonSerialization);
        assert_eq!(code(b"123456789.a.b"), Code::HeaderTooLong);
        assert_eq!(code(&b"a".repeat(2_000_001)), Code::TokenTooLong);
    }
}
