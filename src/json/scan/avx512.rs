//! Listing marks with AVX-512: 64 bytes at a time, and sixteen
//! places.
#![expect(unsafe_code, reason = "instructions that the CPU has, loads and stores through pointers")]

use std::arch::x86_64::{
    _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask, _mm512_cmple_epu8_mask,
    _mm512_cvtepu8_epi32, _mm512_extracti32x4_epi32, _mm512_loadu_si512, _mm512_maskz_compress_epi8,
    _mm512_set1_epi8, _mm512_set1_epi32, _mm512_storeu_si512,
};

use super::{BLOCK_BYTES, list_by};
use crate::simd::Wide;

/// As [`list_marks`](super::list_marks) does.
#[inline]
pub(super) fn list_marks(_: Wide, bytes: &[u8], list: &mut Vec<u32>) {
    // SAFETY: whoever has a `Wide` has asked the CPU.
    unsafe { fill(bytes, list) }
}

#[target_feature(enable = "avx512bw,avx512vbmi2,bmi1,popcnt")]
fn fill(bytes: &[u8], list: &mut Vec<u32>) {
    list_by(bytes, list, |block| marks_of(block), |marks, base, room| list_block(marks, base, room));
}

#[inline]
#[target_feature(enable = "avx512bw,avx512vbmi2,bmi1,popcnt")]
fn marks_of(block: &[u8; BLOCK_BYTES]) -> u64 {
    // SAFETY: the 64 bytes of `block` may be read, and need no alignment.
    let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(0x22))
        | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(0x5c))
        | _mm512_cmple_epu8_mask(bytes, _mm512_set1_epi8(0x1f))
}

#[inline]
#[target_feature(enable = "avx512bw,avx512vbmi2,bmi1,popcnt")]
fn list_block(marks: u64, base: u32, room: &mut [u32; BLOCK_BYTES]) {
    let places: [u8; BLOCK_BYTES] = std::array::from_fn(|at| at as u8);
    // SAFETY: the 64 bytes of `places` may be read, and need no alignment.
    let places = unsafe { _mm512_loadu_si512(places.as_ptr().cast()) };
    let places = _mm512_maskz_compress_epi8(marks, places);
    let base = _mm512_set1_epi32(base.cast_signed());
    let [first, second, third, fourth] = room.as_chunks_mut::<16>().0 else { return };
    let count = marks.count_ones();
    let store = |room: &mut [u32; 16], places| {
        let places = _mm512_add_epi32(_mm512_cvtepu8_epi32(places), base);
        // SAFETY: the 64 bytes of `room` may be written, need no alignment,
        // and are numbers, whatever their bits.
        unsafe { _mm512_storeu_si512(room.as_mut_ptr().cast(), places) };
    };
    store(first, _mm512_castsi512_si128(places));
    if count > 16 {
        store(second, _mm512_extracti32x4_epi32::<1>(places));
    }
    if count > 32 {
        store(third, _mm512_extracti32x4_epi32::<2>(places));
        store(fourth, _mm512_extracti32x4_epi32::<3>(places));
    }
}
