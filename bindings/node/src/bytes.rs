//! Texts and bytes of JavaScript, read into memory of our own.
//!
//! The memory of a `Buffer` may be shared with other threads, which could change a token between
//! two looks at it. So a token is always copied before anything looks at it.

#![allow(unsafe_code, reason = "N-API writes texts into the caller's memory by its functions in C")]

use std::ptr;

use napi::bindgen_prelude::{Float64ArraySlice, FromNapiValue, Uint8Array, Unknown};
use napi::{Env, JsValue, ValueType, sys};

/// Reads a string, as UTF-8, or the bytes of a `Buffer` or `Uint8Array` into `buffer`.
///
/// # Errors
/// `false`: the value is neither.
pub(crate) fn read(env: Env, value: Unknown<'_>, buffer: &mut Vec<u8>) -> Result<(), NotBytes> {
    match value.get_type() {
        Ok(ValueType::String) => read_string(env.raw(), value.raw(), buffer),
        Ok(ValueType::Object) => {
            // SAFETY: both are of the call that is running.
            let array = unsafe { Uint8Array::from_napi_value(env.raw(), value.raw()) };
            let array = array.map_err(|_| NotBytes)?;
            buffer.clear();
            buffer.extend_from_slice(&array);
            Ok(())
        }
        _ => Err(NotBytes),
    }
}

/// The value is neither a string nor bytes.
#[derive(Debug)]
pub(crate) struct NotBytes;

/// What a text is read into at first.
const USUAL: usize = 4096;

fn read_string(env: sys::napi_env, value: sys::napi_value, buffer: &mut Vec<u8>) -> Result<(), NotBytes> {
    buffer.clear();
    buffer.reserve(USUAL);
    loop {
        let capacity = buffer.capacity();
        let mut written = 0;
        // SAFETY: the buffer has so many bytes, of which the function writes as many as it says,
        // and a null behind them.
        let status = unsafe {
            sys::napi_get_value_string_utf8(
                env,
                value,
                buffer.as_mut_ptr().cast(),
                capacity,
                &raw mut written,
            )
        };
        if status != sys::Status::napi_ok {
            return Err(NotBytes);
        }
        // A character has at most four bytes, so a text that was cut leaves fewer free.
        if capacity.saturating_sub(written) > 4 {
            // SAFETY: so many bytes were written.
            unsafe { buffer.set_len(written) };
            return Ok(());
        }
        let mut length = 0;
        // SAFETY: without a buffer the function only counts.
        let status =
            unsafe { sys::napi_get_value_string_utf8(env, value, ptr::null_mut(), 0, &raw mut length) };
        if status != sys::Status::napi_ok {
            return Err(NotBytes);
        }
        buffer.reserve(length.saturating_add(8));
    }
}

/// Writes numbers where JavaScript reads them.
pub(crate) fn write(slot: &mut Float64ArraySlice<'_>, values: &[f64]) {
    // SAFETY: it is an array that `lib/verifier.js` made and shares with no other thread.
    let slot = unsafe { slot.as_mut() };
    for (to, from) in slot.iter_mut().zip(values) {
        *to = *from;
    }
}
