//! The options for reading a key.

use super::certificate::Certificate;
use crate::alg::Alg;
use crate::error::Error;
use crate::time::Interval;

/// Options for reading a key.
///
/// By default a key has the algorithm and the `kid` of its JWK, if any, and weak keys
/// are refused.
///
/// ```
/// use jot::{Alg, KeyOptions, VerifyingKey};
///
/// let options = KeyOptions::default().alg(Alg::HS256).kid("2026-01");
/// let key = VerifyingKey::from_secret(&[7; 32], &options)?;
/// assert_eq!(key.kid(), Some("2026-01"));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyOptions {
    alg: Option<Alg>,
    kid: Option<Box<str>>,
    weak: bool,
    dated: bool,
    all_certificates: bool,
    certificate_validity: bool,
}

impl KeyOptions {
    /// Binds the key to `alg`, unless its JWK names an algorithm.
    ///
    /// If a JWK has an `alg`, it must be this one.
    #[must_use]
    pub fn alg(self, alg: Alg) -> Self {
        Self { alg: Some(alg), ..self }
    }

    /// Gives the key this `kid`, unless its JWK has one.
    #[must_use]
    pub fn kid(self, kid: impl Into<String>) -> Self {
        Self { kid: Some(kid.into().into_boxed_str()), ..self }
    }

    /// Allows keys below the minimum size: RSA keys of 1024 bits and more instead of
    /// 2048 (RFC 7518 §3.3), and HMAC secrets of one byte and more instead of the length
    /// of the hash output (RFC 7518 §3.2).
    ///
    /// Such keys can be broken or guessed. RSA keys below 2048 bits verify and
    /// sign RS256 and RS512 only.
    #[must_use]
    pub fn allow_weak_keys(self) -> Self {
        Self { weak: true, ..self }
    }

    /// Reads the members `nbf` and `exp` of a JWK: two NumericDates between which the
    /// key is valid. See
    /// [`VerifyingKey::with_validity`](super::VerifyingKey::with_validity).
    ///
    /// RFC 7517 does not define these members, so they are ignored by default. With
    /// them, an audit can verify last month's tokens with last month's keys.
    ///
    /// ```
    /// use jot::{KeyOptions, UnixSeconds, VerifyingKey};
    ///
    /// let jwk = br#"{"kty":"OKP","crv":"Ed25519","nbf":1735689600,"exp":1738368000,
    ///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    /// let key = VerifyingKey::from_jwk(jwk, &KeyOptions::default().read_validity())?;
    /// assert_eq!(key.not_before(), Some(UnixSeconds(1_735_689_600)));
    /// assert_eq!(key.expires_at(), Some(UnixSeconds(1_738_368_000)));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn read_validity(self) -> Self {
        Self { dated: true, ..self }
    }

    /// Uses every certificate of a PEM bundle.
    ///
    /// By default, a certificate that issued another one of the bundle is skipped. In a
    /// chain only the first certificate signs tokens, and the holder of an authority's
    /// key must not sign them. The issuer is found by its name, compared byte by byte;
    /// the signatures of certificates are not verified. If the bundle has no
    /// certificate that an authority issued, the authority's own is used: it looks like
    /// any other self-signed certificate.
    #[must_use]
    pub fn all_certificates(self) -> Self {
        Self { all_certificates: true, ..self }
    }

    /// Reads the validity of X.509 certificates, in PEM, DER or the `x5c` of a JWK: the
    /// dates between which the key is valid. See
    /// [`VerifyingKey::with_validity`](super::VerifyingKey::with_validity).
    ///
    /// By default it is not looked at: certificates of signing keys are often left to
    /// expire, because the JWK Set says which keys are in use.
    #[must_use]
    pub fn certificate_validity(self) -> Self {
        Self { certificate_validity: true, ..self }
    }

    /// Returns the validity of a key with this certificate.
    pub(super) fn certified(&self, certificate: &Certificate<'_>) -> Result<Interval, Error> {
        if self.certificate_validity { certificate.interval() } else { Ok(Interval::ALWAYS) }
    }

    pub(super) const fn takes_all_certificates(&self) -> bool {
        self.all_certificates
    }

    pub(super) const fn is_dated(&self) -> bool {
        self.dated
    }

    pub(super) const fn wanted_alg(&self) -> Option<Alg> {
        self.alg
    }

    pub(super) fn fallback_kid(&self) -> Option<Box<str>> {
        self.kid.clone()
    }

    pub(super) const fn weak(&self) -> bool {
        self.weak
    }
}
