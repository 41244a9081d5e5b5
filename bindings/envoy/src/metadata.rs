//! Claims as a serialized `google.protobuf.Struct`, for other filters.

use jot::json::{Object, Value};

// The wire types of Protocol Buffers.
const VARINT: u8 = 0;
const FIXED64: u8 = 1;
const BYTES: u8 = 2;

/// A Struct in the making: `map<string, Value> fields = 1`.
#[derive(Debug, Default)]
pub(crate) struct Struct(Vec<u8>);

impl Struct {
    /// Adds an object. Of the members that are named in `lists`, texts become
    /// lists of what stands between their spaces.
    pub(crate) fn object(&mut self, key: &str, object: Object<'_>, lists: &[String]) {
        let mut fields = Self::default();
        for (name, value) in object.members() {
            match value {
                Value::String(text) if lists.iter().any(|list| *list == name) => fields.list(name, text),
                value => entry(&mut fields.0, name, &value_of(value)),
            }
        }
        self.nested(key, &fields);
    }

    pub(crate) fn nested(&mut self, key: &str, fields: &Self) {
        let mut value = Vec::new();
        delimited(&mut value, 5, &fields.0);
        entry(&mut self.0, key, &value);
    }

    pub(crate) fn text(&mut self, key: &str, text: &str) {
        entry(&mut self.0, key, &text_value(text));
    }

    pub(crate) fn number(&mut self, key: &str, number: u32) {
        entry(&mut self.0, key, &number_value(number.into()));
    }

    fn list(&mut self, key: &str, text: &str) {
        let parts = text.split(' ').filter(|part| !part.is_empty());
        entry(&mut self.0, key, &list_value(parts.map(text_value)));
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

fn members(object: Object<'_>) -> Vec<u8> {
    let mut fields = Vec::new();
    for (name, value) in object.members() {
        entry(&mut fields, name, &value_of(value));
    }
    fields
}

fn entry(fields: &mut Vec<u8>, name: &str, value: &[u8]) {
    let mut entry = Vec::new();
    delimited(&mut entry, 1, name.as_bytes());
    delimited(&mut entry, 2, value);
    delimited(fields, 1, &entry);
}

/// A Value; nesting is bounded by the engine.
fn value_of(value: Value<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        Value::Number(number) => match number.as_f64() {
            double if double.is_finite() => return number_value(double),
            // A number that no double holds stays readable.
            _ => return text_value(number.as_text()),
        },
        Value::String(text) => return text_value(text),
        Value::Bool(value) => out.extend([tag(4, VARINT), value.into()]),
        Value::Object(object) => delimited(&mut out, 5, &members(object)),
        Value::Array(array) => return list_value(array.iter().map(value_of)),
        _ => out.extend([tag(1, VARINT), 0]),
    }
    out
}

fn text_value(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    delimited(&mut out, 3, text.as_bytes());
    out
}

fn number_value(number: f64) -> Vec<u8> {
    let mut out = vec![tag(2, FIXED64)];
    out.extend(number.to_le_bytes());
    out
}

fn list_value(elements: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut list = Vec::new();
    elements.for_each(|element| delimited(&mut list, 1, &element));
    let mut out = Vec::new();
    delimited(&mut out, 6, &list);
    out
}

const fn tag(field: u8, kind: u8) -> u8 {
    field << 3 | kind
}

fn delimited(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(tag(field, BYTES));
    let mut length = bytes.len();
    while length >= 0x80 {
        #[expect(clippy::cast_possible_truncation, reason = "the lowest seven bits are wanted")]
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    #[expect(clippy::cast_possible_truncation, reason = "less than 0x80")]
    out.push(length as u8);
    out.extend(bytes);
}
