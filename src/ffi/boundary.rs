//! The one door between C and the engine.
//!
//! Every function of jot.h does its work inside [`boundary`], or inside
//! [`answer`] when it has no code to return. Handles arrive as `Option<&T>`,
//! so NULL is a value like any other; what is not a handle arrives as a raw
//! pointer and is read and written here alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::failure::Failure;
use crate::error::{Code, Error};

/// Runs a call and turns its error, or a panic, into a code.
#[inline]
pub(super) fn boundary(call: impl FnOnce() -> Result<(), Error>) -> u32 {
    match caught(call) {
        Some(Ok(())) => Code::Accepted.number(),
        Some(Err(error)) => error.code().number(),
        None => Code::Panicked.number(),
    }
}

/// Like [`boundary`], and explains an error to a caller who asked for it.
pub(super) fn explained(failure: *mut Failure, call: impl FnOnce() -> Result<(), Error>) -> u32 {
    let error = match caught(call) {
        Some(Ok(())) => return Code::Accepted.number(),
        Some(Err(error)) => error,
        None => Error::new(Code::Panicked),
    };
    let told =
        boundary(|| if failure.is_null() { Ok(()) } else { write(failure, Failure::from(error), "error") });
    if told == Code::Accepted.number() { error.code().number() } else { told }
}

/// Runs a call that returns something else than a code.
pub(super) fn answer<T>(otherwise: T, call: impl FnOnce() -> T) -> T {
    caught(call).unwrap_or(otherwise)
}

#[inline]
fn caught<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "plant-panics")]
        super::planted::panic_if_planted();
        call()
    }))
    .ok()
}

/// Says which argument is at fault.
pub(super) fn misuse(code: Code, argument: &str) -> Error {
    Error::of_member(code, argument)
}

/// Takes an argument that must not be NULL.
#[inline]
pub(super) fn given<T>(argument: Option<T>, name: &str) -> Result<T, Error> {
    argument.ok_or_else(|| misuse(Code::ArgumentNull, name))
}

/// A struct that begins with its size, so that it can grow at its end.
///
/// # Safety
/// The type is `repr(C)`, begins with a `usize`, and any bytes behind that are
/// a value of it.
pub(super) unsafe trait Growable: Copy {
    /// The size of the version before this one, the first that was published;
    /// of a struct that never grew, its size.
    const LEAST: usize;
}

/// Past this the size was certainly never set.
const MOST: usize = 4096;

/// Returns how many bytes of the struct both sides know.
fn common_size<T: Growable>(place: *const T, name: &str) -> Result<usize, Error> {
    if place.is_null() {
        return Err(misuse(Code::ArgumentNull, name));
    }
    if !place.is_aligned() {
        return Err(misuse(Code::ArgumentMisaligned, name));
    }
    // SAFETY: the caller hands over an aligned struct that begins with its
    // size, see `Growable`.
    let size = unsafe { place.cast::<usize>().read() };
    // A size in between would cut a member in two.
    let known = size == T::LEAST || (size_of::<T>()..=MOST).contains(&size);
    if !known {
        return Err(misuse(Code::ArgumentSize, name));
    }
    Ok(size.min(size_of::<T>()))
}

/// Tells beforehand whether a growable struct can be written.
pub(super) fn writable<T: Growable>(place: *const T, name: &str) -> Result<(), Error> {
    common_size(place, name).map(|_| ())
}

/// Reads a growable struct; what the caller's version lacks stays as it is in
/// `value`.
pub(super) fn read<T: Growable>(place: *const T, mut value: T, name: &str) -> Result<T, Error> {
    let size = common_size(place, name)?;
    // SAFETY: both hold at least `size` bytes, which are a value of `T`.
    unsafe {
        std::ptr::copy_nonoverlapping(place.cast::<u8>(), (&raw mut value).cast::<u8>(), size);
    }
    Ok(value)
}

/// Writes a growable struct as far as the caller's version knows it; the size
/// stays the caller's.
#[inline]
pub(super) fn write<T: Growable>(place: *mut T, value: T, name: &str) -> Result<(), Error> {
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

/// Writes a struct of this very version, in a few moves instead of a loop.
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

/// Takes a row of values of the caller's; NULL only when it is empty.
pub(super) fn row<'r, T>(first: *const T, len: usize, name: &str) -> Result<&'r [T], Error> {
    if len == 0 {
        return Ok(&[]);
    }
    check_row(first, len, name)?;
    // SAFETY: aligned, not NULL, not longer than memory can be; that it is
    // readable for the call is what the caller promises for every row.
    Ok(unsafe { std::slice::from_raw_parts(first, len) })
}

/// Takes a row of values to write to; NULL only when it is empty.
pub(super) fn row_mut<'r, T>(first: *mut T, len: usize, name: &str) -> Result<&'r mut [T], Error> {
    if len == 0 {
        return Ok(&mut []);
    }
    check_row(first, len, name)?;
    // SAFETY: as in `row`, and that nothing else touches it during the call.
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
