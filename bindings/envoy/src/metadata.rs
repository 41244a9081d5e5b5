//! Claims as a serialized `google.protobuf.Struct`, for other filters.

use jot::{Object, Value};

// The wire types of Protocol Buffers.
const VARINT: u8 = 0;
const FIXED64: u8 = 1;
const BYTES: u8 = 2;

/// Writes a Struct with one field, whose value is the Claims Set.
pub(crate) fn struct_of(key: &str, claims: Object<'_>) -> Vec<u8> {
    let mut value = Vec::new();
    delimited(&mut value, 5, &members(claims));
    let mut whole = Vec::new();
    entry(&mut whole, key, &value);
    whole
}

/// A Struct: `map<string, Value> fields = 1`.
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
            double if double.is_finite() => {
                out.push(tag(2, FIXED64));
                out.extend(double.to_le_bytes());
            }
            // A number that no double holds stays readable.
            _ => delimited(&mut out, 3, number.as_text().as_bytes()),
        },
        Value::String(text) => delimited(&mut out, 3, text.as_bytes()),
        Value::Bool(value) => out.extend([tag(4, VARINT), value.into()]),
        Value::Object(object) => delimited(&mut out, 5, &members(object)),
        Value::Array(array) => {
            let mut list = Vec::new();
            for element in array.iter() {
                delimited(&mut list, 1, &value_of(element));
            }
            delimited(&mut out, 6, &list);
        }
        _ => out.extend([tag(1, VARINT), 0]),
    }
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
