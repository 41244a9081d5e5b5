//! Conditions on claims: one type for the configuration of every host.

mod notation;
#[cfg(feature = "regex")]
mod pattern;

use std::cmp::Ordering;

use super::operand::Operand;
use super::path::ClaimPath;
use crate::claims::Claims;
use crate::error::{Code, Error, Rejection};
use crate::json::Value;

/// A condition on one claim: the way to it, a test, and perhaps a `not`.
///
/// [`Policy::claim`](crate::Policy::claim) demands one of every token; [`check`](Self::check)
/// asks it of the claims of one. Every host's configuration spells conditions alike,
/// and [`parse`](Self::parse) reads that notation.
///
/// ```
/// use jot::{Alg, Condition, Policy};
///
/// let policy = Policy::new([Alg::ES256])
///     .claim(Condition::any_of("tier", ["gold", "silver"]))
///     .claim(Condition::contains(["realm_access", "roles"], "admin"))
///     .claim(Condition::ge("level", 3))
///     .claim(Condition::equals("suspended", true).not())
///     .claim("sub prefix svc-".parse()?);
/// # Ok::<(), jot::Error>(())
/// ```
///
/// A claim that is absent or null refuses with [`Code::ClaimMissing`], also under a
/// `not`: an absent claim never satisfies a demand over its value. A claim that does
/// not meet the test refuses with [`Code::ClaimMismatch`]. So does one of another type
/// than the test is for, also under a `not`: `not contains` is met by arrays alone.
/// Only `not present` is met by an absent claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    path: ClaimPath,
    test: Test,
    negated: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Present,
    /// `equals` is this with one operand.
    AnyOf(Box<[Operand]>),
    Contains(Box<[Operand]>),
    Prefix(Operand),
    #[cfg(feature = "regex")]
    Regex(pattern::Pattern),
    Order(Order, Operand),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    AtLeast,
    Above,
    AtMost,
    Below,
}

impl Order {
    fn is_met_by(self, found: Ordering) -> bool {
        match self {
            Self::AtLeast => found.is_ge(),
            Self::Above => found.is_gt(),
            Self::AtMost => found.is_le(),
            Self::Below => found.is_lt(),
        }
    }
}

fn operands(values: impl IntoIterator<Item = impl Into<Operand>>) -> Box<[Operand]> {
    values.into_iter().map(Into::into).collect()
}

impl Condition {
    fn new(path: impl Into<ClaimPath>, test: Test) -> Self {
        Self { path: path.into(), test, negated: false }
    }

    /// Demands that the claim is there and not null.
    #[must_use]
    pub fn present(path: impl Into<ClaimPath>) -> Self {
        Self::new(path, Test::Present)
    }

    /// Demands this very value.
    #[must_use]
    pub fn equals(path: impl Into<ClaimPath>, value: impl Into<Operand>) -> Self {
        Self::any_of(path, [value])
    }

    /// Demands one of these values.
    #[must_use]
    pub fn any_of(path: impl Into<ClaimPath>, values: impl IntoIterator<Item = impl Into<Operand>>) -> Self {
        Self::new(path, Test::AnyOf(operands(values)))
    }

    /// Demands an array that has this element. A string contains nothing.
    #[must_use]
    pub fn contains(path: impl Into<ClaimPath>, element: impl Into<Operand>) -> Self {
        Self::contains_any(path, [element])
    }

    /// Demands an array that has one of these elements.
    #[must_use]
    pub fn contains_any(
        path: impl Into<ClaimPath>,
        elements: impl IntoIterator<Item = impl Into<Operand>>,
    ) -> Self {
        Self::new(path, Test::Contains(operands(elements)))
    }

    /// Demands a string that begins with this text.
    #[must_use]
    pub fn prefix(path: impl Into<ClaimPath>, prefix: impl Into<Operand>) -> Self {
        Self::new(path, Test::Prefix(prefix.into()))
    }

    /// Demands a string that a regular expression matches as a whole.
    ///
    /// The syntax is that of the crate `regex`, over bytes: `\d`, `\w`, `\s` and `(?i)`
    /// know ASCII alone, and `.` is one byte. A match takes a time linear in the
    /// length of the claim. The first matches of a thread may allocate.
    ///
    /// # Errors
    /// [`Code::ConditionPattern`] with the reason and where it is known the offset, also
    /// for patterns of more than 1 KiB and those that take more than 64 KiB once they
    /// are compiled; [`Code::ConditionOperand`] if the pattern is empty.
    #[cfg(feature = "regex")]
    pub fn regex(path: impl Into<ClaimPath>, pattern: &str) -> Result<Self, Error> {
        Ok(Self::new(path, Test::Regex(pattern::Pattern::new(pattern)?)))
    }

