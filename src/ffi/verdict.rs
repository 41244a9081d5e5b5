//! Verifying one token.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

use super::boundary::{Growable, answer, boundary, given, write};
use super::codes::{JOT_NONE, number_of};
use super::slice::Slice;
use super::verifier::Verifier;
use crate::batch::Flags;
use crate::claims::Claims;
use crate::error::{Code, Error, Rejection};
use crate::jws::JoseHeader;
use crate::time::{Dates, UnixSeconds};
use crate::verified::Payload;
use crate::verifier::Accepted;

/// The buffers of one verification at a time, and what was read of its token.
///
/// One per thread; each verification uses it anew, and what the one before
/// handed out is gone then. It grows to what the largest token so far needed;
/// from then on verifying allocates nothing. It also remembers the last few
/// JOSE Headers that came with good signatures. It belongs to no verifier.
pub struct Scratch {
    room: NonNull<crate::scratch::Scratch>,
    /// Borrowed from `room`, as is what follows; forgotten before it is used
    /// again.
    pub(super) header: Option<JoseHeader<'static>>,
    pub(super) claims: Option<Claims<'static>>,
    rejection: Option<Rejection>,
    /// Tells values of this token from those of any other: the scratch's own
    /// number, then that of the verification.
    pub(super) epoch: u64,
    /// The segments of a token that was only decoded.
    pub(super) decoded: [Vec<u8>; 3],
}

/// How many bits of an epoch count verifications.
const TURNS: u32 = 40;

static SCRATCHES: AtomicU64 = AtomicU64::new(1);

impl Scratch {
    fn new() -> Self {
        Self {
            room: NonNull::from(Box::leak(Box::new(crate::scratch::Scratch::new()))),
            header: None,
            claims: None,
            rejection: None,
            epoch: SCRATCHES.fetch_add(1, Ordering::Relaxed).wrapping_shl(TURNS),
            decoded: Default::default(),
        }
    }

    /// Forgets the token before.
    pub(super) fn clear(&mut self) {
        self.header = None;
        self.claims = None;
        self.rejection = None;
        self.epoch = self.epoch.wrapping_add(2);
    }

    /// Lends the room for the next verification.
    pub(super) fn begin(&mut self) -> &'static mut crate::scratch::Scratch {
        self.clear();
        // SAFETY: the room is freed with this scratch only. All that borrowed
        // from it was forgotten just now; what borrows from it from now on is
        // kept in this scratch, and in views that the header says end with the
        // next use.
        unsafe { self.room.as_mut() }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.clear();
        // SAFETY: it was leaked from a box, and nothing borrows from it.
        drop(unsafe { Box::from_raw(self.room.as_ptr()) });
    }
}

/// Makes a scratch. The caller owns it and frees it with `jot_scratch_free`.
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn jot_scratch_new() -> Option<Box<Scratch>> {
    answer(None, || Some(Box::new(Scratch::new())))
}

/// Frees a scratch, and with it every view and value that came out of it; NULL
/// is fine.
#[unsafe(no_mangle)]
pub extern "C" fn jot_scratch_free(scratch: Option<Box<Scratch>>) {
    answer((), || drop(scratch));
}

/// The signature held, whatever came of the claims.
pub const JOT_SIGNATURE_OK: u32 = 1;
/// The verifier's cache held the token.
pub const JOT_FROM_CACHE: u32 = 2;
/// Of a batch: the same token stood in an earlier row.
pub const JOT_REPEATED: u32 = 4;
/// `expires_at` holds the token's `exp`.
pub const JOT_HAS_EXP: u32 = 8;
/// `not_before` holds the token's `nbf`.
pub const JOT_HAS_NBF: u32 = 16;
/// `issued_at` holds the token's `iat`.
pub const JOT_HAS_IAT: u32 = 32;

/// What came of a token.
///
/// Set `size` to `sizeof(jot_verdict)` once; every verification fills the rest
/// in anew, also when it failed for a wrong argument. The views live until the
/// scratch is used for the next token or freed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// `sizeof(jot_verdict)`, set by the caller.
    pub size: usize,
    /// 0 for an accepted token, otherwise the first rule that it broke: the
    /// code that the call returned.
    pub code: u32,
    /// `JOT_SIGNATURE_OK`, `JOT_FROM_CACHE`, `JOT_HAS_EXP`, `JOT_HAS_NBF`,
    /// `JOT_HAS_IAT`, or-ed together. "Signature good but expired" is
    /// `JOT_EXPIRED` with `JOT_SIGNATURE_OK`.
    pub flags: u32,
    /// The algorithm that the header names; 0 when it is not known.
    pub alg: u32,
    /// The number of the issuer whose key verified; `JOT_NONE` when none did.
    pub issuer_index: u32,
    /// The index of the key in its set; `JOT_NONE` when none verified.
    pub key_index: u32,
    /// The byte offset of the fault within the JSON text of the header (3xx)
    /// or of the claims (6xx); `JOT_NONE` when it is not known.
    pub fault_offset: u32,
    /// The whole seconds of `exp`, rounded towards the past; 0 without
    /// `JOT_HAS_EXP`.
    pub expires_at: i64,
    /// The like of `nbf`.
    pub not_before: i64,
    /// The like of `iat`.
    pub issued_at: i64,
    /// The name of the claim at fault; absent when no single one is. Names
    /// longer than 46 bytes are cut.
    pub fault_claim: Slice,
    /// The JSON text of the JOSE Header; absent when it is not well formed or
    /// was not read. Unless the signature held, it is only what the token says
    /// of itself.
    pub header: Slice,
    /// The JSON text of the Claims Set as it was signed; absent unless the
    /// signature held.
    pub payload: Slice,
    /// The `kid` of the header; absent when it has none. With the caveat of
    /// `header`.
    pub kid: Slice,
    /// The `typ` of the header; the like.
    pub typ: Slice,
}

