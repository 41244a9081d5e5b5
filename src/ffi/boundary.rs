//! The boundary between C and the engine.
//!
//! Every function of jot.h does its work inside [`boundary`], or inside [`answer`] if
//! it returns no code. `explained` in `failure.rs` is a boundary that also describes
//! the error. Handles arrive as `Option<&T>`, so NULL is a value like any other.
//! Everything else arrives as a raw pointer, which only this file reads and writes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Code, Error};

/// Runs a call and turns its error, or a panic, into a code.
#[inline]
pub fn boundary(call: impl FnOnce() -> Result<(), Error>) -> u32 {
    match caught(call) {
        Some(Ok(())) => Code::Accepted.number(),
        Some(Err(error)) => error.code().number(),
        None => Code::Panicked.number(),
    }
}

/// Runs a call that returns something other than a code.
pub fn answer<T>(otherwise: T, call: impl FnOnce() -> T) -> T {
    caught(call).unwrap_or(otherwise)
}

#[inline]
pub fn caught<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(|| {
        #[cfg(jot_planted)]
        super::planted::panic_if_planted();
        call()
    }))
    .ok()
}

/// Makes an error that names the wrong argument.
pub fn misuse(code: Code, argument: &str) -> Error {
    Error::of_member(code, argument)
}

/// Returns an argument that must not be NULL.
///
/// # Errors
/// [`Code::ArgumentNull`]
#[inline]
pub fn given<T>(argument: Option<T>, name: &str) -> Result<T, Error> {
    argument.ok_or_else(|| misuse(Code::ArgumentNull, name))
}

/// A struct that begins with its size, so that it can grow at its end.
///
/// # Safety
/// The type is `repr(C)` and begins with a `usize`, and any bytes after that are a
/// valid value of it.
pub unsafe trait Growable: Copy {
    /// The size in the first published version; for a struct that never grew, its size.
    const LEAST: usize;

    /// The sizes of the versions between the first and this one.
    const BETWEEN: &'static [usize] = &[];
}

/// A larger size was certainly never set.
const MOST: usize = 4096;

/// Returns the number of bytes of the struct that both sides know.
fn common_size<T: Growable>(place: *const T, name: &str) -> Result<usize, Error> {
    if place.is_null() {
        return Err(misuse(Code::ArgumentNull, name));
    }
    if !place.is_aligned() {
        return Err(misuse(Code::ArgumentMisaligned, name));
    }
    // SAFETY: the caller passes an aligned struct that begins with its size, see
    // `Growable`.
    let size = unsafe { place.cast::<usize>().read() };
    // Another size in between could split a member.
    let is_earlier = size == T::LEAST || T::BETWEEN.contains(&size);
    let known = is_earlier || (size_of::<T>()..=MOST).contains(&size);
    if !known {
        return Err(misuse(Code::ArgumentSize, name));
    }
    Ok(size.min(size_of::<T>()))
}

/// Checks in advance that a growable struct can be written.
///
/// # Errors
/// Those of wrong arguments.
pub fn writable<T: Growable>(place: *const T, name: &str) -> Result<(), Error> {
    common_size(place, name).map(|_| ())
}

/// Reads a growable struct; members that the caller's version lacks keep their `value`.
///
/// # Errors
/// Those of wrong arguments.
pub fn read<T: Growable>(place: *const T, mut value: T, name: &str) -> Result<T, Error> {
    let size = common_size(place, name)?;
    // SAFETY: both hold at least `size` bytes, which are a value of `T`.
    unsafe {
        std::ptr::copy_nonoverlapping(place.cast::<u8>(), (&raw mut value).cast::<u8>(), size);
    }
    Ok(value)
}

/// Writes the members of a growable struct that the caller's version knows, and keeps
/// the caller's size.
///
/// # Errors
/// Those of wrong arguments.
#[inline]
pub fn write<T: Growable>(place: *mut T, value: T, name: &str) -> Result<(), Error> {
    let size = common_size(place, name)?;
    let behind = size_of::<usize>();
    if size == size_of::<T>() {
        return write_whole(place, value);
    }
    let from = (&raw const value).cast::<u8>().wrapping_add(behind);
    let to = place.cast::<u8>().wrapping_add(behind);
    // SAFETY: both hold at least `size` bytes, the first of which are the size.
    unsafe {
        std::ptr::copy_nonoverlapping(from, to, size.saturating_sub(behind));
    }
    Ok(())
}

/// Writes a struct of exactly this version, which takes a few moves instead of a loop.
#[inline]
fn write_whole<T: Growable>(place: *mut T, mut value: T) -> Result<(), Error> {
    // SAFETY: the caller's struct is aligned and begins with its size.
    let size = unsafe { place.cast::<usize>().read() };
    // SAFETY: `T` begins with a `usize`.
    unsafe { (&raw mut value).cast::<usize>().write(size) };
    // SAFETY: the caller's struct is as large as `T`.
    unsafe { place.write(value) };
    Ok(())
}

/// Returns a slice of the caller's values; NULL is allowed only if it is empty.
///
/// # Errors
/// Those of wrong arguments.
#[expect(clippy::not_unsafe_ptr_arg_deref, reason = "what calls it has the caller's promise, too")]
pub fn row<'r, T>(first: *const T, len: usize, name: &str) -> Result<&'r [T], Error> {
    if len == 0 {
        return Ok(&[]);
    }
    check_row(first, len, name)?;
    // SAFETY: it is aligned, not NULL, and not longer than memory can be; the caller
    // promises that it is readable for the call.
    Ok(unsafe { std::slice::from_raw_parts(first, len) })
}

/// Returns a slice of values to write to; NULL is allowed only if it is empty.
///
/// # Errors
/// Those of wrong arguments.
pub fn row_mut<'r, T>(first: *mut T, len: usize, name: &str) -> Result<&'r mut [T], Error> {
    if len == 0 {
        return Ok(&mut []);
    }
    check_row(first, len, name)?;
    // SAFETY: as in `row`; the caller also promises that nothing else uses it during
    // the call.
    Ok(unsafe { std::slice::from_raw_parts_mut(first, len) })
}

fn check_row<T>(first: *const T, len: usize, name: &str) -> Result<(), Error> {
    if first.is_null() {
        return Err(misuse(Code::ArgumentNull, name));
    }
    if !first.is_aligned() {
        return Err(misuse(Code::ArgumentMisaligned, name));
    }
    let bytes = len.checked_mul(size_of::<T>()).filter(|bytes| isize::try_from(*bytes).is_ok());
    if bytes.is_none_or(|bytes| first.addr().checked_add(bytes).is_none()) {
        return Err(misuse(Code::ArgumentSize, name));
    }
    Ok(())
}
