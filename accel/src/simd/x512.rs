//! Registers to and from memory.

use std::arch::x86_64::{__m512i, _mm512_loadu_si512, _mm512_maskz_loadu_epi8, _mm512_storeu_si512};

/// A register of 512 bits.
pub(super) type V = __m512i;

/// What fills a register: 64 bytes of numbers.
pub(super) trait Words: Copy {}

impl Words for [u64; 8] {}
impl Words for [u32; 16] {}
impl Words for [u8; 64] {}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
#[expect(unsafe_code, reason = "a load through a pointer")]
pub(super) fn load(words: &impl Words) -> V {
    // SAFETY: the 64 bytes of `words` may be read, and need no alignment.
    unsafe { _mm512_loadu_si512(std::ptr::from_ref(words).cast()) }
}

/// Fewer bytes than a register has, with zeros behind them.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
#[expect(unsafe_code, reason = "a load through a pointer")]
pub(super) fn load_part(bytes: &[u8]) -> V {
    debug_assert!(bytes.len() < 64);
    let mask = !u64::MAX.wrapping_shl(bytes.len() as u32);
    // SAFETY: the mask has bits for the bytes of `bytes` alone (for the first
    // `len % 64`), and what it has none for is not read.
    unsafe { _mm512_maskz_loadu_epi8(mask, bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
#[expect(unsafe_code, reason = "a store through a pointer")]
pub(super) fn store(words: &mut impl Words, value: V) {
    // SAFETY: the 64 bytes of `words` may be written, need no alignment, and
    // are numbers, whatever their bits.
    unsafe { _mm512_storeu_si512(std::ptr::from_mut(words).cast(), value) }
}