/// The flags of a batch are the same bits.
const _: () = assert!(
    Flags::SIGNATURE_OK as u32 == JOT_SIGNATURE_OK
        && Flags::FROM_CACHE as u32 == JOT_FROM_CACHE
        && Flags::REPEATED as u32 == JOT_REPEATED
        && Flags::HAS_EXP as u32 == JOT_HAS_EXP
        && Flags::HAS_NBF as u32 == JOT_HAS_NBF
        && Flags::HAS_IAT as u32 == JOT_HAS_IAT
);

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for Verdict {
    const LEAST: usize = size_of::<Self>();
}

impl Verdict {
    pub(super) const fn of_code(code: u32) -> Self {
        Self {
            size: size_of::<Self>(),
            code,
            flags: 0,
            alg: 0,
            issuer_index: JOT_NONE,
            key_index: JOT_NONE,
            fault_offset: JOT_NONE,
            expires_at: 0,
            not_before: 0,
            issued_at: 0,
            fault_claim: Slice::ABSENT,
            header: Slice::ABSENT,
            payload: Slice::ABSENT,
            kid: Slice::ABSENT,
            typ: Slice::ABSENT,
        }
    }

    fn flag(&mut self, flag: u32, when: bool) {
        if when {
            self.flags |= flag;
        }
    }

    fn set_dates(&mut self, dates: Dates) {
        for (date, flag, place) in [
            (dates.expires_at, JOT_HAS_EXP, &mut self.expires_at),
            (dates.not_before, JOT_HAS_NBF, &mut self.not_before),
            (dates.issued_at, JOT_HAS_IAT, &mut self.issued_at),
        ] {
            if let Some(date) = date {
                *place = date.floor().0;
                self.flags |= flag;
            }
        }
    }

    fn set_header(&mut self, header: JoseHeader<'static>) {
        self.alg = number_of(header.alg());
        self.header = Slice::of(header.as_object().as_text().as_bytes());
        self.kid = Slice::of_option(header.kid());
        self.typ = Slice::of_option(header.typ());
    }

    fn accepted(accepted: Accepted) -> Self {
        let mut verdict = Self::of_code(Code::Accepted.number());
        verdict.flags = JOT_SIGNATURE_OK;
        verdict.flag(JOT_FROM_CACHE, accepted.from_cache());
        verdict.alg = number_of(accepted.alg());
        verdict.issuer_index = accepted.key().issuer_index;
        verdict.key_index = accepted.key().key_index;
        verdict.set_dates(accepted.dates());
        verdict
    }
}

impl Scratch {
    /// Keeps a verdict of the engine and tells it to C.
    pub(super) fn keep(&mut self, judged: crate::verifier::Verdict<'static>) -> Verdict {
        let mut verdict = self.refuse(judged.rejection());
        self.header = judged.header();
        self.claims = judged.signed_claims();
        verdict.flag(JOT_FROM_CACHE, judged.from_cache());
        if let Some(key) = judged.key() {
            verdict.issuer_index = key.issuer_index;
            verdict.key_index = key.key_index;
        }
        if let Some(header) = self.header {
            verdict.set_header(header);
        }
        let mut dates = judged.dates();
        if let Some(claims) = &self.claims {
            verdict.payload = Slice::of(claims.as_text().as_bytes());
            if !judged.is_accepted() && dates == Dates::default() {
                dates = Dates {
                    expires_at: claims.expires_at(),
                    not_before: claims.not_before(),
                    issued_at: claims.issued_at(),
                };
            }
        }
        verdict.set_dates(dates);
        verdict
    }

