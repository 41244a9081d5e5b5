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

/// The buffers of one verification at a time, and the header and claims of its token.
///
/// Make one per thread. Each verification reuses it, which invalidates the views of the
/// one before. It grows to the needs of the largest token so far; from then on
/// verifying allocates nothing. It also remembers the last few JOSE Headers that came
/// with good signatures. It belongs to no verifier.
pub struct Scratch {
    room: NonNull<crate::scratch::Scratch>,
    /// Borrowed from `room`, as are the next fields; all are cleared before the room is
    /// used again.
    pub(super) header: Option<JoseHeader<'static>>,
    pub(super) claims: Option<Claims<'static>>,
    rejection: Option<Rejection>,
    /// Identifies the values of this token: the scratch's own number, then the number
    /// of the verification.
    pub(super) epoch: u64,
    /// The segments of a token that was decoded without verifying it.
    pub(super) decoded: [Vec<u8>; 3],
}

/// The number of bits of an epoch that count verifications.
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

    /// Clears the state of the previous token.
    pub(super) fn clear(&mut self) {
        self.header = None;
        self.claims = None;
        self.rejection = None;
        self.epoch = self.epoch.wrapping_add(2);
    }

    /// Borrows the room for the next verification.
    pub(super) fn begin(&mut self) -> &'static mut crate::scratch::Scratch {
        self.clear();
        // SAFETY: only this scratch frees the room. `clear` has just dropped every
        // borrow of it. Later borrows are kept in this scratch, or in views that
        // by the header's contract end with the next use.
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

/// Makes a scratch. The caller owns it and frees it with `jot_scratch_free`. Any
/// thread may call it.
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

/// The signature held, independent of the claims.
pub const JOT_SIGNATURE_OK: u32 = 1;
/// The verifier's cache held the token.
pub const JOT_FROM_CACHE: u32 = 2;
/// In a batch: an earlier row has the same token.
pub const JOT_REPEATED: u32 = 4;
/// `expires_at` holds the token's `exp`.
pub const JOT_HAS_EXP: u32 = 8;
/// `not_before` holds the token's `nbf`.
pub const JOT_HAS_NBF: u32 = 16;
/// `issued_at` holds the token's `iat`.
pub const JOT_HAS_IAT: u32 = 32;

/// The outcome of verifying a token.
///
/// Set `size` to `sizeof(jot_verdict)` once; every verification fills in the rest, even
/// if an argument was wrong. The views are valid until the scratch is used for the next
/// token or freed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// `sizeof(jot_verdict)`, set by the caller.
    pub size: usize,
    /// 0 for an accepted token, otherwise the first rule that it broke. The call
    /// returns the same code.
    pub code: u32,
    /// `JOT_SIGNATURE_OK`, `JOT_FROM_CACHE`, `JOT_HAS_EXP`, `JOT_HAS_NBF`,
    /// `JOT_HAS_IAT`, or-ed together. "Signature good but expired" is
    /// `JOT_EXPIRED` with `JOT_SIGNATURE_OK`.
    pub flags: u32,
    /// The algorithm that the header names; 0 if it is not known.
    pub alg: u32,
    /// The number of the issuer whose key verified; `JOT_NONE` if none did.
    pub issuer_index: u32,
    /// The index of the key in its set; `JOT_NONE` if none verified.
    pub key_index: u32,
    /// The byte offset of the fault within the JSON text of the header (3xx) or of the
    /// claims (6xx); `JOT_NONE` if it is not known.
    pub fault_offset: u32,
    /// The whole seconds of `exp`, rounded towards the past; 0 without
    /// `JOT_HAS_EXP`.
    pub expires_at: i64,
    /// The whole seconds of `nbf`, likewise.
    pub not_before: i64,
    /// The whole seconds of `iat`, likewise.
    pub issued_at: i64,
    /// The name of the claim at fault; absent if no single claim is. Names longer than
    /// 46 bytes are cut.
    pub fault_claim: Slice,
    /// The JSON text of the JOSE Header; absent if it is not well formed or was not
    /// read. It is unverified unless the signature held.
    pub header: Slice,
    /// The JSON text of the Claims Set as it was signed; absent unless the
    /// signature held.
    pub payload: Slice,
    /// The `kid` of the header; absent if it has none. It is unverified unless the
    /// signature held.
    pub kid: Slice,
    /// The `typ` of the header, likewise.
    pub typ: Slice,
}

/// The flags of a batch are the same bits.
const _: () = assert!(
    Flags::SIGNATURE_OK.bits() as u32 == JOT_SIGNATURE_OK
        && Flags::FROM_CACHE.bits() as u32 == JOT_FROM_CACHE
        && Flags::REPEATED.bits() as u32 == JOT_REPEATED
        && Flags::HAS_EXP.bits() as u32 == JOT_HAS_EXP
        && Flags::HAS_NBF.bits() as u32 == JOT_HAS_NBF
        && Flags::HAS_IAT.bits() as u32 == JOT_HAS_IAT
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
    /// Keeps a verdict of the engine and converts it for C.
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
        // Stored first, because the caller receives its name as a view.
        let rejection = self.rejection.insert(rejection);
        let mut verdict = Verdict::of_code(rejection.code().number());
        verdict.flag(JOT_SIGNATURE_OK, rejection.signature_ok());
        verdict.fault_offset = rejection.offset().unwrap_or(JOT_NONE);
        verdict.fault_claim = Slice::of_option(rejection.claim());
        verdict
    }
}

/// Runs a verification and writes the verdict, even if the call failed.
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
/// Returns `JOT_ACCEPTED` (0) or the first rule that the token breaks, in the order
/// syntax, header, key, signature, claims, revocations, dates. `verdict`, which may be
/// NULL, receives everything known about the token. Its views, and those that
/// `jot_claims_*` and `jot_header_*` return from `scratch`, are valid until the scratch
/// is used again or freed.
///
/// Returns 2xx, 3xx, 42x, 500, 6xx, 7xx; 15x for wrong arguments; 9xx. Any number
/// of threads may call it at the same time, each with its own scratch and verdict.
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

/// Verifies a token like `jot_verifier_verify`, but does not read the header and the
/// claims of a token that the cache holds: the fastest call if you need only the code.
///
/// The verdict is the same, except that `header`, `payload`, `kid` and `typ` are always
/// absent, and the scratch holds no claims afterwards.
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

/// Verifies header and signature of a JWS whose payload need not be a Claims Set. No
/// rule over claims or dates is checked. A revoked key is rejected. The time in which a
/// key is in force is not checked, because no instant is given.
///
/// `issuer` selects the keys if the verifier knows issuers by name; absent, the only
/// key set is used. `detached` is the payload of a token that does not carry it (RFC
/// 7515 Appendix F, RFC 7797); absent, the token carries it. `verdict->payload`
/// receives the payload's bytes, which for a detached payload are the caller's own; the
/// scratch holds no claims afterwards.
///
/// Returns the codes of `jot_verifier_verify`, without 6xx; `JOT_PAYLOAD_ATTACHED`;
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
