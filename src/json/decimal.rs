//! Comparing JSON numbers by their value, digit by digit: nothing is rounded.

use std::cmp::Ordering;

/// The largest exponent of a number that others are compared with, so that the
/// comparison is exact however large the exponents of the others are.
const MAX_EXPONENT: u64 = 999_999_999;

/// A number without its sign: its digits, and the power of ten that the first of
/// them stands at.
struct Decimal<'t> {
    whole: &'t [u8],
    fraction: &'t [u8],
    exponent: i64,
    negative: bool,
}

impl<'t> Decimal<'t> {
    /// Reads a text that is a JSON number.
    fn read(text: &'t str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let past_all = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent = exponent.parse().unwrap_or(past_all);
        Self { whole: whole.as_bytes(), fraction: fraction.as_bytes(), exponent, negative }
    }

    /// Returns the digits from the first one that is not 0.
    fn digits(&self) -> impl Iterator<Item = u8> + use<'t> {
        self.whole.iter().chain(self.fraction).copied().skip_while(|digit| *digit == b'0')
    }

    /// Returns the power of ten of the first digit that is not 0.
    fn magnitude(&self) -> i64 {
        let zeros = self.whole.iter().chain(self.fraction).take_while(|digit| **digit == b'0').count();
        let shift = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.exponent.saturating_add(shift(self.whole.len())).saturating_sub(shift(zeros))
    }

    /// Less than, equal to or greater than 0.
    fn sign(&self) -> i8 {
        match (self.digits().next(), self.negative) {
            (None, _) => 0,
            (Some(_), true) => -1,
            (Some(_), false) => 1,
        }
    }

    /// Compares two numbers that are not 0, without their signs.
    fn compare_size(&self, other: &Self) -> Ordering {
        let by_magnitude = self.magnitude().cmp(&other.magnitude());
        if by_magnitude != Ordering::Equal {
            return by_magnitude;
        }
        let (mut ours, mut theirs) = (self.digits(), other.digits());
        loop {
            let (left, right) = (ours.next(), theirs.next());
            if left.is_none() && right.is_none() {
                return Ordering::Equal;
            }
            let by_digit = left.unwrap_or(b'0').cmp(&right.unwrap_or(b'0'));
            if by_digit != Ordering::Equal {
                return by_digit;
            }
        }
    }
}

/// Compares two JSON numbers by their value: `1e2` equals `100.0`.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (Decimal::read(left), Decimal::read(right));
    match (left.sign(), right.sign()) {
        (1, 1) => left.compare_size(&right),
        (-1, -1) => right.compare_size(&left),
        (left, right) => left.cmp(&right),
    }
}

/// Returns `true` if a text is a JSON number (RFC 8259 §6) that others can be
/// compared with.
pub(crate) fn is_comparable(text: &str) -> bool {
    fn digits(text: &str) -> Option<(&str, &str)> {
        let end = text.bytes().take_while(u8::is_ascii_digit).count();
        text.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())
    }
    let Some((whole, rest)) = digits(text.strip_prefix('-').unwrap_or(text)) else { return false };
    if whole.len() > 1 && whole.starts_with('0') {
        return false;
    }
    let rest = match rest.strip_prefix('.').map(digits) {
        None => rest,
        Some(Some((_, rest))) => rest,
        Some(None) => return false,
    };
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else { return rest.is_empty() };
    match digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)) {
        Some((exponent, "")) => exponent.parse::<u64>().is_ok_and(|exponent| exponent <= MAX_EXPONENT),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_their_value_whatever_their_size_and_form() {
        let rising = [
            "-1e999999999999999999999",
            "-1e400",
            "-100.5",
            "-100",
            "-1",
            "-1e-400",
            "0",
            "1e-999999999999999999999",
            "1e-400",
            "0.1",
            "0.10000000000000001",
            "1",
            "99.9999999999999999999999999",
            "100",
            "9007199254740992",
            "9007199254740993",
            "9007199254740993.5",
            "18446744073709551615",
            "18446744073709551616",
            "1e400",
            "1.5e400",
            "1e999999999999999999999",
        ];
        for (at, left) in rising.iter().enumerate() {
            for (other, right) in rising.iter().enumerate() {
                assert_eq!(compare(left, right), at.cmp(&other), "{left} and {right}");
            }
        }
    }

    #[test]
    fn one_value_has_many_forms() {
        for (left, right) in [
            ("100", "1e2"),
            ("100", "100.00"),
            ("100", "1.0E+2"),
            ("100", "10000e-2"),
            ("100", "0.001e5"),
            ("0", "-0"),
            ("0", "0.000"),
            ("0", "-0e999999999999999999999"),
            ("-5e-1", "-0.50"),
            ("9007199254740993", "9.007199254740993e15"),
        ] {
            assert_eq!(compare(left, right), Ordering::Equal, "{left} and {right}");
            assert_eq!(compare(right, left), Ordering::Equal, "{right} and {left}");
        }
    }

    #[test]
    fn only_json_numbers_are_comparable() {
        for text in
            ["0", "-0", "10", "1.5", "-0.5e-10", "1E+9", "1e999999999", "123456789012345678901234567890"]
        {
            assert!(is_comparable(text), "{text}");
        }
        for text in [
            "",
            "-",
            "+1",
            "01",
            "1.",
            ".5",
            "1e",
            "1e+",
            "0x1",
            "1 ",
            " 1",
            "NaN",
            "inf",
            "1e1000000000",
            "1e-99999999999999999999",
            "1,2",
            "1.5.5",
            "1e5e5",
            "--1",
        ] {
            assert!(!is_comparable(text), "{text}");
        }
    }
}
