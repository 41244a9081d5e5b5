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
#[derive(Clone, Debug, Default)]
pub struct KeyOptions {
    alg: Option<Alg>,
    kid: Option<Box<str>>,
    weak: bool,
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
    /// Such keys can be broken or guessed. RSA keys below 2048 bits verify
    /// RS256 and RS512 only.
    #[must_use]
    pub fn allow_weak_keys(self) -> Self {
        Self { weak: true, ..self }
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
