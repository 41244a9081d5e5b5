//! SHA-256 of one message with the SHA extensions.
//!
//! Two registers hold the eight variables, a, b, e, f and c, d, g, h, highest
//! lane first, as the instructions want them: `sha256rnds2` does two rounds and
//! gives what becomes the other half. Four rounds take four words of the
//! schedule; `sha256msg1` and `sha256msg2` make the next four of the last
//! sixteen.

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_loadu_si128, _mm_set_epi32, _mm_set_epi64x,
    _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32,
    _mm_storeu_si128,
};

use super::lanes::sixteen;
use super::sha256::CONSTANTS;
use super::{Digest, Padded};

const FOURS: &[[u32; 4]; 16] = match CONSTANTS.as_chunks().0.first_chunk() {
    Some(fours) => fours,
    None => &[[0; 4]; 16],
};

/// The proof that this CPU has the SHA extensions, SSSE3 and SSE 4.1.
#[derive(Clone, Copy, Debug)]
pub(in crate::crypto::ifma) struct ShaNi(());

impl ShaNi {
    /// Asks the CPU.
    pub(in crate::crypto::ifma) fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("sha")
            && std::is_x86_feature_detected!("ssse3")
            && std::is_x86_feature_detected!("sse4.1");
        found.then_some(Self(()))
    }

    /// Takes a state through the blocks; the digest is big-endian, with zeros
    /// behind it.
    #[expect(unsafe_code, reason = "the CPU has the instructions")]
    pub(in crate::crypto::ifma) fn digest(self, initial: &[u32; 8], message: &Padded<'_, 64>) -> Digest {
        let (ends, count) = message.ends();
        let blocks = message.whole().iter().chain(ends.iter().take(count));
        // SAFETY: whoever has a `ShaNi` has asked the CPU.
        let words = unsafe { run(initial, blocks) };
        let mut digest = [0; 64];
        for (to, word) in digest.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_be_bytes();
        }
        digest
    }
}

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
#[expect(unsafe_code, reason = "a load through a pointer")]
fn load_four<T: Copy>(words: &[T; 4]) -> __m128i {
    const { assert!(size_of::<T>() == 4) }
    // SAFETY: the 16 bytes of `words` may be read, and need no alignment.
    unsafe { _mm_loadu_si128(words.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
#[expect(unsafe_code, reason = "a store through a pointer")]
fn store_four(words: &mut [u32; 4], value: __m128i) {
    // SAFETY: the 16 bytes of `words` may be written, and need no alignment.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), value) }
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn run<'b>(initial: &[u32; 8], blocks: impl Iterator<Item = &'b [u8; 64]>) -> [u32; 8] {
    let big_endian = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let ([abcd, efgh], _) = initial.as_chunks::<4>() else { return *initial };
    let (badc, hgfe) =
        (_mm_shuffle_epi32::<0xb1>(load_four(abcd)), _mm_shuffle_epi32::<0x1b>(load_four(efgh)));
    let mut abef = _mm_alignr_epi8::<8>(badc, hgfe);
    let mut cdgh = _mm_blend_epi16::<0xf0>(hgfe, badc);
    for block in blocks {
        let (first, second) = (abef, cdgh);
        let mut words = [_mm_set_epi32(0, 0, 0, 0); 4];
        for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0.as_chunks::<4>().0) {
            *word = _mm_shuffle_epi8(load_four(bytes), big_endian);
        }
        macro_rules! four_rounds {
            ($i:literal) => {
                if $i >= 4 {
                    let [oldest, older, newer, newest] =
                        [words[$i % 4], words[($i + 1) % 4], words[($i + 2) % 4], words[($i + 3) % 4]];
                    let lower = _mm_sha256msg1_epu32(oldest, older);
                    let sum = _mm_add_epi32(lower, _mm_alignr_epi8::<4>(newest, newer));
                    words[$i % 4] = _mm_sha256msg2_epu32(sum, newest);
                }
                let constants = load_four(&FOURS[$i]);
                let two = _mm_add_epi32(words[$i % 4], constants);
                cdgh = _mm_sha256rnds2_epu32(cdgh, abef, two);
                abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32::<0x0e>(two));
            };
        }
        sixteen!(four_rounds);
        abef = _mm_add_epi32(abef, first);
        cdgh = _mm_add_epi32(cdgh, second);
    }
    let (feba, dchg) = (_mm_shuffle_epi32::<0x1b>(abef), _mm_shuffle_epi32::<0xb1>(cdgh));
    let mut result = [0; 8];
    if let ([abcd, efgh], _) = result.as_chunks_mut::<4>() {
        store_four(abcd, _mm_blend_epi16::<0xf0>(feba, dchg));
        store_four(efgh, _mm_alignr_epi8::<8>(dchg, feba));
    }
    result
}
