//! Several keys, found by `kid` and algorithm.

use hashbrown::{HashMap, HashSet};

use super::instead::{is_json, named_object};
use super::jwk;
use super::options::KeyOptions;
use super::pem;
use super::skipped::{KeySetError, SetSource, SkippedKey};
use super::verifying::VerifyingKey;
use crate::alg::{Alg, AlgSet};
use crate::error::{Code, Error};
use crate::json::Storage;
use crate::time::Interval;

/// A set of keys: a JWK Set (RFC 7517 §5), a PEM bundle, or keys added one by one.
///
/// Every key verifies only the algorithms that it is bound to, so a set may have both
/// secrets and public keys. A clone copies the index by `kid` and shares the keys; a
/// verifier takes an `Arc<KeySet>` as well.
///
/// ```
/// use jot::{KeyOptions, KeySet};
///
/// let text = br#"{"keys":[
///     {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
///     {"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
/// let set = KeySet::from_jwks(text, &KeyOptions::default())?;
/// assert_eq!((set.len(), set.skipped().len()), (1, 1));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<VerifyingKey>,
    by_kid: HashMap<Box<str>, Vec<u32>>,
    without_kid: Vec<u32>,
    skipped: Vec<SkippedKey>,
    /// Whether any key has dates of validity.
    dated: bool,
    /// Why there are no keys, if they are to be fetched.
    awaited: Option<Code>,
}

impl KeySet {
    /// Makes the set of an issuer whose keys are still to be fetched. Its tokens are
    /// rejected with [`Code::KeysNotYet`], which an HTTP server answers with 503, until
    /// [`Verifier::replace_keys`](crate::Verifier::replace_keys) brings the keys.
    ///
    /// ```
    /// use jot::{Alg, Code, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let token = signer.sign_claims(br#"{"exp":2000}"#)?;
    /// let verifier = Verifier::builder(Policy::new([Alg::ES256])).keys(KeySet::not_yet()).build()?;
    /// let mut scratch = Scratch::new();
    /// let refused = verifier.verify(&token, UnixSeconds(1000), &mut scratch).unwrap_err();
    /// assert_eq!((refused.code(), refused.code().http_status()), (Code::KeysNotYet, 503));
    ///
    /// verifier.replace_keys(None, KeySet::new([signer.key().verifying_key()?]))?;
    /// assert!(verifier.verify(&token, UnixSeconds(1000), &mut scratch).is_ok());
    /// # Ok::<(), jot::Error>(())
    /// ```
    #[must_use]
    pub fn not_yet() -> Self {
        Self { awaited: Some(Code::KeysNotYet), ..Self::default() }
    }

    /// Makes the set of an issuer whose keys could not be fetched again for too long:
    /// like [`not_yet`](Self::not_yet), with [`Code::KeysStale`].
    #[must_use]
    pub fn stale() -> Self {
        Self { awaited: Some(Code::KeysStale), ..Self::default() }
    }

    /// Returns `true` if there is no key and none is awaited.
    pub(crate) const fn is_useless(&self) -> bool {
        self.keys.is_empty() && self.awaited.is_none()
    }

