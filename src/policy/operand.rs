//! What conditions compare claims with.

use std::cmp::Ordering;

use crate::json::{Value, is_comparable};

/// What a [`Condition`](crate::Condition) compares a claim with: a string, a number or
/// a boolean. Types are never converted, and numbers compare by their value: `100` is
/// `1e2` and `100.0`, and not `"100"`.
///
/// ```
/// use jot::Operand;
///
/// let operands: [Operand; 4] = ["gold".into(), 42.into(), 0.5.into(), true.into()];
/// let from_a_request = Operand::text("42"); // the string, or the number written so
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Operand(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    String(Box<str>),
    /// As JSON writes it; anything else is refused before it is compared.
    Number(Box<str>),
    Bool(bool),
    /// A text without a type.
    Text(Box<str>),
}

impl Operand {
    /// Takes a text that has no type, such as a value that comes with a request. It
    /// equals a string of these very bytes, and a number or a boolean that the token
    /// writes exactly so; it is never read as JSON.
    ///
    /// An empty text equals nothing, and no condition with one is met, also if it is
    /// negated.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(Kind::Text(text.into()))
    }

    /// Reads a word of the notation that is no JSON string.
    pub(super) fn of_word(word: &str) -> Self {
        match word {
            "true" => true.into(),
            "false" => false.into(),
            number if is_comparable(number) => Self(Kind::Number(number.into())),
            string => string.into(),
        }
    }

    pub(super) fn is_empty_text(&self) -> bool {
        matches!(&self.0, Kind::Text(text) if text.is_empty())
    }

    /// JSON has no NaN and no infinity.
    pub(super) fn is_value(&self) -> bool {
        match &self.0 {
            Kind::Number(number) => is_comparable(number),
            Kind::String(_) | Kind::Bool(_) | Kind::Text(_) => true,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(&self.0, Kind::Number(number) if is_comparable(number))
    }

    /// Returns the characters of a string or a text.
    pub(super) fn chars(&self) -> Option<&str> {
        match &self.0 {
            Kind::String(text) | Kind::Text(text) => Some(text),
            Kind::Number(_) | Kind::Bool(_) => None,
        }
    }

    pub(super) fn equals(&self, value: Value<'_>) -> bool {
        match (&self.0, value) {
            (Kind::String(wanted), Value::String(text)) => **wanted == *text,
            (Kind::Bool(wanted), Value::Bool(value)) => *wanted == value,
            (Kind::Number(_), Value::Number(_)) => self.compare(value) == Some(Ordering::Equal),
            (Kind::Text(wanted), value) if !wanted.is_empty() => match value {
                Value::String(text) => **wanted == *text,
                Value::Number(number) => **wanted == *number.as_text(),
                Value::Bool(value) => **wanted == *if value { "true" } else { "false" },
                _ => false,
            },
            _ => false,
        }
    }

    /// Compares a claim with this number; `None` if one of them is none.
    pub(super) fn compare(&self, value: Value<'_>) -> Option<Ordering> {
        match (&self.0, value) {
            (Kind::Number(wanted), Value::Number(number)) if is_comparable(wanted) => {
                Some(number.compare(wanted))
            }
            _ => None,
        }
    }
}

impl From<&str> for Operand {
    fn from(value: &str) -> Self {
        Self(Kind::String(value.into()))
    }
}

impl From<i64> for Operand {
    fn from(value: i64) -> Self {
        Self(Kind::Number(value.to_string().into()))
    }
}

impl From<u64> for Operand {
    fn from(value: u64) -> Self {
        Self(Kind::Number(value.to_string().into()))
    }
}

impl From<i32> for Operand {
    fn from(value: i32) -> Self {
        i64::from(value).into()
    }
}

impl From<f64> for Operand {
    /// Takes the shortest number that is read as this double: `0.1` is 0.1.
    fn from(value: f64) -> Self {
        Self(Kind::Number(format!("{value:e}").into()))
    }
}

impl From<bool> for Operand {
    fn from(value: bool) -> Self {
        Self(Kind::Bool(value))
    }
}
