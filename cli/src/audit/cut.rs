//! Tokens that a log field of bounded length truncated.

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

    #[test]
    fn tokens_that_were_cut_are_suspected() {
        // {"alg":"ES256"}
        let whole = format!("eyJhbGciOiJFUzI1NiJ9.e30.{}", "A".repeat(86));
        assert!(!looks_cut(whole.as_bytes(), Some("ES256")));
        for cut in [whole.len() - 1, whole.len() - 86, 25, 10] {
            assert!(looks_cut(&whole.as_bytes()[..cut], Some("ES256")), "{cut}");
        }
        assert!(looks_cut(format!("{whole}...").as_bytes(), Some("ES256")));
        assert!(!looks_cut(b"garbage", None));
        assert!(!looks_cut(format!("{whole}.x").as_bytes(), Some("ES256")));
    }
}
