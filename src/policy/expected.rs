//! Values that a policy demands of a claim.

use crate::json::{Object, Value};

/// The way to a claim: its name, or the names of nested objects' members.
///
/// ```
/// let name: jot::ClaimPath = "https://example.com/role".into();
/// let path: jot::ClaimPath = ["realm_access", "roles"].into();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPath(Box<[Box<str>]>);

impl ClaimPath {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn find<'s>(&self, claims: Object<'s>) -> Option<Value<'s>> {
        claims.path(self.0.iter().map(|name| &**name))
    }

    /// The last name: what an error names.
    pub(crate) fn last(&self) -> &str {
        self.0.last().map_or("", |name| name)
    }
}

impl From<&str> for ClaimPath {
    fn from(name: &str) -> Self {
        Self([name.into()].into())
    }
}

impl From<&[&str]> for ClaimPath {
    fn from(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).into()).collect())
    }
}

impl<const N: usize> From<[&str; N]> for ClaimPath {
    fn from(names: [&str; N]) -> Self {
        names.as_slice().into()
    }
}

/// A value that a claim must have; types are never converted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Expected {
    /// This very string.
    String(Box<str>),
    /// This very integer, also when it is written `1e2` or `100.0`.
    Integer(i64),
    /// A number whose nearest double is this one.
    Number(f64),
    /// This boolean.
    Bool(bool),
    /// An array that has this string among its elements.
    Contains(Box<str>),
    /// One of these.
    OneOf(Box<[Self]>),
}

/// The integers of which every one is a double of its own.
const EXACT_DOUBLES: std::ops::RangeInclusive<f64> = -9_007_199_254_740_991.0..=9_007_199_254_740_991.0;

impl Expected {
    /// Demands an array that has `element` among its elements.
    #[must_use]
    pub fn contains(element: &str) -> Self {
        Self::Contains(element.into())
    }

    /// Demands that one of these is met.
    ///
    /// ```
    /// use jot::{Alg, Expected, Policy};
    ///
    /// let policy = Policy::new([Alg::ES256])
    ///     .claim_equals("tier", Expected::one_of(["gold", "silver"]))
    ///     .claim_equals("roles", Expected::one_of(["admin", "owner"].map(Expected::contains)));
    /// ```
    #[must_use]
    pub fn one_of(values: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        Self::OneOf(values.into_iter().map(Into::into).collect())
    }

    /// JSON has no NaN and no infinity, and none of nothing is met.
    pub(crate) fn can_be_met(&self) -> bool {
        match self {
            Self::Number(wanted) => wanted.is_finite(),
            Self::OneOf(values) => !values.is_empty() && values.iter().all(Self::can_be_met),
            _ => true,
        }
    }

    #[expect(clippy::float_cmp, reason = "the claim must have this very value")]
    pub(crate) fn matches(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::String(wanted), Value::String(text)) => **wanted == *text,
            (Self::Bool(wanted), Value::Bool(value)) => *wanted == value,
            (Self::Number(wanted), Value::Number(number)) => number.as_f64() == *wanted,
            (Self::Integer(wanted), Value::Number(number)) => match number.as_i64() {
                Some(integer) => integer == *wanted,
                None => {
                    let double = number.as_f64();
                    #[expect(clippy::cast_precision_loss, reason = "held to the exact doubles")]
                    let equal = double == *wanted as f64;
                    equal && EXACT_DOUBLES.contains(&double)
                }
            },
            (Self::Contains(wanted), Value::Array(array)) => array.has_text(wanted),
            (Self::OneOf(values), value) => values.iter().any(|wanted| wanted.matches(value)),
            _ => false,
        }
    }
}

impl From<&str> for Expected {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<i64> for Expected {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for Expected {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<f64> for Expected {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for Expected {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{self, Storage};

    fn matches(expected: impl Into<Expected>, claim: &str) -> bool {
        let text = format!("{{\"c\":{{\"d\":{claim}}}}}");
        let mut storage = Storage::default();
        let claims = json::parse(text.as_bytes(), &mut storage).unwrap();
        expected.into().matches(ClaimPath::from(["c", "d"]).find(claims).unwrap())
    }

    #[test]
    fn values_match_without_conversion() {
        assert!(matches("a\"b", r#""a\"b""#) && !matches("a", r#""A""#) && !matches("1", "1"));
        assert!(matches(true, "true") && !matches(true, "1") && !matches(true, "\"true\""));
        assert!(
            matches(100, "100") && matches(100, "1e2") && matches(100, "100.0") && !matches(100, "100.5")
        );
        assert!(!matches(100, "\"100\"") && !matches(9_007_199_254_740_993_i64, "9007199254740992.0"));
        assert!(matches(9_007_199_254_740_993_i64, "9007199254740993"));
        assert!(matches(0.5, "5e-1") && !matches(0.5, "0.25"));
        assert!(
            matches(Expected::contains("x"), r#"["y","x"]"#) && !matches(Expected::contains("x"), r#""x""#)
        );
        assert!(!matches(Expected::contains("x"), r#"[["x"]]"#));
    }

    #[test]
    fn one_of_several_values_is_enough_and_none_of_none_is_met() {
        let tiers = || Expected::one_of(["gold", "silver"]);
        assert!(matches(tiers(), "\"gold\"") && matches(tiers(), "\"silver\""));
        assert!(
            !matches(tiers(), "\"tin\"") && !matches(tiers(), r#"["gold"]"#) && !matches(tiers(), "null")
        );
        let mixed = || Expected::one_of([Expected::from(1), true.into(), Expected::contains("x")]);
        assert!(matches(mixed(), "1.0") && matches(mixed(), "true") && matches(mixed(), r#"["x"]"#));
        assert!(!matches(mixed(), "2") && !matches(mixed(), "\"x\"") && mixed().can_be_met());
        assert!(!Expected::one_of([] as [Expected; 0]).can_be_met());
        assert!(!Expected::one_of([Expected::from(1), f64::NAN.into()]).can_be_met());
    }
}
