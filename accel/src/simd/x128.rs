//! Registers of 128 bits: the only file that names their instructions, those of
//! the SHA extensions among them, and the only one that moves them to and from
//! memory.

use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_storeu_si128};
pub(crate) use std::arch::x86_64::{
    _mm_add_epi32 as add32, _mm_alignr_epi8 as align8, _mm_blend_epi16 as blend16, _mm_set_epi32 as set32,
    _mm_set_epi64x as set64, _mm_sha256msg1_epu32 as sha256_schedule1,
    _mm_sha256msg2_epu32 as sha256_schedule2, _mm_sha256rnds2_epu32 as sha256_two_rounds,
    _mm_shuffle_epi8 as shuffle8, _mm_shuffle_epi32 as shuffle32,
};

/// A register.
pub(crate) type X = __m128i;

#[inline]
#[target_feature(enable = "sse2")]
#[expect(unsafe_code, reason = "a load through a pointer")]
pub(crate) fn load<T: Copy>(words: &[T; 4]) -> X {
    const { assert!(size_of::<T>() == 4) }
    // SAFETY: the 16 bytes of `words` may be read, and need no alignment.
    unsafe { _mm_loadu_si128(words.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sse2")]
#[expect(unsafe_code, reason = "a store through a pointer")]
pub(crate) fn store(words: &mut [u32; 4], value: X) {
    // SAFETY: the 16 bytes of `words` may be written, and need no alignment.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), value) }
}