    /// Keeps a rejection, if it is one.
    #[inline]
    fn refuse(&mut self, rejection: Option<Rejection>) -> Verdict {
        let Some(rejection) = rejection else {
            let mut verdict = Verdict::of_code(Code::Accepted.number());
            verdict.flags = JOT_SIGNATURE_OK;
            return verdict;
        };
        // Its name is handed out as a view.
        let rejection = self.rejection.insert(rejection);
        let mut verdict = Verdict::of_code(rejection.code().number());
        verdict.flag(JOT_SIGNATURE_OK, rejection.signature_ok());
        verdict.fault_offset = rejection.offset().unwrap_or(JOT_NONE);
        verdict.fault_claim = Slice::of_option(rejection.claim());
        verdict
    }
}

/// Runs a verification and writes the verdict, also of a call that failed.
#[inline]
pub(super) fn judge(out: *mut Verdict, call: impl FnOnce() -> Result<Verdict, Error>) -> u32 {
    let mut code = None;
    let failed = boundary(|| {
        let verdict = call()?;
        if !out.is_null() {
            write(out, verdict, "verdict")?;
        }
        code = Some(verdict.code);
        Ok(())
    });
    if let Some(code) = code.filter(|_| failed == 0) {
        return code;
    }
    boundary(|| if out.is_null() { Ok(()) } else { write(out, Verdict::of_code(failed), "verdict") });
    failed
}

/// Verifies a token at the instant `now`, in seconds since 1970.
///
/// Returns `JOT_ACCEPTED` (0) or the first rule that the token breaks, in the
/// order syntax, header, key, signature, claims, revocations, dates.
/// `verdict`, which may be NULL, receives all that is known of the token; its
/// views, and what `jot_claims_*` and `jot_header_*` read out of `scratch`,
/// live until the scratch is used again or freed.
///
/// Codes: 2xx, 3xx, 42x, 500, 6xx, 7xx; 15x for wrong arguments; 9xx. Any
/// thread, any number at the same time, each with its own scratch and verdict.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_verify(
    verifier: Option<&Verifier>,
    token: Slice,
    now: i64,
    scratch: Option<&mut Scratch>,
    verdict: *mut Verdict,
) -> u32 {
    judge(verdict, || {
        let scratch = given(scratch, "scratch")?;
        let room = scratch.begin();
        let verifier = given(verifier, "verifier")?;
        let judged = verifier.inner.verdict(token.bytes("token")?, UnixSeconds(now), room);
        Ok(scratch.keep(judged))
    })
}

/// Verifies a token like `jot_verifier_verify`, without reading the header and
/// the claims of one that the cache holds: the fastest way to an answer when
/// only the answer is wanted.
///
/// The verdict is the same, but for `header`, `payload`, `kid` and `typ`, which
/// are always absent, and the scratch holds no claims afterwards.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_check(
    verifier: Option<&Verifier>,
    token: Slice,
    now: i64,
    scratch: Option<&mut Scratch>,
    verdict: *mut Verdict,
) -> u32 {
    judge(verdict, || {
        let scratch = given(scratch, "scratch")?;
        let room = scratch.begin();
        let verifier = given(verifier, "verifier")?;
        Ok(match verifier.inner.verify_without_claims(token.bytes("token")?, UnixSeconds(now), room) {
            Ok(accepted) => Verdict::accepted(accepted),
            Err(rejection) => scratch.refuse(Some(rejection)),
        })
    })
}

/// Verifies header and signature of a JWS whose payload need not be a Claims
/// Set. No rule over claims or dates is checked. A revoked key is refused; when a
/// key is in force is not asked, because no instant is given.
///
/// `issuer` says whose keys to use where the verifier knows issuers by name;
/// absent, the sole key set. `detached` is the payload of a token that does
/// not carry it (RFC 7515 Appendix F, RFC 7797); absent, the token carries it.
/// `verdict->payload` receives the payload's bytes, which for a detached one
/// are the caller's own; the scratch holds no claims afterwards.
///
/// Codes: those of `jot_verifier_verify`, without 6xx; `JOT_PAYLOAD_ATTACHED`;
/// `JOT_ISSUER_UNKNOWN`; `JOT_KEY_REVOKED`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_verify_jws(
    verifier: Option<&Verifier>,
    token: Slice,
    issuer: Slice,
    detached: Slice,
    scratch: Option<&mut Scratch>,
    verdict: *mut Verdict,
) -> u32 {
    judge(verdict, || {
        let scratch = given(scratch, "scratch")?;
        let room = scratch.begin();
        let verifier = given(verifier, "verifier")?;
        let payload = match detached.ptr.is_null() && detached.len == 0 {
            true => Payload::Attached,
            false => Payload::Detached(detached.bytes("detached")?),
        };
        let token = token.bytes("token")?;
        match verifier.inner.verify_jws(token, payload, issuer.optional_text("issuer")?, room) {
            Ok(jws) => {
                scratch.header = Some(jws.header());
                let mut verdict = scratch.refuse(None);
                verdict.set_header(jws.header());
                verdict.payload = Slice::of(jws.payload());
                verdict.key_index = jws.key_index();
                Ok(verdict)
            }
            Err(rejection) => Ok(scratch.refuse(Some(rejection))),
        }
    })
}
