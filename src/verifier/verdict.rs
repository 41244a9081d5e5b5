//! What came of a token.

use crate::alg::Alg;
use crate::cache::{Entry, KeyPlace};
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::jws::JoseHeader;
use crate::time::Dates;

/// A token that is accepted, in brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    dates: Dates,
    key: KeyPlace,
    alg: Alg,
    from_cache: bool,
}

impl Admission {
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

    /// Tells whether the cache held the token.
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

/// What came of a token, accepted or not.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'s> {
    pub(super) rejection: Option<Rejection>,
    pub(super) header: Option<JoseHeader<'s>>,
    pub(super) claims: Option<Claims<'s>>,
    pub(super) key: Option<KeyPlace>,
    pub(super) dates: Dates,
    pub(super) from_cache: bool,
}

impl<'s> Verdict<'s> {
    /// What is known before anything was looked at.
    pub(super) const fn nothing() -> Self {
        Self {
            rejection: Some(Rejection::new(Code::Internal)),
            header: None,
            claims: None,
            key: None,
            dates: Dates { issued_at: None, not_before: None, expires_at: None },
            from_cache: false,
        }
    }

    /// Returns the code: [`Code::Accepted`] or the reason of the rejection.
    #[must_use]
    pub fn code(&self) -> Code {
        self.rejection.map_or(Code::Accepted, |rejection| rejection.code())
    }

    /// Tells whether the token was accepted.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        self.rejection.is_none()
    }

    /// Tells whether the signature held, whatever came of the claims.
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

    /// Tells whether the token was accepted by what the cache held of it.
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
