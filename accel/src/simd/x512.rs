//! Registers of 512 bits: the only file that names their instructions, and the
//! only one that moves them to and from memory.
//!
//! Functions are named after their operation on words, followed by the number of bits
//! of a word. `madd52` multiplies 52 bits of two words and adds the low or the high
//! half of the product to a third.

use std::arch::x86_64::{
    __m512i, _MM_HINT_T0, _mm_prefetch, _mm512_loadu_si512, _mm512_maskz_loadu_epi8, _mm512_storeu_si512,
};
pub(crate) use std::arch::x86_64::{
    _mm512_add_epi32 as add32, _mm512_add_epi64 as add64, _mm512_alignr_epi64 as align64,
    _mm512_and_si512 as and, _mm512_cmpeq_epi64_mask as equal64, _mm512_cmpgt_epu64_mask as greater64,
    _mm512_madd52hi_epu64 as madd52_high, _mm512_madd52lo_epu64 as madd52_low,
    _mm512_mask_add_epi32 as masked_add32, _mm512_mask_add_epi64 as masked_add64,
    _mm512_mask_blend_epi8 as blend8, _mm512_mask_blend_epi64 as blend64,
    _mm512_mask_set1_epi64 as masked_broadcast64, _mm512_mask_sub_epi64 as masked_sub64,
    _mm512_movepi64_mask as signs64, _mm512_or_si512 as or, _mm512_permutex_epi64 as permute64,
    _mm512_permutex2var_epi32 as permute_two32, _mm512_permutex2var_epi64 as permute_two64,
    _mm512_ror_epi32 as rotate_right32, _mm512_ror_epi64 as rotate_right64, _mm512_set1_epi8 as broadcast8,
    _mm512_set1_epi32 as broadcast32, _mm512_set1_epi64 as broadcast64, _mm512_setzero_si512 as zero,
    _mm512_shuffle_epi8 as shuffle8, _mm512_shuffle_i64x2 as shuffle_quarters,
    _mm512_slli_epi64 as shift_left64, _mm512_srai_epi64 as shift_right_signed64,
    _mm512_srli_epi32 as shift_right32, _mm512_srli_epi64 as shift_right64, _mm512_sub_epi64 as sub64,
    _mm512_ternarylogic_epi32 as logic32, _mm512_ternarylogic_epi64 as logic64,
    _mm512_unpackhi_epi64 as unpack_high64, _mm512_unpacklo_epi64 as unpack_low64,
};

/// A register.
pub(crate) type V = __m512i;

/// Types that fill a register: 64 bytes of numbers.
pub(crate) trait Words: Copy {}

impl Words for [u64; 8] {}
impl Words for [u32; 16] {}
impl Words for [u8; 64] {}

#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "a load through a pointer")]
pub(crate) fn load(words: &impl Words) -> V {
    // SAFETY: the 64 bytes of `words` may be read, and need no alignment.
    unsafe { _mm512_loadu_si512(std::ptr::from_ref(words).cast()) }
}

/// Loads fewer bytes than a register has, followed by zeros.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
#[expect(unsafe_code, reason = "a load through a pointer")]
pub(crate) fn load_part(bytes: &[u8]) -> V {
    debug_assert!(bytes.len() < 64);
    let mask = !u64::MAX.wrapping_shl(bytes.len() as u32);
    // SAFETY: the mask selects only the bytes of `bytes` (the first `len % 64`), and no
    // other byte is read.
    unsafe { _mm512_maskz_loadu_epi8(mask, bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
#[expect(unsafe_code, reason = "a store through a pointer")]
pub(crate) fn store(words: &mut impl Words, value: V) {
    // SAFETY: the 64 bytes of `words` may be written, need no alignment, and
    // are numbers, whatever their bits.
    unsafe { _mm512_storeu_si512(std::ptr::from_mut(words).cast(), value) }
}

/// Prefetches a cache line.
#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn prefetch<T>(place: &T) {
    _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast());
}
