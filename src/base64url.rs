//! Strict base64url: no padding, no white space, no unused bits set
//! (RFC 7515 §2, RFC 4648 §3.5 and §5).

#[cfg(target_arch = "x86_64")]
mod avx512;
mod fault;

use base64_simd::{AppendBase64Encode, Out, URL_SAFE_NO_PAD};

#[cfg(target_arch = "x86_64")]
use self::avx512::decode as decode_wide;
pub(crate) use self::fault::NotBase64Url;
use crate::simd::Wide;

/// Decodes `text` into `buffer` and returns the decoded bytes. The buffer grows as
/// needed and never shrinks, so it stops allocating.
pub(crate) fn decode_into<'b>(
    text: &[u8],
    buffer: &'b mut Vec<u8>,
    wide: Option<Wide>,
) -> Result<&'b [u8], NotBase64Url> {
    decode_at(text, buffer, 0, wide)
}

/// Decodes `text` into `buffer` from `start` on.
fn decode_at<'b>(
    text: &[u8],
    buffer: &'b mut Vec<u8>,
    start: usize,
    wide: Option<Wide>,
) -> Result<&'b [u8], NotBase64Url> {
    let end = text.len().div_ceil(4).saturating_mul(3).saturating_add(start);
    if buffer.len() < end {
        buffer.resize(end, 0);
    }
    #[cfg(planted = "overread")]
    crate::planted::overread(text);
    let place = buffer.get_mut(start..).unwrap_or_default();
    if let Some(wide) = wide {
        let length = decode_wide(wide, text, place)?;
        return Ok(place.get(..length).unwrap_or_default());
    }
    //= rfc8725bis#section-3.14
    //# Content with any other characters - especially braces and quotation marks - is not a JWT and
    //# MUST be rejected.
    match URL_SAFE_NO_PAD.decode(text, Out::from_slice(place)) {
        Ok(decoded) => Ok(decoded),
        Err(_) => Err(NotBase64Url),
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn decode_wide(wide: Wide, _: &[u8], _: &mut [u8]) -> Result<usize, NotBase64Url> {
    match wide {}
}

/// Several decoded texts, end to end, in a reused buffer.
#[derive(Default)]
pub(crate) struct Arena {
    bytes: Vec<u8>,
    used: usize,
}

/// The place of a text in an arena: start and end.
pub(crate) type Span = (usize, usize);

impl Arena {
    /// Drops the texts, but keeps the buffer.
    pub(crate) fn clear(&mut self) {
        self.used = 0;
    }

    /// Decodes `text` and returns its place.
    pub(crate) fn decode(&mut self, text: &[u8], wide: Option<Wide>) -> Result<Span, NotBase64Url> {
        let start = self.used;
        let decoded = decode_at(text, &mut self.bytes, start, wide)?;
        self.used = start.saturating_add(decoded.len());
        Ok((start, self.used))
    }

    pub(crate) fn get(&self, span: Span) -> &[u8] {
        self.bytes.get(span.0..span.1).unwrap_or_default()
    }
}

/// Appends the decoded `text` to `buffer`, which is unchanged on an error.
pub(crate) fn decode_onto(text: &[u8], buffer: &mut Vec<u8>) -> Result<(), NotBase64Url> {
    let start = buffer.len();
    let decoded = decode_at(text, buffer, start, None).map(<[u8]>::len);
    buffer.truncate(start.saturating_add(*decoded.as_ref().unwrap_or(&0)));
    decoded.map(|_| ())
}

/// Decodes `text` into a new vector.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, NotBase64Url> {
    let mut buffer = Vec::new();
    decode_onto(text, &mut buffer).map(|()| buffer)
}

/// Appends the encoded `bytes` to `text`.
pub(crate) fn encode_onto(bytes: &[u8], text: &mut impl AppendBase64Encode) {
    URL_SAFE_NO_PAD.encode_append(bytes, text);
}

/// Encodes `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::missing::missing;

    #[test]
    fn decoding_refuses_every_laxness() {
        for lax in [
            "Zg==", "Zg=", "Z g", "Zg\n", "\nZg", "Z+8v", "Z/8v", "Z", "ZZZZZ", "Zh", "Zm9", "Zg\0",
            "Z\u{80}",
        ] {
            assert_eq!(decode(lax.as_bytes()), Err(NotBase64Url), "{lax:?}");
            assert_eq!(decode_into(lax.as_bytes(), &mut Vec::new(), None), Err(NotBase64Url), "{lax:?}");
        }
    }

    #[test]
    fn wide_decoding_is_the_librarys() {
        let Some(wide) = Wide::detect() else { return missing("avx512") };
        let mut buffer = Vec::new();
        let text: Vec<u8> = encode(&[0x5a; 200]).into_bytes();
        for length in (0..70).chain(126..134) {
            for position in 0..length {
                let mut text = text[..length].to_vec();
                for byte in 0..=255 {
                    text[position] = byte;
                    let wanted = URL_SAFE_NO_PAD.decode_to_vec(&text).map_err(|_| NotBase64Url);
                    assert_eq!(
                        decode_into(&text, &mut buffer, Some(wide)).map(<[u8]>::to_vec),
                        wanted,
                        "{text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_arena_keeps_texts_apart() {
        let mut arena = Arena::default();
        for _ in 0..2 {
            arena.clear();
            let one = arena.decode(b"Zm9v", None).unwrap();
            assert_eq!(arena.decode(b"Zm9vZ", Wide::detect()), Err(NotBase64Url));
            let (empty, two) =
                (arena.decode(b"", None).unwrap(), arena.decode(b"YmFyIQ", Wide::detect()).unwrap());
            assert_eq!(
                (arena.get(one), arena.get(empty), arena.get(two)),
                (&b"foo"[..], &b""[..], &b"bar!"[..])
            );
        }
    }

    #[test]
    fn decoding_inverts_encoding_at_every_length() {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut buffer = Vec::new();
        // Under Miri, which takes long, some of the lengths.
        for length in (0..bytes.len()).step_by(if cfg!(miri) { 5 } else { 1 }) {
            let text = encode(&bytes[..length]);
            assert_eq!(decode_into(text.as_bytes(), &mut buffer, None).unwrap(), &bytes[..length]);
        }
    }
}
