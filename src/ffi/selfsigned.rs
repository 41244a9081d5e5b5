//! Tokens that come with their own key: DPoP proofs, key binding, proofs of workloads
//! (docs/self-signed.md). Anybody can make a key and sign with it, so such a token is never
//! accepted: if its signature holds, the code is `JOT_SELF_SIGNED`, which is not 0. It
//! proves something once you find the key's thumbprint where somebody trusted put it.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;

use super::backend::backend_of;
use super::batch::{Batch, take};
use super::boundary::{Growable, answer, boundary, given, misuse, read, row, row_mut, writable, write};
use super::codes::{JOT_NONE, number_of};
use super::failure::{Failure, explained, name_bytes};
use super::keeper_options::algorithms;
use super::slice::Slice;
use super::tokens::{Rows, TokenColumn};
use super::verdict::{JOT_HAS_EXP, JOT_HAS_IAT, JOT_HAS_NBF, Scratch};
use crate::error::{Code, Error, Rejection};
use crate::limits::Limits;

/// Takes tokens with any `typ`, or none: then tokens that were made for something else are
/// taken, too.
pub const JOT_ANY_TYP: u32 = 1;

/// The rules for tokens that come with their own key.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SelfSignedOptions {
    /// `sizeof(jot_selfsigned_options)`, set by the caller.
    pub size: usize,
    /// The allowed algorithms: `1u << JOT_ES256` and so on, or-ed together; none may be
    /// symmetric. `JOT_EDDSA` allows `JOT_ED25519` as well.
    pub algs: u32,
    /// `JOT_ANY_TYP` or 0.
    pub flags: u32,
    /// The required `typ`, such as `dpop+jwt`, or several of which a token has one.
    pub typs: *const Slice,
    /// The number of `typs`.
    pub typ_count: usize,
    /// The longest token in bytes; 0 for 64 KiB.
    pub token_bytes: usize,
    /// The longest header segment in base64url characters; 0 for 8 KiB.
    pub header_bytes: usize,
    /// One of `JOT_BACKEND_…`, for batches; single tokens are verified by aws-lc.
    pub backend: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for SelfSignedOptions {
    const LEAST: usize = size_of::<Self>();
}

const NO_OPTIONS: SelfSignedOptions = SelfSignedOptions {
    size: 0,
    algs: 0,
    flags: 0,
    typs: std::ptr::null(),
    typ_count: 0,
    token_bytes: 0,
    header_bytes: 0,
    backend: 0,
    reserved: 0,
};

/// Verifies tokens with the keys that come with them. It never changes, and any number of
/// threads may share one, each with its own `jot_scratch`.
pub struct SelfSignedVerifier {
    inner: crate::self_signed::SelfSignedVerifier,
}

/// Makes a verifier of tokens that come with their own key.
///
/// The caller owns `*verifier` and frees it with `jot_selfsigned_verifier_free`. Returns
/// `JOT_ALGORITHMS_EMPTY`; `JOT_POLICY_INVALID` with `algorithms` if one is symmetric, with
/// `typ` if one is empty or there is none, and with `any_typ` if there is a `typ` as well;
/// `JOT_RANDOMNESS_MISSING`; 15x. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_selfsigned_verifier_new(
    options: *const SelfSignedOptions,
    verifier: Option<&mut MaybeUninit<Option<Box<SelfSignedVerifier>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let verifier = given(verifier, "verifier")?;
        let options = read(options, NO_OPTIONS, "options")?;
        if options.flags & !JOT_ANY_TYP != 0 {
            return Err(misuse(Code::ArgumentValue, "flags"));
        }
        if options.reserved != 0 {
            return Err(misuse(Code::ArgumentValue, "reserved"));
        }
        let or = |bytes: usize, otherwise: usize| if bytes == 0 { otherwise } else { bytes };
        let limits = Limits::default();
        let limits = limits
            .with_token_bytes(or(options.token_bytes, limits.token_bytes))
            .with_header_bytes(or(options.header_bytes, limits.header_bytes));
        let made = crate::self_signed::SelfSignedVerifier::builder(algorithms(options.algs)?.iter());
        let mut made = made.limits(limits).backend(backend_of(options.backend)?);
        for typ in row(options.typs, options.typ_count, "typs")? {
            made = made.typ(typ.text("typs")?);
        }
        if options.flags & JOT_ANY_TYP != 0 {
            made = made.any_typ();
        }
        verifier.write(Some(Box::new(SelfSignedVerifier { inner: made.build()? })));
        Ok(())
    })
}

/// Frees a verifier; NULL is fine. No other thread may still use it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_selfsigned_verifier_free(verifier: Option<Box<SelfSignedVerifier>>) {
    answer((), || drop(verifier));
}

