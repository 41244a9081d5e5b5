//! Keys of a set that cannot be used, and the error of a set without usable keys.

use std::fmt;

use crate::error::{Code, Error};

/// How many skipped keys a message lists; it only counts the others.
const TOLD: usize = 8;
/// How many characters of a `kid` a message shows.
const KID_CHARACTERS: usize = 64;

/// The form of a text with several keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetSource {
    JwkSet,
    Pem,
    PemMap,
}

/// A key of a set that cannot be used, and why.
///
/// ```
/// use jot::{KeyOptions, KeySet};
///
/// let text = br#"{"keys":[
///     {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
///     {"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"a"}]}"#;
/// let set = KeySet::from_jwks(text, &KeyOptions::default())?;
/// assert_eq!(
///     set.skipped()[0].to_string(),
///     "key 2 of 2 in the JWK Set (kid \"a\"): key_curve_unknown (404): \
///      The curve is not one that this library verifies with. [crv]"
/// );
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedKey {
    pub(super) form: SetSource,
    pub(super) index: usize,
    /// How many keys there were, this one among them.
    pub(super) of: usize,
    pub(super) kid: Option<Box<str>>,
    pub(super) error: Error,
}

impl SkippedKey {
    /// Returns the position in the `keys` of the JWK Set, or among the blocks
    /// of the PEM bundle, counted from 0.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Returns the `kid`, if the key has one that can be read.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Returns why the key cannot be used.
    #[must_use]
    pub const fn error(&self) -> Error {
        self.error
    }
}

/// Names the key, counted from 1, and says why it cannot be used.
impl fmt::Display for SkippedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.index.saturating_add(1);
        match self.form {
            SetSource::JwkSet => write!(f, "key {number} of {} in the JWK Set", self.of)?,
            SetSource::Pem => write!(f, "block {number} of {} in the PEM", self.of)?,
            SetSource::PemMap => write!(f, "key {number} of {} in the object", self.of)?,
        }
        if let Some(kid) = self.kid() {
            let shown: String = kid.chars().take(KID_CHARACTERS).collect();
            write!(f, " (kid {shown:?}{})", if shown.len() < kid.len() { "..." } else { "" })?;
        }
        write!(f, ": {}", self.error)
    }
}

/// Several skipped keys, in one line: the first eight, and how many more.
pub(crate) struct Reasons<'k>(pub(crate) &'k [SkippedKey]);

impl fmt::Display for Reasons<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, key) in self.0.iter().take(TOLD).enumerate() {
            write!(f, "{}{key}", if position == 0 { "" } else { " " })?;
        }
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(f, " And {more} more."),
        }
    }
}

/// The error of a text of several keys, none of which can be used. If the keys
/// themselves are at fault, it has the reason of each.
///
/// `?` converts it to an [`Error`], which does not keep the reasons.
///
/// ```
/// use jot::{Code, KeyOptions, KeySet};
///
/// let text = br#"{"keys":[{"kty":"EC","crv":"P-256K","x":"","y":""}]}"#;
/// let error = KeySet::from_jwks(text, &KeyOptions::default()).unwrap_err();
/// assert_eq!(error.code(), Code::KeySetEmpty);
/// assert_eq!(error.skipped()[0].error().code(), Code::KeyCurveRenamed);
/// assert!(error.to_string().contains("key 1 of 1 in the JWK Set: key_curve_renamed (443)"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySetError {
    error: Error,
    skipped: Vec<SkippedKey>,
}

impl KeySetError {
    /// Makes the error of a set in which none of these keys can be used.
    pub(super) fn of_keys(skipped: Vec<SkippedKey>) -> Self {
        Self { error: Error::new(Code::KeySetEmpty), skipped }
    }

    /// Returns the code: [`Code::KeySetEmpty`] if each key has its own reason.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.error.code()
    }

    /// Returns the error without the reasons of the keys.
    #[must_use]
    pub const fn error(&self) -> Error {
        self.error
    }

    /// Returns the keys that cannot be used, each with its reason. There are none if
    /// the text as a whole is at fault or has no keys.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }

    /// Returns the keys that cannot be used.
    #[cfg(feature = "capi")]
    pub(crate) fn into_skipped(self) -> Vec<SkippedKey> {
        self.skipped
    }
}

impl fmt::Display for KeySetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        if self.skipped.is_empty() { Ok(()) } else { write!(f, " {}", Reasons(&self.skipped)) }
    }
}

impl std::error::Error for KeySetError {}

impl From<Error> for KeySetError {
    fn from(error: Error) -> Self {
        Self { error, skipped: Vec::new() }
    }
}

impl From<KeySetError> for Error {
    fn from(error: KeySetError) -> Self {
        error.error
    }
}
