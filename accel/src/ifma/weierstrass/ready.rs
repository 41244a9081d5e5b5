//! From signatures to the digits of their scalars.

use super::curves::Lanes;
use crate::field::{Residue, invert_each};
use crate::ifma::sha2::{Digest, digests};
use crate::job::Job;
use crate::simd::Ifma;
use crate::weierstrass::{Signature, digits};

/// The number of signatures that are prepared together, with one inversion.
pub(super) const TOGETHER: usize = 64;

/// The digits of u1 and u2, those of each word together.
type Digits<const W: usize> = [[[i16; 8]; W]; 2];

/// A signature whose range was checked.
#[derive(Clone, Copy)]
pub(super) struct Ready<const W: usize> {
    /// The index of its job.
    pub(super) row: usize,
    pub(super) r: [u64; W],
    pub(super) digits: Digits<W>,
}

/// Prepares up to [`TOGETHER`] signatures, and returns how many are ready.
pub(super) fn prepare<C: Lanes<W, N>, const W: usize, const N: usize>(
    ifma: Ifma,
    jobs: &[Job<'_>],
    ready: &mut [Option<Ready<W>>; TOGETHER],
) -> usize {
    // Skip signatures that are out of range: a zero among them would have no
    // inverse, and `invert_each` would fail for all.
    let mut parsed: [Option<(usize, Signature<C, W>)>; TOGETHER] = [const { None }; TOGETHER];
    let mut inverses = [Residue::<C::Order, W>::ONE; TOGETHER];
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
    digests(ifma, C::HASH, messages, &mut of_messages);
    let mut count = 0_usize;
    for ((row, signature), inverse) in parsed.iter().flatten().zip(&inverses) {
        let digest = of_messages.get(*row).and_then(|digest| digest.get(..C::HASH.output_bytes()));
        if let (Some(place), Some(digest)) = (ready.get_mut(count), digest)
            && let Some(found) = Ready::new::<C, N>(*row, digest, signature, inverse)
        {
            *place = Some(found);
            count = count.saturating_add(1);
        }
    }
    count
}

impl<const W: usize> Ready<W> {
    /// Prepares a signature of the message with this `digest`; returns `None` if
    /// `inverse` is not 1/s.
    pub(super) fn new<C: Lanes<W, N>, const N: usize>(
        row: usize,
        digest: &[u8],
        signature: &Signature<C, W>,
        inverse: &Residue<C::Order, W>,
    ) -> Option<Self> {
        let scalars = signature.scalars(digest, inverse)?;
        let digits = scalars.map(|scalar| {
            let mut row = [[0; 8]; W];
            for (place, digit) in row.as_flattened_mut().iter_mut().zip(digits::<C, W>(&scalar)) {
                *place = digit;
            }
            row
        });
        Some(Self { row, r: signature.r, digits })
    }
}
