//! Reads the claims and the header of the token that a scratch holds.

use std::mem::MaybeUninit;

use super::boundary::{answer, boundary, given, misuse, row};
use super::slice::Slice;
use super::verdict::Scratch;
use crate::error::{Code, Error};
use crate::json::{self, Object};

/// `null`
pub const JOT_NULL: u32 = 0;
/// `true` or `false`
pub const JOT_BOOLEAN: u32 = 1;
/// A number.
pub const JOT_NUMBER: u32 = 2;
/// A string.
pub const JOT_STRING: u32 = 3;
/// An array.
pub const JOT_ARRAY: u32 = 4;
/// An object.
pub const JOT_OBJECT: u32 = 5;

/// A JSON value of the token that a scratch holds.
///
/// It is valid until the scratch is used for the next token or freed. A value that is
/// used after the next token returns `JOT_VALUE_STALE`; it must not be used after the
/// scratch is freed. You may read `kind` and `text`; the other members belong to the
/// library.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Value {
    /// `JOT_NULL`, `JOT_BOOLEAN`, `JOT_NUMBER`, `JOT_STRING`, `JOT_ARRAY` or
    /// `JOT_OBJECT`.
    pub kind: u32,
    /// For the library.
    pub node: u32,
    /// For the library.
    pub epoch: u64,
    /// A string with its escapes resolved, which may contain NULs; any other value as
    /// the JSON text that was signed.
    pub text: Slice,
}

/// The bit of an epoch that distinguishes the header's values from those of the claims.
const OF_HEADER: u64 = 1;

impl Scratch {
    fn root(&self, of_header: bool) -> Result<Object<'static>, Error> {
        let root = match of_header {
            true => self.header.map(|header| header.as_object()),
            false => self.claims.map(|claims| claims.as_object()),
        };
        root.ok_or_else(|| misuse(Code::ValueMissing, if of_header { "header" } else { "claims" }))
    }

    /// Returns the document to which a value belongs.
    fn document_of(&self, value: &Value) -> Result<Object<'static>, Error> {
        if value.epoch & !OF_HEADER != self.epoch {
            return Err(misuse(Code::ValueStale, "value"));
        }
        self.root(value.epoch & OF_HEADER != 0)
    }

    fn value(&self, of_header: bool, document: Object<'static>, node: u32) -> Result<Value, Error> {
        let value = document.value_at(node).ok_or_else(|| misuse(Code::ValueMissing, "value"))?;
        let (kind, text) = match value {
            json::Value::Null => (JOT_NULL, "null"),
            json::Value::Bool(true) => (JOT_BOOLEAN, "true"),
            json::Value::Bool(false) => (JOT_BOOLEAN, "false"),
            json::Value::Number(number) => (JOT_NUMBER, number.as_text()),
            json::Value::String(text) => (JOT_STRING, text),
            json::Value::Array(array) => (JOT_ARRAY, array.as_text()),
            json::Value::Object(object) => (JOT_OBJECT, object.as_text()),
        };
        let epoch = self.epoch | if of_header { OF_HEADER } else { 0 };
        Ok(Value { kind, node, epoch, text: Slice::of(text.as_bytes()) })
    }

    fn at_path(&self, of_header: bool, path: &[Slice]) -> Result<Value, Error> {
        let document = self.root(of_header)?;
        let mut node = document.node();
        for name in path {
            let name = name.text("name")?;
            let found = match document.value_at(node) {
                Some(json::Value::Object(object)) => object.find(name),
                _ => None,
            };
            node = found.ok_or_else(|| misuse(Code::ValueMissing, name))?;
        }
        self.value(of_header, document, node)
    }

    fn claim(&self, name: Slice) -> Result<json::Value<'static>, Error> {
        let claims = self.claims.ok_or_else(|| misuse(Code::ValueMissing, "claims"))?;
        let name = name.text("name")?;
        claims.claim(name).ok_or_else(|| misuse(Code::ValueMissing, name))
    }
}

fn typed<T>(out: Option<&mut MaybeUninit<T>>, value: Option<T>) -> Result<(), Error> {
    given(out, "out")?.write(value.ok_or(Error::new(Code::ValueType))?);
    Ok(())
}

/// Finds a claim of the token that the scratch holds.
///
/// A scratch holds claims after `jot_verifier_verify` if the signature held, even if
/// the token was rejected because of them. Returns `JOT_VALUE_MISSING` if there is no
/// such claim, or no claims at all; 15x. Only the thread that owns the scratch may call
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_get(
    scratch: Option<&Scratch>,
    name: Slice,
    value: Option<&mut MaybeUninit<Value>>,
) -> u32 {
    jot_claims_path(scratch, &raw const name, 1, value)
}

