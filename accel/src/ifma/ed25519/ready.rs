//! From signatures to the digits of their scalars.

use crate::field::{Ed25519Order, Residue, from_little_endian, signed_digits};
use crate::ifma::sha2::headed_sha512;
use crate::job::Job;
use crate::simd::Ifma;

pub(super) const WINDOWS: usize = 32;

/// A signature whose s is below the order.
#[derive(Clone, Copy)]
pub(super) struct Ready {
    pub(super) r: [u64; 4],
    /// The digits of s and of k.
    pub(super) digits: [[i16; WINDOWS]; 2],
}

/// Prepares up to eight signatures, each with the encoding of its key.
pub(super) fn prepare(ifma: Ifma, encoded: &[[u8; 32]; 8], jobs: &[Job<'_>]) -> [Option<Ready>; 8] {
    // RFC 8032 §5.1.7 step 2: hash R, A and the message.
    let mut heads = [[0; 64]; 8];
    let mut messages: [&[u8]; 8] = [&[]; 8];
    for (((head, message), job), encoded) in heads.iter_mut().zip(&mut messages).zip(jobs).zip(encoded) {
        let encoded_r = job.signature.first_chunk::<32>().unwrap_or(&[0; 32]);
        let (of_r, of_a) = head.split_at_mut(32);
        of_r.copy_from_slice(encoded_r);
        of_a.copy_from_slice(encoded);
        *message = job.message;
    }
    let hashes = headed_sha512(ifma, &heads, &messages);
    let mut ready: [Option<Ready>; 8] = [None; 8];
    for ((ready, job), hash) in ready.iter_mut().zip(jobs).zip(&hashes) {
        *ready = Ready::new(job.signature, hash);
    }
    ready
}

impl Ready {
    /// Prepares a signature with the hash of R, A and the message; returns `None`
    /// unless it is R and an s below the order.
    pub(super) fn new(signature: &[u8], hash: &[u8; 64]) -> Option<Self> {
        let (encoded_r, s) = signature.split_at_checked(32)?;
        let s = Residue::<Ed25519Order, 4>::new(&from_little_endian(s)?)?;
        let (low, high) = hash.split_at_checked(32)?;
        let k = Residue::<Ed25519Order, 4>::of_wide(&from_little_endian(low)?, &from_little_endian(high)?);
        let digits = [s, k].map(|scalar| {
            let mut row = [0; WINDOWS];
            for (place, digit) in row.iter_mut().zip(signed_digits(scalar.number())) {
                *place = digit;
            }
            row
        });
        Some(Self { r: from_little_endian(encoded_r)?, digits })
    }
}
