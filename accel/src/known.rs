//! Known answers: what accelerated code must get right before it is used.

use super::Build;
use crate::alg::Alg;
use crate::crypto::{Job, PublicPart};

/// A key and a good signature of its.
pub(in crate::crypto) struct KnownAnswer {
    pub(in crate::crypto) alg: Alg,
    pub(in crate::crypto) part: PublicPart<'static>,
    pub(in crate::crypto) message: &'static [u8],
    pub(in crate::crypto) signature: &'static [u8],
    /// `false` where the form leaves single signatures to aws-lc.
    pub(in crate::crypto) is_accepted_alone: bool,
}

/// More than two rounds of any form's lanes, and a part of one.
const JOBS: usize = 37;

/// Every so many rows of a batch are bad; 0 for none. Each lane has so good and
/// bad neighbours, and is good and bad itself.
const STRIDES: [usize; 10] = [0, 1, 2, 3, 5, 7, 8, 11, 16, 36];

/// In how many places a signature is spoilt, one after the other: this is paid
/// for in every process that verifies so much as one token.
const SPOILT: usize = 64;

impl KnownAnswer {
    /// Tells whether the form of the key accepts the signature, alone and in a
    /// batch, and no other.
    pub(in crate::crypto) fn comes_out(
        &self,
        begin: fn(Alg, PublicPart<'_>) -> Option<Box<dyn Build>>,
    ) -> bool {
        let form = begin(self.alg, self.part).and_then(|mut build| build.finish());
        let Some(form) = form else { return false };
        let is_refused = |row: usize| {
            let mut bad = self.signature.to_vec();
            if let Some(byte) = bad.get_mut(row) {
                *byte ^= 0x10;
            }
            !form.accepts(self.message, &bad)
        };
        let step = self.signature.len().div_ceil(SPOILT).max(1);
        if form.accepts(self.message, self.signature) != self.is_accepted_alone
            || form.accepts(b"another message", self.signature)
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
            let job = |row| Job {
                message: self.message,
                signature: if is_good(row) { self.signature } else { &wrong },
                holds: false,
            };
            let mut jobs: Vec<Job<'_>> = (0..JOBS).map(job).collect();
            form.accept_each(&mut jobs);
            jobs.iter().enumerate().all(|(row, job)| job.holds == is_good(row))
        })
    }
}
