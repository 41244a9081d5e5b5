//! Decodes strict base64url with AVX-512, 64 characters at a time.
//!
//! Each character is looked up in a table of 128 entries; an entry without a value has its
//! high bit set. Multiplications combine four values of six bits to three bytes, which are
//! then moved together. The text is padded with characters of value 0. Unused bits of the
//! last character therefore become a byte after the last one, which must be 0.
#![expect(unsafe_code, reason = "instructions that the CPU has, loads and stores through pointers")]

use std::arch::x86_64::{
    __m512i, _mm512_loadu_si512, _mm512_madd_epi16, _mm512_maddubs_epi16, _mm512_mask_loadu_epi8,
    _mm512_mask_storeu_epi8, _mm512_maskz_permutexvar_epi8, _mm512_movepi8_mask, _mm512_or_si512,
    _mm512_permutex2var_epi8, _mm512_set1_epi8, _mm512_set1_epi16, _mm512_set1_epi32, _mm512_setzero_si512,
    _mm512_test_epi8_mask,
};

use super::fault::NotBase64Url;
use crate::simd::Wide;

const CHARACTERS: usize = 64;
const BYTES: usize = 48;

/// The value of each character below 128; the high bit is set if it has none.
const VALUES: [[u8; 64]; 2] = {
    let mut values = [[0x80; 64]; 2];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut rest: &[u8] = alphabet;
    while let [character, others @ ..] = rest {
        if let Some(place) = values.as_flattened_mut().split_at_mut(*character as usize).1.first_mut() {
            *place = (alphabet.len() - rest.len()) as u8;
        }
        rest = others;
    }
    values
};

/// The order of the decoded bytes: three of each four, the highest first.
const PACKED: [u8; 64] = {
    let mut places = [0; 64];
    let (mut rest, mut at): (&mut [u8], u8) = (&mut places, 0);
    while let ([first, second, third, others @ ..], true) = (rest, at < 64) {
        (*first, *second, *third) = (at + 2, at + 1, at);
        (rest, at) = (others, at + 4);
    }
    places
};

/// Decodes `text` to the beginning of `bytes`, which must be long enough, and returns
/// the length.
#[inline]
pub(super) fn decode(_: Wide, text: &[u8], bytes: &mut [u8]) -> Result<usize, NotBase64Url> {
    // SAFETY: a `Wide` exists only if the CPU has these instructions.
    unsafe { decode_all(text, bytes) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn decode_all(text: &[u8], bytes: &mut [u8]) -> Result<usize, NotBase64Url> {
    let (blocks, rest) = text.as_chunks::<CHARACTERS>();
    // No text is long enough for this to wrap.
    let length = text.len().wrapping_mul(3) / 4;
    let bytes = bytes.get_mut(..length).ok_or(NotBase64Url)?;
    let (places, end) = bytes.as_chunks_mut::<BYTES>();
    let mut wrong = _mm512_setzero_si512();
    for (block, place) in blocks.iter().zip(places) {
        // SAFETY: the 64 bytes of `block` may be read, and need no alignment.
        let characters = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
        let (packed, faults) = values_of(characters);
        wrong = _mm512_or_si512(wrong, faults);
        // SAFETY: the mask selects only the 48 bytes of `place`.
        unsafe { _mm512_mask_storeu_epi8(place.as_mut_ptr().cast(), (1 << BYTES) - 1, packed) };
    }
    let mask = (1_u64 << rest.len()).wrapping_sub(1);
    let filler = _mm512_set1_epi8(b'A'.cast_signed());
    // SAFETY: the mask selects only the bytes of `rest`, fewer than 64.
    let characters = unsafe { _mm512_mask_loadu_epi8(filler, mask, rest.as_ptr().cast()) };
    let (packed, faults) = values_of(characters);
    wrong = _mm512_or_si512(wrong, faults);
    let mask = (1_u64 << end.len()).wrapping_sub(1);
    // SAFETY: the mask selects only the bytes of `end`, fewer than 48.
    unsafe { _mm512_mask_storeu_epi8(end.as_mut_ptr().cast(), mask, packed) };
    let surplus = _mm512_test_epi8_mask(packed, packed) & !mask;
    if _mm512_movepi8_mask(wrong) != 0 || surplus != 0 || text.len() % 4 == 1 {
        return Err(NotBase64Url);
    }
    Ok(length)
}

/// Returns 48 bytes followed by zeros, and a vector whose high bits mark characters
/// outside the alphabet.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn values_of(characters: __m512i) -> (__m512i, __m512i) {
    let table = VALUES.map(|values| {
        // SAFETY: the 64 bytes of `values` may be read, and need no alignment.
        unsafe { _mm512_loadu_si512(values.as_ptr().cast()) }
    });
    // SAFETY: the 64 bytes of `PACKED` may be read, and need no alignment.
    let packing = unsafe { _mm512_loadu_si512(PACKED.as_ptr().cast()) };
    let values = _mm512_permutex2var_epi8(table[0], characters, table[1]);
    let faults = _mm512_or_si512(values, characters);
    // Combine pairs of values to twelve bits, and pairs of these to twenty-four.
    let pairs = _mm512_maddubs_epi16(values, _mm512_set1_epi16(0x0140));
    let fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x0001_1000));
    (_mm512_maskz_permutexvar_epi8((1 << BYTES) - 1, packing, fours), faults)
}
