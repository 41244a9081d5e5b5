//! Rules over the dates: the only ones whose answer changes with the clock.

use crate::error::{Code, Rejection};
use crate::time::{Dates, Interval, UnixSeconds};

/// What a policy says of dates. By default clocks do not differ, `exp` is required, and
/// `iat` is not, but must not be in the future.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DateRules {
    pub(super) leeway: i64,
    pub(super) exp_optional: bool,
    pub(super) future_iat: bool,
    pub(super) max_age: Option<i64>,
}

impl DateRules {
    /// Checks that a key is in force at `now`.
    ///
    /// # Errors
    /// [`Code::KeyNotYetValid`], [`Code::KeyRetired`].
    #[inline]
    pub(crate) fn check_key(&self, key: &Interval, now: UnixSeconds) -> Result<(), Rejection> {
        if key.is_always() {
            return Ok(());
        }
        if now.0.saturating_add(self.leeway) < key.start.0 {
            return Err(Rejection::new(Code::KeyNotYetValid));
        }
        // The largest instant means that there is no end.
        if key.end.0 != i64::MAX && now.0 >= key.end.0.saturating_add(self.leeway) {
            return Err(Rejection::new(Code::KeyRetired));
        }
        Ok(())
    }

    /// Returns why a token is not accepted whose time of use nobody knows: a date that is
    /// missing is so at any time.
    #[cold]
    pub(crate) fn without_time(&self, dates: &Dates) -> Rejection {
        if self.max_age.is_some() && dates.issued_at.is_none() {
            return Rejection::of_claim(Code::IatMissing, "iat");
        }
        if !self.exp_optional && dates.expires_at.is_none() {
            return Rejection::of_claim(Code::ExpMissing, "exp");
        }
        Rejection::new(Code::TimeUnknown)
    }

    /// Checks `iat`, `nbf` and `exp` against `now`, with `exp` last: a token that is
    /// rejected as expired meets every other rule.
    ///
    /// Dates may have fractions. Because `now` is in whole seconds, comparing it with a
    /// date rounded towards the future is exact.
    ///
    /// # Errors
    /// [`Code::IatMissing`] to [`Code::Expired`], except those for wrong types.
    pub(crate) fn check(&self, dates: &Dates, now: UnixSeconds) -> Result<(), Rejection> {
        let reject = |code, claim| Err(Rejection::of_claim(code, claim));
        let latest = now.0.saturating_add(self.leeway);
        if !self.future_iat && dates.issued_at.is_some_and(|issued| latest < issued.ceil().0) {
            return reject(Code::IssuedInFuture, "iat");
        }
        if let Some(max_age) = self.max_age {
            let Some(issued) = dates.issued_at else { return reject(Code::IatMissing, "iat") };
            let oldest = issued.floor().0.saturating_add(max_age).saturating_add(self.leeway);
            if now.0 > oldest {
                return reject(Code::TooOld, "iat");
            }
        }
        //= rfc7519#section-4.1.5
        //# the current date/time MUST be after or equal to the not-before date/time listed in the
        //# "nbf" claim.
        if dates.not_before.is_some_and(|start| latest < start.ceil().0) {
            return reject(Code::NotYetValid, "nbf");
        }
        //= rfc7519#section-4.1.4
        //# the current date/time MUST be before the expiration date/time listed in the "exp" claim.
        match dates.expires_at {
            None if self.exp_optional => Ok(()),
            //= rfc9068#section-2.2
            //# exp REQUIRED - as defined in Section 4.1.4 of [RFC7519].
            //= rfc6750#section-5.2
            //# the lifetime of the token MUST be limited
            None => reject(Code::ExpMissing, "exp"),
            Some(end) if now.0 >= end.ceil().0.saturating_add(self.leeway) => reject(Code::Expired, "exp"),
            Some(_) => Ok(()),
        }
    }
}
