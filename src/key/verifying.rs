//! A key that verifies.

use std::fmt;

use zeroize::Zeroizing;

use super::der::{self, Form};
use super::jwk::{self, Jwk, Purpose};
use super::numbers::{PublicNumbers, default_alg, write_members};
use super::options::KeyOptions;
use super::pem;
use crate::alg::{Alg, AlgSet, KeyType};
use crate::crypto::{Check, KeyPair, PrivatePart, PublicPart};
use crate::error::{Code, Error};
use crate::json::{Object, Storage};

/// A public key or an HMAC secret, bound to the algorithms that it verifies.
///
/// It is parsed once, into the form that its backend verifies fastest with,
/// and shared by any number of threads.
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
pub struct VerifyingKey {
    checks: Box<[Check]>,
    algorithms: AlgSet,
    /// The algorithm that the key was made for, where it named one.
    own_alg: Option<Alg>,
    kid: Option<Box<str>>,
    numbers: PublicNumbers,
}

impl VerifyingKey {
    /// Reads a JWK (RFC 7517).
    ///
    /// With an `alg` the key is bound to that one; without, to every algorithm
    /// of its type. A key made for `EdDSA` verifies `Ed25519` too. Private
    /// members are passed over, as are `x5c`, `x5u` and members that are not
    /// known.
    ///
    /// # Errors
    /// [`Code::KeyJson`], [`Code::KeyMemberMissing`],
    /// [`Code::KeyMemberInvalid`], [`Code::KeyTypeUnknown`],
    /// [`Code::KeyCurveUnknown`], [`Code::KeyAlgUnknown`],
    /// [`Code::KeyAlgMismatch`], [`Code::KeyUseNotSignature`],
    /// [`Code::KeyOpsNotAllowed`], [`Code::KeyInvalid`],
    /// [`Code::KeyRsaTooShort`], [`Code::KeyRsaExponent`],
    /// [`Code::KeyRsaModulus`], [`Code::KeySecretTooShort`],
    /// [`Code::KeySecretIsKeyText`]
    pub fn from_jwk(text: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let mut storage = Storage::default();
        Self::from_object(jwk::parse(text, &mut storage)?, options)
    }

    pub(super) fn from_object(object: Object<'_>, options: &KeyOptions) -> Result<Self, Error> {
        let jwk = Jwk::new(object);
        let key_type = jwk.key_type()?;
        jwk.allows(Purpose::Verify)?;
        let own_alg = jwk.alg(options)?;
        let kid = jwk.kid(options)?;
        Self::new(jwk.public(key_type, options.weak())?, own_alg, kid, options.weak())
    }

    /// Reads the only key in a PEM text (RFC 7468): `PUBLIC KEY`,
    /// `RSA PUBLIC KEY`, `CERTIFICATE`, or the public part of `PRIVATE KEY`,
    /// `RSA PRIVATE KEY` or `EC PRIVATE KEY`.
    ///
    /// Of a certificate only the key is read. Text outside of the block and
    /// blocks of `EC PARAMETERS` are passed over.
    ///
    /// # Errors
    /// [`Code::KeyPemInvalid`], also when there is more than one block;
    /// otherwise as [`from_der`](Self::from_der).
    pub fn from_pem(text: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        Self::from_block(&pem::only_block(text)?, options)
    }

    pub(super) fn from_block(block: &pem::Block, options: &KeyOptions) -> Result<Self, Error> {
        let (form, der) = block.key()?;
        Self::from_form(form, der, options)
    }

    /// Reads a key in DER: a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), an
    /// RSAPublicKey (RFC 8017 A.1.1), an X.509 certificate, or the public part
    /// of a private key.
    ///
    /// # Errors
    /// [`Code::KeyDerInvalid`], [`Code::KeyTypeUnknown`],
    /// [`Code::KeyCurveUnknown`], [`Code::KeyAlgMismatch`] when the options
    /// name an algorithm of another type, [`Code::KeyInvalid`],
    /// [`Code::KeyRsaTooShort`], [`Code::KeyRsaExponent`],
    /// [`Code::KeyRsaModulus`]
    pub fn from_der(bytes: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        Self::from_form(Form::of(bytes)?, bytes, options)
    }

