//! A JSON number, converted on demand.

use std::cmp::Ordering;

use super::{decimal, scan};
use crate::time::NumericDate;

/// A JSON number, in its original spelling.
///
/// ```
/// use jot::json::JsonReader;
///
/// let mut reader = JsonReader::default();
/// let object = reader.read(r#"{"seconds":1.5e3,"id":9007199254740993}"#).unwrap();
/// let number = |name| object.member(name).and_then(|value| value.as_number()).unwrap();
/// assert_eq!((number("seconds").as_text(), number("seconds").as_f64()), ("1.5e3", 1500.0));
/// assert_eq!(number("id").as_i64(), Some(9_007_199_254_740_993)); // no double is this number
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number<'d> {
    text: &'d str,
}

impl<'d> Number<'d> {
    /// Makes a number from text that was already parsed.
    #[inline]
    pub(crate) const fn of_text(text: &'d str) -> Self {
        Self { text }
    }

    /// Returns the number's original spelling.
    #[must_use]
    pub const fn as_text(&self) -> &'d str {
        self.text
    }

    /// Returns the number if it is written without fraction and exponent and fits into
    /// `i64`.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        scan::ten_digits(self.text.as_bytes()).or_else(|| self.text.parse().ok())
    }

    /// Returns the nearest double, which is infinite for a number beyond its range
    /// (1e400).
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        self.text.parse().unwrap_or(f64::NAN)
    }

    /// Compares the number with another by their values, which are not rounded.
    pub(crate) fn compare(&self, other: &str) -> Ordering {
        decimal::compare(self.text, other)
    }

    /// Reads the number as a NumericDate; returns `None` if it is not finite.
    #[must_use]
    pub fn as_date(&self) -> Option<NumericDate> {
        match self.as_i64() {
            Some(seconds) => Some(NumericDate::from_integer(seconds)),
            None => NumericDate::from_float(self.as_f64()),
        }
    }
}
