//! Known answers, which accelerated code must get right before it is used.

#[cfg(test)]
mod tests;

use crate::algorithm::{Algorithm, RawKey};
use crate::job::Job;
use crate::preparation::Build;

/// A key and one of its good signatures.
pub(crate) struct KnownAnswer {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: RawKey<'static>,
    pub(crate) message: &'static [u8],
    pub(crate) signature: &'static [u8],
    /// `false` if the code leaves single signatures to the caller.
    pub(crate) is_accepted_alone: bool,
}

/// More than two full rounds of any number of lanes, and a part of one.
const JOBS: usize = 37;

/// Every n-th row of a batch is bad; 0 for none. This way every lane is tried with a
/// good and a bad signature, next to good and bad ones.
const STRIDES: [usize; 10] = [0, 1, 2, 3, 5, 7, 8, 11, 16, 36];

/// The number of places at which a signature is changed, one at a time. It is small
/// because every process that verifies a token pays for it.
const SPOILT: usize = 64;

impl KnownAnswer {
    /// Returns `true` if the prepared key accepts the signature, alone and in a batch,
    /// and no other.
    pub(crate) fn comes_out(&self, begin: fn(Algorithm, RawKey<'_>) -> Option<Box<dyn Build>>) -> bool {
        let key = begin(self.algorithm, self.key).and_then(|mut build| build.finish());
        let Some(key) = key else { return false };
        let accepts = |message: &[u8], signature: &[u8]| key.verify(message, signature).is_some();
        let is_refused = |row: usize| {
            let mut bad = self.signature.to_vec();
            if let Some(byte) = bad.get_mut(row) {
                *byte ^= 0x10;
            }
            !accepts(self.message, &bad)
        };
        let step = self.signature.len().div_ceil(SPOILT).max(1);
        if accepts(self.message, self.signature) != self.is_accepted_alone
            || accepts(b"another message", self.signature)
            || !(0..self.signature.len()).step_by(step).all(is_refused)
        {
            return false;
        }
        let mut wrong = self.signature.to_vec();
        if let Some(byte) = wrong.last_mut() {
            *byte ^= 1;
        }
        STRIDES.into_iter().all(|stride| {
            let is_good = |row: usize| row.checked_rem(stride) != Some(0);
            let job = |row| Job::new(self.message, if is_good(row) { self.signature } else { &wrong });
            let mut jobs: Vec<Job<'_>> = (0..JOBS).map(job).collect();
            key.verify_each(&mut jobs);
            jobs.iter().enumerate().all(|(row, job)| job.held().is_some() == is_good(row))
        })
    }
}
