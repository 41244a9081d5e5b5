//! What may not be an HMAC secret.
//!
//! If a program passes the text of a public key as an HMAC secret, everybody who has
//! the public key can make tokens. So a text that contains a key is refused, in UTF-8,
//! UTF-16 or UTF-32, with a byte order mark or without. A text that only has some of
//! the words is a secret like any other: a PEM mark without a key after it, or `kty`
//! that is not the name of a member.
//!
//! A check makes a few passes over the text. No pass goes back, so its time is linear.

use memchr::{memchr, memchr_iter, memmem};
use zeroize::Zeroizing;

use super::der_kind::DerKind;
use crate::error::{Code, Error};

/// How the texts of OpenSSH public keys begin (RFC 4253 §6.6 and OpenSSH's own
/// types).
const SSH_TYPES: [&[u8]; 6] =
    [b"ssh-rsa", b"ssh-dss", b"ssh-ed25519", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"];

/// How PEM (RFC 7468 §2) and SSH2 public keys (RFC 4716 §3.2) begin, and how they end.
/// Some programs accept a space instead of the fifth dash.
const MARKERS: [(&[u8], &[u8]); 2] = [(b"-----BEGIN ", b"-----END "), (b"---- BEGIN ", b"---- END ")];

/// This many characters of base64 after a BEGIN mark count as a key whose end was cut
/// off.
const CUT: usize = 16;

/// Copies `secret` unless it is empty, or the text or the DER of a key. No option
/// allows the text of a key.
pub(super) fn take(secret: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    if secret.is_empty() {
        return Err(Error::new(Code::KeySecretTooShort));
    }
    if is_key_text(secret) || DerKind::of(secret).is_ok() {
        return Err(Error::new(Code::KeySecretIsKeyText));
    }
    Ok(Zeroizing::new(secret.to_vec()))
}

/// Returns a sentence if the owner may have meant other bytes than those of `secret`.
pub(super) fn doubt(secret: &[u8]) -> Option<&'static str> {
    /// Shorter texts often look like base64 by chance.
    const LEAST: usize = 16;

    if matches!(secret.last(), Some(b'\n' | b'\r')) {
        return Some("the secret ends with a line break, which counts as part of it");
    }
    if secret.len() < LEAST {
        return None;
    }
    if secret.iter().all(u8::is_ascii_hexdigit) {
        return Some("the secret looks like hexadecimal, which is not decoded");
    }
    let unpadded = secret.strip_suffix(b"==").or_else(|| secret.strip_suffix(b"=")).unwrap_or(secret);
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let has_both = unpadded.iter().any(u8::is_ascii_uppercase) && unpadded.iter().any(u8::is_ascii_lowercase);
    (has_both && unpadded.len() % 4 != 1 && unpadded.iter().all(is_base64))
        .then_some("the secret looks like base64, which is not decoded")
}

fn is_key_text(secret: &[u8]) -> bool {
    let is_wide = |width, is_big| names_a_key(&narrowed(secret, width, is_big));
    names_a_key(secret)
        || memchr(0, secret).is_some()
            && [(2, false), (2, true), (4, false), (4, true)].into_iter().any(|form| is_wide(form.0, form.1))
}

fn names_a_key(text: &[u8]) -> bool {
    let text = without_lead(text);
    MARKERS.iter().any(|(begin, end)| is_armored(text, begin, end))
        || SSH_TYPES.iter().any(|name| text.starts_with(name))
        || is_jwk(text)
}

