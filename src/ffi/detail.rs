//! Describes the fault of a rejected token, for logs.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::boundary::{boundary, read};
use super::codes::JOT_NONE;
use super::failure::{hand_out, known_code};
use super::slice::Slice;
use super::verdict::{JOT_SIGNATURE_OK, Verdict};
use crate::detail;
use crate::error::{Code, Rejection};

/// The size of a buffer that holds every text of `jot_verdict_detail`, with its NUL.
pub const JOT_DETAIL_BYTES: usize = 256;

const _: () = assert!(JOT_DETAIL_BYTES > detail::MAX_BYTES);

/// Describes the fault for a log: the members of `token` that the code is about,
/// such as `kid` and `alg` if no key fitted, the `iss`, the `aud` or a date; the
/// name of the claim; the byte offset. Examples are `unverified kid="old"
/// alg="ES256" iss="https://issuer"` for `JOT_KID_UNKNOWN`, and `aud=["other","x"]`
/// for `JOT_AUD_MISMATCH`.
///
/// `verdict` is the verdict of `token`, with its views still valid. The text is at most
/// 255 bytes of printable ASCII; quotes, backslashes and all other characters are
/// escaped as in JSON. It is empty for an accepted token and if the code needs no
/// detail. Anybody may have written the text after `unverified`. The text never
/// contains the token, its signature, or the value of a claim about a person or a
/// secret: for `sub`, `nonce` and your own claims it only contains the name.
///
/// Writes at most `capacity` bytes to `buffer`, including a NUL, and cuts a text that
/// is too long; `length`, unless NULL, receives the full length. Call it only for
/// logging: it reads the token again and allocates. Returns `JOT_ARGUMENT_VALUE` if
/// `verdict->code` is not a code; 15x. Any thread may call it.
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
