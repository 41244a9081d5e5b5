//! Verifying many tokens at once.

use std::ffi::{c_int, c_void};
use std::mem::{MaybeUninit, offset_of};
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use super::batch_texts::{Kept, Wanted};
use super::boundary::{Growable, answer, given, misuse, read, row, row_mut, writable, write};
use super::failure::{Failure, explained};
use super::tokens::{Rows, TokenColumn};
use super::verifier::Verifier;
use crate::batch::{Columns, Instants, KeyState};
use crate::claims::Claims;
use crate::error::{Code, Error};
use crate::jws::HeaderNames;
use crate::time::UnixSeconds;

/// Threads and memory for verifying batches: about 100 bytes for each row of the
/// largest batch so far, and a scratch for each thread.
///
/// Make one and reuse it, one call at a time; a second call at the same time returns
/// `JOT_HANDLE_BUSY`. A batch with several threads that was made before a `fork` has no
/// threads in the child; make another one there.
pub struct Batch {
    inner: Mutex<Inner>,
}

pub(super) struct Inner {
    pub(super) batch: crate::batch::Batch,
    pub(super) kept: Kept,
    /// The rows of a batch of slices; empty between two calls.
    rows: Rows,
    /// The instants of a batch that does not know all of them.
    instants: Vec<Option<i64>>,
}

/// Makes a batch that works on this many threads: 1 is only the calling thread, 0 means
/// one for each processor.
///
/// The caller owns `*batch` and frees it with `jot_batch_free`. Returns
/// `JOT_BATCH_INVALID` for more than 1024; `JOT_INTERNAL` if the system cannot
/// start that many, in which case none stays; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_new(
    threads: usize,
    batch: Option<&mut MaybeUninit<Option<Box<Batch>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let batch = given(batch, "batch")?;
        let inner = Inner {
            batch: crate::batch::Batch::new(threads)?,
            kept: Kept::default(),
            rows: Rows::new(),
            instants: Vec::new(),
        };
        batch.write(Some(Box::new(Batch { inner: Mutex::new(inner) })));
        Ok(())
    })
}

/// The batch calls this function after each chunk of tokens, with `user`, the number of
/// distinct tokens done so far, and their total. A return value other than 0 cancels
/// the rest of the batch.
///
/// The batch's threads call it concurrently: the numbers may arrive out of order, and
/// further calls may follow the one that cancels. It must return: no `longjmp`, no
/// exception.
pub type Progress = Option<unsafe extern "C" fn(user: *mut c_void, done: usize, total: usize) -> c_int>;

/// The instants at which the tokens of a batch are judged, and a progress function.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BatchOptions {
    /// `sizeof(jot_batch_options)`, set by the caller.
    pub size: usize,
    /// The instant for all rows, in seconds since 1970, unless `as_of` is
    /// given.
    pub now: i64,
    /// An instant for each row; NULL for `now`.
    pub as_of: *const i64,
    /// The progress function, or NULL.
    pub progress: Progress,
    /// The first argument of `progress`.
    pub user: *mut c_void,
    /// A byte for each row: 0 if its instant is unknown, whatever `as_of` has; NULL if
    /// all are known. Not read without `as_of`. A token whose instant is unknown is
    /// never accepted: if it meets every rule that needs none, its code is
    /// `JOT_TIME_UNKNOWN`.
    pub as_of_known: *const u8,
}

// SAFETY: `repr(C)`, a `usize` first, an integer, raw pointers and a nullable
// function pointer behind it, which the caller promises to be a function.
unsafe impl Growable for BatchOptions {
    const LEAST: usize = offset_of!(Self, as_of_known);
}