/// Reads units of 2 or 4 bytes as ASCII. A byte order mark becomes a space. Units
/// above 255 become 0xff, which is no character of a key.
fn narrowed(text: &[u8], width: usize, is_big: bool) -> Zeroizing<Vec<u8>> {
    let unit = |unit: &[u8]| {
        let join = |sum: u32, byte: &u8| sum.wrapping_shl(8) | u32::from(*byte);
        match if is_big { unit.iter().fold(0, join) } else { unit.iter().rev().fold(0, join) } {
            0xfeff => b' ',
            unit => u8::try_from(unit).unwrap_or(0xff),
        }
    };
    let mut narrow = Zeroizing::new(Vec::with_capacity(text.len()));
    narrow.extend(text.chunks_exact(width).map(unit));
    narrow
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

/// Returns `true` if the text has a BEGIN mark and later an END mark, or a BEGIN mark
/// and the first characters of a key.
fn is_armored(text: &[u8], begin: &[u8], end: &[u8]) -> bool {
    let behind = |at: usize| text.get(at..).unwrap_or_default();
    let Some(first) = memmem::find(text, begin) else { return false };
    if memmem::find(behind(first), end).is_some() {
        return true;
    }
    // A label has no hyphens, so it ends before the next mark. No part of the text is
    // read as the label of two marks, and the search stays linear.
    memmem::find_iter(text, begin).any(|at| {
        let label = behind(at.saturating_add(begin.len()));
        let is_of_label = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b' ';
        let length = label.iter().position(|byte| !is_of_label(byte)).unwrap_or(label.len());
        let mut rest = label.get(length..).unwrap_or_default();
        while let Some((b'-' | b' ' | b'\n' | b'\r' | b'\t', behind)) = rest.split_first() {
            rest = behind;
        }
        let is_of_key = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        rest.iter().take(CUT).filter(is_of_key).count() == CUT
    })
}

/// Returns `true` if the text is a JWK, holds a JWK at any depth, or is an empty JWK
/// Set. The JWK may be cut off, or one that this library would refuse.
fn is_jwk(text: &[u8]) -> bool {
    let Some(b'{' | b'[') = text.first() else { return false };
    // Any quote may begin a name. A quote inside a string is escaped, and so is the one
    // that would end a name there: `member` does not match it.
    memchr_iter(b'"', text).any(|quote| {
        let behind = text.get(quote.saturating_add(1)..).unwrap_or_default();
        if member(behind, b"kty").is_some() {
            return true;
        }
        let keys = member(behind, b"keys").and_then(|value| value.strip_prefix(b"["));
        keys.is_some_and(|keys| matches!(keys.trim_ascii_start().first(), Some(b']' | b'{')))
    })
}

/// Returns the text from the value of the member `name` on, if `text` begins after the
/// opening quote of that name.
fn member<'t>(mut text: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    for letter in name {
        text = character(text, *letter)?;
    }
    let text = text.strip_prefix(b"\"")?.trim_ascii_start();
    Some(text.strip_prefix(b":")?.trim_ascii_start())
}

