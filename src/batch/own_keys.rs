//! A batch of tokens that come with their own keys.

use std::sync::PoisonError;

use super::Batch;
use super::tokens::Tokens;
use crate::error::{Code, Error, Rejection};
use crate::key::Thumbprint;
use crate::self_signed::{EachSelfSigned, Row, SelfSigned, SelfSignedVerifier};

/// The tokens that a thread takes at a time: many fill the lanes of the processor better,
/// and few leave work for every thread.
const CHUNK: usize = 256;

impl Batch {
    /// Verifies tokens with the keys that come with them, and returns the thumbprint of
    /// each key, or why its token was refused, in the order of the tokens. **None of them
    /// is accepted**: see [`SelfSigned`].
    ///
    /// With `keys`, each token is verified with the JWK of its row, and must bring none
    /// itself; a row without a key is refused with [`Code::JwkMissing`]. The answer to
    /// each row is that of [`SelfSignedVerifier::verify`], or of
    /// [`verify_with_key`](SelfSignedVerifier::verify_with_key). Each row is verified,
    /// also if tokens are equal: such a token was perhaps used twice.
    ///
    /// ```
    /// use jot::batch::{Batch, Tokens};
    /// use jot::{Alg, Code, SelfSignedVerifier};
    ///
    /// let verifier = SelfSignedVerifier::builder([Alg::ES256]).typ("dpop+jwt").build()?;
    /// let tokens = Tokens::Slices(&[b"garbage"]);
    /// let answers = Batch::new(1)?.verify_self_signed(&verifier, &tokens, None, None)?;
    /// assert_eq!(answers.len(), 1);
    /// assert_eq!(answers[0].unwrap_err().code(), Code::TokenSegments);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::BatchInvalid`] if `keys` are not as many as the tokens, if offsets are not
    /// ascending within the data, or if there are more than `u32::MAX` tokens;
    /// [`Code::MemoryMissing`] if there is not enough memory for the answers.
    pub fn verify_self_signed(
        &mut self,
        verifier: &SelfSignedVerifier,
        tokens: &Tokens<'_>,
        keys: Option<&Tokens<'_>>,
        each: Option<EachSelfSigned<'_>>,
    ) -> Result<Vec<Result<Thumbprint, Rejection>>, Error> {
        let rows = tokens.checked_len()?;
        if let Some(keys) = keys
            && keys.checked_len()? != rows
        {
            return Err(Error::of_member(Code::BatchInvalid, "keys"));
        }
        let mut answers = Vec::new();
        answers.try_reserve_exact(rows)?;
        answers.resize(rows, Err(Rejection::new(Code::Internal)));
        let mut numbers = Vec::new();
        numbers.try_reserve_exact(rows)?;
        numbers.extend(0..rows);
        let Self { pool, own, .. } = self;
        let chunk = |thread: usize, rows: &[usize], answers: &mut [Result<Thumbprint, Rejection>]| {
            let worker = thread.checked_rem(own.len()).and_then(|index| own.get(index));
            let Some(worker) = worker else { return };
            // As in `Work::chunk`: each thread has its own.
            let mut worker = worker.lock().unwrap_or_else(PoisonError::into_inner);
            let read = |place: usize, known: &SelfSigned<'_>| {
                if let (Some(each), Some(row)) = (each, rows.get(place)) {
                    each(*row, known);
                }
            };
            let read: Option<EachSelfSigned<'_>> = if each.is_some() { Some(&read) } else { None };
            let rows =
                rows.iter().map(|row| Row { token: tokens.get(*row), key: keys.map(|keys| keys.get(*row)) });
            worker.verify(verifier, rows, answers, read);
        };
        let size = if rows < CHUNK.saturating_mul(own.len()) { CHUNK / 4 } else { CHUNK };
        pool.run(|split| split.chunks(size, (&numbers, &mut answers), chunk));
        Ok(answers)
    }
}
