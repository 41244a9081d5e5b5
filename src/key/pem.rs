//! PEM blocks (RFC 7468).

use base64_simd::STANDARD;
use hashbrown::HashSet;
use memchr::memmem;
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::der_kind::DerKind;
use super::instead::{Wanted, named, of_label};
use crate::error::{Code, Error};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The length of a line in PEM that is written (RFC 7468 §2).
const LINE: usize = 64;

/// The DER inside one block, and its form according to the label.
pub(super) struct Block {
    form: Result<DerKind, Error>,
    der: Zeroizing<Vec<u8>>,
}

impl Block {
    /// Returns the form and the DER.
    ///
    /// # Errors
    /// [`Code::KeyPemLabel`], or a code that names the content, if the label is not
    /// that of a key; [`Code::KeyDerInvalid`] if the DER does not have the form that
    /// the label names.
    pub(super) fn key(&self) -> Result<(DerKind, &[u8]), Error> {
        let form = self.form?;
        if DerKind::of(&self.der)? != form {
            return Err(Error::new(Code::KeyDerInvalid));
        }
        Ok((form, &self.der))
    }

    fn certificate(&self) -> Option<&[u8]> {
        matches!(self.form, Ok(DerKind::Certificate)).then_some(&self.der)
    }
}

/// Returns the blocks of `text` without the `EC PARAMETERS` that OpenSSL writes
/// before a private key. Text outside of blocks is ignored.
///
/// # Errors
/// [`Code::KeyPemInvalid`], or a code that names what the text is, if a block is
/// malformed or there is none.
pub(super) fn blocks(text: &[u8]) -> Result<Vec<Block>, Error> {
    let invalid = || named(Wanted::Pem, text, Error::new(Code::KeyPemInvalid));
    let (mut blocks, mut rest, mut found) = (Vec::new(), text, false);
    while let Some((_, begun)) = split(rest, BEGIN) {
        let (block, behind) = Encapsulated::read(begun).ok_or_else(invalid)?;
        let decoded = block.decode().ok_or_else(invalid)?;
        if block.label != "EC PARAMETERS" {
            blocks.push(decoded);
        }
        (rest, found) = (behind, true);
    }
    if found { Ok(blocks) } else { Err(invalid()) }
}

/// Returns `true` if a block begins anywhere in `text`.
pub(super) fn has_begun(text: &[u8]) -> bool {
    memmem::find(text, BEGIN).is_some()
}

/// Returns the positions of the certificates that issued another one of `blocks`. A
/// certificate that issued only itself is not among them.
pub(super) fn authorities(blocks: &[Block]) -> HashSet<usize> {
    let names = |block| Block::certificate(block).and_then(|der| Certificate::read(der).ok());
    let issuers: HashSet<&[u8]> = blocks
        .iter()
        .filter_map(names)
        .filter(|names| names.issuer != names.subject)
        .map(|names| names.issuer)
        .collect();
    let is_one = |block| names(block).is_some_and(|names| issuers.contains(names.subject));
    blocks.iter().enumerate().filter(|(_, block)| is_one(block)).map(|(place, _)| place).collect()
}

/// Returns the only block of `text`.
///
/// # Errors
/// [`Code::KeyPemInvalid`], also if there are several.
pub(super) fn only_block(text: &[u8]) -> Result<Block, Error> {
    let mut blocks = blocks(text)?;
    match (blocks.pop(), blocks.is_empty()) {
        (Some(block), true) => Ok(block),
        _ => Err(Error::new(Code::KeyPemInvalid)),
    }
}

/// Writes one block. The text may be a secret, so its buffer is allocated in full
/// first: a buffer that grew would leave a copy behind.
pub(super) fn write(label: &str, der: &[u8]) -> String {
    let encoded = Zeroizing::new(STANDARD.encode_to_string(der));
    let lines = encoded.len().div_ceil(LINE);
    let frame = label.len().saturating_add(BEGIN.len()).saturating_add(DASHES.len()).saturating_mul(2);
    let mut text = String::with_capacity(encoded.len().saturating_add(lines).saturating_add(frame));
    text.extend(["-----BEGIN ", label, "-----\n"]);
    for line in encoded.as_bytes().chunks(LINE) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}

