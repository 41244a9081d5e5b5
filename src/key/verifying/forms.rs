//! The forms that a verifying key is read from and written in.

use zeroize::Zeroizing;

use super::VerifyingKey;
use crate::alg::{Alg, KeyType};
use crate::crypto::{KeyPair, PrivatePart};
use crate::error::{Code, Error};
use crate::json::{Object, Storage};
use crate::key::certificate::Certificate;
use crate::key::der;
use crate::key::der_kind::DerKind;
use crate::key::encoded;
use crate::key::jwk::{self, Jwk, PublicJwk};
use crate::key::numbers::{PublicNumbers, default_alg, write_members};
use crate::key::options::KeyOptions;
use crate::key::pair::public_numbers;
use crate::key::pem;

impl VerifyingKey {
    /// Reads a JWK (RFC 7517).
    ///
    /// A key with an `alg` is bound to that algorithm, one without to every algorithm
    /// of its type. A key made for `EdDSA` verifies `Ed25519` too. If there is an `x5c`,
    /// its first certificate must have the same key, or is the key if the JWK lacks the
    /// numbers. Private members, `x5u` and unknown members are ignored.
    ///
    /// ```
    /// use jot::{Alg, KeyOptions, VerifyingKey};
    ///
    /// let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    /// let key = VerifyingKey::from_jwk(jwk, &KeyOptions::default().kid("a"))?;
    /// assert_eq!((key.kid(), key.algorithms().contains(Alg::EdDSA)), (Some("a"), true));
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyJson`], [`Code::KeyMemberMissing`],
    /// [`Code::KeyMemberInvalid`], [`Code::KeyTypeUnknown`],
    /// [`Code::KeyCurveUnknown`], [`Code::KeyAlgUnknown`],
    /// [`Code::KeyAlgMismatch`], [`Code::KeyUseNotSignature`],
    /// [`Code::KeyOpsNotAllowed`], [`Code::KeyInvalid`], [`Code::KeyCertificateDiffers`],
    /// [`Code::KeyRsaTooShort`], [`Code::KeyRsaExponent`],
    /// [`Code::KeyRsaModulus`], [`Code::KeySecretTooShort`],
    /// [`Code::KeySecretIsKeyText`]
    pub fn from_jwk(text: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, Error> {
        Self::read_jwk(text.as_ref(), options)
    }

    fn read_jwk(text: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let mut storage = Storage::default();
        Self::from_object(jwk::parse(text, &mut storage)?, options)
    }

    pub(in crate::key) fn from_object(object: Object<'_>, options: &KeyOptions) -> Result<Self, Error> {
        let jwk = Jwk::new(object);
        let PublicJwk { numbers, alg, kid, x5c } = jwk.verifying(options)?;
        let mut interval = jwk.validity(options)?;
        let mut thumbprints = jwk.thumbprints();
        if let Some(der) = &x5c {
            let unread = |_| Error::of_member(Code::KeyMemberInvalid, "x5c");
            let certificate = Certificate::read(der).map_err(unread)?;
            interval = interval.and(options.certified(&certificate)?);
            thumbprints = thumbprints.or(certificate.thumbprints());
        }
        let key = Self::new(numbers, alg, kid, options.weak())?;
        Ok(Self { interval, thumbprints, ..key })
    }

    /// Reads the only key in a PEM text (RFC 7468): `PUBLIC KEY`,
    /// `RSA PUBLIC KEY`, `CERTIFICATE`, or the public part of `PRIVATE KEY`,
    /// `RSA PRIVATE KEY` or `EC PRIVATE KEY`.
    ///
    /// Only the key of a certificate is read. Text outside of the block and blocks of
    /// `EC PARAMETERS` are ignored.
    ///
    /// ```
    /// use jot::{KeyOptions, KeyType, VerifyingKey};
    ///
    /// let pem = "-----BEGIN PUBLIC KEY-----
    /// MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    /// -----END PUBLIC KEY-----";
    /// let key = VerifyingKey::from_pem(pem, &KeyOptions::default())?;
    /// assert_eq!(key.key_type(), KeyType::Ed25519);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyPemInvalid`], also if there is more than one block; otherwise those of
    /// [`from_der`](Self::from_der).
    pub fn from_pem(text: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, Error> {
        Self::read_pem(text.as_ref(), options)
    }

    fn read_pem(text: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        encoded::from_pem(text, |form, der| Self::from_form(form, der, options))
    }

    pub(in crate::key) fn from_block(block: &pem::Block, options: &KeyOptions) -> Result<Self, Error> {
        let (form, der) = block.key()?;
        Self::from_form(form, der, options)
    }

    /// Reads a key in DER: a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), an
    /// RSAPublicKey (RFC 8017 A.1.1), an X.509 certificate, or the public part
    /// of a private key.
    ///
    /// A public key restricted to RSASSA-PSS (RFC 4055 §1.2) is bound to PS256, PS384 or
    /// PS512 if its parameters name their hash, and to all three without parameters.
    ///
    /// ```
    /// use jot::{Alg, Code, KeyOptions, VerifyingKey};
    ///
    /// // std::fs::read("key.der")?
    /// let error = VerifyingKey::from_der("not DER", &KeyOptions::default().alg(Alg::RS256)).unwrap_err();
    /// assert_eq!(error.code(), Code::KeyDerInvalid);
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyDerInvalid`], [`Code::KeyTypeUnknown`], [`Code::KeyCurveUnknown`],
    /// [`Code::KeyAlgMismatch`] if the options name an algorithm of another type,
    /// [`Code::KeyInvalid`], [`Code::KeyRsaTooShort`], [`Code::KeyRsaExponent`],
    /// [`Code::KeyRsaModulus`]
    pub fn from_der(bytes: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, Error> {
        Self::read_der(bytes.as_ref(), options)
    }

    fn read_der(bytes: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        encoded::from_der(bytes, |form, der| Self::from_form(form, der, options))
    }

    fn from_form(form: DerKind, der: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let weak = options.weak();
        let numbers = match form {
            DerKind::Spki => der::spki(der, weak)?,
            DerKind::RsaPublic => der::rsa_public(der, weak)?,
            DerKind::Certificate => return Self::from_certificate(der, options),
            DerKind::Pkcs8 | DerKind::RsaPrivate | DerKind::EcPrivate => match der::private(form, der)? {
                (_, PrivatePart::Rsa(key)) => PublicNumbers::rsa(key.n, key.e, weak)?,
                (key_type, part) => {
                    let pair = KeyPair::new(default_alg(key_type), part).map_err(Error::new)?;
                    public_numbers(&pair)?
                }
            },
        };
        Self::new(numbers, options.wanted_alg(), options.fallback_kid(), weak)
    }

    fn from_certificate(der: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let certificate = Certificate::read(der)?;
        let weak = options.weak();
        let key = Self::new(certificate.numbers(weak)?, options.wanted_alg(), options.fallback_kid(), weak)?;
        let interval = options.certified(&certificate)?;
        Ok(Self { interval, thumbprints: certificate.thumbprints(), ..key })
    }

    /// Makes a key of an HMAC secret. The bytes are used unchanged.
    ///
    /// Unless the options name an algorithm, the key is bound to those of HS256, HS384
    /// and HS512 whose hash output is not longer than the secret.
    ///
    /// ```
    /// use jot::{Alg, Code, KeyOptions, VerifyingKey};
    ///
    /// let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default())?;
    /// assert!(key.algorithms().contains(Alg::HS256) && !key.algorithms().contains(Alg::HS512));
    /// let short = VerifyingKey::from_secret("secret", &KeyOptions::default()).unwrap_err();
    /// assert_eq!(short.code(), Code::KeySecretTooShort);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeySecretTooShort`] (RFC 7518 §3.2), [`Code::KeySecretIsKeyText`],
    /// [`Code::KeyAlgMismatch`] if the options name another algorithm.
    pub fn from_secret(bytes: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, Error> {
        Self::read_secret(bytes.as_ref(), options)
    }

    fn read_secret(bytes: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let numbers = PublicNumbers::secret(bytes)?;
        Self::new(numbers, options.wanted_alg(), options.fallback_kid(), options.weak())
    }

    /// Writes the public JWK with its `kid`. It has an `alg` if the key is bound to
    /// exactly one algorithm or was made for one.
    ///
    /// # Errors
    /// [`Code::KeySecretNotPublic`]
    pub fn to_jwk(&self) -> Result<String, Error> {
        if self.key_type() == KeyType::Oct {
            return Err(Error::new(Code::KeySecretNotPublic));
        }
        //= rfc8037#section-2
        //# This parameter MUST NOT be present for public keys.
        //= rfc9964#section-3
        //# The priv parameter contains private information and MUST NOT be present in public keys.
        let mut members = self.numbers.jwk_members();
        if let Some(kid) = self.kid() {
            members.push(("kid", Zeroizing::new(kid.to_owned())));
        }
        for (name, text) in [("x5t", &self.thumbprints.x5t), ("x5t#S256", &self.thumbprints.x5t_s256)] {
            members.extend(text.iter().map(|text| (name, Zeroizing::new(String::from(&**text)))));
        }
        if let Some(alg) = self.named_alg().filter(|_| !self.key_type().is_ml_dsa()) {
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

    fn named_alg(&self) -> Option<Alg> {
        let mut bound = self.algorithms.iter();
        match (self.own_alg, bound.next(), bound.next()) {
            (Some(own), ..) => Some(own),
            (None, Some(only), None) => Some(only),
            _ => None,
        }
    }
}