/// What is known of a token that came with its own key.
///
/// Set `size` to `sizeof(jot_selfsigned)` once; every verification fills in the rest, even
/// if an argument was wrong.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SelfSigned {
    /// `sizeof(jot_selfsigned)`, set by the caller.
    pub size: usize,
    /// `JOT_SELF_SIGNED`, or the first rule that the token broke; never 0. The call returns
    /// the same code.
    pub code: u32,
    /// `JOT_HAS_EXP`, `JOT_HAS_NBF`, `JOT_HAS_IAT`, or-ed together. A date that is no
    /// number is as if it were absent.
    pub flags: u32,
    /// The algorithm of the signature; 0 unless the code is `JOT_SELF_SIGNED`.
    pub alg: u32,
    /// The byte offset of the fault within the JSON text of the header (3xx), of the claims
    /// (6xx) or of the key (4xx); `JOT_NONE` if it is not known.
    pub fault_offset: u32,
    /// The whole seconds of `exp`, rounded towards the past; 0 without `JOT_HAS_EXP`.
    /// No date is checked.
    pub expires_at: i64,
    /// The whole seconds of `nbf`, likewise.
    pub not_before: i64,
    /// The whole seconds of `iat`, likewise.
    pub issued_at: i64,
    /// The thumbprint of the key, as `cnf.jkt` has it: 43 characters of base64url and a
    /// NUL; empty unless the code is `JOT_SELF_SIGNED`.
    pub thumbprint: [c_char; 48],
    /// The member of the key at fault, ended by a NUL; empty if no single one is.
    pub fault_name: [c_char; 48],
    /// The JSON text of the claims as they were signed, which only the holder of the key
    /// vouches for; absent unless the code is `JOT_SELF_SIGNED`. The view is valid until
    /// the scratch is used for the next token or freed.
    pub payload: Slice,
}

// SAFETY: `repr(C)`, a `usize` first, integers and a raw pointer behind it.
unsafe impl Growable for SelfSigned {
    const LEAST: usize = size_of::<Self>();
}

impl SelfSigned {
    const fn of_code(code: u32) -> Self {
        Self {
            size: size_of::<Self>(),
            code,
            flags: 0,
            alg: 0,
            fault_offset: JOT_NONE,
            expires_at: 0,
            not_before: 0,
            issued_at: 0,
            thumbprint: [0; 48],
            fault_name: [0; 48],
            payload: Slice::ABSENT,
        }
    }

    fn refused(rejection: Rejection) -> Self {
        Self {
            fault_offset: rejection.offset().unwrap_or(JOT_NONE),
            fault_name: name_bytes(rejection.claim().unwrap_or_default()),
            ..Self::of_code(rejection.code().number())
        }
    }

    fn of(known: &crate::self_signed::SelfSigned<'_>) -> Self {
        let mut answer = Self {
            alg: number_of(known.alg()),
            thumbprint: name_bytes(&known.thumbprint().to_string()),
            payload: Slice::of(known.claims().as_text().as_bytes()),
            ..Self::of_code(Code::SelfSigned.number())
        };
        for (name, flag, place) in [
            ("exp", JOT_HAS_EXP, &mut answer.expires_at),
            ("nbf", JOT_HAS_NBF, &mut answer.not_before),
            ("iat", JOT_HAS_IAT, &mut answer.issued_at),
        ] {
            let date = known.claims().member(name).and_then(|value| value.as_number());
            if let Some(date) = date.and_then(|number| number.as_date()) {
                *place = date.floor().0;
                answer.flags |= flag;
            }
        }
        answer
    }
}

/// Verifies a token with the key in its header's `jwk`, or with the JWK `key` if that is
/// not absent; a token that brings a key is then refused.
///
/// **Returns `JOT_SELF_SIGNED` if the key signed the token, and never 0**: nothing is
/// accepted before you compare `answer->thumbprint` with what somebody trusted says of the
/// key, such as `cnf.jkt` of an access token that was accepted. Dates, and what the claims
/// say of the request, are yours to check.
///
/// Otherwise returns 2xx, 3xx, 4xx, 500, 60x, 7xx; 15x for wrong arguments; 9xx. The claims
/// that `jot_claims_*` return from `scratch` are gone. Any number of threads may call it at
/// the same time, each with its own scratch and answer.
#[unsafe(no_mangle)]
pub extern "C" fn jot_selfsigned_verify(
    verifier: Option<&SelfSignedVerifier>,
    token: Slice,
    key: Slice,
    scratch: Option<&mut Scratch>,
    answer: *mut SelfSigned,
) -> u32 {
    judge(answer, || {
        let room = given(scratch, "scratch")?.begin();
        let verifier = given(verifier, "verifier")?;
        let key = if key.is_absent() { None } else { Some(key.bytes("key")?) };
        Ok(match verifier.inner.judge(token.bytes("token")?, key, room) {
            Ok(known) => SelfSigned::of(&known),
            Err(rejection) => SelfSigned::refused(rejection),
        })
    })
}

/// Runs a verification and writes the answer, even if the call failed.
fn judge(out: *mut SelfSigned, call: impl FnOnce() -> Result<SelfSigned, Error>) -> u32 {
    let mut code = None;
    let failed = boundary(|| {
        writable(out, "answer")?;
        let answer = call()?;
        write(out, answer, "answer")?;
        code = Some(answer.code);
        Ok(())
    });
    code.unwrap_or_else(|| {
        boundary(|| write(out, SelfSigned::of_code(failed), "answer"));
        failed
    })
}

