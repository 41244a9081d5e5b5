//! Verifying many tokens at once.

use std::ffi::{c_int, c_void};
use std::mem::{MaybeUninit, offset_of};
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use super::batch_claims::{Kept, checked_bits};
use super::boundary::{Growable, answer, explained, given, misuse, read, row, row_mut, writable, write};
use super::failure::Failure;
use super::slice::Slice;
use super::tokens::Rows;
use super::verifier::Verifier;
use crate::batch::{Columns, Instants};
use crate::claims::Claims;
use crate::error::{Code, Error};
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
    batch: crate::batch::Batch,
    pub(super) kept: Kept,
    /// The rows of a batch of slices; empty between two calls.
    rows: Rows,
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
        let inner =
            Inner { batch: crate::batch::Batch::new(threads)?, kept: Kept::default(), rows: Rows::new() };
        batch.write(Some(Box::new(Batch { inner: Mutex::new(inner) })));
        Ok(())
    })
}

/// A view for each token, in `slices`. A view whose `ptr` is NULL is a row without a
/// token.
pub const JOT_SLICES: u32 = 0;
/// The Arrow layout of a string or binary column, with `int32_t` offsets.
pub const JOT_ARROW32: u32 = 1;
/// The same with `int64_t` offsets: a large string or large binary column.
pub const JOT_ARROW64: u32 = 2;
/// The Arrow layout of a string view or binary view column.
pub const JOT_ARROW_VIEWS: u32 = 3;
/// The Arrow layout of a dictionary column: indices into a column of values.
pub const JOT_ARROW_DICTIONARY: u32 = 4;

/// `offsets_bytes` and `validity_bytes` give the lengths of these buffers, and a buffer
/// that is too short for its rows is rejected. Without this flag the buffers are
/// assumed to be long enough.
pub const JOT_BOUNDED: u32 = 1;
/// The indices of a dictionary column are unsigned.
pub const JOT_UNSIGNED_INDICES: u32 = 2;

/// The tokens of a batch, in the caller's memory; never copied. They must not change
/// during the call. A column without rows needs no buffers.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TokenColumn {
    /// `sizeof(jot_tokens)`, set by the caller.
    pub size: usize,
    /// `JOT_SLICES`, `JOT_ARROW32`, `JOT_ARROW64`, `JOT_ARROW_VIEWS` or
    /// `JOT_ARROW_DICTIONARY`.
    pub layout: u32,
    /// `JOT_BOUNDED` and `JOT_UNSIGNED_INDICES`, or-ed together; or 0.
    pub flags: u32,
    /// The number of rows.
    pub rows: usize,
    /// For `JOT_SLICES`: a view for each row.
    pub slices: *const Slice,
    /// For `JOT_ARROW32` and `JOT_ARROW64`: the bytes of all tokens.
    pub data: Slice,
    /// For Arrow: `offset + rows + 1` offsets into `data`, aligned; or
    /// `offset + rows` views of 16 bytes; or as many indices.
    pub offsets: *const c_void,
    /// For Arrow: a bit for each row, lowest bit of a byte first, that is set if there
    /// is a token; NULL if no row is null.
    pub validity: *const u8,
    /// For Arrow: the row of `offsets` and `validity` to begin with, as in
    /// `ArrowArray.offset`; 0 for a column that was not sliced.
    pub offset: usize,
    /// The bytes at `offsets`, with `JOT_BOUNDED`.
    pub offsets_bytes: usize,
    /// The bytes at `validity`, with `JOT_BOUNDED`.
    pub validity_bytes: usize,
    /// For `JOT_ARROW_VIEWS`: the buffers that long views point into.
    pub buffers: *const Slice,
    /// The number of `buffers`.
    pub buffer_count: usize,
    /// For `JOT_ARROW_DICTIONARY`: the values, a `jot_tokens` of any layout;
    /// dictionaries may be nested up to four deep.
    pub dictionary: *const c_void,
    /// For `JOT_ARROW_DICTIONARY`: the size of an index in bytes, 1, 2, 4 or 8.
    pub index_bytes: usize,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for TokenColumn {
    const LEAST: usize = offset_of!(Self, offsets_bytes);
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
}

// SAFETY: `repr(C)`, a `usize` first, an integer, raw pointers and a nullable
// function pointer behind it, which the caller promises to be a function.
unsafe impl Growable for BatchOptions {
    const LEAST: usize = size_of::<Self>();
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
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, raw pointers and integers behind it.
unsafe impl Growable for ColumnsOut {
    const LEAST: usize = offset_of!(Self, first_row);
}

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

impl Inner {
    fn verify(
        &mut self,
        verifier: &Verifier,
        tokens: &TokenColumn,
        options: &BatchOptions,
        columns: &ColumnsOut,
    ) -> Result<BatchReport, Error> {
        let rows = tokens.rows;
        let instants = match options.as_of.is_null() {
            true => Instants::Now(UnixSeconds(options.now)),
            false => Instants::AsOf(row(options.as_of, rows, "as_of")?),
        };
        let mut first_row = optional(columns.first_row, rows, "first_row")?;
        let claims = checked_bits(columns.claims)?;
        let mut columns = Columns {
            codes: row_mut(columns.codes, rows, "codes")?,
            flags: optional(columns.flags, rows, "flags")?,
            issuer_index: optional(columns.issuer_index, rows, "issuer_index")?,
            key_index: optional(columns.key_index, rows, "key_index")?,
            expires_at: optional(columns.expires_at, rows, "expires_at")?,
            not_before: optional(columns.not_before, rows, "not_before")?,
            issued_at: optional(columns.issued_at, rows, "issued_at")?,
            ..Columns::default()
        };
        let column = tokens.tokens(&mut self.rows)?;
        let watcher = options.progress.map(|progress| Watcher { progress, user: options.user });
        let tell = watcher.as_ref().map(|watcher| |done, total| watcher.tell(done, total));
        let progress = tell.as_ref().map(|tell| tell as crate::batch::Progress<'_>);
        self.kept.start(claims, rows)?;
        let Kept { firsts, texts, .. } = &mut self.kept;
        let texts = &*texts;
        let keep = |row: usize, claims: &Claims<'_>| {
            texts.lock().unwrap_or_else(PoisonError::into_inner).keep(row, claims);
        };
        columns.first_row = first_row.as_deref_mut();
        if claims != 0 {
            columns.first_row = Some(firsts);
            columns.claims = Some(&keep);
        }
        let report = self.batch.run(&verifier.inner, &column, instants, &mut columns, progress)?;
        if let (Some(first_row), true) = (first_row, claims != 0) {
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

const NO_OPTIONS: BatchOptions =
    BatchOptions { size: 0, now: 0, as_of: std::ptr::null(), progress: None, user: std::ptr::null_mut() };

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
    reserved: 0,
};

/// Frees a batch and ends its threads; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_free(batch: Option<Box<Batch>>) {
    answer((), || drop(batch));
}