/// Columns in the caller's memory, aligned, with an entry for each row. `codes` is
/// required; the others are not written if they are NULL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ColumnsOut {
    /// `sizeof(jot_columns)`, set by the caller.
    pub size: usize,
    /// The code of each row; 0 is accepted, `JOT_TOKEN_NULL` is a row without a token,
    /// `JOT_BATCH_CANCELLED` a row that was not reached.
    pub codes: *mut u32,
    /// `JOT_SIGNATURE_OK`, `JOT_FROM_CACHE`, `JOT_REPEATED`, `JOT_HAS_EXP`,
    /// `JOT_HAS_NBF`, `JOT_HAS_IAT`, or-ed together.
    pub flags: *mut u8,
    /// The number of the issuer whose key verified; `JOT_NONE` if none did.
    pub issuer_index: *mut u32,
    /// The index of the key in its set; `JOT_NONE` if none verified.
    pub key_index: *mut u32,
    /// The whole seconds of `exp`, rounded towards the past; 0 if unknown.
    pub expires_at: *mut i64,
    /// The whole seconds of `nbf`, likewise.
    pub not_before: *mut i64,
    /// The whole seconds of `iat`, likewise.
    pub issued_at: *mut i64,
    /// The first row with the same token, which may be the row itself; `JOT_NONE` for a
    /// row without a token.
    pub first_row: *mut u32,
    /// The claims that the batch keeps for `jot_batch_claim`, such as
    /// `JOT_CLAIM_SUBJECT`, or-ed together; 0 for none. They take about 80 bytes for
    /// each row and the texts of each distinct token; tokens that the cache holds must
    /// then be decoded too.
    pub claims: u32,
    /// The names in the headers that the batch keeps for `jot_batch_unverified`:
    /// `JOT_UNVERIFIED_ALG` and `JOT_UNVERIFIED_KID`, or-ed together; 0 for none. They
    /// take 8 bytes for each row and the texts that differ.
    pub unverified: u32,
    /// The state of the verifying key at the row's instant: `JOT_STATE_ACTIVE`,
    /// `JOT_STATE_RETIRED` or `JOT_STATE_NOT_YET_VALID`; `JOT_STATE_UNKNOWN` if no key
    /// has the `kid`; otherwise 0.
    pub key_state: *mut u8,
    /// 1 if the dates of the token and of its key were met, 0 if not,
    /// `JOT_TIME_OK_UNKNOWN` if the token was rejected before its dates were checked.
    pub time_ok: *mut u8,
    /// The row's instant minus `expires_at` if the code is `JOT_EXPIRED`; otherwise 0.
    pub expired_by_seconds: *mut i64,
}

// SAFETY: `repr(C)`, a `usize` first, raw pointers and integers behind it.
unsafe impl Growable for ColumnsOut {
    const LEAST: usize = offset_of!(Self, first_row);
    const BETWEEN: &'static [usize] = &[offset_of!(Self, key_state)];
}

/// `key_state`: the key was in force.
pub const JOT_STATE_ACTIVE: u32 = 1;
/// `key_state`: the key was no longer in force.
pub const JOT_STATE_RETIRED: u32 = 2;
/// `key_state`: the key was not in force yet.
pub const JOT_STATE_NOT_YET_VALID: u32 = 3;
/// `key_state`: no key has the token's `kid`.
pub const JOT_STATE_UNKNOWN: u32 = 4;

/// `time_ok`: the dates were not checked.
pub const JOT_TIME_OK_UNKNOWN: u32 = 2;

const _: () = {
    assert!(JOT_STATE_ACTIVE == KeyState::Active.number() as u32);
    assert!(JOT_STATE_RETIRED == KeyState::Retired.number() as u32);
    assert!(JOT_STATE_NOT_YET_VALID == KeyState::NotYetValid.number() as u32);
    assert!(JOT_STATE_UNKNOWN == KeyState::Unknown.number() as u32);
    assert!(JOT_TIME_OK_UNKNOWN == Columns::TIME_UNKNOWN as u32);
};

