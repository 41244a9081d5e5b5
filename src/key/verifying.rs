//! A key that verifies.

mod forms;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use super::numbers::PublicNumbers;
use super::secret;
use super::thumbprints::CertificateThumbprints;
use crate::alg::{Alg, AlgSet, KeyType};
use crate::crypto::{Accelerator, Check, Job, Means, PublicPart, SignatureHeld, verify_mixed};
use crate::error::{Code, Error};
use crate::time::{Interval, UnixSeconds};

/// A public key or an HMAC secret, bound to the algorithms that it verifies.
///
/// It is parsed once, into the form with which its backend verifies fastest. Any number
/// of threads may share it. A clone is cheap: it shares the parsed key and the tables of
/// the accelerated code. A secret is wiped with its last clone.
///
/// ```
/// use jot::{Alg, KeyOptions, VerifyingKey};
///
/// // RFC 8037 A.2
/// let jwk = br#"{"kty":"OKP","crv":"Ed25519",
///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// let key = VerifyingKey::from_jwk(jwk, &KeyOptions::default())?;
/// assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
/// assert!(key.algorithms().contains(Alg::EdDSA));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    checks: Arc<[Check]>,
    algorithms: AlgSet,
    /// The algorithm that the key was made for, if it named one.
    own_alg: Option<Alg>,
    kid: Option<Box<str>>,
    numbers: Arc<PublicNumbers>,
    thumbprint: Arc<str>,
    interval: Interval,
    thumbprints: CertificateThumbprints,
}

impl VerifyingKey {
    pub(super) fn new(
        numbers: PublicNumbers,
        own_alg: Option<Alg>,
        kid: Option<Box<str>>,
        weak: bool,
    ) -> Result<Self, Error> {
        let mut checks: Vec<Check> = Vec::new();
        for alg in numbers.bound_to(own_alg, weak)?.iter() {
            match (Check::new(alg, numbers.part()), numbers.part()) {
                (Ok(mut check), _) => {
                    checks.iter().for_each(|other| check.share(other));
                    checks.push(check);
                }
                // The backend verifies short moduli with some algorithms only: the key
                // is bound to those.
                (Err(Code::KeyAlgMismatch), PublicPart::Rsa { .. }) => {}
                (Err(code), _) => return Err(Error::new(code)),
            }
        }
        if checks.is_empty() {
            return Err(Error::new(Code::KeyRsaTooShort));
        }
        let algorithms = checks.iter().map(Check::alg).collect();
        Ok(Self {
            checks: checks.into(),
            algorithms,
            own_alg,
            kid,
            thumbprint: numbers.thumbprint().into(),
            numbers: Arc::new(numbers),
            interval: Interval::ALWAYS,
            thumbprints: CertificateThumbprints::default(),
        })
    }

