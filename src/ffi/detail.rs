//! What was at fault in a refused token, for logs.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::boundary::{boundary, read};
use super::codes::JOT_NONE;
use super::failure::{hand_out, known_code};
use super::slice::Slice;
use super::verdict::{JOT_SIGNATURE_OK, Verdict};
use crate::detail;
use crate::error::{Code, Rejection};

/// The room that every text of `jot_verdict_detail` fits in, with its NUL.
pub const JOT_DETAIL_BYTES: usize = 256;

const _: () = assert!(JOT_DETAIL_BYTES > detail::MAX_BYTES);

/// Describes for a log what was at fault: the members of `token` that the code
/// is about, such as `kid` and `alg` where no key fitted, the `iss`, the `aud` or
/// a date; the name of the claim; the byte offset. Such as
/// `unverified kid="old" alg="ES256" iss="https://issuer"` for
/// `JOT_KID_UNKNOWN`, or `aud=["other","x"]` for `JOT_AUD_MISMATCH`.
///
/// `verdict` is that of `token`, its views still alive. The text is at most 255
/// bytes of printable ASCII: quotes and backslashes are escaped and whatever else
/// as in JSON. It is empty for an accepted token and where the code says it all.
/// What stands behind `unverified` anybody may have written. It never holds the
/// token, its signature, or the value of a claim that is about a person or a
/// secret: of `sub`, `nonce` or a claim of your own it tells the name.
///
/// Writes at most `capacity` bytes to `buffer` with a NUL, and cuts what does not
/// fit; `length`, unless NULL, receives the length of the whole. For where tokens
/// that were refused are logged: it reads the token anew and allocates.
/// Codes: `JOT_ARGUMENT_VALUE` when `verdict->code` is no code; 15x. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verdict_detail(
    verdict: *const Verdict,
    token: Slice,
    buffer: *mut c_char,
    capacity: usize,
    length: Option<&mut MaybeUninit<usize>>,
) -> u32 {
    boundary(|| {
        let verdict = read(verdict, Verdict::of_code(Code::Internal.number()), "verdict")?;
        let token = token.bytes("token")?;
        let code = known_code(verdict.code)?;
        let rejection = match (verdict.fault_claim.optional_text("verdict")?, verdict.fault_offset) {
            (Some(claim), _) => Rejection::of_claim(code, claim),
            (None, JOT_NONE) => Rejection::new(code),
            (None, offset) => Rejection::at(code, offset),
        };
        let signed = verdict.flags & JOT_SIGNATURE_OK != 0;
        let rejection = if signed { rejection.after_signature() } else { rejection };
        hand_out(&rejection.detail(token), buffer, capacity, length)
    })
}