    /// Demands a number that is this one or greater.
    #[must_use]
    pub fn ge(path: impl Into<ClaimPath>, number: impl Into<Operand>) -> Self {
        Self::new(path, Test::Order(Order::AtLeast, number.into()))
    }

    /// Demands a number that is greater than this one.
    #[must_use]
    pub fn gt(path: impl Into<ClaimPath>, number: impl Into<Operand>) -> Self {
        Self::new(path, Test::Order(Order::Above, number.into()))
    }

    /// Demands a number that is this one or less.
    #[must_use]
    pub fn le(path: impl Into<ClaimPath>, number: impl Into<Operand>) -> Self {
        Self::new(path, Test::Order(Order::AtMost, number.into()))
    }

    /// Demands a number that is less than this one.
    #[must_use]
    pub fn lt(path: impl Into<ClaimPath>, number: impl Into<Operand>) -> Self {
        Self::new(path, Test::Order(Order::Below, number.into()))
    }

    /// Demands that the test is not met.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "the word of the notation, at the end of a chain")]
    pub fn not(mut self) -> Self {
        self.negated = !self.negated;
        self
    }

    /// Checks the claims of a verified token.
    ///
    /// ```
    /// # fn may_read(claims: jot::Claims<'_>) -> Result<(), jot::Rejection> {
    /// jot::Condition::any_of("tier", ["gold", "silver"]).check(&claims)
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Code::ClaimMissing`], [`Code::ClaimMismatch`], with the name of the claim.
    pub fn check(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        let reject = |code| Err(Rejection::of_claim(code, self.path.last()).after_signature());
        let value = self.path.find(claims.as_object()).filter(|value| !matches!(value, Value::Null));
        match (value, &self.test, self.negated) {
            (None, Test::Present, true) | (Some(_), Test::Present, false) => Ok(()),
            (None, ..) => reject(Code::ClaimMissing),
            (Some(value), test, negated) if test.meets(value) == Some(!negated) => Ok(()),
            (Some(_), ..) => reject(Code::ClaimMismatch),
        }
    }

    /// Refuses a condition that no claim can meet.
    ///
    /// # Errors
    /// [`Code::ConditionName`], [`Code::ConditionOperands`], [`Code::ConditionOperand`].
    pub(super) fn validate(&self) -> Result<(), Error> {
        let invalid = |code| Err(Error::of_member(code, self.path.last()));
        if self.path.is_empty() {
            return invalid(Code::ConditionName);
        }
        let is_sound = match &self.test {
            Test::Present => true,
            #[cfg(feature = "regex")]
            Test::Regex(_) => true,
            Test::AnyOf(operands) | Test::Contains(operands) => {
                if operands.is_empty() {
                    return invalid(Code::ConditionOperands);
                }
                operands.iter().all(Operand::is_value)
            }
            Test::Prefix(prefix) => {
                prefix.is_empty_text() || prefix.chars().is_some_and(|prefix| !prefix.is_empty())
            }
            Test::Order(_, number) => number.is_number(),
        };
        if is_sound { Ok(()) } else { invalid(Code::ConditionOperand) }
    }
}

impl Test {
    /// Tells whether a value meets the test; `None` if it is of a type that the test is
    /// not for, or an operand is an empty text that equals nothing: neither the test nor
    /// its contrary is met.
    fn meets(&self, value: Value<'_>) -> Option<bool> {
        match self {
            Self::Present => Some(true),
            Self::AnyOf(operands) => among(operands, |operand| operand.equals(value)),
            Self::Contains(operands) => {
                let array = value.as_array()?;
                among(operands, |operand| array.iter().any(|element| operand.equals(element)))
            }
            Self::Prefix(prefix) => {
                let text = value.as_str()?;
                let prefix = prefix.chars().filter(|prefix| !prefix.is_empty())?;
                Some(text.starts_with(prefix))
            }
            #[cfg(feature = "regex")]
            Self::Regex(pattern) => Some(pattern.matches(value.as_str()?)),
            Self::Order(order, number) => Some(order.is_met_by(number.compare(value)?)),
        }
    }
}

fn among(operands: &[Operand], is_met: impl Fn(&Operand) -> bool) -> Option<bool> {
    match operands.iter().any(is_met) {
        false if operands.iter().any(Operand::is_empty_text) => None,
        met => Some(met),
    }
}