/// A batch calls this function for each token that its own key signed, with `user`, the
/// token's row, and what is known of it, which is valid during the call.
///
/// The batch's threads call it concurrently. It must return: no `longjmp`, no exception.
pub type EachSelfSigned =
    Option<unsafe extern "C" fn(user: *mut c_void, row: usize, known: *const SelfSigned)>;

/// Columns in the caller's memory, aligned, with an entry for each row. `codes` is
/// required; the others may be NULL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct SelfSignedColumns {
    /// `sizeof(jot_selfsigned_columns)`, set by the caller.
    pub size: usize,
    /// The code of each row: `JOT_SELF_SIGNED`, or why the token was refused; never 0.
    pub codes: *mut u32,
    /// The thumbprint of each row's key, a SHA-256 digest of 32 bytes; zeros unless the
    /// code is `JOT_SELF_SIGNED`.
    pub digests: *mut u8,
    /// The function for each token that its own key signed, or NULL.
    pub each: EachSelfSigned,
    /// The first argument of `each`.
    pub user: *mut c_void,
}

// SAFETY: `repr(C)`, a `usize` first, raw pointers and a nullable function pointer behind
// it, which the caller promises to be a function.
unsafe impl Growable for SelfSignedColumns {
    const LEAST: usize = size_of::<Self>();
}

const NO_COLUMNS: SelfSignedColumns = SelfSignedColumns {
    size: 0,
    codes: std::ptr::null_mut(),
    digests: std::ptr::null_mut(),
    each: None,
    user: std::ptr::null_mut(),
};

/// The caller's function and its argument, which all threads of the batch may use.
struct Told {
    each: unsafe extern "C" fn(*mut c_void, usize, *const SelfSigned),
    user: *mut c_void,
}

// SAFETY: the header says that several threads call the function at once, with this
// argument.
unsafe impl Sync for Told {}

impl Told {
    fn tell(&self, row: usize, known: &crate::self_signed::SelfSigned<'_>) {
        let known = SelfSigned::of(known);
        // SAFETY: the caller's function, with the caller's argument for it.
        unsafe { (self.each)(self.user, row, &raw const known) }
    }
}

/// Verifies tokens with the keys that come with them, and fills the columns in the order of
/// the tokens. With `own_keys`, each token is verified with the JWK of its row, and must bring
/// none itself; a row without a key is `JOT_JWK_MISSING`.
///
/// The answer to each row is that of `jot_selfsigned_verify`; equal tokens are verified
/// each. `own_keys` and `error` may be NULL. Returns 0 regardless of the answers;
/// `JOT_BATCH_INVALID` with `keys` if there are not as many as tokens; otherwise the codes
/// of `jot_batch_verify`. On an error no column is written. Other threads may use the
/// verifier meanwhile, but not the batch.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_verify_selfsigned(
    batch: Option<&Batch>,
    verifier: Option<&SelfSignedVerifier>,
    tokens: *const TokenColumn,
    own_keys: *const TokenColumn,
    columns: *const SelfSignedColumns,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (batch, verifier) = (given(batch, "batch")?, given(verifier, "verifier")?);
        let tokens = TokenColumn::read(tokens, "tokens")?;
        let keys = if own_keys.is_null() { None } else { Some(TokenColumn::read(own_keys, "own_keys")?) };
        let columns = read(columns, NO_COLUMNS, "columns")?;
        let codes = row_mut(columns.codes, tokens.rows, "codes")?;
        let digests = digests(columns.digests, tokens.rows)?;
        let told = columns.each.map(|each| Told { each, user: columns.user });
        let tell = told
            .as_ref()
            .map(|told| move |row: usize, known: &crate::self_signed::SelfSigned<'_>| told.tell(row, known));
        let each = tell.as_ref().map(|tell| tell as crate::batch::EachSelfSigned<'_>);
        let (mut token_rows, mut key_rows) = (Rows::new(), Rows::new());
        let tokens = tokens.tokens(&mut token_rows)?;
        let keys = keys.as_ref().map(|keys| keys.tokens(&mut key_rows)).transpose()?;
        let answers = take(batch)?.batch.verify_self_signed(&verifier.inner, &tokens, keys.as_ref(), each)?;
        for (code, known) in codes.iter_mut().zip(&answers) {
            *code = known.map_or_else(|refused| refused.code(), |_| Code::SelfSigned).number();
        }
        for (digest, known) in digests.into_iter().flatten().zip(&answers) {
            *digest = known.map_or([0; 32], |thumbprint| *thumbprint.as_bytes());
        }
        Ok(())
    })
}

fn digests<'d>(first: *mut u8, rows: usize) -> Result<Option<&'d mut [[u8; 32]]>, Error> {
    if first.is_null() { Ok(None) } else { row_mut(first.cast(), rows, "digests").map(Some) }
}
