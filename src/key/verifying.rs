//! A key that verifies.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::der;
use super::der_kind::DerKind;
use super::instead::{Wanted, named, named_object};
use super::jwk::{self, Jwk, Purpose};
use super::numbers::{PublicNumbers, default_alg, write_members};
use super::options::KeyOptions;
use super::pair::public_numbers;
use super::{pem, secret};
use crate::alg::{Alg, AlgSet, KeyType};
use crate::crypto::{Accelerator, Check, Job, KeyPair, Means, PrivatePart, PublicPart, SignatureHeld};
use crate::error::{Code, Error};
use crate::json::{Object, Storage};
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
}

impl VerifyingKey {
    /// Reads a JWK (RFC 7517).
    ///
    /// A key with an `alg` is bound to that algorithm, one without to every algorithm
    /// of its type. A key made for `EdDSA` verifies `Ed25519` too. Private members,
    /// `x5c`, `x5u` and unknown members are ignored.
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
    /// [`Code::KeyOpsNotAllowed`], [`Code::KeyInvalid`],
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

    pub(super) fn from_object(object: Object<'_>, options: &KeyOptions) -> Result<Self, Error> {
        let jwk = Jwk::new(object);
        let key_type = jwk.key_type().map_err(|error| named_object(object, error))?;
        jwk.allows(Purpose::Verify)?;
        let own_alg = jwk.alg(options)?;
        let kid = jwk.kid(options)?;
        let interval = jwk.validity(options)?;
        let key = Self::new(jwk.public(key_type, options.weak())?, own_alg, kid, options.weak())?;
        Ok(Self { interval, ..key })
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
        let block = pem::only_block(text)?;
        Self::from_block(&block, options)
    }

    pub(super) fn from_block(block: &pem::Block, options: &KeyOptions) -> Result<Self, Error> {
        let (form, der) = block.key()?;
        Self::from_form(form, der, options)
    }

