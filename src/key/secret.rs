//! What may not be an HMAC secret.

use memchr::memmem;
use zeroize::Zeroizing;

use super::der::Form;
use crate::error::{Code, Error};
use crate::json::{self, Storage};

/// How the texts of OpenSSH public keys begin (RFC 4253 §6.6 and OpenSSH's own
/// types).
const SSH_TYPES: [&[u8]; 6] =
    [b"ssh-rsa", b"ssh-dss", b"ssh-ed25519", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"];

/// How PEM (RFC 7468 §2) and SSH2 public keys (RFC 4716 §3.2) begin.
const MARKERS: [&[u8]; 2] = [b"-----BEGIN", b"---- BEGIN"];

/// Takes `secret` unless it is empty or the text or the DER of a key.
///
/// Whoever hands over a public key as a secret has mixed them up,
/// and anybody can then make tokens. No option lets that through.
pub(super) fn take(secret: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    if secret.is_empty() {
        return Err(Error::new(Code::KeySecretTooShort));
    }
    if is_key_text(secret) || Form::of(secret).is_ok() {
        return Err(Error::new(Code::KeySecretIsKeyText));
    }
    Ok(Zeroizing::new(secret.to_vec()))
}

fn is_key_text(secret: &[u8]) -> bool {
    let text = without_lead(secret);
    MARKERS.iter().any(|marker| memmem::find(text, marker).is_some())
        || SSH_TYPES.iter().any(|name| text.starts_with(name))
        || is_jwk_text(text)
}

/// Removes white space and byte order marks from the front.
fn without_lead(mut text: &[u8]) -> &[u8] {
    loop {
        let rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let rest = match rest.split_first() {
            Some((byte, rest)) if byte.is_ascii_whitespace() || matches!(byte, 0 | 0x0b) => rest,
            _ => rest,
        };
        if rest.len() == text.len() {
            return text;
        }
        text = rest;
    }
}

/// Tells whether `text` is a JWK, a JWK Set or a row of JWKs, also one that
/// this library would not take.
fn is_jwk_text(text: &[u8]) -> bool {
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return false;
    }
    if [br#""kty""#.as_slice(), br#""keys""#].iter().any(|name| memmem::find(text, name).is_some()) {
        return true;
    }
    // The names may be written with escapes.
    let mut storage = Storage::default();
    json::parse(text, &mut storage)
        .is_ok_and(|object| ["kty", "keys"].iter().any(|name| object.member(name).is_some()))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{
        EC_CERTIFICATE_PEM, EC_PUBLIC_PEM, P256, RSA_1024_PEM, RSA_PRIVATE_PEM, RSA_PUBLIC_PEM,
    };
    use super::super::{KeyOptions, VerifyingKey};
    use super::*;
    use crate::base64url;

    fn refusal(secret: &[u8]) -> Option<Code> {
        take(secret).err().map(|error| error.code())
    }

    #[test]
    fn secret_is_refused_when_it_is_the_text_of_a_key() {
        for text in [
            "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
            "-----BEGIN CERTIFICATE-----",
            "---- BEGIN SSH2 PUBLIC KEY ----",
            r#"{"kty":"RSA","n":"AQAB"}"#,
            r#"{ "n" : "AQAB" , "kty" : "RSA" , "kty": 1 "#,
            r#"{"\u006bty":"RSA"}"#,
            r#"{"keys":[]}"#,
            r#"[{"kty":"EC"}]"#,
            "ssh-rsa AAAAB3Nza",
            "ssh-ed25519 AAAAC3Nza",
            "ecdsa-sha2-nistp256 AAAA",
        ] {
            for lead in ["", " ", "\r\n", "\t\n ", "\u{feff}", "\r\n\u{feff} ", "\0"] {
                let text = format!("{lead}{text}");
                assert_eq!(refusal(text.as_bytes()), Some(Code::KeySecretIsKeyText), "{text:?}");
                let crlf = text.replace('\n', "\r\n");
                assert_eq!(refusal(crlf.as_bytes()), Some(Code::KeySecretIsKeyText), "{crlf:?}");
            }
        }
        let led = b"issued by example\n-----BEGIN PUBLIC KEY-----";
        assert_eq!(refusal(led), Some(Code::KeySecretIsKeyText));
    }

    #[test]
    fn secret_is_taken_when_it_is_anything_else() {
        assert_eq!(refusal(b""), Some(Code::KeySecretTooShort));
        for secret in [b"s".as_slice(), b"{}", b"{\"a\":1}", b"my ssh-rsa", b"\xff\xfe", b"----", b"\n"] {
            assert_eq!(take(secret).unwrap().as_slice(), secret);
        }
    }

    #[test]
    fn secret_is_refused_when_it_is_a_key_in_der() {
        for pem in [EC_PUBLIC_PEM, EC_CERTIFICATE_PEM, RSA_PUBLIC_PEM, RSA_PRIVATE_PEM] {
            let der = pem::parse(pem).unwrap();
            assert_eq!(refusal(der.contents()), Some(Code::KeySecretIsKeyText));
        }
    }

    #[test]
    fn key_text_is_refused_as_a_secret_even_as_a_weak_one() {
        for options in [KeyOptions::default(), KeyOptions::default().allow_weak_keys()] {
            for text in [RSA_1024_PEM, EC_CERTIFICATE_PEM, P256, "ssh-rsa AAAA"] {
                let raw = VerifyingKey::from_secret(format!("\r\n {text}").as_bytes(), &options);
                assert_eq!(raw.unwrap_err().code(), Code::KeySecretIsKeyText);
                let jwk = format!(r#"{{"kty":"oct","k":"{}"}}"#, base64url::encode(text.as_bytes()));
                let jwk = VerifyingKey::from_jwk(jwk.as_bytes(), &options);
                assert_eq!(jwk.unwrap_err().code(), Code::KeySecretIsKeyText);
            }
        }
    }
}
