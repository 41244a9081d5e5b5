//! The thumbprints of a certificate, by which a token without `kid` may name its key
//! (RFC 7515 §4.1.7 and §4.1.8).

use crate::base64url;
use crate::crypto;

/// The thumbprints of a key's certificate as JOSE writes them, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(super) struct CertificateThumbprints {
    /// With SHA-1: a name here, which proves nothing.
    pub(super) x5t: Option<Box<str>>,
    /// With SHA-256.
    pub(super) x5t_s256: Option<Box<str>>,
}

impl CertificateThumbprints {
    /// Returns those of a certificate in DER.
    pub(super) fn of(certificate: &[u8]) -> Self {
        let text = |digest: &[u8]| Some(base64url::encode(digest).into_boxed_str());
        Self { x5t: text(&crypto::sha1(certificate)), x5t_s256: text(&crypto::sha256(certificate)) }
    }

    /// Takes those of `other` where this has none.
    pub(super) fn or(self, other: Self) -> Self {
        Self { x5t: self.x5t.or(other.x5t), x5t_s256: self.x5t_s256.or(other.x5t_s256) }
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.x5t.iter().chain(&self.x5t_s256).map(AsRef::as_ref)
    }
}
