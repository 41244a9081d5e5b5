//! Strict base64url: no padding, no white space, no unused bits set
//! (RFC 7515 §2, RFC 4648 §3.5 and §5).

use base64_simd::{AppendBase64Encode, Out, URL_SAFE_NO_PAD};

/// The bytes are not strict base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotBase64Url;

/// Decodes `text` into `buffer`, which grows as needed and never shrinks, and
/// returns the decoded bytes. Grown once, it costs no further allocation.
pub(crate) fn decode_into<'b>(text: &[u8], buffer: &'b mut Vec<u8>) -> Result<&'b [u8], NotBase64Url> {
    let room = text.len().div_ceil(4).saturating_mul(3);
    if buffer.len() < room {
        buffer.resize(room, 0);
    }
    match URL_SAFE_NO_PAD.decode(text, Out::from_slice(buffer)) {
        Ok(decoded) => Ok(decoded),
        Err(_) => Err(NotBase64Url),
    }
}

/// Decodes `text` into a new vector.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, NotBase64Url> {
    URL_SAFE_NO_PAD.decode_to_vec(text).map_err(|_| NotBase64Url)
}

/// Encodes `bytes` at the end of `text`.
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

    #[test]
    fn decoding_refuses_every_laxness() {
        for lax in [
            "Zg==", "Zg=", "Z g", "Zg\n", "\nZg", "Z+8v", "Z/8v", "Z", "ZZZZZ", "Zh", "Zm9", "Zg\0",
            "Z\u{80}",
        ] {
            assert_eq!(decode(lax.as_bytes()), Err(NotBase64Url), "{lax:?}");
            assert_eq!(decode_into(lax.as_bytes(), &mut Vec::new()), Err(NotBase64Url), "{lax:?}");
        }
    }

    #[test]
    fn decoding_inverts_encoding_at_every_length() {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut buffer = Vec::new();
        for length in 0..bytes.len() {
            let text = encode(&bytes[..length]);
            assert_eq!(decode_into(text.as_bytes(), &mut buffer).unwrap(), &bytes[..length]);
        }
    }
}
