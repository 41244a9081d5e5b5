//! A key that signs.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::der;
use super::der_kind::DerKind;
use super::encoded;
use super::jwk::{self, Jwk, Purpose};
use super::numbers::{PublicNumbers, default_alg, write_members};
use super::options::KeyOptions;
use super::pair::public_numbers;
use super::pem;
use super::verifying::VerifyingKey;
use crate::alg::{Alg, KeyType};
use crate::base64url;
use crate::crypto::{KeyPair, PrivatePart};
use crate::error::{Code, Error};
use crate::json::Storage;

/// The length of an RSA key that is generated without a length.
const RSA_DEFAULT_BITS: usize = 2048;

/// A private key or an HMAC secret that signs with exactly one algorithm.
///
/// If neither the key nor the options name one, it is RS256 for RSA, HS256 for a
/// secret, `EdDSA` for Ed25519, and that of the curve for EC. A clone is cheap: it
/// shares the private key, which is wiped with its last clone.
///
/// ```
/// use jot::{Alg, KeyOptions, SigningKey, VerifyingKey};
///
/// let key = SigningKey::generate(Alg::ES256)?.with_kid("2026-01");
/// let public = key.verifying_key()?.to_jwk()?;
/// let read = VerifyingKey::from_jwk(public.as_bytes(), &KeyOptions::default())?;
/// assert_eq!(read.kid(), Some("2026-01"));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<KeyPair>,
    kid: Option<Box<str>>,
}