/// Follows the `depth` names at `path` down through nested objects; with a depth of 0
/// it finds the whole Claims Set. Otherwise it works like `jot_claims_get`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_path(
    scratch: Option<&Scratch>,
    path: *const Slice,
    depth: usize,
    value: Option<&mut MaybeUninit<Value>>,
) -> u32 {
    boundary(|| {
        let found = given(scratch, "scratch")?.at_path(false, row(path, depth, "path")?)?;
        given(value, "value")?.write(found);
        Ok(())
    })
}

/// Reads a claim that is a string, with its escapes resolved. `text` is valid until the
/// scratch is used again or freed; nothing is copied.
///
/// Returns the codes of `jot_claims_get`; `JOT_VALUE_TYPE` if the claim is not a
/// string.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_text(
    scratch: Option<&Scratch>,
    name: Slice,
    text: Option<&mut MaybeUninit<Slice>>,
) -> u32 {
    boundary(|| {
        let value = given(scratch, "scratch")?.claim(name)?;
        typed(text, value.as_str().map(|text| Slice::of(text.as_bytes())))
    })
}

/// Reads a claim that is an integer of 64 bits, written without fraction and exponent.
/// Otherwise it works like `jot_claims_text`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_integer(
    scratch: Option<&Scratch>,
    name: Slice,
    integer: Option<&mut MaybeUninit<i64>>,
) -> u32 {
    boundary(|| {
        let value = given(scratch, "scratch")?.claim(name)?;
        typed(integer, value.as_number().and_then(|number| number.as_i64()))
    })
}

/// Reads a claim that is a number as the nearest double, which is infinite for a number
/// beyond its range. Otherwise it works like `jot_claims_text`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_number(
    scratch: Option<&Scratch>,
    name: Slice,
    number: Option<&mut MaybeUninit<f64>>,
) -> u32 {
    boundary(|| {
        let value = given(scratch, "scratch")?.claim(name)?;
        typed(number, value.as_number().map(|number| number.as_f64()))
    })
}

/// Reads a claim that is `true` (1) or `false` (0). Otherwise it works like
/// `jot_claims_text`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_boolean(
    scratch: Option<&Scratch>,
    name: Slice,
    boolean: Option<&mut MaybeUninit<u32>>,
) -> u32 {
    boundary(|| {
        let value = given(scratch, "scratch")?.claim(name)?;
        typed(boolean, value.as_bool().map(u32::from))
    })
}

/// Reads a claim that is a NumericDate: its whole seconds, rounded towards the past.
/// Otherwise it works like `jot_claims_text`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_date(
    scratch: Option<&Scratch>,
    name: Slice,
    seconds: Option<&mut MaybeUninit<i64>>,
) -> u32 {
    boundary(|| {
        let value = given(scratch, "scratch")?.claim(name)?;
        let date = value.as_number().and_then(|number| number.as_date());
        typed(seconds, date.map(|date| date.floor().0))
    })
}

/// Returns `true` if the token that the scratch holds grants a scope, in `scope` (one
/// string, scopes separated by spaces) or in `scp` (an array, or such a string). This
/// is the check of `jot_policy_scope`, for a server whose routes need different scopes.
/// Returns `false` in every other case: for NULL, for a scratch that holds no claims,
/// for a `scope` or `scp` of another type.
///
/// Call it only for accepted tokens. The code of a request that lacks a scope is
/// `JOT_SCOPE_INSUFFICIENT`. Only the thread that owns the scratch may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_has_scope(scratch: Option<&Scratch>, scope: Slice) -> bool {
    answer(false, || {
        let claims = scratch.and_then(|scratch| scratch.claims);
        claims.zip(scope.text("scope").ok()).is_some_and(|(claims, scope)| claims.has_scope(scope))
    })
}

/// Tells whether the `depth` names at `path` lead to an array that has this
/// string among its elements, such as a role: what the test `contains`
/// of a condition demands. Otherwise as `jot_claims_has_scope`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_contains(
    scratch: Option<&Scratch>,
    path: *const Slice,
    depth: usize,
    element: Slice,
) -> bool {
    answer(false, || {
        let Some(claims) = scratch.and_then(|scratch| scratch.claims) else { return false };
        let (Ok(path), Ok(element)) = (row(path, depth, "path"), element.text("element")) else {
            return false;
        };
        let names = path.iter().map(|name| name.text("name")).collect::<Result<Vec<_>, _>>();
        names.is_ok_and(|names| claims.contains(names, element))
    })
}

/// Finds a Header Parameter of the token that the scratch holds. It is unverified
/// unless the signature held.
///
/// A scratch holds a header after `jot_verifier_verify` and
/// `jot_verifier_verify_jws` if it is well formed. Returns the codes of
/// `jot_claims_get`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_header_get(
    scratch: Option<&Scratch>,
    name: Slice,
    value: Option<&mut MaybeUninit<Value>>,
) -> u32 {
    jot_header_path(scratch, &raw const name, 1, value)
}

