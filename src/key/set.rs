//! Several keys, found by `kid` and algorithm.

mod forms;
#[cfg(test)]
mod tests;

use hashbrown::HashMap;

use super::skipped::{KeySetError, SkippedKey};
use super::verifying::VerifyingKey;
use crate::alg::AlgSet;
use crate::error::Code;
use crate::jws::JoseHeader;
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
    /// By the thumbprint of the certificate, with SHA-1 or SHA-256.
    by_x5t: HashMap<Box<str>, Vec<u32>>,
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

    /// Returns `true` if there is no key because none was fetched.
    pub(crate) const fn is_awaited(&self) -> bool {
        self.awaited.is_some()
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

    /// Adds a key after the others.
    pub fn push(&mut self, key: VerifyingKey) {
        // Past 2^32 keys, which no memory holds, a key would never be found.
        let index = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        match key.kid() {
            Some(kid) => self.by_kid.entry(kid.into()).or_default().push(index),
            None => self.without_kid.push(index),
        }
        for thumbprint in key.certificate_thumbprints() {
            self.by_x5t.entry(thumbprint.into()).or_default().push(index);
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

    /// Returns the keys that may verify a token with this header, and their positions
    /// in [`keys`](Self::keys).
    ///
    /// If there is a `kid`, these are the keys with it and then the keys without any.
    /// Otherwise these are the keys whose certificate has the header's `x5t#S256` or
    /// `x5t`, or every key if there are none. All of them are bound to the `alg`. The
    /// caller limits how many it tries.
    pub(crate) fn find(&self, header: &JoseHeader<'_>) -> impl Iterator<Item = (u32, &VerifyingKey)> {
        let (named, unnamed) = match header.kid() {
            Some(kid) => (self.named(kid), self.without_kid.as_slice()),
            None => (self.certified(header), &[][..]),
        };
        let is_named = header.kid().is_some() || !named.is_empty();
        let every = if is_named { 0 } else { u32::try_from(self.keys.len()).unwrap_or(u32::MAX) };
        let alg = header.alg();
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

    /// Returns the keys that the header names by the thumbprint of a certificate. It
    /// only chooses among the keys: they come from the set, never from the token.
    fn certified(&self, header: &JoseHeader<'_>) -> &[u32] {
        // Most sets have no certificates, and their tokens pay nothing.
        if self.by_x5t.is_empty() {
            return &[];
        }
        let named = ["x5t#S256", "x5t"].into_iter().find_map(|name| {
            let value = header.parameter(name)?;
            self.by_x5t.get(value.as_str()?)
        });
        named.map(Vec::as_slice).unwrap_or_default()
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
