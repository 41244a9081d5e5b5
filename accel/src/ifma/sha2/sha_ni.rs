//! SHA-256 of one message with the SHA extensions.
//!
//! Two registers hold the eight variables, a, b, e, f and c, d, g, h, highest lane
//! first, as the instructions require: one instruction does two rounds and returns the
//! new value of the other half. Four rounds take four words of the schedule; two
//! schedule instructions compute the next four words from the last sixteen.

use super::compression::sixteen;
use super::padded::{Digest, Padded};
use super::sha256::CONSTANTS;
use crate::simd::ShaNi;
use crate::simd::x128::{
    add32, align8, blend16, load, set32, set64, sha256_schedule1, sha256_schedule2, sha256_two_rounds,
    shuffle8, shuffle32, store,
};

const FOURS: &[[u32; 4]; 16] = match CONSTANTS.as_chunks().0.first_chunk() {
    Some(fours) => fours,
    None => &[[0; 4]; 16],
};

impl ShaNi {
    /// Hashes the blocks from a state; the digest is big-endian and followed by zeros.
    #[expect(unsafe_code, reason = "the CPU has the instructions")]
    pub(super) fn digest(self, initial: &[u32; 8], message: &Padded<'_, 64>) -> Digest {
        let (ends, count) = message.ends();
        let blocks = message.whole().iter().chain(ends.iter().take(count));
        // SAFETY: a `ShaNi` exists only if the CPU has the instructions.
        let words = unsafe { run(initial, blocks) };
        let mut digest = [0; 64];
        for (to, word) in digest.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_be_bytes();
        }
        digest
    }
}

#[cfg_attr(not(software_lanes), target_feature(enable = "sha,ssse3,sse4.1"))]
fn run<'b>(initial: &[u32; 8], blocks: impl Iterator<Item = &'b [u8; 64]>) -> [u32; 8] {
    let big_endian = set64(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let ([abcd, efgh], _) = initial.as_chunks::<4>() else { return *initial };
    let (badc, hgfe) = (shuffle32::<0xb1>(load(abcd)), shuffle32::<0x1b>(load(efgh)));
    let mut abef = align8::<8>(badc, hgfe);
    let mut cdgh = blend16::<0xf0>(hgfe, badc);
    for block in blocks {
        let (first, second) = (abef, cdgh);
        let mut words = [set32(0, 0, 0, 0); 4];
        for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0.as_chunks::<4>().0) {
            *word = shuffle8(load(bytes), big_endian);
        }
        macro_rules! four_rounds {
            ($i:literal) => {
                if $i >= 4 {
                    let [oldest, older, newer, newest] =
                        [words[$i % 4], words[($i + 1) % 4], words[($i + 2) % 4], words[($i + 3) % 4]];
                    let lower = sha256_schedule1(oldest, older);
                    let sum = add32(lower, align8::<4>(newest, newer));
                    words[$i % 4] = sha256_schedule2(sum, newest);
                }
                let constants = load(&FOURS[$i]);
                let two = add32(words[$i % 4], constants);
                cdgh = sha256_two_rounds(cdgh, abef, two);
                abef = sha256_two_rounds(abef, cdgh, shuffle32::<0x0e>(two));
            };
        }
        sixteen!(four_rounds);
        abef = add32(abef, first);
        cdgh = add32(cdgh, second);
    }
    let (feba, dchg) = (shuffle32::<0x1b>(abef), shuffle32::<0xb1>(cdgh));
    let mut result = [0; 8];
    if let ([abcd, efgh], _) = result.as_chunks_mut::<4>() {
        store(abcd, blend16::<0xf0>(feba, dchg));
        store(efgh, align8::<8>(dchg, feba));
    }
    result
}