/// Follows names through the header, like `jot_claims_path` through the claims.
#[unsafe(no_mangle)]
pub extern "C" fn jot_header_path(
    scratch: Option<&Scratch>,
    path: *const Slice,
    depth: usize,
    value: Option<&mut MaybeUninit<Value>>,
) -> u32 {
    boundary(|| {
        let found = given(scratch, "scratch")?.at_path(true, row(path, depth, "path")?)?;
        given(value, "value")?.write(found);
        Ok(())
    })
}

/// Finds the member of an object with this name.
///
/// Returns `JOT_VALUE_TYPE` if `value` is not an object; `JOT_VALUE_MISSING`;
/// `JOT_VALUE_STALE`; 15x. Only the thread that owns the scratch may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_value_member(
    scratch: Option<&Scratch>,
    value: Option<&Value>,
    name: Slice,
    member: Option<&mut MaybeUninit<Value>>,
) -> u32 {
    boundary(|| {
        let (scratch, value) = (given(scratch, "scratch")?, given(value, "value")?);
        let document = scratch.document_of(value)?;
        let Some(json::Value::Object(object)) = document.value_at(value.node) else {
            return Err(Error::new(Code::ValueType));
        };
        let name = name.text("name")?;
        let node = object.find(name).ok_or_else(|| misuse(Code::ValueMissing, name))?;
        let found = scratch.value(value.epoch & OF_HEADER != 0, document, node)?;
        given(member, "member")?.write(found);
        Ok(())
    })
}

/// Iterates over the members of an object or the elements of an array. Set `*cursor` to
/// 0 before the first call; each call advances it. `name`, which may be NULL, receives
/// the member's name, or an absent view in an array.
///
/// ```c
/// jot_value member;
/// jot_slice name;
/// for (uint32_t at = 0; jot_value_next(scratch, &object, &at, &name, &member) == 0;)
///     …
/// ```
///
/// Returns `JOT_VALUE_MISSING` after the last one; `JOT_VALUE_TYPE` if `value` is
/// neither; `JOT_VALUE_STALE`; 15x. Only the thread that owns the scratch may call
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_value_next(
    scratch: Option<&Scratch>,
    value: Option<&Value>,
    cursor: Option<&mut u32>,
    name: Option<&mut MaybeUninit<Slice>>,
    next: Option<&mut MaybeUninit<Value>>,
) -> u32 {
    boundary(|| {
        let (scratch, value) = (given(scratch, "scratch")?, given(value, "value")?);
        let (cursor, next) = (given(cursor, "cursor")?, given(next, "next")?);
        let document = scratch.document_of(value)?;
        if !matches!(document.value_at(value.node), Some(json::Value::Object(_) | json::Value::Array(_))) {
            return Err(Error::new(Code::ValueType));
        }
        let step = document.step(value.node, *cursor).ok_or(Error::new(Code::ValueMissing))?;
        next.write(scratch.value(value.epoch & OF_HEADER != 0, document, step.node)?);
        if let Some(name) = name {
            name.write(Slice::of_option(step.name));
        }
        *cursor = step.next;
        Ok(())
    })
}

fn number_of(value: Option<&Value>) -> Result<json::Number<'_>, Error> {
    let value = given(value, "value")?;
    match value.kind {
        JOT_NUMBER => Ok(json::Number::of_text(value.text.text("value")?)),
        _ => Err(Error::new(Code::ValueType)),
    }
}

/// Reads a value, like `jot_claims_integer` a claim.
///
/// Returns `JOT_VALUE_TYPE`; 15x. Only the thread that owns the scratch may call
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_value_integer(value: Option<&Value>, integer: Option<&mut MaybeUninit<i64>>) -> u32 {
    boundary(|| typed(integer, number_of(value)?.as_i64()))
}

/// Reads a value, like `jot_claims_number` a claim. Otherwise it works like
/// `jot_value_integer`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_value_number(value: Option<&Value>, number: Option<&mut MaybeUninit<f64>>) -> u32 {
    boundary(|| typed(number, Some(number_of(value)?.as_f64())))
}

/// Reads a value, like `jot_claims_boolean` a claim. Otherwise it works like
/// `jot_value_integer`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_value_boolean(value: Option<&Value>, boolean: Option<&mut MaybeUninit<u32>>) -> u32 {
    boundary(|| {
        let value = given(value, "value")?;
        let is_true = (value.kind == JOT_BOOLEAN).then(|| value.text.len == "true".len());
        typed(boolean, is_true.map(u32::from))
    })
}