    fn from_form(form: Form, der: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let weak = options.weak();
        let numbers = match form {
            Form::Spki => der::spki(der, weak)?,
            Form::RsaPublic => der::rsa_public(der, weak)?,
            Form::Certificate => der::certificate(der, weak)?,
            Form::Pkcs8 | Form::RsaPrivate | Form::EcPrivate => match der::private(form, der)? {
                (_, PrivatePart::Rsa(key)) => PublicNumbers::rsa(key.n, key.e, weak)?,
                (key_type, part) => {
                    let pair = KeyPair::new(default_alg(key_type), part).map_err(Error::new)?;
                    PublicNumbers::of_pair(&pair)?
                }
            },
        };
        Self::new(numbers, options.wanted_alg(), options.fallback_kid(), weak)
    }

    /// Takes an HMAC secret as it is.
    ///
    /// Without an algorithm in the options the key is bound to those of HS256,
    /// HS384 and HS512 whose hash output is not longer than the secret.
    ///
    /// # Errors
    /// [`Code::KeySecretTooShort`] (RFC 7518 §3.2), [`Code::KeySecretIsKeyText`],
    /// [`Code::KeyAlgMismatch`] when the options name another algorithm.
    pub fn from_secret(bytes: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let numbers = PublicNumbers::secret(bytes)?;
        Self::new(numbers, options.wanted_alg(), options.fallback_kid(), options.weak())
    }

    pub(super) fn new(
        numbers: PublicNumbers,
        own_alg: Option<Alg>,
        kid: Option<Box<str>>,
        weak: bool,
    ) -> Result<Self, Error> {
        let mut checks = Vec::new();
        for alg in numbers.bound_to(own_alg, weak)?.iter() {
            match (Check::new(alg, numbers.part()), numbers.part()) {
                (Ok(check), _) => checks.push(check),
                // The backend verifies short moduli with some algorithms only.
                (Err(Code::KeyAlgMismatch), PublicPart::Rsa { .. }) => {}
                (Err(code), _) => return Err(Error::new(code)),
            }
        }
        if checks.is_empty() {
            return Err(Error::new(Code::KeyRsaTooShort));
        }
        let algorithms = checks.iter().map(Check::alg).collect();
        Ok(Self { checks: checks.into_boxed_slice(), algorithms, own_alg, kid, numbers })
    }

    /// Returns the `kid`, if the key has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Returns the algorithms that the key verifies; never none.
    #[must_use]
    pub const fn algorithms(&self) -> AlgSet {
        self.algorithms
    }

    /// Returns what the key is made of.
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        self.numbers.key_type()
    }

    /// Returns the JWK Thumbprint with SHA-256 in base64url, 43 characters
    /// (RFC 7638 §3).
    ///
    /// That of an HMAC secret lets its holder test guesses of the secret
    /// (RFC 7638 §7).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.numbers.thumbprint()
    }

    /// Writes the public JWK, with `kid` and, where the key is bound to
    /// exactly one algorithm or was made for it, `alg`.
    ///
    /// # Errors
    /// [`Code::KeySecretNotPublic`]
    pub fn to_jwk(&self) -> Result<String, Error> {
        if self.key_type() == KeyType::Oct {
            return Err(Error::new(Code::KeySecretNotPublic));
        }
        let mut members = self.numbers.jwk_members();
        if let Some(kid) = self.kid() {
            members.push(("kid", Zeroizing::new(kid.to_owned())));
        }
        if let Some(alg) = self.named_alg().filter(|_| self.key_type().kty() != "AKP") {
            members.push(("alg", Zeroizing::new(alg.name().to_owned())));
        }
        Ok(write_members(&members).to_string())
    }

    /// Writes the key as a SubjectPublicKeyInfo in PEM (`PUBLIC KEY`).
    ///
    /// # Errors
    /// [`Code::KeySecretNotPublic`]
    pub fn to_pem(&self) -> Result<String, Error> {
        Ok(pem::write("PUBLIC KEY", &der::write_spki(&self.numbers)?))
    }

    /// Tells whether `signature` is the signature of `message` under `alg`;
    /// never when the key is not bound to `alg`.
    #[inline]
    #[must_use]
    pub(crate) fn holds(&self, alg: Alg, message: &[u8], signature: &[u8]) -> bool {
        let check = self.checks.iter().find(|check| check.alg() == alg);
        check.is_some_and(|check| check.holds(message, signature))
    }

    fn named_alg(&self) -> Option<Alg> {
        let mut bound = self.algorithms.iter();
        match (self.own_alg, bound.next(), bound.next()) {
            (Some(own), ..) => Some(own),
            (None, Some(only), None) => Some(only),
            _ => None,
        }
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
