//! The results of a verification.

use crate::alg::Alg;
use crate::cache::{Entry, KeyPlace};
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::jws::JoseHeader;
use crate::time::{Dates, Interval};

/// The result for an accepted token, without its claims.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
/// use jot::Accepted;
///
/// let accepted: Accepted = verifier.verify_without_claims(&token, now, &mut scratch)?;
/// assert_eq!((accepted.alg(), accepted.from_cache()), (Alg::ES256, false));
/// assert_eq!(accepted.dates().expires_at.map(|exp| exp.floor()), Some(UnixSeconds(1_800_003_600)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
/// use jot::Verified;
///
/// let verified: Verified<'_> = verifier.verify(&token, now, &mut scratch)?;
/// assert_eq!(verified.claims().subject(), Some("alice"));
/// assert_eq!(verified.header().kid(), Some("2026-01"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

/// The result for a token, except everything that depends on the clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assessment<'s> {
    pub(super) header: Option<JoseHeader<'s>>,
    pub(super) key: Option<KeyPlace>,
    /// When that key is in force.
    pub(super) key_interval: Interval,
    pub(super) claims: Option<Claims<'s>>,
    /// The entry for the cache, or the first rule that the token broke.
    pub(super) found: Result<Entry, Rejection>,
}

impl<'s> Assessment<'s> {
    /// The assessment of a token that is not well formed.
    pub(super) const fn refused(rejection: Rejection) -> Self {
        Self { header: None, key: None, key_interval: Interval::ALWAYS, claims: None, found: Err(rejection) }
    }

    /// The rejection of a token whose header was read.
    pub(super) const fn of_header(header: JoseHeader<'s>, rejection: Rejection) -> Self {
        Self { header: Some(header), ..Self::refused(rejection) }
    }
}

/// The outcome of verifying a token, accepted or not.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
/// use jot::{Code, Verdict};
///
/// let verdict: Verdict<'_> = verifier.verdict(&token, now, &mut scratch);
/// assert_eq!((verdict.code(), verdict.signature_ok()), (Code::Expired, true));
/// // The signature held, so there is something to tell.
/// assert_eq!(verdict.signed_claims().and_then(|claims| claims.subject()), Some("alice"));
/// # Ok::<(), jot::Error>(())
/// ```
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
    /// Combines an assessment with the result of the clock's rules: whether the cache
    /// held the token, or the rejection.
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

    /// Returns `true` if the signature held, independent of the claims.
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

    /// Returns the header of a well-formed token. It is unverified unless the signature
    /// held.
    #[must_use]
    pub const fn header(&self) -> Option<JoseHeader<'s>> {
        self.header
    }

    /// Returns the claims of a token whose signature held, even if they did not meet
    /// the policy.
    #[must_use]
    pub const fn signed_claims(&self) -> Option<Claims<'s>> {
        self.claims
    }

    /// Returns which key verified the signature.
    #[must_use]
    pub const fn key(&self) -> Option<KeyPlace> {
        self.key
    }

    /// Returns the dates of a token that met every rule except those on dates.
    #[must_use]
    pub const fn dates(&self) -> Dates {
        self.dates
    }

    /// Returns `true` if the token was accepted by its cache entry.
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
