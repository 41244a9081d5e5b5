//! Rules over the dates: the only ones whose answer changes with the clock.

use super::Policy;
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::json::Value;
use crate::time::{NumericDate, UnixSeconds};

impl Policy {
    /// Checks `iat`, `nbf` and `exp` against `now`, `exp` last: a token that
    /// is refused as expired meets every other rule.
    ///
    /// Dates may have fractions. `now` being whole seconds, comparing it with
    /// a date rounded towards the future is exact.
    ///
    /// # Errors
    /// [`Code::IatInvalid`] to [`Code::Expired`].
    pub(crate) fn check_times(&self, claims: &Claims<'_>, now: UnixSeconds) -> Result<(), Rejection> {
        let reject = |code, claim| Err(Rejection::of_claim(code, claim));
        let latest = now.0.saturating_add(self.leeway);
        let issued_at = date(claims.iat(), Code::IatInvalid, "iat")?;
        let not_before = date(claims.nbf(), Code::NbfInvalid, "nbf")?;
        let expires_at = date(claims.exp(), Code::ExpInvalid, "exp")?;
        if issued_at.is_some_and(|issued| latest < issued.ceil().0) {
            return reject(Code::IssuedInFuture, "iat");
        }
        if let Some(max_age) = self.max_age {
            let Some(issued) = issued_at else { return reject(Code::IatMissing, "iat") };
            let oldest = issued.floor().0.saturating_add(max_age).saturating_add(self.leeway);
            if now.0 > oldest {
                return reject(Code::TooOld, "iat");
            }
        }
        if not_before.is_some_and(|start| latest < start.ceil().0) {
            return reject(Code::NotYetValid, "nbf");
        }
        match expires_at {
            None if self.exp_optional => Ok(()),
            None => reject(Code::ExpMissing, "exp"),
            Some(end) if now.0 >= end.ceil().0.saturating_add(self.leeway) => reject(Code::Expired, "exp"),
            Some(_) => Ok(()),
        }
    }
}

fn date(value: Option<Value<'_>>, otherwise: Code, claim: &str) -> Result<Option<NumericDate>, Rejection> {
    let Some(value) = value else { return Ok(None) };
    match value.as_number().and_then(|number| number.as_date()) {
        Some(date) => Ok(Some(date)),
        None => Err(Rejection::of_claim(otherwise, claim)),
    }
}