    /// Puts keys together.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        let mut set = Self::default();
        for key in keys {
            set.push(key);
        }
        set
    }

    /// Reads a JWK Set (RFC 7517 §5).
    ///
    /// A key that cannot be used, for whatever reason, is skipped
    /// ([`skipped`](Self::skipped)): a set may have keys for other purposes. Members
    /// other than `keys` are ignored.
    ///
    /// ```
    /// use jot::{KeyOptions, KeySet};
    ///
    /// let text = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a",
    ///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    /// let keys = KeySet::from_jwks(text, &KeyOptions::default())?;
    /// assert_eq!(keys.keys()[0].kid(), Some("a"));
    /// # Ok::<(), jot::KeySetError>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyJson`]; [`Code::KeyMemberMissing`] or
    /// [`Code::KeyMemberInvalid`] for `keys`; [`Code::KeySetEmpty`] if no key can be
    /// used, with the reason of each; a code such as [`Code::KeyTextIsPage`] or
    /// [`Code::KeyTextIsDiscovery`] if the text is something else that is known.
    pub fn from_jwks(text: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, KeySetError> {
        Self::read_jwks(text.as_ref(), options)
    }

    fn read_jwks(text: &[u8], options: &KeyOptions) -> Result<Self, KeySetError> {
        let mut storage = Storage::default();
        let object = jwk::parse(text, &mut storage)?;
        //= rfc7517#section-5
        //# The JSON object MUST have a "keys" member, with its value being an array of JWKs.
        //= rfc7517#section-5
        //# Additional members can be present in the JWK Set; if not understood by implementations
        //# encountering them, they MUST be ignored.
        let missing = Error::of_member(Code::KeyMemberMissing, "keys");
        let keys = object.member("keys").ok_or_else(|| named_object(object, missing))?;
        let keys = keys.as_array().ok_or(Error::of_member(Code::KeyMemberInvalid, "keys"))?;
        let (mut set, of) = (Self::default(), keys.iter().count());
        for (index, value) in keys.iter().enumerate() {
            let key = value.as_object().ok_or(Error::new(Code::KeyJson));
            match key.and_then(|object| VerifyingKey::from_object(object, options)) {
                Ok(key) => set.push(key),
                Err(error) => {
                    //= rfc7517#section-5
                    //# Implementations SHOULD ignore JWKs within a JWK Set that use "kty" (key
                    //# type) values that are not understood by them
                    let kid = value.as_object().and_then(|object| object.member("kid")?.as_str());
                    let kid = kid.map(Box::from);
                    set.skipped.push(SkippedKey { form: SetSource::JwkSet, index, of, kid, error });
                }
            }
        }
        set.or_empty()
    }

    /// Reads a JWK Set, a JWK, or PEM with any number of keys. A text that begins with
    /// a brace or bracket is read as JSON.
    ///
    /// # Errors
    /// Those of [`from_jwks`](Self::from_jwks), of
    /// [`VerifyingKey::from_jwk`] for an object without `keys`, and of
    /// [`from_pem_bundle`](Self::from_pem_bundle); [`Code::KeyTextUnknown`].
    ///
    /// ```
    /// use jot::{KeyOptions, KeySet};
    ///
    /// let jwk = br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    /// let pem = KeySet::from_text(jwk, &KeyOptions::default())?.keys()[0].to_pem()?;
    /// assert_eq!(KeySet::from_text(pem.as_bytes(), &KeyOptions::default())?.len(), 1);
    /// # Ok::<(), jot::Error>(())
    /// ```
    pub fn from_text(text: &(impl AsRef<[u8]> + ?Sized), options: &KeyOptions) -> Result<Self, KeySetError> {
        Self::read_text(text.as_ref(), options)
    }

    fn read_text(text: &[u8], options: &KeyOptions) -> Result<Self, KeySetError> {
        if !is_json(text) {
            return Self::from_pem_bundle(text, options).map_err(|refused| match refused.code() {
                Code::KeyPemInvalid if !pem::has_begun(text) => Error::new(Code::KeyTextUnknown).into(),
                _ => refused,
            });
        }
        match Self::from_jwks(text, options) {
            Err(error) if error.code() == Code::KeyMemberMissing => {
                Ok(VerifyingKey::from_jwk(text, options).map(|key| Self::new([key]))?)
            }
            read => read,
        }
    }

    /// Reads every key in a PEM text, such as a file of certificates.
    ///
    /// A block that cannot be used is skipped. A certificate that issued another one of
    /// the text is skipped too ([`Code::KeyOfAuthority`]), unless the options have
    /// [`all_certificates`](KeyOptions::all_certificates): of a chain, only the key of
    /// the leaf is used.
    ///
    /// ```
    /// use jot::{Alg, KeyOptions, KeySet, SigningKey};
    ///
    /// let bundle = [SigningKey::generate(Alg::ES256)?, SigningKey::generate(Alg::EdDSA)?]
    ///     .map(|key| key.verifying_key().and_then(|key| key.to_pem()).unwrap())
    ///     .concat();
    /// assert_eq!(KeySet::from_pem_bundle(&bundle, &KeyOptions::default())?.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyPemInvalid`]; [`Code::KeySetEmpty`] if no key can be used, with the
    /// reason of each block; a code such as [`Code::KeyTextIsSsh`] or
    /// [`Code::KeyTextIsDer`] if the text is something else that is known.
    pub fn from_pem_bundle(
        text: &(impl AsRef<[u8]> + ?Sized),
        options: &KeyOptions,
    ) -> Result<Self, KeySetError> {
        Self::read_pem_bundle(text.as_ref(), options)
    }

    fn read_pem_bundle(text: &[u8], options: &KeyOptions) -> Result<Self, KeySetError> {
        let mut set = Self::default();
        let blocks = pem::blocks(text)?;
        let authorities = match options.takes_all_certificates() {
            true => HashSet::new(),
            false => pem::authorities(&blocks),
        };
        for (index, block) in blocks.iter().enumerate() {
            let key = match authorities.contains(&index) {
                true => Err(Error::new(Code::KeyOfAuthority)),
                false => VerifyingKey::from_block(block, options),
            };
            match key {
                Ok(key) => set.push(key),
                Err(error) => {
                    set.skipped.push(SkippedKey {
                        form: SetSource::Pem,
                        index,
                        of: blocks.len(),
                        kid: None,
                        error,
                    });
                }
            }
        }
        set.or_empty()
    }

    /// Adds a key after the others.
    pub fn push(&mut self, key: VerifyingKey) {
        // Past 2^32 keys, which no memory holds, a key would never be found.
        let index = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        match key.kid() {
            Some(kid) => self.by_kid.entry(kid.into()).or_default().push(index),
            None => self.without_kid.push(index),
        }
        self.dated |= !key.interval().is_always();
        self.awaited = None;
        self.keys.push(key);
    }

    /// Returns the dates of validity of the key at `index`; an empty interval if there
    /// is no such key.
    pub(crate) fn interval(&self, index: u32) -> Interval {
        self.keys.get(index as usize).map_or(Interval::NEVER, VerifyingKey::interval)
    }

    /// Returns `true` if any key has dates of validity.
    pub(crate) const fn is_dated(&self) -> bool {
        self.dated
    }

    /// Adds keys to the list of those that were skipped.
    #[cfg(feature = "capi")]
    pub(crate) fn append_skipped(&mut self, keys: Vec<SkippedKey>) {
        self.skipped.extend(keys);
    }

    /// Adds the keys of another set after those of this one, and its skipped keys after
    /// the skipped keys of this one.
    pub fn append(&mut self, other: Self) {
        for key in other.keys {
            self.push(key);
        }
        self.skipped.extend(other.skipped);
    }

    /// Returns the keys in the order in which they were added.
    #[must_use]
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// Returns the keys that were skipped when the set was read.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }

    /// Returns the number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns `true` if there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns `true` if any key verifies one of these algorithms. If no key verifies
    /// one of a policy's algorithms
    /// ([`Policy::algorithms`](crate::Policy::algorithms)), all its tokens are refused.
    #[must_use]
    pub fn fits(&self, algorithms: AlgSet) -> bool {
        self.keys.iter().any(|key| !key.algorithms().and(algorithms).is_empty())
    }

    /// Returns the first [`VerifyingKey::secret_doubt`] of the keys: a sentence if an
    /// HMAC secret may not be the bytes that its owner meant. Show it if a signature
    /// with an HMAC algorithm does not hold.
    #[must_use]
    pub fn secret_doubt(&self) -> Option<&'static str> {
        self.keys.iter().find_map(VerifyingKey::secret_doubt)
    }

    /// Writes the public keys as a JWK Set.
    ///
    /// # Errors
    /// [`Code::KeySecretNotPublic`] if a key is an HMAC secret.
    pub fn to_jwks(&self) -> Result<String, Error> {
        let keys = self.keys.iter().map(VerifyingKey::to_jwk).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("{{\"keys\":[{}]}}", keys.join(",")))
    }

    /// Returns the keys that may verify a token with this `kid` and `alg`, and their
    /// positions in [`keys`](Self::keys).
    ///
    /// If there is a `kid`, these are the keys with it and then the keys without any;
    /// otherwise every key. All of them are bound to `alg`. The caller limits how many
    /// it tries.
    pub(crate) fn find(&self, kid: Option<&str>, alg: Alg) -> impl Iterator<Item = (u32, &VerifyingKey)> {
        let every = if kid.is_none() { u32::try_from(self.keys.len()).unwrap_or(u32::MAX) } else { 0 };
        let (named, unnamed) = match kid {
            Some(kid) => (self.named(kid), self.without_kid.as_slice()),
            None => (&[][..], &[][..]),
        };
        (0..every)
            .chain(named.iter().chain(unnamed).copied())
            .filter_map(|index| Some((index, self.keys.get(index as usize)?)))
            .filter(move |found| found.1.algorithms().contains(alg))
    }

    /// Returns the reason why [`find`](Self::find) found no key for this `kid`.
    pub(crate) fn refusal(&self, kid: Option<&str>) -> Code {
        match (self.awaited, kid) {
            (Some(code), _) => code,
            (None, Some(kid)) if self.named(kid).is_empty() && self.without_kid.is_empty() => {
                Code::KidUnknown
            }
            (None, _) => Code::KeyNotForAlg,
        }
    }

    //= rfc8725bis#section-3.10
    //# Applications MUST ensure that this does not create SQL or LDAP injection vulnerabilities
    fn named(&self, kid: &str) -> &[u32] {
        self.by_kid.get(kid).map(Vec::as_slice).unwrap_or_default()
    }

    /// Adds skipped keys; returns an error if the set then has no usable key.
    pub(super) fn with_skipped(mut self, keys: Vec<SkippedKey>) -> Result<Self, KeySetError> {
        self.skipped.extend(keys);
        self.or_empty()
    }

    /// Keeps the keys for which `keep` returns `true`, and the list of skipped keys.
    pub(crate) fn retain(self, keep: impl Fn(&VerifyingKey) -> bool) -> Self {
        let mut kept: Self = self.keys.into_iter().filter(keep).collect();
        kept.skipped = self.skipped;
        kept
    }

    fn or_empty(self) -> Result<Self, KeySetError> {
        if self.is_empty() { Err(KeySetError::of_keys(self.skipped)) } else { Ok(self) }
    }
}

