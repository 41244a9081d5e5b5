//! What came of a token.

use crate::alg::Alg;
use crate::cache::{Entry, KeyPlace};
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::jws::JoseHeader;
use crate::time::Dates;

/// A token that is accepted, in brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    dates: Dates,
    key: KeyPlace,
    alg: Alg,
    from_cache: bool,
}

impl Accepted {
    pub(super) const fn new(entry: &Entry, from_cache: bool) -> Self {
        Self { dates: entry.dates, key: entry.key, alg: entry.alg, from_cache }
    }

    /// Returns the dates of the token.
    #[must_use]
    pub const fn dates(&self) -> Dates {
        self.dates
    }

    /// Returns which key verified the token.
    #[must_use]
    pub const fn key(&self) -> KeyPlace {
        self.key
    }

    /// Returns the algorithm.
    #[must_use]
    pub const fn alg(&self) -> Alg {
        self.alg
    }

    /// Returns `true` if the cache held the token.
    #[must_use]
    pub const fn from_cache(&self) -> bool {
        self.from_cache
    }
}

/// An accepted token.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'s> {
    header: JoseHeader<'s>,
    claims: Claims<'s>,
    key: KeyPlace,
}

impl<'s> Verified<'s> {
    /// Returns the JOSE Header.
    #[must_use]
    pub const fn header(&self) -> JoseHeader<'s> {
        self.header
    }

    /// Returns the claims.
    #[must_use]
    pub const fn claims(&self) -> Claims<'s> {
        self.claims
    }

    /// Returns which key verified the token.
    #[must_use]
    pub const fn key(&self) -> KeyPlace {
        self.key
    }
}

/// What a token came to, but for all that depends on the clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assessment<'s> {
    pub(super) header: Option<JoseHeader<'s>>,
    pub(super) key: Option<KeyPlace>,
    pub(super) claims: Option<Claims<'s>>,
    /// What the cache may remember of it, or the first rule that it broke.
    pub(super) found: Result<Entry, Rejection>,
}

impl<'s> Assessment<'s> {
    /// A token of which nothing could be read.
    pub(super) const fn refused(rejection: Rejection) -> Self {
        Self { header: None, key: None, claims: None, found: Err(rejection) }
    }

    /// A token whose header was read.
    pub(super) const fn of_header(header: JoseHeader<'s>, rejection: Rejection) -> Self {
        Self { header: Some(header), ..Self::refused(rejection) }
    }
}

/// What came of a token, accepted or not.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'s> {
    rejection: Option<Rejection>,
    header: Option<JoseHeader<'s>>,
    claims: Option<Claims<'s>>,
    key: Option<KeyPlace>,
    dates: Dates,
    from_cache: bool,
}

impl<'s> Verdict<'s> {
    /// Joins what was found with what the clock says: whether the cache held the
    /// token, or why it is refused.
    #[inline]
    pub(super) fn new(assessment: &Assessment<'s>, timed: Result<bool, Rejection>) -> Self {
        Self {
            rejection: timed.err(),
            header: assessment.header,
            claims: assessment.claims,
            key: assessment.key,
            dates: assessment.found.map(|entry| entry.dates).unwrap_or_default(),
            from_cache: timed.unwrap_or_default(),
        }
    }

    /// Returns the code: [`Code::Accepted`] or the reason of the rejection.
    #[must_use]
    pub fn code(&self) -> Code {
        self.rejection.map_or(Code::Accepted, |rejection| rejection.code())
    }

    /// Returns `true` if the token was accepted.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        self.rejection.is_none()
    }

    /// Returns `true` if the signature held, whatever came of the claims.
    #[must_use]
    pub const fn signature_ok(&self) -> bool {
        match self.rejection {
            None => true,
            Some(rejection) => rejection.signature_ok(),
        }
    }

    /// Returns why the token was rejected.
    #[must_use]
    pub const fn rejection(&self) -> Option<Rejection> {
        self.rejection
    }

    /// Returns the header of a token that was well formed. Unless the
    /// signature held, it is only what the token says of itself.
    #[must_use]
    pub const fn header(&self) -> Option<JoseHeader<'s>> {
        self.header
    }

    /// Returns the claims of a token whose signature held, also when they did
    /// not meet the policy.
    #[must_use]
    pub const fn signed_claims(&self) -> Option<Claims<'s>> {
        self.claims
    }

    /// Returns which key verified the signature.
    #[must_use]
    pub const fn key(&self) -> Option<KeyPlace> {
        self.key
    }

    /// Returns the dates of a token that met every rule but those on dates.
    #[must_use]
    pub const fn dates(&self) -> Dates {
        self.dates
    }

    /// Returns `true` if the token was accepted by what the cache held of it.
    #[must_use]
    pub const fn from_cache(&self) -> bool {
        self.from_cache
    }

    /// Turns the verdict into the accepted token or the rejection.
    ///
    /// # Errors
    /// The rejection, if there is one.
    pub fn into_result(self) -> Result<Verified<'s>, Rejection> {
        match self {
            Self { rejection: None, header: Some(header), claims: Some(claims), key: Some(key), .. } => {
                Ok(Verified { header, claims, key })
            }
            Self { rejection, .. } => Err(rejection.unwrap_or(Rejection::new(Code::Internal))),
        }
    }
}
