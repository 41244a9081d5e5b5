//! Searches many bytes at a time.
//!
//! All bytes that may end a string are marked for the whole text at once, with a bit for
//! each byte. To find the next mark, one word of marks is then enough for most strings. On
//! x86-64, whose baseline has SSE2, at least sixteen bytes are marked at a time.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod blocks;

use self::blocks::{BLOCK_BYTES, mark_by};

const ONES: u64 = 0x0101_0101_0101_0101;

/// Marks every quote, backslash and control character of `bytes`, lowest bit of a word
/// first, and every position after the end. A search therefore always stops.
pub(super) fn mark(bytes: &[u8], marks: &mut Vec<u64>) {
    #[cfg(target_arch = "x86_64")]
    if avx2::mark(bytes, marks) {
        return;
    }
    mark_by(bytes, marks, marks_of);
}

/// Returns the first marked position from `at` on.
#[inline]
pub(super) fn next_mark(marks: &[u64], at: usize) -> usize {
    let mut block = at / BLOCK_BYTES;
    let Some(word) = marks.get(block) else { return at };
    let word = word.wrapping_shr((at % BLOCK_BYTES) as u32);
    if word != 0 {
        return at.wrapping_add(word.trailing_zeros() as usize);
    }
    loop {
        block = block.wrapping_add(1);
        match marks.get(block) {
            Some(0) => {}
            // The last word is never zero.
            word => {
                let bit = word.map_or(0, |word| word.trailing_zeros() as usize);
                return block.wrapping_mul(BLOCK_BYTES).wrapping_add(bit);
            }
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn marks_of(block: &[u8; BLOCK_BYTES]) -> u64 {
    let special = |byte: &u8| u64::from(matches!(byte, b'"' | b'\\' | 0..=0x1f));
    block.iter().rev().fold(0, |marks, byte| marks << 1 | special(byte))
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "a call that needs SSE2, which x86-64 always has")]
#[inline]
fn marks_of(block: &[u8; BLOCK_BYTES]) -> u64 {
    let (chunks, _) = block.as_chunks::<16>();
    chunks.iter().rev().fold(0, |marks, chunk| {
        // SAFETY: SSE2 is part of the x86-64 baseline.
        let special = unsafe { special_16(u128::from_le_bytes(*chunk)) };
        marks << 16 | u64::from(special)
    })
}

/// Returns one bit for each byte, set for quotes, backslashes and control characters.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse2")]
#[inline]
fn special_16(chunk: u128) -> u32 {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the chunk")]
    let (low, high) = (chunk as u64, (chunk >> 64) as u64);
    let chunk = _mm_set_epi64x(high.cast_signed(), low.cast_signed());
    let quote = _mm_cmpeq_epi8(chunk, _mm_set1_epi8(0x22));
    let slash = _mm_cmpeq_epi8(chunk, _mm_set1_epi8(0x5c));
    // SSE2 has no unsigned comparison: `min(x, 0x1f) == x` means `x <= 0x1f`.
    let control = _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1f)), chunk);
    _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), control)).cast_unsigned()
}

/// Returns the first position from `at` on that is not a decimal digit.
#[inline]
pub(super) fn digits_until(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        // A digit is a byte 0x30 to 0x3f that stays in that range when 6 is added. A
        // carry out of a byte can only disturb higher bytes, which come after a byte
        // that is not a digit, and only the first such byte counts.
        let word = u64::from_le_bytes(*chunk);
        let high = ONES.wrapping_mul(0xf0);
        let digit = ONES.wrapping_mul(0x30);
        let other = ((word & high) ^ digit) | ((word.wrapping_add(ONES.wrapping_mul(6)) & high) ^ digit);
        if other != 0 {
            return at.wrapping_add(other.trailing_zeros() as usize / 8);
        }
        at = at.wrapping_add(8);
    }
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at = at.wrapping_add(1);
    }
    at
}