/// The totals of a batch.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BatchReport {
    /// `sizeof(jot_batch_report)`, set by the caller.
    pub size: usize,
    /// The number of rows, including those without a token.
    pub rows: usize,
    /// The number of accepted rows.
    pub accepted: usize,
    /// The number of distinct tokens.
    pub distinct: usize,
    /// 1 if `progress` cancelled the batch, otherwise 0.
    pub cancelled: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for BatchReport {
    const LEAST: usize = size_of::<Self>();
}

/// The caller's function and its argument, which all threads of the batch may use.
struct Watcher {
    progress: unsafe extern "C" fn(*mut c_void, usize, usize) -> c_int,
    user: *mut c_void,
}

// SAFETY: the header says that several threads call the function at once, with
// this argument.
unsafe impl Sync for Watcher {}

impl Watcher {
    fn tell(&self, done: usize, total: usize) -> ControlFlow<()> {
        // SAFETY: the caller's function, with the caller's argument for it.
        match unsafe { (self.progress)(self.user, done, total) } {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }
}

fn optional<'c, T>(column: *mut T, rows: usize, name: &str) -> Result<Option<&'c mut [T]>, Error> {
    if column.is_null() { Ok(None) } else { row_mut(column, rows, name).map(Some) }
}

/// Returns the instants that are known.
fn read_instants<'i>(
    instants: &'i mut Vec<Option<i64>>,
    as_of: &[i64],
    known: &[u8],
) -> Result<&'i [Option<i64>], Error> {
    instants.clear();
    instants.try_reserve(as_of.len())?;
    instants.extend(as_of.iter().zip(known).map(|(at, known)| (*known != 0).then_some(*at)));
    Ok(instants)
}

impl Inner {
    fn verify(
        &mut self,
        verifier: &Verifier,
        tokens: &TokenColumn,
        options: &BatchOptions,
        columns: &ColumnsOut,
    ) -> Result<BatchReport, Error> {
        let rows = tokens.rows;
        let instants = match (options.as_of.is_null(), options.as_of_known.is_null()) {
            (true, _) => Instants::Now(UnixSeconds(options.now)),
            (false, true) => Instants::AsOf(row(options.as_of, rows, "as_of")?),
            (false, false) => {
                let known = row(options.as_of_known, rows, "as_of_known")?;
                let as_of = row(options.as_of, rows, "as_of")?;
                Instants::AsOfKnown(read_instants(&mut self.instants, as_of, known)?)
            }
        };
        let mut first_row = optional(columns.first_row, rows, "first_row")?;
        let wanted = Wanted::new(columns.claims, columns.unverified)?;
        let mut columns = Columns {
            codes: row_mut(columns.codes, rows, "codes")?,
            flags: optional(columns.flags, rows, "flags")?,
            issuer_index: optional(columns.issuer_index, rows, "issuer_index")?,
            key_index: optional(columns.key_index, rows, "key_index")?,
            expires_at: optional(columns.expires_at, rows, "expires_at")?,
            not_before: optional(columns.not_before, rows, "not_before")?,
            issued_at: optional(columns.issued_at, rows, "issued_at")?,
            key_state: optional(columns.key_state, rows, "key_state")?,
            time_ok: optional(columns.time_ok, rows, "time_ok")?,
            expired_by_seconds: optional(columns.expired_by_seconds, rows, "expired_by_seconds")?,
            ..Columns::default()
        };
        let column = tokens.tokens(&mut self.rows)?;
        let watcher = options.progress.map(|progress| Watcher { progress, user: options.user });
        let tell = watcher.as_ref().map(|watcher| |done, total| watcher.tell(done, total));
        let progress = tell.as_ref().map(|tell| tell as crate::batch::Progress<'_>);
        self.kept.start(wanted, rows)?;
        let Kept { firsts, claims, headers, .. } = &mut self.kept;
        let (claims, headers) = (&*claims, &*headers);
        let keep_claims = |row: usize, found: &Claims<'_>| {
            claims.lock().unwrap_or_else(PoisonError::into_inner).keep(row, found);
        };
        let keep_header = |row: usize, names: &HeaderNames<'_>| {
            headers.lock().unwrap_or_else(PoisonError::into_inner).keep(row, names);
        };
        columns.first_row = match wanted.any() {
            true => Some(firsts),
            false => first_row.as_deref_mut(),
        };
        if wanted.claims != 0 {
            columns.claims = Some(&keep_claims);
        }
        if wanted.unverified != 0 {
            columns.unverified_header = Some(&keep_header);
        }
        let report = self.batch.run(&verifier.inner, &column, instants, &mut columns, progress)?;
        if let (Some(first_row), true) = (first_row, wanted.any()) {
            first_row.copy_from_slice(&self.kept.firsts);
        }
        Ok(BatchReport {
            size: size_of::<BatchReport>(),
            rows: report.rows,
            accepted: report.accepted,
            distinct: report.distinct,
            cancelled: u32::from(report.cancelled),
            reserved: 0,
        })
    }
}

