//! How a key is to be read.

use crate::alg::Alg;

/// Says how a key is to be read.
///
/// By default a key keeps the algorithm and the `kid` that its own form
/// carries, and keys that are too weak are refused.
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
}

impl KeyOptions {
    /// Binds the key to `alg`, where its own form names none.
    ///
    /// A JWK that has an `alg` must have this one.
    #[must_use]
    pub fn alg(self, alg: Alg) -> Self {
        Self { alg: Some(alg), ..self }
    }

    /// Gives the key this `kid`, where its own form has none.
    #[must_use]
    pub fn kid(self, kid: impl Into<String>) -> Self {
        Self { kid: Some(kid.into().into_boxed_str()), ..self }
    }

    /// Takes keys below the least size: RSA from 1024 bits on instead of 2048
    /// (RFC 7518 §3.3), an HMAC secret of one byte and more instead of the
    /// length of the hash output (RFC 7518 §3.2).
    ///
    /// Such keys can be broken or guessed. RSA keys below 2048 bits verify and
    /// sign RS256 and RS512 only.
    #[must_use]
    pub fn allow_weak_keys(self) -> Self {
        Self { weak: true, ..self }
    }

    /// Reads the members `nbf` and `exp` of a JWK, NumericDates that say from
    /// when on and until when the key is in force; see
    /// [`VerifyingKey::with_validity`](super::VerifyingKey::with_validity).
    ///
    /// RFC 7517 does not know these members, so they are passed over by
    /// default. It is how an audit verifies last month's tokens with last
    /// month's keys.
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

    /// Takes every certificate of a PEM bundle.
    ///
    /// By default one that issued another one of the bundle is passed over: in a
    /// chain, as servers and authorities hand it out, only the first signs
    /// tokens, and whoever has an authority's key is not to. Who issued whom is
    /// told by the names, byte by byte; signatures of certificates are not
    /// checked. Without a certificate that it issued, an authority's own is taken
    /// like any other: self-signed certificates look the same.
    #[must_use]
    pub fn all_certificates(self) -> Self {
        Self { all_certificates: true, ..self }
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
