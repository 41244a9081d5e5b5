//! Where the payload of a token is.

/// The form of the JWS Payload in the token.
///
/// ```
/// use jot::{Alg, PayloadForm, SignHeader, Signer, SigningKey};
///
/// let signer = Signer::new(SigningKey::generate(Alg::EdDSA)?);
/// let header = SignHeader::default().without_typ();
/// let detached = signer.sign_payload(&header, "a document", PayloadForm::Detached)?;
/// assert!(detached.contains("..")); // the document travels on its own
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadForm {
    /// Inside, in base64url.
    #[default]
    Attached,
    /// Not in the token; signed in base64url (RFC 7515 Appendix F).
    Detached,
    /// Not in the token; signed unencoded, with `b64` false (RFC 7797).
    UnencodedDetached,
}
