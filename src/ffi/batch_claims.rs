//! Returns the texts that a batch kept.

use super::batch::{Batch, take};
use super::batch_texts::TextColumn;
use super::boundary::{given, writable, write};
use super::failure::{Failure, explained};

/// Returns a claim that the last `jot_batch_verify` of this batch kept because `claims`
/// of `jot_columns` asked for it: `JOT_CLAIM_ISSUER`, `JOT_CLAIM_SUBJECT` or
/// `JOT_CLAIM_JWT_ID`.
///
/// A row has a text if the token's signature holds, accepted or not, and the claim is a
/// string. Repeated tokens have repeated texts: the column takes as much memory as the
/// texts of all rows together. It belongs to the batch and is valid until the next
/// `jot_batch_verify` with it or until the batch is freed; a `jot_batch_verify` that
/// keeps no claims frees its memory.
///
/// Returns `JOT_VALUE_MISSING` if the claim was not kept or the last
/// `jot_batch_verify` failed; `JOT_HANDLE_BUSY`; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_claim(
    batch: Option<&Batch>,
    claim: u32,
    column: *mut TextColumn,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let batch = given(batch, "batch")?;
        writable(column, "column")?;
        write(column, take(batch)?.kept.claim(claim)?, "column")
    })
}

/// Gives one of the names in the headers that the last `jot_batch_verify` of this
/// batch was told to keep by `unverified` of `jot_columns`: `JOT_UNVERIFIED_ALG` or
/// `JOT_UNVERIFIED_KID`.
///
/// Unless the row's flags have `JOT_SIGNATURE_OK`, this is only what the token says
/// of itself. A row has a text where the header segment is within the policy's
/// limit and holds a JSON object in base64url, both read as strictly as those of an
/// accepted token, and where the member is a string; the text ends after 256
/// characters. The column lives as long as those of `jot_batch_claim`.
///
/// Codes: those of `jot_batch_claim`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_batch_unverified(
    batch: Option<&Batch>,
    name: u32,
    column: *mut TextColumn,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let batch = given(batch, "batch")?;
        writable(column, "column")?;
        write(column, take(batch)?.kept.unverified(name)?, "column")
    })
}