    /// Reads a key in DER: a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), an
    /// RSAPublicKey (RFC 8017 A.1.1), an X.509 certificate, or the public part
    /// of a private key.
    ///
    /// EC points must be uncompressed. RSA keys restricted to RSASSA-PSS
    /// (RFC 4055 §1.2) are refused as an unknown type.
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
        let key = DerKind::of(bytes).and_then(|form| Self::from_form(form, bytes, options));
        key.map_err(|error| match error.code() {
            Code::KeyDerInvalid => named(Wanted::Der, bytes, error),
            _ => error,
        })
    }

    fn from_form(form: DerKind, der: &[u8], options: &KeyOptions) -> Result<Self, Error> {
        let weak = options.weak();
        let numbers = match form {
            DerKind::Spki => der::spki(der, weak)?,
            DerKind::RsaPublic => der::rsa_public(der, weak)?,
            DerKind::Certificate => der::certificate(der, weak)?,
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

#[cfg(test)]
mod tests {
    use super::super::SigningKey;
    use super::super::samples::*;
    use super::*;
    use crate::base64url;
    use crate::crypto::Settings;

    fn read(text: &str) -> Result<VerifyingKey, Error> {
        VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default())
    }

    /// Reads `jwk` with further members put in front.
    fn read_with(members: &str, jwk: &str) -> Result<AlgSet, (Code, Option<String>)> {
        read(&jwk.replacen('{', &format!("{{{members},"), 1))
            .map(|key| key.algorithms())
            .map_err(|error| (error.code(), error.member().map(str::to_owned)))
    }

    fn rsa() -> String {
        format!(r#"{{"kty":"RSA","e":"AQAB","n":"{RSA_N}"}}"#)
    }

    fn set(algorithms: &[Alg]) -> AlgSet {
        algorithms.iter().copied().collect()
    }

    fn refused<T>(code: Code, member: &str) -> Result<T, (Code, Option<String>)> {
        Err((code, Some(member.to_owned())))
    }

    #[test]
    fn thumbprint_is_that_of_rfc7638_3_1() {
        assert_eq!(read(&rsa()).unwrap().thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn tokens_of_rfc7515_hold() {
        let claims =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        for (jwk, alg, input, signature) in [
            // A.1, A.3 and A.4
            (
                SECRET,
                Alg::HS256,
                format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{claims}"),
                "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            ),
            (
                P256,
                Alg::ES256,
                format!("eyJhbGciOiJFUzI1NiJ9.{claims}"),
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            ),
            (
                P521,
                Alg::ES512,
                "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA".to_owned(),
                "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
            ),
        ] {
            let signature = base64url::decode(signature.as_bytes()).unwrap();
            assert!(read(jwk).unwrap().verify_signature(alg, input.as_bytes(), &signature), "{alg}");
        }
    }

    #[test]
    fn key_is_shared_between_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&read(P256).unwrap());
    }

    #[test]
    fn key_without_alg_is_bound_to_its_type() {
        assert_eq!(read(&rsa()).unwrap().algorithms(), KeyType::Rsa.algorithms());
        assert_eq!(read(SECRET).unwrap().algorithms(), KeyType::Oct.algorithms());
        assert_eq!(read(P256).unwrap().algorithms(), set(&[Alg::ES256]));
        assert_eq!(read(P521).unwrap().algorithms(), set(&[Alg::ES512]));
        assert_eq!(read(ED25519).unwrap().algorithms(), set(&[Alg::EdDSA, Alg::Ed25519]));
    }

    #[test]
    fn key_with_alg_is_bound_to_it_alone() {
        assert_eq!(read_with(r#""alg":"PS384""#, &rsa()), Ok(set(&[Alg::PS384])));
        assert_eq!(read_with(r#""alg":"HS384""#, SECRET), Ok(set(&[Alg::HS384])));
        assert_eq!(read_with(r#""alg":"EdDSA""#, ED25519), Ok(set(&[Alg::EdDSA, Alg::Ed25519])));
        assert_eq!(read_with(r#""alg":"Ed25519""#, ED25519), Ok(set(&[Alg::Ed25519])));
    }

    #[test]
    fn alg_is_refused_when_it_does_not_fit() {
        for (alg, jwk) in [
            ("ES384", P256),
            ("ES256", P521),
            ("HS256", &rsa()),
            ("RS256", SECRET),
            ("ES256", ED25519),
            ("ML-DSA-44", P256),
        ] {
            let outcome = read_with(&format!(r#""alg":"{alg}""#), jwk);
            assert_eq!(outcome, Err((Code::KeyAlgMismatch, None)), "{alg}");
        }
        for alg in ["none", "RSA-OAEP", "ECDH-ES", "dir", "rs256", ""] {
            let outcome = read_with(&format!(r#""alg":"{alg}""#), &rsa());
            assert_eq!(outcome, refused(Code::KeyAlgUnknown, "alg"), "{alg}");
        }
        assert_eq!(read_with(r#""alg":5"#, &rsa()), refused(Code::KeyMemberInvalid, "alg"));
    }

    #[test]
    fn options_bind_a_key_without_alg_and_must_agree_with_one_that_has_it() {
        let read = |jwk: &str, alg| VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default().alg(alg));
        assert_eq!(read(&rsa(), Alg::RS512).unwrap().algorithms(), set(&[Alg::RS512]));
        assert_eq!(read(P256, Alg::ES384).unwrap_err().code(), Code::KeyAlgMismatch);
        let named = rsa().replace("\"e\"", "\"alg\":\"RS256\",\"e\"");
        assert_eq!(read(&named, Alg::RS512).unwrap_err().code(), Code::KeyAlgMismatch);
        assert_eq!(read(&named, Alg::RS256).unwrap().algorithms(), set(&[Alg::RS256]));
        let pem = VerifyingKey::from_pem(EC_PUBLIC_PEM.as_bytes(), &KeyOptions::default().alg(Alg::RS256));
        assert_eq!(pem.unwrap_err().code(), Code::KeyAlgMismatch);
    }

    #[test]
    fn kid_is_the_keys_own_before_that_of_the_options() {
        let options = KeyOptions::default().kid("given");
        let own = P256.replacen('{', r#"{"kid":"own","#, 1);
        assert_eq!(VerifyingKey::from_jwk(own.as_bytes(), &options).unwrap().kid(), Some("own"));
        assert_eq!(VerifyingKey::from_jwk(P256.as_bytes(), &options).unwrap().kid(), Some("given"));
        assert_eq!(read(P256).unwrap().kid(), None);
        for kid in ["5", "{}", "null", "[\"a\"]"] {
            let outcome = read_with(&format!(r#""kid":{kid}"#), P256);
            assert_eq!(outcome, refused(Code::KeyMemberInvalid, "kid"), "{kid}");
        }
    }

    #[test]
    fn short_rsa_key_is_taken_only_as_a_weak_key() {
        let read = |options| VerifyingKey::from_pem(RSA_1024_PEM.as_bytes(), &options);
        assert_eq!(read(KeyOptions::default()).unwrap_err().code(), Code::KeyRsaTooShort);
        let weak = KeyOptions::default().allow_weak_keys();
        assert_eq!(read(weak.clone()).unwrap().algorithms(), set(&[Alg::RS256, Alg::RS512]));
        assert_eq!(read(weak.alg(Alg::PS256)).unwrap_err().code(), Code::KeyRsaTooShort);
    }

    #[test]
    fn nothing_holds_under_an_algorithm_that_the_key_is_not_bound_to() {
        let accelerator = Accelerator::new(Settings::new(), AlgSet::new());
        let (key, mut signature) = (read(P256).unwrap(), Vec::new());
        let signer = SigningKey::from_jwk(P256.as_bytes(), &KeyOptions::default()).unwrap();
        signer.sign(b"message", &mut signature).unwrap();
        assert!(key.verify(&accelerator, Alg::ES256, b"message", &signature).is_some());
        for alg in [Alg::ES384, Alg::ES256K, Alg::RS256, Alg::HS256] {
            assert!(key.verify(&accelerator, alg, b"message", &signature).is_none(), "{alg}");
        }
    }

    #[test]
    fn secret_stays_inside() {
        let key = read(SECRET).unwrap();
        assert_eq!(key.to_jwk().unwrap_err().code(), Code::KeySecretNotPublic);
        assert_eq!(key.to_pem().unwrap_err().code(), Code::KeySecretNotPublic);
        assert_eq!(
            format!("{key:?}"),
            "VerifyingKey { key_type: Oct, algorithms: {HS256, HS384, HS512}, kid: None, .. }"
        );
    }

    #[test]
    fn private_members_never_become_public() {
        for alg in Alg::ALL.iter().copied().filter(|alg| alg.key_type() != KeyType::Oct) {
            let private = SigningKey::generate(alg).unwrap().to_jwk().unwrap();
            let public = read(&private).unwrap().to_jwk().unwrap();
            for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"] {
                assert!(!public.contains(&format!("\"{name}\":")), "{alg}: {name}");
            }
        }
    }

    #[test]
    fn jwk_is_written_without_private_members() {
        let jwk = read(P256).unwrap().to_jwk().unwrap();
        assert!(
            jwk.starts_with(r#"{"crv":"P-256","kty":"EC","x":"f83O"#) && jwk.ends_with(r#""alg":"ES256"}"#)
        );
        assert!(!jwk.contains("\"d\""));
        assert!(!read(ED25519).unwrap().to_jwk().unwrap().contains("alg"));
        assert!(!read(&rsa()).unwrap().to_jwk().unwrap().contains("alg"));
    }
}
