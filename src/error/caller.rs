//! What is wrong with what the caller handed over.

use std::fmt;
use std::str::FromStr;

use super::code::{Code, describe};
use super::name::Name;

/// What is wrong with a key, a policy or claims to sign.
///
/// ```
/// use jot::{Code, Error, KeyOptions, VerifyingKey};
///
/// let error: Error = VerifyingKey::from_jwk(r#"{"kty":"RSA","n":"AQAB"}"#, &KeyOptions::default()).unwrap_err();
/// assert_eq!((error.code(), error.member()), (Code::KeyMemberMissing, Some("e")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    code: Code,
    member: Option<Name>,
    offset: Option<u32>,
}

impl Error {
    pub(crate) const fn new(code: Code) -> Self {
        Self { code, member: None, offset: None }
    }

    pub(crate) fn of_member(code: Code, member: &str) -> Self {
        Self { member: Some(Name::new(member)), ..Self::new(code) }
    }

    pub(crate) const fn at(code: Code, offset: u32) -> Self {
        Self { offset: Some(offset), ..Self::new(code) }
    }

    /// Says where in the text it is.
    pub(crate) const fn beginning_at(self, offset: u32) -> Self {
        Self { offset: Some(offset), ..self }
    }

    /// Returns the reason.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Returns the name of the JWK member, Header Parameter or policy value at
    /// fault, where a single one is.
    #[must_use]
    pub fn member(&self) -> Option<&str> {
        self.member.as_ref().map(Name::as_str)
    }

    /// Returns the byte offset of the fault in the text, where that is known.
    #[must_use]
    pub const fn offset(&self) -> Option<u32> {
        self.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(f, self.code, self.member(), self.offset)
    }
}

impl std::error::Error for Error {}

/// For who implements a trait of this crate.
impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<std::collections::TryReserveError> for Error {
    fn from(_: std::collections::TryReserveError) -> Self {
        Self::new(Code::MemoryMissing)
    }
}

/// Returns the code with this name, compared exactly.
///
/// ```
/// use jot::Code;
///
/// assert_eq!("expired".parse(), Ok(Code::Expired));
/// assert!("Expired".parse::<Code>().is_err());
/// ```
impl FromStr for Code {
    type Err = Error;

    /// # Errors
    /// [`Code::ArgumentValue`] for a name that no code has.
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().copied().find(|code| code.name() == name);
        found.ok_or(Error::new(Self::ArgumentValue))
    }
}
