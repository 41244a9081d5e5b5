//! The forms that a set is read from and written in.

use hashbrown::HashSet;

use super::KeySet;
use crate::error::{Code, Error};
use crate::json::Storage;
use crate::key::instead::{is_json, named_object};
use crate::key::jwk;
use crate::key::options::KeyOptions;
use crate::key::pem;
use crate::key::skipped::{KeySetError, SetSource, SkippedKey};
use crate::key::verifying::VerifyingKey;

impl KeySet {
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

    /// Writes the public keys as a JWK Set.
    ///
    /// # Errors
    /// [`Code::KeySecretNotPublic`] if a key is an HMAC secret.
    pub fn to_jwks(&self) -> Result<String, Error> {
        let keys = self.keys.iter().map(VerifyingKey::to_jwk).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("{{\"keys\":[{}]}}", keys.join(",")))
    }
}
