//! Instants and NumericDates.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use jot::UnixSeconds;
///
/// let now = UnixSeconds::now();
/// let in_an_hour = UnixSeconds::from(SystemTime::now() + Duration::from_secs(3600));
/// assert!(now < in_an_hour && now > UnixSeconds(1_700_000_000));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(pub i64);

impl UnixSeconds {
    /// Reads the system's clock. It is a convenience for callers without their own
    /// clock; the engine itself never calls it.
    ///
    /// A clock set before 1970 reads as a negative number.
    #[must_use]
    pub fn now() -> Self {
        Self::from(SystemTime::now())
    }
}

impl fmt::Display for UnixSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<i64> for UnixSeconds {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}

/// Fractions of a second are dropped, rounded towards 1970.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use jot::UnixSeconds;
///
/// assert_eq!(UnixSeconds::from(UNIX_EPOCH + Duration::from_millis(1_500)), UnixSeconds(1));
/// assert_eq!(UnixSeconds::from(UNIX_EPOCH - Duration::from_secs(2)), UnixSeconds(-2));
/// ```
impl From<SystemTime> for UnixSeconds {
    fn from(time: SystemTime) -> Self {
        let whole = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(whole(after.as_secs())),
            Err(before) => Self(whole(before.duration().as_secs()).saturating_neg()),
        }
    }
}

/// A NumericDate (RFC 7519 §2): seconds since the epoch, a fraction allowed.
///
/// Values beyond the range of `i64` are clamped to its ends, and still compare
/// correctly.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"exp":1800003600.5}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
///
/// let exp = verifier.verify(&token, now, &mut scratch)?.claims().expires_at().unwrap();
/// assert_eq!((exp.floor(), exp.ceil()), (UnixSeconds(1_800_003_600), UnixSeconds(1_800_003_601)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumericDate {
    floor: i64,
    fraction: Fraction,
}

/// Whether a date has a fraction. `repr(u64)` removes padding, so the struct is copied
/// as two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u64)]
enum Fraction {
    None,
    Some,
}

impl NumericDate {
    pub(crate) const fn from_integer(seconds: i64) -> Self {
        Self { floor: seconds, fraction: Fraction::None }
    }

    pub(crate) const fn from_parts(floor: i64, has_fraction: bool) -> Self {
        Self { floor, fraction: if has_fraction { Fraction::Some } else { Fraction::None } }
    }

    pub(crate) const fn has_fraction(self) -> bool {
        matches!(self.fraction, Fraction::Some)
    }

    /// Converts a number; returns `None` if it is not finite.
    pub(crate) fn from_float(seconds: f64) -> Option<Self> {
        if !seconds.is_finite() {
            return None;
        }
        let floor = seconds.floor();
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, as documented")]
        let whole = floor as i64;
        let in_range = whole != i64::MAX && whole != i64::MIN;
        #[expect(clippy::float_cmp, reason = "an exact comparison tells whether a fraction is left")]
        let has_fraction = in_range && floor != seconds;
        Some(Self::from_parts(whole, has_fraction))
    }

    /// Returns the whole seconds, rounded towards the past.
    #[must_use]
    pub const fn floor(self) -> UnixSeconds {
        UnixSeconds(self.floor)
    }

    /// Returns the whole seconds, rounded towards the future.
    #[must_use]
    pub const fn ceil(self) -> UnixSeconds {
        UnixSeconds(self.floor.saturating_add(self.has_fraction() as i64))
    }
}

/// Writes the whole seconds, rounded towards the past.
impl fmt::Display for NumericDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.floor.fmt(f)
    }
}

/// The dates of a Claims Set: the only claims that a verdict needs once everything else
/// holds.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"iat":1800000000,"exp":1800003600}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
///
/// let dates = verifier.verdict(&token, now, &mut scratch).dates();
/// assert_eq!(dates.expires_at.map(|exp| exp.floor()), Some(UnixSeconds(1_800_003_600)));
/// assert!(dates.issued_at.is_some() && dates.not_before.is_none());
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dates {
    /// The `exp` claim.
    pub expires_at: Option<NumericDate>,
    /// The `nbf` claim.
    pub not_before: Option<NumericDate>,
    /// The `iat` claim.
    pub issued_at: Option<NumericDate>,
}

/// The time in which something is in force: from `start` until just before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Interval {
    pub(crate) start: UnixSeconds,
    pub(crate) end: UnixSeconds,
}

impl Interval {
    pub(crate) const ALWAYS: Self = Self { start: UnixSeconds(i64::MIN), end: UnixSeconds(i64::MAX) };

    /// Contains no instant.
    pub(crate) const NEVER: Self = Self { start: UnixSeconds(i64::MAX), end: UnixSeconds(i64::MIN) };

    /// Returns the instants that both contain.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { start: self.start.max(other.start), end: self.end.min(other.end) }
    }

    /// Returns `true` if `instant` is within the bounds.
    pub(crate) fn contains(&self, instant: UnixSeconds) -> bool {
        (self.start..self.end).contains(&instant)
    }

    /// Returns `true` if there is no bound at all.
    #[inline]
    pub(crate) fn is_always(&self) -> bool {
        *self == Self::ALWAYS
    }
}

impl Default for Interval {
    fn default() -> Self {
        Self::ALWAYS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_round_both_ways() {
        let date = NumericDate::from_float(1.5).unwrap();
        assert_eq!((date.floor(), date.ceil()), (UnixSeconds(1), UnixSeconds(2)));
        let date = NumericDate::from_float(-1.5).unwrap();
        assert_eq!((date.floor(), date.ceil()), (UnixSeconds(-2), UnixSeconds(-1)));
        let date = NumericDate::from_float(-0.0).unwrap();
        assert_eq!((date.floor(), date.ceil()), (UnixSeconds(0), UnixSeconds(0)));
    }

    #[test]
    fn huge_dates_saturate_and_infinite_ones_do_not_exist() {
        assert_eq!(NumericDate::from_float(1e300).unwrap().ceil(), UnixSeconds(i64::MAX));
        assert_eq!(NumericDate::from_float(-1e300).unwrap().floor(), UnixSeconds(i64::MIN));
        assert_eq!(NumericDate::from_float(f64::INFINITY), None);
        assert_eq!(NumericDate::from_float(f64::NAN), None);
    }
}
