//! Verifying many tokens, beside the thread of JavaScript.

use std::sync::{Arc, Mutex, PoisonError};

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Code, UnixSeconds, Verifier};
use napi::bindgen_prelude::{
    AsyncTask, BigInt, ClassInstance, Either, Float64Array, Uint8Array, Uint32Array, Unknown,
};
use napi::{Env, Task};
use napi_derive::napi;

use crate::bytes;
use crate::fault::{Fault, fault, of_engine};
use crate::verifier::{NativeVerifier, instant};

/// Threads and memory for batches.
#[napi]
pub struct NativeBatch {
    batch: Arc<Mutex<Batch>>,
}

#[napi]
impl NativeBatch {
    /// Begins with so many threads.
    ///
    /// # Errors
    /// They are too many.
    #[napi(constructor)]
    pub fn new(threads: u32) -> Result<Self, Fault> {
        let batch = Batch::new(usize::try_from(threads).unwrap_or(usize::MAX)).map_err(of_engine)?;
        Ok(Self { batch: Arc::new(Mutex::new(batch)) })
    }

    /// Verifies tokens on a thread of libuv's pool.
    ///
    /// # Errors
    /// One of them is neither a string, bytes nor null.
    #[napi(ts_return_type = "Promise<BatchColumns>")]
    pub fn verify(
        &self,
        env: Env,
        verifier: ClassInstance<NativeVerifier>,
        tokens: Vec<Option<Unknown<'_>>>,
        now: Option<Either<f64, BigInt>>,
    ) -> Result<AsyncTask<Work>, Fault> {
        let mut work = Work {
            batch: Arc::clone(&self.batch),
            verifier: Arc::clone(&verifier.verifier),
            data: Vec::new(),
            offsets: Vec::with_capacity(tokens.len().saturating_add(1)),
            present: Vec::with_capacity(tokens.len()),
            now: instant(now)?,
        };
        let mut text = Vec::new();
        work.offsets.push(0);
        for (row, token) in tokens.into_iter().enumerate() {
            if let Some(token) = token {
                let wrong = |_| {
                    let sentence = format!("tokens[{row}]: a string, a Uint8Array or null is wanted");
                    fault(Code::BatchInvalid, "tokens", &sentence)
                };
                bytes::read(env, token, &mut text).map_err(wrong)?;
                work.data.extend_from_slice(&text);
                work.present.push(true);
            } else {
                work.present.push(false);
            }
            work.offsets.push(i64::try_from(work.data.len()).unwrap_or(i64::MAX));
        }
        Ok(AsyncTask::new(work))
    }
}

/// One call.
pub struct Work {
    batch: Arc<Mutex<Batch>>,
    verifier: Arc<Verifier>,
    data: Vec<u8>,
    offsets: Vec<i64>,
    present: Vec<bool>,
    now: UnixSeconds,
}

/// The answer, one element for each token.
pub struct Answer {
    codes: Vec<u32>,
    flags: Vec<u8>,
    key_index: Vec<u32>,
    expires_at: Vec<i64>,
    accepted: usize,
}

/// The same for JavaScript.
#[napi(object, object_from_js = false)]
pub struct BatchColumns {
    /// The numbers of the codes.
    pub codes: Uint32Array,
    /// Bits: 1 if the signature held, 4 if an earlier row is the same token.
    pub flags: Uint8Array,
    /// Which key of its set verified.
    pub key_index: Uint32Array,
    /// The seconds of `exp`; NaN if there is none.
    pub expires_at: Float64Array,
    /// How many were accepted.
    pub accepted: u32,
}

impl Task for Work {
    type Output = Answer;
    type JsValue = BatchColumns;

    fn compute(&mut self) -> napi::Result<Answer> {
        let rows = self.present.len();
        let (mut codes, mut flags) = (vec![0; rows], vec![0; rows]);
        let (mut key_index, mut expires_at) = (vec![0; rows], vec![0; rows]);
        let validity = bits(&self.present);
        let tokens = Tokens::Arrow64 {
            data: &self.data,
            offsets: &self.offsets,
            validity: Some(&validity),
            validity_offset: 0,
        };
        let mut columns = Columns::codes(&mut codes);
        columns.flags = Some(&mut flags);
        columns.key_index = Some(&mut key_index);
        columns.expires_at = Some(&mut expires_at);
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        let report = batch.verify(&self.verifier, &tokens, Instants::Now(self.now), &mut columns);
        let report = report.map_err(|error| napi::Error::from_reason(error.to_string()))?;
        Ok(Answer { codes, flags, key_index, expires_at, accepted: report.accepted })
    }

    fn resolve(&mut self, _: Env, answer: Answer) -> napi::Result<BatchColumns> {
        let has_exp = jot::batch::Flags::HAS_EXP.bits();
        #[expect(clippy::cast_precision_loss, reason = "dates beyond 2^53 seconds are rounded")]
        let date = |(seconds, flags): (&i64, &u8)| {
            if flags & has_exp == 0 { f64::NAN } else { *seconds as f64 }
        };
        let expires_at: Vec<f64> = answer.expires_at.iter().zip(&answer.flags).map(date).collect();
        Ok(BatchColumns {
            codes: answer.codes.into(),
            flags: answer.flags.into(),
            key_index: answer.key_index.into(),
            expires_at: expires_at.into(),
            accepted: u32::try_from(answer.accepted).unwrap_or(u32::MAX),
        })
    }
}

/// One bit for each row, the lowest of a byte first.
fn bits(present: &[bool]) -> Vec<u8> {
    present
        .chunks(8)
        .map(|chunk| chunk.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit)))
        .collect()
}