impl SigningKey {
    /// Makes a new key. An RSA key has 2048 bits; an HMAC secret is as long as the hash
    /// output.
    ///
    /// ```
    /// use jot::{Alg, SigningKey};
    ///
    /// let key = SigningKey::generate(Alg::EdDSA)?.with_kid("2026-01");
    /// assert_eq!((key.alg(), key.kid()), (Alg::EdDSA, Some("2026-01")));
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyGeneration`]
    pub fn generate(alg: Alg) -> Result<Self, Error> {
        let pair = KeyPair::generate(alg, RSA_DEFAULT_BITS).map_err(Error::new)?;
        Ok(Self { pair: Arc::new(pair), kid: None })
    }

    /// Makes a new RSA key of 2048, 3072, 4096 or 8192 bits.
    ///
    /// # Errors
    /// [`Code::KeyGeneration`], also for any other length; [`Code::KeyAlgMismatch`] if
    /// `alg` does not take an RSA key.
    pub fn generate_rsa(alg: Alg, bits: usize) -> Result<Self, Error> {
        if alg.key_type() != KeyType::Rsa {
            return Err(Error::new(Code::KeyAlgMismatch));
        }
        let pair = KeyPair::generate(alg, bits).map_err(Error::new)?;
        Ok(Self { pair: Arc::new(pair), kid: None })
    }

    /// Reads a private JWK (RFC 7517, RFC 7518 §6, RFC 8037, RFC 9964).
    ///
    /// An RSA key must have all of `p`, `q`, `dp`, `dq` and `qi`, or none of them. If
    /// it has none, the primes are computed from `d`, which takes some milliseconds.
    /// Public members must belong to the private ones.
    ///
    /// Weak RSA keys, if the options allow them, sign RS256 and RS512 only.
    ///
    /// ```
    /// use jot::{Alg, KeyOptions, SigningKey};
    ///
    /// let text = SigningKey::generate(Alg::ES256)?.to_jwk()?; // keep it secret
    /// let key = SigningKey::from_jwk(&*text, &KeyOptions::default())?;
    /// assert_eq!(key.alg(), Alg::ES256);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyNotPrivate`]; otherwise those of [`VerifyingKey::from_jwk`].
    pub fn from_jwk(text: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, Error> {
        Self::read_jwk(text.as_ref(), options)
    }

    fn read_jwk(text: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let mut storage = Storage::default();
        let jwk = Jwk::new(jwk::parse(text, &mut storage)?);
        let key_type = jwk.key_type()?;
        jwk.allows(Purpose::Sign)?;
        let alg = fitting_alg(key_type, jwk.alg(options)?)?;
        let kid = jwk.kid(options)?;
        let pair = jwk.private(alg, options.weak())?;
        public_numbers(&pair)?.bound_to(Some(alg), options.weak())?;
        Ok(Self { pair: Arc::new(pair), kid })
    }

    /// Reads the only key in a PEM text: `PRIVATE KEY`, `RSA PRIVATE KEY` or
    /// `EC PRIVATE KEY`, not encrypted.
    ///
    /// ```
    /// use jot::{Alg, KeyOptions, SigningKey};
    ///
    /// let text = SigningKey::generate(Alg::ES256)?.to_pem()?; // keep it secret
    /// let key = SigningKey::from_pem(&*text, &KeyOptions::default().kid("2026-01"))?;
    /// assert_eq!((key.alg(), key.kid()), (Alg::ES256, Some("2026-01")));
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyPemInvalid`], also if there is more than one block; otherwise those
    /// of [`from_der`](Self::from_der).
    pub fn from_pem(text: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, Error> {
        Self::read_pem(text.as_ref(), options)
    }

    fn read_pem(text: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        encoded::from_pem(text, |form, der| Self::from_form(form, der, options))
    }

    /// Reads a private key in DER: PrivateKeyInfo (RFC 5208), RSAPrivateKey
    /// (RFC 8017 A.1.2) or ECPrivateKey (RFC 5915).
    ///
    /// An ML-DSA key must have its seed (RFC 9881 §6).
    ///
    /// ```
    /// use jot::{Code, KeyOptions, SigningKey};
    ///
    /// // std::fs::read("key.der")?
    /// let error = SigningKey::from_der("not DER", &KeyOptions::default()).unwrap_err();
    /// assert_eq!(error.code(), Code::KeyDerInvalid);
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyNotPrivate`] for a public key or a certificate; otherwise those of
    /// [`VerifyingKey::from_der`].
    pub fn from_der(bytes: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, Error> {
        Self::read_der(bytes.as_ref(), options)
    }

    fn read_der(bytes: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        encoded::from_der(bytes, |form, der| Self::from_form(form, der, options))
    }

    fn from_form(form: DerKind, der: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let (key_type, part) = der::private(form, der)?;
        if let PrivatePart::Rsa(key) = part {
            // The backend would refuse such a key too, but without the exact reason.
            PublicNumbers::rsa(key.n, key.e, options.weak())?;
        }
        let alg = fitting_alg(key_type, options.wanted_alg())?;
        let pair = KeyPair::new(alg, part).map_err(Error::new)?;
        if key_type.is_ml_dsa() {
            // Without its seed an ML-DSA key could not be written again.
            let der = pair.to_pkcs8().map_err(|_| Error::new(Code::KeyDerInvalid))?;
            der::seed(&der)?;
        }
        Ok(Self { pair: Arc::new(pair), kid: options.fallback_kid() })
    }

    /// Makes a key of an HMAC secret. The bytes are used unchanged.
    ///
    /// ```
    /// use jot::{Alg, KeyOptions, SigningKey};
    ///
    /// let key = SigningKey::from_secret(&[7; 64], &KeyOptions::default().alg(Alg::HS512))?;
    /// assert_eq!(key.alg(), Alg::HS512);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeySecretTooShort`], [`Code::KeySecretIsKeyText`],
    /// [`Code::KeyAlgMismatch`]
    pub fn from_secret(bytes: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, Error> {
        Self::read_secret(bytes.as_ref(), options)
    }

    fn read_secret(bytes: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let alg = fitting_alg(KeyType::Oct, options.wanted_alg())?;
        PublicNumbers::secret(bytes)?.bound_to(Some(alg), options.weak())?;
        let pair = KeyPair::new(alg, PrivatePart::Secret(bytes)).map_err(Error::new)?;
        Ok(Self { pair: Arc::new(pair), kid: options.fallback_kid() })
    }

    /// Replaces the `kid`.
    #[must_use]
    pub fn with_kid(self, kid: impl Into<String>) -> Self {
        Self { kid: Some(kid.into().into_boxed_str()), ..self }
    }

    /// Returns the algorithm that the key signs with.
    #[must_use]
    pub fn alg(&self) -> Alg {
        self.pair.alg()
    }

    /// Returns the `kid`, if the key has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Returns the key that verifies the signatures of this one, with the same `kid`.
    ///
    /// It is bound to this key's algorithm; a key for `EdDSA` is bound to `Ed25519`
    /// too.
    ///
    /// # Errors
    /// [`Code::Internal`]
    pub fn verifying_key(&self) -> Result<VerifyingKey, Error> {
        let numbers = public_numbers(&self.pair)?;
        // The size of the secret was checked when the key was read.
        VerifyingKey::new(numbers, Some(self.alg()), self.kid.clone(), true)
    }

    /// Writes the private JWK with its `alg` and `kid`. The text is a secret.
    ///
    /// # Errors
    /// [`Code::Internal`]
    pub fn to_jwk(&self) -> Result<String, Error> {
        let mut members = public_numbers(&self.pair)?.jwk_members();
        let mut push = |name, bytes: &[u8]| members.push((name, Zeroizing::new(base64url::encode(bytes))));
        match self.alg().key_type() {
            KeyType::Oct => {}
            KeyType::Rsa => {
                let der = self.to_pkcs8()?;
                let (_, PrivatePart::Rsa(key)) = der::private(DerKind::Pkcs8, &der)? else {
                    return Err(Error::new(Code::Internal));
                };
                push("d", key.d);
                //= rfc7518#section-6.3.2
                //# The others enable optimizations and SHOULD be included by producers of JWKs
                //# representing RSA private keys.
                push("p", key.p);
                push("q", key.q);
                push("dp", key.dp);
                push("dq", key.dq);
                push("qi", key.qi);
            }
            KeyType::Ed25519 => push("d", &der::seed(&self.to_pkcs8()?)?),
            KeyType::MlDsa44 | KeyType::MlDsa65 | KeyType::MlDsa87 => {
                push("priv", &der::seed(&self.to_pkcs8()?)?);
            }
            _ => push("d", &self.pair.scalar().map_err(Error::new)?),
        }
        if let Some(kid) = self.kid() {
            members.push(("kid", Zeroizing::new(kid.to_owned())));
        }
        //= rfc7518#section-6.4
        //# An "alg" member SHOULD also be present to identify the algorithm intended to be used
        //# with the key
        if !self.alg().key_type().is_ml_dsa() {
            members.push(("alg", Zeroizing::new(self.alg().name().to_owned())));
        }
        Ok(write_members(&members).to_string())
    }

    /// Writes the key as a PrivateKeyInfo in PEM (`PRIVATE KEY`). The text is a
    /// secret.
    ///
    /// # Errors
    /// [`Code::KeySecretNotPublic`] for an HMAC secret, which has no such form.
    pub fn to_pem(&self) -> Result<String, Error> {
        if self.alg().key_type() == KeyType::Oct {
            return Err(Error::new(Code::KeySecretNotPublic));
        }
        Ok(pem::write("PRIVATE KEY", &self.to_pkcs8()?))
    }

    /// Appends the signature of `message` to `out`.
    pub(crate) fn sign(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.pair.sign(message, out).map_err(Error::new)
    }

    fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.pair.to_pkcs8().map_err(Error::new)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("alg", &self.alg()).field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Returns the named algorithm, or the default if none is named; an error if it does
/// not take this type of key.
fn fitting_alg(key_type: KeyType, named: Option<Alg>) -> Result<Alg, Error> {
    match named {
        Some(alg) if alg.key_type() != key_type => Err(Error::new(Code::KeyAlgMismatch)),
        Some(alg) => Ok(alg),
        None => Ok(default_alg(key_type)),
    }
}
