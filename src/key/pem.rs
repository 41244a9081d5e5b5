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
