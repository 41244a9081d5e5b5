//! What can be served as a signed list.

use std::fmt;

use crate::claims::Claims;
use crate::error::{Code, Error};
use crate::revocation::Revocations;

/// A list that issuers serve as a signed JWT. Only this crate has such lists.
///
/// ```
/// use jot::lists::{ListKeeper, SignedList};
///
/// fn entries<L: SignedList>(keeper: &ListKeeper<L>) -> usize {
///     keeper.health().entries
/// }
/// ```
pub trait SignedList: Read {}

impl SignedList for Revocations {}

/// How a list is read. Nobody else can name this trait.
#[allow(unreachable_pub, reason = "a trait that others can use but not implement")]
pub trait Read: Sized + PartialEq + fmt::Debug {
    /// The `typ` without which no token passes for a list.
    const TYP: &'static str;
    /// The media types to ask for.
    const ACCEPT: &'static str;
    /// The code of tokens before the first list.
    const NOT_YET: Code;
    /// The code of tokens when the last list is too old.
    const STALE: Code;

    /// # Errors
    /// What is wrong with the list.
    fn read(claims: &Claims<'_>, most_entries: usize) -> Result<Self, Error>;

    /// Returns the number of entries.
    fn entries(&self) -> usize;
}

impl Read for Revocations {
    const TYP: &'static str = Self::TYP;
    const ACCEPT: &'static str = "application/revocations+jwt, application/jwt;q=0.9, */*;q=0.1";
    const NOT_YET: Code = Code::RevocationsNotYet;
    const STALE: Code = Code::RevocationsStale;

    fn read(claims: &Claims<'_>, most_entries: usize) -> Result<Self, Error> {
        Self::from_claims(claims, most_entries)
    }

    fn entries(&self) -> usize {
        self.len()
    }
}