    /// Sets the dates of validity: the key is valid from `from` on and until just
    /// before `until`.
    ///
    /// At any other time its tokens are refused with [`Code::KeyNotYetValid`] or
    /// [`Code::KeyRetired`]. The policy's leeway applies. The check comes after the
    /// other rules and before the token's own dates. By default there are no dates, and
    /// nothing is checked. If the dates allow no time at all, every token is refused.
    ///
    /// ```
    /// use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::HS256)?);
    /// let key = signer.key().verifying_key()?.with_validity(None, Some(UnixSeconds(1000)));
    /// let policy = Policy::new([Alg::HS256]).allow_missing_exp();
    /// let verifier = Verifier::builder(policy).keys(KeySet::new([key])).build()?;
    /// let token = signer.sign_claims(b"{}")?;
    /// let code_at = |now| verifier.verdict(token.as_bytes(), UnixSeconds(now), &mut Scratch::new()).code();
    /// assert_eq!((code_at(999), code_at(1000)), (Code::Accepted, Code::KeyRetired));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn with_validity(self, from: Option<UnixSeconds>, until: Option<UnixSeconds>) -> Self {
        let start = from.unwrap_or(Interval::ALWAYS.start);
        Self { interval: Interval { start, end: until.unwrap_or(Interval::ALWAYS.end) }, ..self }
    }

    /// Returns the time from which the key is valid, if it is limited.
    #[must_use]
    pub fn not_before(&self) -> Option<UnixSeconds> {
        Some(self.interval.start).filter(|start| *start != Interval::ALWAYS.start)
    }

    /// Returns the time from which the key is no longer valid, if it is limited.
    #[must_use]
    pub fn expires_at(&self) -> Option<UnixSeconds> {
        Some(self.interval.end).filter(|end| *end != Interval::ALWAYS.end)
    }

    /// Returns the thumbprints of its certificate that are known, as a header's `x5t` or
    /// `x5t#S256` has them.
    pub(super) fn certificate_thumbprints(&self) -> impl Iterator<Item = &str> {
        self.thumbprints.texts()
    }

    pub(crate) const fn interval(&self) -> Interval {
        self.interval
    }

    /// Returns the `kid`, if the key has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Returns the algorithms that the key verifies: at least one.
    #[must_use]
    pub const fn algorithms(&self) -> AlgSet {
        self.algorithms
    }

    /// Returns the type of the key.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        self.numbers.key_type()
    }

    /// Returns the JWK Thumbprint with SHA-256 in base64url, 43 characters
    /// (RFC 7638 §3).
    ///
    /// Do not publish that of an HMAC secret: it lets anybody test guesses of the
    /// secret (RFC 7638 §7).
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Returns a sentence if an HMAC secret may not be the bytes that its owner meant:
    /// it ends with a line break, or it looks like base64 or hexadecimal. Show it if
    /// signatures with that secret do not hold.
    ///
    /// ```
    /// use jot::{KeyOptions, VerifyingKey};
    ///
    /// let read = |secret: &[u8]| VerifyingKey::from_secret(secret, &KeyOptions::default());
    /// assert!(read(b"a secret of the 32 bytes wanted.\n")?.secret_doubt().is_some());
    /// assert_eq!(read(b"a secret of the 32 bytes wanted.")?.secret_doubt(), None);
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn secret_doubt(&self) -> Option<&'static str> {
        match &*self.numbers {
            PublicNumbers::Secret(bytes) => secret::doubt(bytes),
            _ => None,
        }
    }

    /// Returns `true` if `signature` is the signature of `message` under `alg`; `false`
    /// if the key is not bound to `alg`. Only aws-lc verifies here.
    ///
    /// This is for messages other than tokens that are signed with an algorithm of
    /// RFC 7518. Only the signature is checked, neither the `kid` nor the dates of the
    /// key. An ECDSA signature is R followed by S (RFC 7518 §3.4).
    ///
    /// ```
    /// use jot::{Alg, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::EdDSA)?);
    /// let signature = signer.sign_message("any bytes")?;
    /// assert!(signer.key().verifying_key()?.verify_signature(Alg::EdDSA, "any bytes", &signature));
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn verify_signature(&self, alg: Alg, message: impl AsRef<[u8]>, signature: impl AsRef<[u8]>) -> bool {
        self.check(alg).is_some_and(|check| check.verify(message.as_ref(), signature.as_ref()).is_some())
    }

    /// Verifies that `signature` is the signature of `message` under `alg`; it never
    /// is when the key is not bound to `alg`.
    #[inline]
    pub(crate) fn verify(
        &self,
        accelerator: &Accelerator,
        alg: Alg,
        message: &[u8],
        signature: &[u8],
    ) -> Option<SignatureHeld> {
        self.check(alg)?.verify_by(self.means(accelerator), message, signature)
    }

    /// Verifies every job under `alg`; none holds when the key is not bound to
    /// it.
    pub(crate) fn verify_each(&self, accelerator: &Accelerator, alg: Alg, jobs: &mut [Job<'_>]) {
        if let Some(check) = self.check(alg) {
            check.verify_each(self.means(accelerator), jobs);
        }
    }

    /// Verifies every job under `alg` with the key that `key` returns for its place, as
    /// [`verify_mixed`] says; none holds when the key is not
    /// bound to `alg`.
    pub(crate) fn verify_mixed<'k>(
        accelerator: &Accelerator,
        alg: Alg,
        key: impl Fn(usize) -> Option<&'k Self>,
        jobs: &mut [Job<'_>],
    ) {
        let check = |row: usize| {
            let key = key(row)?;
            Some((key.check(alg)?, key.numbers.part()))
        };
        verify_mixed(accelerator, alg, check, jobs);
    }

    /// Builds the accelerated forms of the key that are to be had; returns how
    /// many of its algorithms have one now.
    pub(crate) fn prepare(&self, accelerator: &Accelerator) -> usize {
        self.checks.iter().filter(|check| check.prepare(self.means(accelerator))).count()
    }

    /// Returns the accelerated forms of the key with nothing behind them.
    #[cfg(jot_probe)]
    #[doc(hidden)]
    #[must_use]
    pub fn probe(&self, alg: Alg) -> Option<crate::crypto::Probe> {
        crate::crypto::Probe::new(self.check(alg)?.alg(), self.numbers.part())
    }

    fn check(&self, alg: Alg) -> Option<&Check> {
        //= rfc7515#section-5.2
        //# in the manner defined for the algorithm being used, which MUST be accurately represented
        //# by the value of the "alg" (algorithm) Header Parameter
        //= rfc8725#section-3.1
        //# The library MUST ensure that the "alg" or "enc" header specifies the same algorithm that
        //# is used for the cryptographic operation.
        self.checks.iter().find(|check| check.alg() == alg)
    }

    fn means<'m>(&'m self, accelerator: &'m Accelerator) -> Means<'m> {
        Means { accelerator, part: self.numbers.part() }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("key_type", &self.key_type())
            .field("algorithms", &self.algorithms)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
