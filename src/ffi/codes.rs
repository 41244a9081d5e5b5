//! Versions, codes and algorithms by name.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::boundary::{answer, boundary, given, misuse};
use super::slice::Slice;
use crate::alg::Alg;
use crate::error::{Code, Error};
use crate::time::UnixSeconds;

/// "No such thing": no key, no issuer, no offset.
pub const JOT_NONE: u32 = 0xffff_ffff;

/// The version of this header's ABI. It is raised, together with the SONAME, if
/// something is removed or changed.
pub const JOT_ABI_VERSION: u32 = 0;

/// Returns the ABI version of the loaded library; compare it with
/// `JOT_ABI_VERSION`. It never fails. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_abi_version() -> u32 {
    answer(JOT_NONE, || JOT_ABI_VERSION)
}

/// Returns the version of the loaded library, such as `"0.1.0"`, ended by a NUL. It
/// is valid as long as the program runs. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    answer(c"".as_ptr(), || VERSION.as_ptr().cast())
}

/// Reads the system's clock: whole seconds since 1970. It is a convenience for
/// programs without their own clock; no other function reads a clock. Any thread
/// may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_clock_now() -> i64 {
    answer(0, || UnixSeconds::now().0)
}

fn code_text(number: u32, which: usize) -> *const c_char {
    answer(c"unknown".as_ptr(), || {
        let text = Code::from_number(number).and_then(|code| code.c_texts().get(which).copied());
        text.map_or(c"unknown".as_ptr(), |text| text.as_ptr().cast())
    })
}

/// Returns the stable name of a code, such as `"expired"`; `"unknown"` for a number
/// that is not a code. It ends with a NUL and is valid as long as the program runs.
/// Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_code_name(code: u32) -> *const c_char {
    code_text(code, 0)
}

/// Returns the stage of a code: `"accepted"`, `"caller"`, `"syntax"`, `"header"`,
/// `"key"`, `"signature"`, `"claims"`, `"limits"` or `"internal"`; `"unknown"` for a
/// number that is not a code. Otherwise it works like `jot_code_name`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_code_stage(code: u32) -> *const c_char {
    code_text(code, 1)
}

/// Returns the meaning of a code as one sentence; `"unknown"` for a number that is not
/// a code. Otherwise it works like `jot_code_name`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_code_meaning(code: u32) -> *const c_char {
    code_text(code, 2)
}

/// Returns the HTTP status of the response to a request whose token has this code:
/// 200 for `JOT_ACCEPTED`, 401 for a fault of the token, 403 for
/// `JOT_SCOPE_INSUFFICIENT`, and 500 for a fault of the server or a number that is
/// not a code (RFC 6750 §3.1; docs/error-codes.md lists it for each code). The code
/// of a request without a token is `JOT_TOKEN_NULL`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_code_http_status(code: u32) -> u32 {
    answer(500, || Code::from_number(code).map_or(500, |code| u32::from(code.http_status())))
}

/// Returns the error of RFC 6750 §3.1 for the header line `WWW-Authenticate: Bearer
/// error="…"`: `"invalid_token"` or `"insufficient_scope"`; NULL if the header line
/// has no error. It ends with a NUL and is valid as long as the program runs. Any
/// thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_code_bearer_error(code: u32) -> *const c_char {
    answer(std::ptr::null(), || {
        let error = Code::from_number(code).and_then(Code::c_bearer_error);
        error.map_or(std::ptr::null(), std::ffi::CStr::as_ptr)
    })
}

/// Returns the code at a position, counted from 0 in numeric order, and `JOT_NONE`
/// after the last one, for iterating over all codes. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_code_at(position: usize) -> u32 {
    answer(JOT_NONE, || Code::ALL.get(position).map_or(JOT_NONE, |code| code.number()))
}

/// Finds the algorithm with this `alg` name, compared exactly.
///
/// Returns `JOT_ALG_UNKNOWN`; `JOT_ALG_NONE` for `none` in any casing;
/// `JOT_ARGUMENT_NULL`. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_alg_parse(name: Slice, alg: Option<&mut MaybeUninit<u32>>) -> u32 {
    boundary(|| {
        let alg = given(alg, "alg")?;
        alg.write(number_of(name.text("name")?.parse()?));
        Ok(())
    })
}

/// Returns the `alg` name of an algorithm, such as `"ES256"`; `"unknown"` for a
/// number that is not an algorithm. It ends with a NUL and is valid as long as the
/// program runs. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_alg_name(alg: u32) -> *const c_char {
    answer(c"unknown".as_ptr(), || {
        alg_of(alg).map_or(c"unknown".as_ptr(), |alg| alg.c_name().as_ptr().cast())
    })
}

/// Returns the number of an algorithm in C; 0 is reserved for "none named".
pub(super) const fn number_of(alg: Alg) -> u32 {
    (alg as u32).wrapping_add(1)
}

pub(super) fn alg_of(number: u32) -> Result<Alg, Error> {
    let index = number.checked_sub(1).and_then(|index| usize::try_from(index).ok());
    let alg = index.and_then(|index| Alg::ALL.get(index)).copied();
    alg.ok_or_else(|| misuse(Code::ArgumentValue, "alg"))
}
