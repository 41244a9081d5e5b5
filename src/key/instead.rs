//! Names what a text is if it is not a key.
//!
//! The name goes into the error, so its reader knows what to do. The text is never
//! used as a key.

use base64_simd::STANDARD;
use memchr::memmem;
use spki::ObjectIdentifier;
use spki::der::asn1::AnyRef;
use spki::der::{self, Decode, Reader, SliceReader, Tag, Tagged};
use zeroize::Zeroizing;

use super::der_kind::DerKind;
use crate::error::{Code, Error};
use crate::json::Object;

const BEGIN: &[u8] = b"-----BEGIN ";
/// The prefix of the content types of PKCS #7 (RFC 2315 §14): data, signedData and the
/// others.
const PKCS7: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7");
/// How the public keys of OpenSSH begin, and those of RFC 4716.
const SSH: [&[u8]; 6] =
    [b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-", b"---- BEGIN SSH2 ", b"openssh-key-v1\0"];

/// The form that the caller expected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Jwk,
    Pem,
    Der,
}

/// Removes the byte order mark that some programs put in front of UTF-8.
pub(super) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Returns `true` if a text of keys is meant to be JSON.
pub(super) fn is_json(text: &[u8]) -> bool {
    matches!(without_mark(text).trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Returns an error that names what `text` is, if it is something known other than
/// `wanted`; otherwise returns `error`.
pub(super) fn named(wanted: Wanted, text: &[u8], error: Error) -> Error {
    let code = wide(text).or_else(|| binary(text)).or_else(|| plain(without_mark(text).trim_ascii()));
    let is_what_was_wanted = match code {
        Some(Code::KeyTextIsDer) => wanted == Wanted::Der,
        Some(Code::KeyTextIsPem) => wanted == Wanted::Pem,
        Some(Code::KeyTextIsJson) => wanted == Wanted::Jwk,
        _ => false,
    };
    code.filter(|_| !is_what_was_wanted).map_or(error, Error::new)
}

/// Returns an error that names a JSON object that is neither a JWK nor a JWK Set;
/// otherwise returns `error`.
pub(super) fn named_object(object: Object<'_>, error: Error) -> Error {
    if object.member("jwks_uri").is_some() {
        return Error::new(Code::KeyTextIsDiscovery);
    }
    if object.member("realm").is_some() && object.member("public_key").is_some() {
        return Error::new(Code::KeyTextIsRealm);
    }
    let is_pem = |text: &str| text.trim_start().as_bytes().starts_with(BEGIN);
    let (mut members, mut pems) = (0_usize, 0_usize);
    for (_, value) in object.members() {
        members = members.saturating_add(1);
        pems = pems.saturating_add(usize::from(value.as_str().is_some_and(is_pem)));
    }
    if pems > 0 && pems == members { Error::new(Code::KeyTextIsMap) } else { error }
}

/// Returns the error for a PEM block with this label.
pub(super) fn of_label(label: &str) -> Error {
    match label {
        "ENCRYPTED PRIVATE KEY" => Error::new(Code::KeyEncrypted),
        "OPENSSH PRIVATE KEY" => Error::new(Code::KeyTextIsSsh),
        "PKCS7" | "CMS" => Error::new(Code::KeyTextIsPkcs7),
        _ => Error::of_member(Code::KeyPemLabel, label),
    }
}

/// Recognizes UTF-16 and UTF-32: by a byte order mark, or by the zeros beside ASCII.
fn wide(text: &[u8]) -> Option<Code> {
    let first = text.first_chunk::<4>()?;
    let is_wide = matches!(first, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 0, 0xfe, 0xff])
        || matches!(first, [0, 0x20..=0x7e, 0, 0x20..=0x7e] | [0x20..=0x7e, 0, 0x20..=0x7e | 0, 0]);
    is_wide.then_some(Code::KeyTextIsWide)
}

fn binary(bytes: &[u8]) -> Option<Code> {
    if bytes.first() != Some(&0x30) {
        return None;
    }
    container(bytes).ok().flatten().or_else(|| DerKind::of(bytes).is_ok().then_some(Code::KeyTextIsDer))
}

/// Distinguishes PKCS #12, which begins with version 3 and a ContentInfo (RFC 7292 §4),
/// from PKCS #7, which is a ContentInfo.
fn container(bytes: &[u8]) -> der::Result<Option<Code>> {
    let outer = AnyRef::from_der(bytes)?;
    let mut reader = SliceReader::new(outer.value())?;
    let first = AnyRef::decode(&mut reader)?;
    if first.tag() == Tag::ObjectIdentifier {
        return Ok(is_pkcs7(first)?.then_some(Code::KeyTextIsPkcs7));
    }
    if first.tag() != Tag::Integer || reader.peek_tag()? != Tag::Sequence {
        return Ok(None);
    }
    let content = AnyRef::decode(&mut reader)?;
    let name = AnyRef::decode(&mut SliceReader::new(content.value())?)?;
    Ok(is_pkcs7(name)?.then_some(Code::KeyTextIsPkcs12))
}

fn is_pkcs7(name: AnyRef<'_>) -> der::Result<bool> {
    let name = name.decode_as::<ObjectIdentifier>()?;
    Ok(name.parent() == Some(PKCS7))
}

/// Names a text without the white space around it.
fn plain(text: &[u8]) -> Option<Code> {
    if text.starts_with(b"<") {
        return Some(Code::KeyTextIsPage);
    }
    if SSH.iter().any(|name| text.starts_with(name)) {
        return Some(Code::KeyTextIsSsh);
    }
    if is_json(text) {
        return Some(Code::KeyTextIsJson);
    }
    let Some(begun) = memmem::find(text, BEGIN) else {
        return is_base64(text)
            .then_some(Code::KeyTextIsBase64)
            .or_else(|| has_other_dashes(text).then_some(Code::KeyPemDashes));
    };
    let is_escaped = memmem::find(text.get(begun..)?, b"\\n").is_some();
    Some(if is_escaped { Code::KeyTextIsEscaped } else { Code::KeyTextIsPem })
}

/// Returns `true` if a line is a BEGIN line of PEM with wrong dashes: fewer than five
/// hyphens, or the dashes that word processors put in place of hyphens.
fn has_other_dashes(text: &[u8]) -> bool {
    const DASHES: [&str; 6] = ["-", "\u{2010}", "\u{2011}", "\u{2013}", "\u{2014}", "\u{2212}"];
    text.split(|byte| *byte == b'\n').any(|line| {
        let Some(begun) = memmem::find(line, b"BEGIN ") else { return false };
        let before = line.get(..begun).unwrap_or_default();
        DASHES.iter().any(|dash| before.ends_with(dash.as_bytes()))
    })
}

/// Returns `true` if a text is the base64 of DER or of PEM, as settings and
/// administration pages show it.
fn is_base64(text: &[u8]) -> bool {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
    let Ok(bytes) = STANDARD.decode_inplace(&mut bytes) else { return false };
    bytes.trim_ascii_start().starts_with(BEGIN) || DerKind::of(bytes).is_ok()
}