/// The parts of a block between its BEGIN line and its END line.
struct Encapsulated<'t> {
    label: &'t str,
    headers: &'t str,
    data: &'t [u8],
}

impl<'t> Encapsulated<'t> {
    /// Reads a block, whose `-----BEGIN ` was already read. Returns it and the text
    /// after it.
    fn read(text: &'t [u8]) -> Option<(Self, &'t [u8])> {
        let (label, text) = split(text, DASHES)?;
        let (inner, text) = split(text, END)?;
        let (end, behind) = split(text, DASHES)?;
        // A BEGIN inside means that this block has no end of its own.
        if label.is_empty() || end != label || memmem::find(inner, BEGIN).is_some() {
            return None;
        }
        let inner = inner.trim_ascii_start();
        // Headers end with an empty line (RFC 1421 §4.4).
        let (headers, data) =
            split(inner, b"\n\n").or_else(|| split(inner, b"\r\n\r\n")).unwrap_or((&[], inner));
        let (label, headers) = (str::from_utf8(label).ok()?, str::from_utf8(headers).ok()?);
        headers.lines().all(|line| line.contains(':')).then_some((Self { label, headers, data }, behind))
    }

    /// Decodes the data into memory that is wiped, even if the data is invalid.
    fn decode(&self) -> Option<Block> {
        let mut der = Zeroizing::new(Vec::with_capacity(self.data.len()));
        der.extend(self.data.iter().filter(|byte| !byte.is_ascii_whitespace()));
        let length = STANDARD.decode_inplace(&mut der).ok()?.len();
        der.truncate(length);
        // An encrypted key in the old form has a header (RFC 1421 §4.6.1); its label is
        // that of a plain key.
        let names = self.headers.lines().filter_map(|line| line.split(':').next());
        let is_encrypted = names.into_iter().any(|name| name.trim() == "DEK-Info");
        let form = if is_encrypted { Err(Error::new(Code::KeyEncrypted)) } else { form_of_label(self.label) };
        Some(Block { form, der })
    }
}

/// Returns the text before the first `mark` and the text after it.
fn split<'t>(text: &'t [u8], mark: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
    let at = memmem::find(text, mark)?;
    Some((text.get(..at)?, text.get(at.checked_add(mark.len())?..)?))
}

