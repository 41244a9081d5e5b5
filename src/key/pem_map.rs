//! PEM by `kid`, as some issuers publish their keys instead of a JWK Set.

use super::jwk;
use super::options::KeyOptions;
use super::set::KeySet;
use super::skipped::{KeySetError, SetSource, SkippedKey};
use super::verifying::VerifyingKey;
use crate::error::{Code, Error};
use crate::json::Storage;

impl KeySet {
    /// Reads a JSON object whose names are `kid`s and whose values are PEM, such as
    /// Google's `robot/v1/metadata/x509`. Of a certificate only the key is read.
    ///
    /// [`from_text`](Self::from_text) refuses such a text with
    /// [`Code::KeyTextIsMap`], because a file of keys is seldom meant that way.
    ///
    /// ```
    /// use jot::{Alg, KeyOptions, KeySet, SigningKey};
    ///
    /// let pem = SigningKey::generate(Alg::ES256)?.verifying_key()?.to_pem()?;
    /// let text = format!(r#"{{"2026-01":"{}"}}"#, pem.replace('\n', "\\n"));
    /// let set = KeySet::from_pem_map(text.as_bytes(), &KeyOptions::default())?;
    /// assert_eq!(set.keys()[0].kid(), Some("2026-01"));
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::KeyJson`]; [`Code::KeySetEmpty`] if no key can be used, with the
    /// reason of each.
    pub fn from_pem_map(text: &[u8], options: &KeyOptions) -> Result<Self, KeySetError> {
        let mut storage = Storage::default();
        let object = jwk::parse(text, &mut storage)?;
        let (mut set, of) = (Self::default(), object.members().count());
        let mut skipped = Vec::new();
        for (index, (kid, value)) in object.members().enumerate() {
            let pem = value.as_str().ok_or(Error::new(Code::KeyPemInvalid));
            let options = options.clone().kid(kid);
            match pem.and_then(|pem| VerifyingKey::from_pem(pem.as_bytes(), &options)) {
                Ok(key) => set.push(key),
                Err(error) => {
                    skipped.push(SkippedKey {
                        form: SetSource::PemMap,
                        index,
                        of,
                        kid: Some(kid.into()),
                        error,
                    });
                }
            }
        }
        set.with_skipped(skipped)
    }
}
