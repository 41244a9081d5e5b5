//! From signatures to the digits of their scalars.

use crate::algorithm::Hash;
use crate::field::{P256Order, Residue, invert_each};
use crate::ifma::sha2::{Digest, digests};
use crate::job::Job;
use crate::simd::Ifma;
use crate::weierstrass::{P256, Signature, Table, digits};

pub(super) const WINDOWS: usize = Table::<4>::WINDOWS;

/// The number of signatures that are prepared together, with one inversion.
pub(super) const TOGETHER: usize = 64;

/// The digits of u1 and u2.
type Digits = [[i16; WINDOWS]; 2];

/// A signature whose range was checked.
#[derive(Clone, Copy)]
pub(super) struct Ready {
    /// The index of its job.
    pub(super) row: usize,
    pub(super) r: [u64; 4],
    pub(super) digits: Digits,
}

/// Prepares up to [`TOGETHER`] signatures, and returns how many are ready.
pub(super) fn prepare(ifma: Ifma, jobs: &[Job<'_>], ready: &mut [Option<Ready>; TOGETHER]) -> usize {
    // Skip signatures that are out of range: a zero among them would have no
    // inverse, and `invert_each` would fail for all.
    let mut parsed: [Option<(usize, Signature<P256, 4>)>; TOGETHER] = [const { None }; TOGETHER];
    let mut inverses = [Residue::<P256Order, 4>::ONE; TOGETHER];
    let mut count = 0_usize;
    for (row, job) in jobs.iter().enumerate() {
        let places = (parsed.get_mut(count), inverses.get_mut(count));
        if let (Some(signature), (Some(place), Some(inverse))) = (Signature::parse(job.signature), places) {
            *inverse = signature.s;
            *place = Some((row, signature));
            count = count.saturating_add(1);
        }
    }
    let mut room = [Residue::ONE; TOGETHER];
    if !invert_each(inverses.get_mut(..count).unwrap_or_default(), room.get_mut(..count).unwrap_or_default())
    {
        return 0;
    }
    let mut messages: [&[u8]; TOGETHER] = [&[]; TOGETHER];
    for (message, job) in messages.iter_mut().zip(jobs) {
        *message = job.message;
    }
    let mut of_messages: [Digest; TOGETHER] = [[0; 64]; TOGETHER];
    let messages = messages.get(..jobs.len()).unwrap_or_default();
    digests(ifma, Hash::Sha256, messages, &mut of_messages);
    let mut count = 0_usize;
    for ((row, signature), inverse) in parsed.iter().flatten().zip(&inverses) {
        let digest = of_messages.get(*row).and_then(|digest| digest.first_chunk::<32>());
        if let (Some(place), Some(digest)) = (ready.get_mut(count), digest)
            && let Some(found) = Ready::new(*row, digest, signature, inverse)
        {
            *place = Some(found);
            count = count.saturating_add(1);
        }
    }
    count
}

impl Ready {
    /// Prepares a signature of the message with this `digest`; returns `None` if
    /// `inverse` is not 1/s.
    pub(super) fn new(
        row: usize,
        digest: &[u8],
        signature: &Signature<P256, 4>,
        inverse: &Residue<P256Order, 4>,
    ) -> Option<Self> {
        let scalars = signature.scalars(digest, inverse)?;
        let digits = scalars.map(|scalar| {
            let mut row = [0; WINDOWS];
            for (place, digit) in row.iter_mut().zip(digits::<P256, 4>(&scalar)) {
                *place = digit;
            }
            row
        });
        Some(Self { row, r: signature.r, digits })
    }
}