/// Returns the number that eight decimal digits spell.
#[inline]
pub(super) fn eight_digits(text: [u8; 8]) -> Option<u32> {
    const PAIRS: u64 = 0x00ff_00ff_00ff_00ff;
    const FOURS: u64 = 0x0000_ffff_0000_ffff;
    let word = u64::from_le_bytes(text);
    let (high, digit) = (ONES.wrapping_mul(0xf0), ONES.wrapping_mul(0x30));
    if word & high != digit || word.wrapping_add(ONES.wrapping_mul(6)) & high != digit {
        return None;
    }
    // The first digit is in the lowest byte. Neighbours are combined: digits to pairs,
    // pairs to fours, fours to the whole. No lane overflows: a pair is at most 99, a
    // four 9999.
    let pairs = (word & ONES.wrapping_mul(0xf)).wrapping_mul(1 + (10 << 8)) >> 8 & PAIRS;
    let fours = pairs.wrapping_mul(1 + (100 << 16)) >> 16 & FOURS;
    u32::try_from(fours.wrapping_mul(1 + (10_000 << 32)) >> 32).ok()
}

/// Returns the number that ten decimal digits spell, the width of every Unix timestamp
/// from 2001 to 2286.
#[inline]
pub(super) fn ten_digits(text: &[u8]) -> Option<i64> {
    let (head, [tens, ones]) = text.split_first_chunk::<8>().and_then(|(head, rest)| {
        let rest: [u8; 2] = rest.try_into().ok()?;
        Some((*head, rest))
    })?;
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    let tail = i64::from(tens & 0xf).wrapping_mul(10).wrapping_add(i64::from(ones & 0xf));
    Some(i64::from(eight_digits(head)?).wrapping_mul(100).wrapping_add(tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marks in every way that there is here.
    fn every(bytes: &[u8]) -> [Vec<u64>; 2] {
        let mut marks = [vec![7; 3], Vec::new()];
        mark(bytes, &mut marks[0]);
        mark_by(bytes, &mut marks[1], marks_of);
        marks
    }

    #[test]
    fn searches_agree_with_a_byte_by_byte_search() {
        // Under Miri, which takes minutes for all, a few at borders and fewer places.
        let borders = [0x1f, b' ', b'"', b'/', b'0', b':', b'\\', 0xff];
        let step = if cfg!(miri) { 13 } else { 3 };
        for stop in (0..=255_u8).filter(|stop| !cfg!(miri) || borders.contains(stop)) {
            let special = matches!(stop, b'"' | b'\\' | 0..=0x1f);
            for length in [1, 16, 63, 64, 65, 200] {
                for position in (0..length).step_by(step) {
                    let mut bytes = vec![0xff; length];
                    bytes[position] = stop;
                    for marks in every(&bytes) {
                        for at in [0, position] {
                            assert_eq!(next_mark(&marks, at), if special { position } else { length });
                        }
                        assert_eq!(next_mark(&marks, position + 1), length);
                    }
                }
            }
            for position in 0..40 {
                let mut bytes = [b'0' + (position % 10) as u8; 40];
                bytes[position] = stop;
                assert_eq!(digits_until(&bytes, 0), if stop.is_ascii_digit() { 40 } else { position });
            }
        }
        for marks in every(&[b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xff]) {
            assert_eq!(next_mark(&marks, 0), 8);
        }
    }

    #[test]
    fn eight_digits_are_read_and_nothing_else() {
        for number in [0, 1, 9, 10, 12_345_678, 90_000_000, 98_765_432, 99_999_999] {
            let text = format!("{number:08}");
            assert_eq!(eight_digits(*text.as_bytes().first_chunk().unwrap()), Some(number));
        }
        for other in 0..=255_u8 {
            for position in 0..8 {
                let mut text = *b"12345678";
                text[position] = other;
                assert_eq!(eight_digits(text).is_some(), other.is_ascii_digit(), "{text:?}");
            }
        }
    }

    #[test]
    fn ten_digits_are_read_and_nothing_else() {
        for number in [0, 1, 9, 10, 1_800_000_000, 9_999_999_999_i64] {
            assert_eq!(ten_digits(format!("{number:010}").as_bytes()), Some(number));
        }
        for text in ["", "123456789", "12345678901", "-123456789", "123456789.", "1234567e90", "12345678:0"] {
            assert_eq!(ten_digits(text.as_bytes()), None, "{text}");
        }
    }
}
