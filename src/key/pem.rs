//! PEM blocks (RFC 7468).

use memchr::memmem;
use pem::{EncodeConfig, LineEnding, Pem};
use zeroize::Zeroizing;

use super::der::Form;
use crate::error::{Code, Error};

/// The DER inside one block, and what its label says that it is.
pub(super) struct Block {
    form: Option<Form>,
    der: Zeroizing<Vec<u8>>,
}

impl Block {
    /// Returns the form and the DER.
    ///
    /// # Errors
    /// [`Code::KeyPemInvalid`] when the label is not that of a key;
    /// [`Code::KeyDerInvalid`] when the DER is not what the label says.
    pub(super) fn key(&self) -> Result<(Form, &[u8]), Error> {
        let form = self.form.ok_or(Error::new(Code::KeyPemInvalid))?;
        if Form::of(&self.der)? != form {
            return Err(Error::new(Code::KeyDerInvalid));
        }
        Ok((form, &self.der))
    }
}

/// Returns the blocks of `text` without the `EC PARAMETERS` that OpenSSL puts
/// beside a private key. Text outside of blocks is passed over.
///
/// # Errors
/// [`Code::KeyPemInvalid`] when a block is malformed or there is none.
pub(super) fn blocks(text: &[u8]) -> Result<Vec<Block>, Error> {
    let invalid = Error::new(Code::KeyPemInvalid);
    let blocks = pem::parse_many(text).map_err(|_| invalid)?;
    // A last block that has no end is not reported.
    let begun = memmem::find_iter(text, b"-----BEGIN ").count();
    if blocks.is_empty() || blocks.len() != begun {
        return Err(invalid);
    }
    let keys = blocks.into_iter().filter(|block| block.tag() != "EC PARAMETERS");
    Ok(keys.map(block).collect())
}

/// Returns the only block of `text`.
///
/// # Errors
/// [`Code::KeyPemInvalid`], also when there are several.
pub(super) fn only_block(text: &[u8]) -> Result<Block, Error> {
    let mut blocks = blocks(text)?;
    match (blocks.pop(), blocks.is_empty()) {
        (Some(block), true) => Ok(block),
        _ => Err(Error::new(Code::KeyPemInvalid)),
    }
}

/// Writes one block.
pub(super) fn write(label: &str, der: &[u8]) -> String {
    pem::encode_config(&Pem::new(label, der), EncodeConfig::new().set_line_ending(LineEnding::LF))
}

fn block(block: Pem) -> Block {
    // An encrypted key of the old kind says so in a header (RFC 1421 §4.6.1).
    let form = match block.headers().get("DEK-Info") {
        Some(_) => None,
        None => form_of_label(block.tag()),
    };
    Block { form, der: Zeroizing::new(block.into_contents()) }
}

fn form_of_label(label: &str) -> Option<Form> {
    match label {
        "PUBLIC KEY" => Some(Form::Spki),
        "RSA PUBLIC KEY" => Some(Form::RsaPublic),
        "CERTIFICATE" | "X509 CERTIFICATE" => Some(Form::Certificate),
        "PRIVATE KEY" => Some(Form::Pkcs8),
        "RSA PRIVATE KEY" => Some(Form::RsaPrivate),
        "EC PRIVATE KEY" => Some(Form::EcPrivate),
        _ => None,
    }
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
        for text in [EC_CERTIFICATE_PEM, EC_PEM, &EC_PUBLIC_PEM.replace('\n', "\r\n")] {
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
        let cut = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0C\n-----END PUBLIC KEY-----\n";
        for (text, expected) in [
            ("", Code::KeyPemInvalid),
            ("no key here", Code::KeyPemInvalid),
            (&unended, Code::KeyPemInvalid),
            (&format!("{EC_PUBLIC_PEM}{unended}"), Code::KeyPemInvalid),
            (&format!("{EC_PUBLIC_PEM}{RSA_PUBLIC_PEM}"), Code::KeyPemInvalid),
            (EC_ENCRYPTED_PEM, Code::KeyPemInvalid),
            (&mislabelled, Code::KeyDerInvalid),
            (cut, Code::KeyDerInvalid),
            (X25519_PEM, Code::KeyCurveUnknown),
            (P224_PEM, Code::KeyCurveUnknown),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }
}
