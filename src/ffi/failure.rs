//! Errors in arguments, keys, policies or claims to sign.

use std::ffi::c_char;
use std::fmt;
use std::mem::MaybeUninit;

use super::boundary::{Growable, boundary, caught, misuse, read, row_mut, write};
use crate::error::{Code, Error, Name, describe};

/// The size of `name`: the longest name and a NUL.
const NAME_BYTES: usize = 48;

const _: () = assert!(NAME_BYTES > Name::MAX_BYTES);

/// Details of an error, beyond its code.
///
/// Set `size` to `sizeof(jot_error)` before the first use; a call that fails fills in
/// the rest, and a call that succeeds does not change it. The caller owns it; it holds
/// no pointer and needs no free.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// `sizeof(jot_error)`, set by the caller.
    pub size: usize,
    /// The code that the call returned.
    pub code: u32,
    /// The byte offset of the fault in the text; `JOT_NONE` if not known.
    pub offset: u32,
    /// The argument, JWK member, Header Parameter or policy setting at fault, ended by
    /// a NUL; empty if no single one is.
    pub name: [c_char; 48],
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for Failure {
    const LEAST: usize = size_of::<Self>();
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let name = name_bytes(error.member().unwrap_or_default());
        let offset = error.offset().unwrap_or(u32::MAX);
        Self { size: size_of::<Self>(), code: error.code().number(), offset, name }
    }
}

/// Returns a name, or another short text, ended by a NUL.
pub(super) fn name_bytes(text: &str) -> [c_char; NAME_BYTES] {
    let mut name = [0; NAME_BYTES];
    let (kept, _) = name.split_at_mut(NAME_BYTES.saturating_sub(1));
    for (to, from) in kept.iter_mut().zip(text.bytes()) {
        *to = c_char::from_ne_bytes([from]);
    }
    name
}

/// Works like [`boundary`], and also describes an error if the caller passed a struct
/// for it.
pub fn explained(failure: *mut Failure, call: impl FnOnce() -> Result<(), Error>) -> u32 {
    let error = match caught(call) {
        Some(Ok(())) => return Code::Accepted.number(),
        Some(Err(error)) => error,
        None => Error::new(Code::Panicked),
    };
    let told =
        boundary(|| if failure.is_null() { Ok(()) } else { write(failure, Failure::from(error), "error") });
    if told == Code::Accepted.number() { error.code().number() } else { told }
}

/// Writes one sentence about the error, such as `policy_invalid (104): … [audience]`,
/// into `buffer` of `capacity` bytes and ends it with a NUL; a sentence that is too
/// long is cut. `length`, unless NULL, receives the length of the whole sentence
/// without the NUL: `jot_error_message(&error, NULL, 0, &length)` returns the needed
/// size.
///
/// Returns `JOT_ARGUMENT_NULL`; `JOT_ARGUMENT_SIZE`; `JOT_ARGUMENT_VALUE` if
/// `error->code` is not a code. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_error_message(
    error: *const Failure,
    buffer: *mut c_char,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
) -> u32 {
    boundary(|| {
        let failure = read(error, Failure::from(Error::new(Code::Internal)), "error")?;
        let code = known_code(failure.code)?;
        let name: Vec<u8> =
            failure.name.iter().take_while(|c| **c != 0).map(|c| c.to_ne_bytes()[0]).collect();
        let name = String::from_utf8_lossy(&name);
        let name = (!name.is_empty()).then_some(&*name);
        let offset = (failure.offset != u32::MAX).then_some(failure.offset);
        let text = fmt::from_fn(|f| describe(f, code, name, offset)).to_string();
        hand_out(&text, buffer, capacity, length)
    })
}

/// Writes a text and a NUL into the caller's buffer, cut to its size.
pub(super) fn hand_out(
    text: &str,
    buffer: *mut c_char,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
) -> Result<(), Error> {
    if let Some(last) = capacity.checked_sub(1) {
        let buffer = row_mut(buffer, capacity, "buffer")?;
        let kept = text.get(..text.floor_char_boundary(last)).unwrap_or_default();
        let ended = kept.bytes().chain([0]);
        for (to, from) in buffer.iter_mut().zip(ended) {
            *to = c_char::from_ne_bytes([from]);
        }
    }
    if let Some(length) = length {
        length.write(text.len());
    }
    Ok(())
}

/// Reads the number of a code.
///
/// # Errors
/// [`Code::ArgumentValue`]
pub fn known_code(number: u32) -> Result<Code, Error> {
    Code::from_number(number).ok_or_else(|| misuse(Code::ArgumentValue, "code"))
}
