//! A public key that comes with a token, for one signature.

use super::jwk::{self, Jwk, PublicJwk};
use super::numbers::PublicNumbers;
use super::options::KeyOptions;
use super::thumbprint::Thumbprint;
use crate::alg::AlgSet;
use crate::crypto::PublicPart;
#[cfg(doc)]
use crate::error::Code;
use crate::error::Error;
use crate::json::{Object, Storage};

/// A public key that a token brings, or that its caller hands over. It obeys the rules of
/// [`VerifyingKey`](super::VerifyingKey) for a JWK, and has nothing private.
///
/// No backend has parsed it: it is used once.
pub(crate) struct PresentedKey {
    numbers: PublicNumbers,
    algorithms: AlgSet,
}

impl PresentedKey {
    /// Reads the text of a JWK.
    ///
    /// # Errors
    /// [`Code::KeyJson`]; those of [`read`](Self::read).
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Error> {
        let mut storage = Storage::default();
        Self::read(jwk::parse(text, &mut storage)?)
    }

    /// Reads a JWK. Whether a point is on its curve is not checked here.
    ///
    /// # Errors
    /// [`Code::KeySecretNotPublic`], [`Code::JwkPrivate`];
    /// those of [`VerifyingKey::from_jwk`](super::VerifyingKey::from_jwk).
    pub(crate) fn read(object: Object<'_>) -> Result<Self, Error> {
        let jwk = Jwk::new(object);
        jwk.must_be_public()?;
        let options = KeyOptions::default();
        let PublicJwk { numbers, alg, .. } = jwk.verifying(&options)?;
        let algorithms = numbers.bound_to(alg, options.weak())?;
        Ok(Self { numbers, algorithms })
    }

    /// Returns the algorithms that the key is bound to.
    pub(crate) const fn algorithms(&self) -> AlgSet {
        self.algorithms
    }

    pub(crate) fn part(&self) -> PublicPart<'_> {
        self.numbers.part()
    }

    pub(crate) fn thumbprint(&self) -> Thumbprint {
        Thumbprint::from(self.numbers.digest())
    }
}