/// Removes `letter` from the front, whether it is escaped (`\u006b`) or not.
fn character(text: &[u8], letter: u8) -> Option<&[u8]> {
    let Some(escape) = text.strip_prefix(b"\\u") else { return text.strip_prefix(&[letter]) };
    let (digits, rest) = escape.split_first_chunk::<4>()?;
    let number = u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
    (number == u32::from(letter)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{
        EC_CERTIFICATE_PEM, EC_PUBLIC_PEM, P256, RSA_1024_PEM, RSA_PRIVATE_PEM, RSA_PUBLIC_PEM,
    };
    use super::super::{KeyOptions, VerifyingKey, pem};
    use super::*;
    use crate::base64url;

    fn refusal(secret: &[u8]) -> Option<Code> {
        take(secret).err().map(|error| error.code())
    }

    /// The text in every encoding of RFC 8259's forerunners, with a byte order
    /// mark and without.
    fn encoded(text: &str) -> Vec<Vec<u8>> {
        let marked = format!("\u{feff}{text}");
        let mut texts = Vec::new();
        for text in [text, &marked] {
            texts.push(text.as_bytes().to_vec());
            texts.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            texts.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
            texts.push(text.chars().flat_map(|character| u32::from(character).to_le_bytes()).collect());
            texts.push(text.chars().flat_map(|character| u32::from(character).to_be_bytes()).collect());
        }
        texts
    }

    #[test]
    fn secret_is_refused_when_it_is_the_text_of_a_key() {
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(2000), "]".repeat(2000));
        let cut = EC_PUBLIC_PEM.split_once("-----END").unwrap().0;
        for text in [
            "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----MIIB-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY----------BEGIN PUBLIC KEY-----\rMIIB\t-----END PUBLIC KEY-----",
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----",
            cut,
            r#"{"kty":"RSA","n":"AQAB"}"#,
            r#"{ "n" : "AQAB" , "kty" : "RSA" , "kty": 1 "#,
            r#"{"\u006bty":"RSA"}"#,
            r#"{"\u006B\u0074\u0079"  : "RSA"}"#,
            r#"{"a":"\"","k\u0074y":"RSA"}"#,
            r#"{"keys":[]}"#,
            r#"{"keys": [ ]}"#,
            r#"{"keys" : [ {"kty":"RSA"}]}"#,
            r#"{"k\u0065ys":[{}]}"#,
            r#"[{"kty":"EC"}]"#,
            r#"[[{"k\u0074y":"EC"}]]"#,
            r#"{"a":{"b":[{"k\u0074y":"EC"}]}}"#,
            r#"{"kty":"RSA","extra":"\ud800"}"#,
            &format!(r#"{{"keys":[{{"kty":"RSA"}}],"extra":{}}}"#, "1".repeat(5000)),
            &format!(r#"{{"kty":"RSA","nested":{}}}"#, deep("0")),
            &deep(r#"{"kty":"RSA"}"#),
            &deep(r#"{"\u006bty":"RSA"}"#),
            "ssh-rsa AAAAB3Nza",
            "ssh-ed25519 AAAAC3Nza",
            "ecdsa-sha2-nistp256 AAAA",
        ] {
            for lead in ["", " ", "\r\n", "\t\n ", "\u{feff}", "\r\n\u{feff} ", "\0"] {
                let text = format!("{lead}{text}");
                let shown: String = text.chars().take(60).collect();
                for text in [text.clone(), text.replace('\n', "\r\n")].iter().flat_map(|text| encoded(text)) {
                    assert_eq!(refusal(&text), Some(Code::KeySecretIsKeyText), "{shown:?}");
                }
            }
        }
        let led = format!("issued by example\n{EC_PUBLIC_PEM}");
        for text in encoded(&led) {
            assert_eq!(refusal(&text), Some(Code::KeySecretIsKeyText));
        }
        // A surrogate on its own, which no text in UTF-16 may have.
        let mut lone: Vec<u8> = br#"{"kty":"RSA","extra":""#.iter().flat_map(|byte| [*byte, 0]).collect();
        lone.extend([0x00, 0xd8, b'"', 0]);
        assert_eq!(refusal(&lone), Some(Code::KeySecretIsKeyText));
    }

    #[test]
    fn secret_is_taken_when_it_is_anything_else() {
        assert_eq!(refusal(b""), Some(Code::KeySecretTooShort));
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(20_000), "]".repeat(20_000));
        let marks = "-----BEGIN PUBLIC KEY-----".repeat(10_000);
        let names = format!(r#"["kty",{}]"#, deep("0"));
        let spaces = format!(r#"["kty"{}"#, r#""kty"   "#.repeat(10_000));
        for secret in [
            b"s".as_slice(),
            b"{}",
            b"{\"a\":1}",
            br#"{"this": "is just a json-shaped secret"}"#,
            br#"{"a":"kty"}"#,
            br#"{"a":"\"kty\":1"}"#,
            br#"{"kty ":1,"KTY":1,"ktyx":1,"xkty":1}"#,
            br#"{"settings":{"keys":["one","two"]},"keys":1}"#,
            br#"{"keys":{}}"#,
            br#""kty":"RSA""#,
            br#"my {"kty":"RSA"}"#,
            b"my ssh-rsa",
            b"\xff\xfe",
            b"\xff\xfe{\0",
            b"----",
            b"\n",
            b"-----BEGIN CERTIFICATE-----",
            b"-----BEGIN my secret, which is none of yours",
            b"\x30\x82not-a-der-key",
            marks.as_bytes(),
            names.as_bytes(),
            spaces.as_bytes(),
            deep("0").as_bytes(),
        ] {
            let shown = String::from_utf8_lossy(secret.get(..60).unwrap_or(secret));
            assert_eq!(take(secret).as_deref().map(Vec::as_slice), Ok(secret), "{shown}");
        }
        for text in encoded(r#"{"this":["is a secret","kty"]}"#) {
            assert_eq!(refusal(&text), None);
        }
    }

    /// With a way back anywhere, each of these would take hours.
    #[test]
    fn long_texts_are_gone_through_without_going_back() {
        for part in ["{\"kty\" ", "\"keys\":[ ", "-----BEGIN A", "---- BEGIN  ", "\"\\u006b", "[{\0", "\" "] {
            let text: Vec<u8> =
                b"[".iter().chain(part.as_bytes().iter().cycle().take(1 << 23)).copied().collect();
            assert_eq!(refusal(&text), None, "{part}");
        }
        let spaces = format!("[\"kty\"{}", " ".repeat(1 << 23));
        assert_eq!(refusal(spaces.as_bytes()), None);
    }

    #[test]
    fn secret_is_refused_when_it_is_a_key_in_der() {
        for pem in [EC_PUBLIC_PEM, EC_CERTIFICATE_PEM, RSA_PUBLIC_PEM, RSA_PRIVATE_PEM] {
            let block = pem::only_block(pem.as_bytes()).unwrap();
            assert_eq!(refusal(block.key().unwrap().1), Some(Code::KeySecretIsKeyText));
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
