//! Marking with AVX2: 32 bytes at a time.
#![expect(unsafe_code, reason = "instructions that the CPU has, loads through pointers")]

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8,
};

use super::blocks::{BLOCK_BYTES, mark_by};

/// Marks like [`mark`](super::mark) and returns `true`, or returns `false` without
/// AVX2.
#[inline]
pub(super) fn mark(bytes: &[u8], marks: &mut Vec<u64>) -> bool {
    let found = std::is_x86_feature_detected!("avx2");
    if found {
        // SAFETY: the CPU has AVX2, as was just checked.
        unsafe { fill(bytes, marks) }
    }
    found
}

#[target_feature(enable = "avx2")]
fn fill(bytes: &[u8], marks: &mut Vec<u64>) {
    mark_by(bytes, marks, |block| marks_of(block));
}

#[inline]
#[target_feature(enable = "avx2")]
fn marks_of(block: &[u8; BLOCK_BYTES]) -> u64 {
    let (halves, _) = block.as_chunks::<32>();
    halves.iter().rev().fold(0, |marks, half| {
        // SAFETY: the 32 bytes of `half` may be read, and need no alignment.
        let half = unsafe { _mm256_loadu_si256(half.as_ptr().cast()) };
        marks << 32 | u64::from(special(half))
    })
}

#[inline]
#[target_feature(enable = "avx2")]
fn special(bytes: __m256i) -> u32 {
    let quote = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0x22));
    let slash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0x5c));
    let control = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1f)), bytes);
    _mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(quote, slash), control)).cast_unsigned()
}