/// Verifies the tokens and fills the columns, in the order of the tokens.
///
/// The verdict of each row is that of `jot_verifier_verify` at the row's instant.
/// `report` and `error` may be NULL. Returns 0 regardless of the verdicts, even if the
/// batch was cancelled; `JOT_BATCH_INVALID` if offsets are not ascending within the
/// data, a view or an index is out of range, a buffer is too short, or there are 2^32
/// rows or more, with the buffer's name in `error`; `JOT_MEMORY_MISSING` if there is
/// not enough memory for the rows; `JOT_HANDLE_BUSY`; 15x. On an error no column is
/// written. Other threads may use the verifier meanwhile, but not the batch.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_verify(
    batch: Option<&Batch>,
    verifier: Option<&Verifier>,
    tokens: *const TokenColumn,
    options: *const BatchOptions,
    columns: *const ColumnsOut,
    report: *mut BatchReport,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (batch, verifier) = (given(batch, "batch")?, given(verifier, "verifier")?);
        let tokens = TokenColumn::read(tokens, "tokens")?;
        let options = read(options, NO_OPTIONS, "options")?;
        let columns = read(columns, NO_COLUMNS, "columns")?;
        if !report.is_null() {
            writable(report, "report")?;
        }
        let mut inner = take(batch)?;
        inner.rows.clear();
        let done = inner.verify(verifier, &tokens, &options, &columns);
        inner.rows.clear();
        if done.is_err() {
            inner.kept = Kept::default();
        }
        let done = done?;
        if report.is_null() { Ok(()) } else { write(report, done, "report") }
    })
}

/// Locks a batch, or returns an error if another call uses it.
pub(super) fn take(batch: &Batch) -> Result<MutexGuard<'_, Inner>, Error> {
    match batch.inner.try_lock() {
        Ok(inner) => Ok(inner),
        Err(TryLockError::WouldBlock) => Err(misuse(Code::HandleBusy, "batch")),
        Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
    }
}

const NO_OPTIONS: BatchOptions = BatchOptions {
    size: 0,
    now: 0,
    as_of: std::ptr::null(),
    progress: None,
    user: std::ptr::null_mut(),
    as_of_known: std::ptr::null(),
};

const NO_COLUMNS: ColumnsOut = ColumnsOut {
    size: 0,
    codes: std::ptr::null_mut(),
    flags: std::ptr::null_mut(),
    issuer_index: std::ptr::null_mut(),
    key_index: std::ptr::null_mut(),
    expires_at: std::ptr::null_mut(),
    not_before: std::ptr::null_mut(),
    issued_at: std::ptr::null_mut(),
    first_row: std::ptr::null_mut(),
    claims: 0,
    unverified: 0,
    key_state: std::ptr::null_mut(),
    time_ok: std::ptr::null_mut(),
    expired_by_seconds: std::ptr::null_mut(),
};

/// Frees a batch and ends its threads; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_free(batch: Option<Box<Batch>>) {
    answer((), || drop(batch));
}
