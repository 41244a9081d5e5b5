//! What can be served as a signed list.

use std::fmt;
use std::sync::Arc;

use crate::claims::Claims;
use crate::error::{Code, Error};
use crate::revocation::Revocations;
#[cfg(feature = "status-list")]
use crate::status::StatusList;
use crate::verifier::Verifier;

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

#[cfg(feature = "status-list")]
impl SignedList for StatusList {}

/// How a list is read. Nobody else can name this trait.
#[allow(unreachable_pub, reason = "a trait that others can use but not implement")]
pub trait Read: Sized + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// The `typ` without which no token passes for a list.
    const TYP: &'static str;
    /// The media types to ask for.
    const ACCEPT: &'static str;
    /// The code of tokens before the first list.
    const NOT_YET: Code;
    /// The code of tokens when the last list is too old.
    const STALE: Code;

    /// The most entries, unless the options say otherwise.
    const MOST_ENTRIES: usize;

    /// Reads the list that was fetched from a URL.
    ///
    /// # Errors
    /// What is wrong with the list.
    fn read(claims: &Claims<'_>, url: &str, most_entries: usize) -> Result<Self, Error>;

    /// Makes what stands in the place of the list at this URL: tokens are rejected with one
    /// of the two codes above, or pass if there is none.
    fn missing(url: &str, code: Option<Code>) -> Self;

    /// Gives the list to a verifier.
    ///
    /// # Errors
    /// Those of the verifier, which is unchanged then.
    fn set(self: Arc<Self>, verifier: &Verifier) -> Result<(), Error>;

    /// Returns the number of entries.
    fn entries(&self) -> usize;
}

impl Read for Revocations {
    const TYP: &'static str = Self::TYP;
    const ACCEPT: &'static str = "application/revocations+jwt, application/jwt;q=0.9, */*;q=0.1";
    const NOT_YET: Code = Code::RevocationsNotYet;
    const STALE: Code = Code::RevocationsStale;
    const MOST_ENTRIES: usize = 100_000;

    fn read(claims: &Claims<'_>, _: &str, most_entries: usize) -> Result<Self, Error> {
        Self::from_claims(claims, most_entries)
    }

    fn missing(_: &str, code: Option<Code>) -> Self {
        match code {
            Some(Code::RevocationsStale) => Self::stale(),
            Some(_) => Self::not_yet(),
            None => Self::default(),
        }
    }

    fn set(self: Arc<Self>, verifier: &Verifier) -> Result<(), Error> {
        verifier.set_revocations(self);
        Ok(())
    }

    fn entries(&self) -> usize {
        self.len()
    }
}

#[cfg(feature = "status-list")]
impl Read for StatusList {
    const TYP: &'static str = Self::TYP;
    // Others send the form in CBOR, which is not read here.
    const ACCEPT: &'static str = "application/statuslist+jwt, application/jwt;q=0.9";
    const NOT_YET: Code = Code::StatusListNotYet;
    const STALE: Code = Code::StatusListStale;
    const MOST_ENTRIES: usize = 1 << 24;

    fn read(claims: &Claims<'_>, url: &str, most_entries: usize) -> Result<Self, Error> {
        let list = Self::from_claims(claims, most_entries)?;
        if list.uri() != url {
            return Err(Error::of_member(Code::StatusListInvalid, "sub"));
        }
        Ok(list)
    }

    fn missing(url: &str, code: Option<Code>) -> Self {
        match code {
            Some(Code::StatusListStale) => Self::stale(url),
            Some(_) => Self::not_yet(url),
            None => Self::unchecked(url),
        }
    }

    fn set(self: Arc<Self>, verifier: &Verifier) -> Result<(), Error> {
        verifier.set_status_list(self)
    }

    fn entries(&self) -> usize {
        self.len()
    }
}