fn form_of_label(label: &str) -> Result<DerKind, Error> {
    Ok(match label {
        "PUBLIC KEY" => DerKind::Spki,
        "RSA PUBLIC KEY" => DerKind::RsaPublic,
        "CERTIFICATE" | "X509 CERTIFICATE" => DerKind::Certificate,
        "PRIVATE KEY" => DerKind::Pkcs8,
        "RSA PRIVATE KEY" => DerKind::RsaPrivate,
        "EC PRIVATE KEY" => DerKind::EcPrivate,
        _ => return Err(of_label(label)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::super::{KeyOptions, VerifyingKey};
    use super::*;

    #[test]
    fn pem_of_every_kind_gives_the_same_key() {
        let read = |text: &str| VerifyingKey::from_pem(text.as_bytes(), &KeyOptions::default()).unwrap();
        let ec = read(EC_PUBLIC_PEM);
        assert_eq!(ec.to_pem().unwrap(), EC_PUBLIC_PEM);
        let with_header = EC_PUBLIC_PEM.replacen('\n', "\nComment: any\n\n", 1);
        let breaks = [EC_PUBLIC_PEM, &with_header].map(|text| text.replace('\n', "\r\n"));
        for text in [EC_CERTIFICATE_PEM, EC_PEM, &with_header, &breaks[0], &breaks[1]] {
            assert_eq!(read(&format!("issued by example\n{text}")).thumbprint(), ec.thumbprint());
        }
        let rsa = read(RSA_PUBLIC_PEM);
        assert_eq!(read(RSA_PRIVATE_PEM).thumbprint(), rsa.thumbprint());
        assert_eq!(read(&rsa.to_pem().unwrap()).thumbprint(), rsa.thumbprint());
        let ed25519 = VerifyingKey::from_jwk(ED25519.as_bytes(), &KeyOptions::default()).unwrap();
        assert_eq!(read(&ed25519.to_pem().unwrap()).thumbprint(), ed25519.thumbprint());
    }

    #[test]
    fn pem_is_refused_with_the_exact_code() {
        let code =
            |text: &str| VerifyingKey::from_pem(text.as_bytes(), &KeyOptions::default()).unwrap_err().code();
        let unended = EC_PUBLIC_PEM.replace("-----END PUBLIC KEY-----\n", "");
        let mislabelled = EC_PUBLIC_PEM.replace("PUBLIC KEY", "CERTIFICATE");
        // Called encrypted, and read it could be.
        let called_encrypted = ["DEK-Info: AES-128-CBC,00", "DEK-Info : AES-128-CBC,00"].map(|header| {
            EC_PUBLIC_PEM.replacen('\n', &format!("\nProc-Type: 4,ENCRYPTED\n{header}\n\n"), 1)
        });
        let cut = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0C\n-----END PUBLIC KEY-----\n";
        for (text, expected) in [
            ("", Code::KeyPemInvalid),
            ("no key here", Code::KeyPemInvalid),
            (&unended, Code::KeyPemInvalid),
            (&format!("{EC_PUBLIC_PEM}{unended}"), Code::KeyPemInvalid),
            (&format!("{EC_PUBLIC_PEM}{RSA_PUBLIC_PEM}"), Code::KeyPemInvalid),
            (EC_ENCRYPTED_PEM, Code::KeyEncrypted),
            (&called_encrypted[0], Code::KeyEncrypted),
            (&called_encrypted[1], Code::KeyEncrypted),
            (&mislabelled, Code::KeyDerInvalid),
            (cut, Code::KeyDerInvalid),
            (X25519_PEM, Code::KeyCurveUnknown),
            (P224_PEM, Code::KeyCurveUnknown),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    /// What the crate `pem` takes for the blocks of a text, and their DER.
    fn read_by_others(text: &[u8]) -> Option<Vec<(bool, Vec<u8>)>> {
        let blocks = pem::parse_many(text).ok()?;
        let begun = memmem::find_iter(text, BEGIN).count();
        if blocks.is_empty() || blocks.len() != begun {
            return None;
        }
        let keys = blocks.into_iter().filter(|block| block.tag() != "EC PARAMETERS");
        let is_known = |block: &pem::Pem| {
            block.headers().get("DEK-Info").is_none() && form_of_label(block.tag()).is_ok()
        };
        Some(keys.map(|block| (is_known(&block), block.into_contents())).collect())
    }

    #[test]
    fn reading_agrees_with_the_crate_pem() {
        let mut texts = vec![[EC_PUBLIC_PEM, "between\n", EC_PEM].concat(), EC_ENCRYPTED_PEM.to_owned()];
        texts.push(EC_PUBLIC_PEM.replace('\n', "\r\n"));
        texts.push(EC_PUBLIC_PEM.replacen('\n', "\nComment: any\n\n", 1));
        let (mut taken, mut refused) = (0, 0);
        for text in texts.iter().map(String::as_bytes) {
            for at in 0..text.len() {
                let bytes = *b"-\n\r :=A9+_\0\xff";
                let changed = bytes.map(|byte| [&text[..at], &[byte], &text[at + 1..]].concat());
                let others = [text[..at].to_vec(), [&text[..at], &text[at + 1..]].concat()];
                for text in changed.into_iter().chain(others) {
                    // The crate does not see a mark behind a further dash.
                    if memmem::find(&text, b"------BEGIN").is_some() {
                        continue;
                    }
                    let blocks = blocks(&text).ok();
                    let read = blocks.map(|blocks| {
                        let seen = |block: Block| (block.form.is_ok(), block.der.to_vec());
                        blocks.into_iter().map(seen).collect::<Vec<_>>()
                    });
                    taken += usize::from(read.is_some());
                    refused += usize::from(read.is_none());
                    assert_eq!(read, read_by_others(&text), "{}", String::from_utf8_lossy(&text));
                }
            }
        }
        assert!(taken > 1000 && refused > 1000, "{taken} taken, {refused} refused");
    }
}
