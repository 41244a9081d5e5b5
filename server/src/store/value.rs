//! What goes into the database and comes out of it, whichever it is.

use super::fault::{Outcome, StoreFault};

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Value {
    fn from(is_so: bool) -> Self {
        Self::Number(is_so.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row, whose columns are taken from left to right.
#[derive(Debug)]
pub(crate) struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(super) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    fn next(&mut self) -> Value {
        self.0.next().unwrap_or(Value::Null)
    }

    pub(super) fn optional_number(&mut self) -> Outcome<Option<i64>> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Number(number) => Ok(Some(number)),
            other => Err(unfit("a number", &other)),
        }
    }

    pub(super) fn number(&mut self) -> Outcome<i64> {
        self.optional_number()?.ok_or_else(|| unfit("a number", &Value::Null))
    }

    pub(super) fn small_number(&mut self) -> Outcome<u32> {
        let number = self.number()?;
        u32::try_from(number).map_err(|_| unfit("a number of 32 bits", &Value::Number(number)))
    }

    pub(super) fn flag(&mut self) -> Outcome<bool> {
        Ok(self.number()? != 0)
    }

    pub(super) fn optional_text(&mut self) -> Outcome<Option<String>> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(unfit("a text", &other)),
        }
    }

    pub(super) fn text(&mut self) -> Outcome<String> {
        self.optional_text()?.ok_or_else(|| unfit("a text", &Value::Null))
    }

    pub(super) fn bytes(&mut self) -> Outcome<Vec<u8>> {
        match self.next() {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(unfit("bytes", &other)),
        }
    }

    pub(super) fn array<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        self.bytes()?.try_into().map_err(|bytes| unfit("another number of bytes", &Value::Bytes(bytes)))
    }
}

/// What was found may be a secret, so only its kind is told.
fn unfit(wanted: &str, found: &Value) -> StoreFault {
    let found = match found {
        Value::Null => "nothing",
        Value::Number(_) => "a number",
        Value::Text(_) => "a text",
        Value::Bytes(_) => "bytes",
    };
    StoreFault::Database(format!("a column has {found} where {wanted} is wanted"))
}