impl FromIterator<VerifyingKey> for KeySet {
    fn from_iter<I: IntoIterator<Item = VerifyingKey>>(keys: I) -> Self {
        Self::new(keys)
    }
}

/// ```
/// use jot::{Alg, KeySet, SigningKey};
///
/// let mut set = KeySet::default();
/// set.extend([SigningKey::generate(Alg::ES256)?.verifying_key()?]);
/// assert_eq!(set.into_iter().count(), 1);
/// # Ok::<(), jot::Error>(())
/// ```
impl Extend<VerifyingKey> for KeySet {
    fn extend<I: IntoIterator<Item = VerifyingKey>>(&mut self, keys: I) {
        keys.into_iter().for_each(|key| self.push(key));
    }
}

impl<'k> IntoIterator for &'k KeySet {
    type Item = &'k VerifyingKey;
    type IntoIter = std::slice::Iter<'k, VerifyingKey>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.iter()
    }
}

impl IntoIterator for KeySet {
    type Item = VerifyingKey;
    type IntoIter = std::vec::IntoIter<VerifyingKey>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::time::UnixSeconds;

    fn named(jwk: &str, kid: &str) -> String {
        jwk.replacen('{', &format!("{{\"kid\":\"{kid}\","), 1)
    }

    fn set(keys: &[String]) -> KeySet {
        let text = format!(r#"{{"issuer":1,"keys":[{}]}}"#, keys.join(","));
        KeySet::from_jwks(text.as_bytes(), &KeyOptions::default()).unwrap()
    }

    fn found(set: &KeySet, kid: Option<&str>, alg: Alg) -> Vec<u32> {
        set.find(kid, alg).map(|found| found.0).collect()
    }

    #[test]
    fn find_gives_the_named_keys_first_and_then_those_without_kid() {
        let set = set(&[
            P256.to_owned(),
            named(P256, "a"),
            named(ED25519, "a"),
            named(P256, "b"),
            named(P256, "a"),
            SECRET.to_owned(),
        ]);
        assert_eq!(found(&set, Some("a"), Alg::ES256), [1, 4, 0]);
        assert_eq!(found(&set, Some("a"), Alg::EdDSA), [2]);
        assert_eq!(found(&set, Some("b"), Alg::ES256), [3, 0]);
        assert_eq!(found(&set, Some("a"), Alg::HS256), [5]);
        assert_eq!(found(&set, None, Alg::ES256), [0, 1, 3, 4]);
        assert_eq!(found(&set, Some("b"), Alg::RS256), [0; 0]);
        assert_eq!(set.refusal(Some("b")), Code::KeyNotForAlg);
        assert_eq!(set.refusal(Some("unknown")), Code::KeyNotForAlg);
    }

    #[test]
    fn sets_are_put_together_with_all_they_have() {
        let mut whole = set(&[named(P256, "a")]);
        whole.append(set(&[named(ED25519, "b"), "{}".to_owned()]));
        assert_eq!((whole.len(), whole.skipped().len(), whole.is_dated()), (2, 1, false));
        assert_eq!(found(&whole, Some("b"), Alg::EdDSA), [1]);
        let dated = |end| {
            let key = VerifyingKey::from_jwk(P256.as_bytes(), &KeyOptions::default()).unwrap();
            key.with_validity(None, Some(UnixSeconds(end)))
        };
        let set: KeySet = [dated(5), dated(6)].into_iter().collect();
        assert_eq!((set.len(), set.is_dated()), (2, true));
        assert_eq!([0, 1].map(|index| set.interval(index).end.0), [5, 6]);
        assert_eq!(set.interval(2), Interval::NEVER);
        whole.append(set);
        assert!(whole.is_dated());
    }

    #[test]
    fn refusal_tells_an_unknown_kid_from_a_key_for_another_alg() {
        let set = set(&[named(P256, "a")]);
        for kid in ["A", "", "../../a", "a\0", "' OR 1=1 --"] {
            assert_eq!(found(&set, Some(kid), Alg::ES256), [0; 0], "{kid}");
            assert_eq!(set.refusal(Some(kid)), Code::KidUnknown, "{kid}");
        }
        assert_eq!(set.refusal(Some("a")), Code::KeyNotForAlg);
        assert_eq!(set.refusal(None), Code::KeyNotForAlg);
    }

    #[test]
    fn unusable_keys_are_skipped_and_explained() {
        let set = set(&[
            named(P256, "a").replacen('{', r#"{"use":"enc","#, 1),
            "7".to_owned(),
            named(P256, "b"),
            r#"{"kty":"XX"}"#.to_owned(),
        ]);
        let skipped: Vec<_> =
            set.skipped().iter().map(|key| (key.index(), key.kid(), key.error().code())).collect();
        assert_eq!(
            skipped,
            [
                (0, Some("a"), Code::KeyUseNotSignature),
                (1, None, Code::KeyJson),
                (3, None, Code::KeyTypeUnknown)
            ]
        );
        assert_eq!((set.len(), set.keys().first().unwrap().kid()), (1, Some("b")));
    }

    #[test]
    fn set_is_refused_when_it_is_none_or_empty() {
        let refusal = |text: &str| {
            let error = KeySet::from_jwks(text.as_bytes(), &KeyOptions::default()).unwrap_err();
            (error.code(), error.error().member().map(str::to_owned))
        };
        let keys = Some("keys".to_owned());
        assert_eq!(refusal("[]"), (Code::KeyJson, None));
        assert_eq!(refusal("{}"), (Code::KeyMemberMissing, keys.clone()));
        assert_eq!(refusal(r#"{"keys":{}}"#), (Code::KeyMemberInvalid, keys));
        assert_eq!(refusal(r#"{"keys":[]}"#), (Code::KeySetEmpty, None));
        assert_eq!(refusal(r#"{"keys":[{"kty":"XX"}]}"#), (Code::KeySetEmpty, None));
    }

    #[test]
    fn pem_bundle_gives_every_key() {
        let text = [EC_PEM, X25519_PEM, RSA_PUBLIC_PEM, EC_CERTIFICATE_PEM].concat();
        let set = KeySet::from_pem_bundle(text.as_bytes(), &KeyOptions::default()).unwrap();
        assert_eq!(found(&set, Some("any"), Alg::ES256), [0, 2]);
        assert_eq!(found(&set, None, Alg::PS512), [1]);
        assert_eq!(
            set.skipped().first().map(|key| (key.index(), key.error().code())),
            Some((1, Code::KeyCurveUnknown))
        );
        let empty = KeySet::from_pem_bundle(X25519_PEM.as_bytes(), &KeyOptions::default());
        assert_eq!(empty.unwrap_err().code(), Code::KeySetEmpty);
    }

    #[test]
    fn text_may_be_a_set_a_key_or_pem() {
        let read = |text: &str| {
            let read = KeySet::from_text(text.as_bytes(), &KeyOptions::default());
            read.map(|set| set.len()).map_err(|error| error.code())
        };
        assert_eq!(read(&format!(" \n{{\"keys\":[{P256},{ED25519}]}}")), Ok(2));
        assert_eq!(read(P256), Ok(1));
        assert_eq!(read(&format!("comment\n{EC_PEM}{RSA_PUBLIC_PEM}")), Ok(2));
        assert_eq!(read("{}"), Err(Code::KeyMemberMissing));
        assert_eq!(read(r#"{"keys":[]}"#), Err(Code::KeySetEmpty));
        assert_eq!(read("[]"), Err(Code::KeyJson));
        assert_eq!(read(""), Err(Code::KeyTextUnknown));
        assert_eq!(read("-----BEGIN PUBLIC KEY-----"), Err(Code::KeyPemInvalid));
    }

    #[test]
    fn set_fits_algorithms_that_one_of_its_keys_is_bound_to() {
        let set = set(&[P256.to_owned(), ED25519.to_owned()]);
        let fits = |algs: &[Alg]| set.fits(algs.iter().copied().collect());
        assert!(fits(&[Alg::ES256]) && fits(&[Alg::RS256, Alg::Ed25519]));
        assert!(!fits(&[]) && !fits(&[Alg::RS256, Alg::ES384, Alg::HS256]));
    }

    #[test]
    fn jwks_is_written_and_read_again() {
        let written = set(&[named(P256, r#"a\"b"#), ED25519.to_owned()]).to_jwks().unwrap();
        let read = KeySet::from_jwks(written.as_bytes(), &KeyOptions::default()).unwrap();
        assert_eq!(found(&read, Some("a\"b"), Alg::ES256), [0]);
        assert_eq!(read.to_jwks().unwrap(), written);
        assert_eq!(set(&[SECRET.to_owned()]).to_jwks().unwrap_err().code(), Code::KeySecretNotPublic);
        let collected: KeySet = std::iter::empty().collect();
        assert!(collected.is_empty());
    }
}
