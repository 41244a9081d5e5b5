//! Searching runs of bytes, many at a time.
//!
//! Where strings begin and end is listed for the whole text at once, from a bit
//! for each byte. On x86-64, whose baseline has SSE2, sixteen bytes are marked at
//! a time.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

use crate::simd::Wide;

const ONES: u64 = 0x0101_0101_0101_0101;

/// Bytes to a word of marks.
const BLOCK_BYTES: usize = u64::BITS as usize;

/// Lists where every quote, backslash and control character of `bytes` is, in
/// order, and then its end. What `list` has behind that means nothing.
///
/// The bytes are at most `u32::MAX`.
pub(super) fn list_marks(bytes: &[u8], list: &mut Vec<u32>, wide: Option<Wide>) {
    #[cfg(target_arch = "x86_64")]
    match wide {
        Some(wide) => return avx512::list_marks(wide, bytes, list),
        None if avx2::list_marks(bytes, list) => return,
        None => {}
    }
    list_by(bytes, list, marks_of, list_block);
}

/// Does it block by block.
#[inline(always)]
fn list_by(
    bytes: &[u8],
    list: &mut Vec<u32>,
    marks_of: impl Fn(&[u8; BLOCK_BYTES]) -> u64,
    list_block: impl Fn(u64, u32, &mut [u32; BLOCK_BYTES]),
) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK_BYTES>();
    // The zeros behind the end are control characters.
    let mut last = [0; BLOCK_BYTES];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let behind = u64::MAX.wrapping_shl(rest.len() as u32);
    let marks_of_last = marks_of(&last) & (!behind | behind & behind.wrapping_neg());
    let (mut end, mut base) = (0_usize, 0_u32);
    for marks in blocks.iter().map(marks_of).chain([marks_of_last]) {
        if list.len() < end.wrapping_add(BLOCK_BYTES) {
            list.resize(end.wrapping_add(4 * BLOCK_BYTES), 0);
        }
        if let Some(room) = list.get_mut(end..).and_then(<[u32]>::first_chunk_mut) {
            list_block(marks, base, room);
        }
        end = end.wrapping_add(marks.count_ones() as usize);
        base = base.wrapping_add(BLOCK_BYTES as u32);
    }
}

/// Lists the set bits of a block. Eight are listed at a time, whether they are
/// there or not: a loop that ended with the last of them would mostly end
/// elsewhere than the processor thought.
#[inline(always)]
fn list_block(mut marks: u64, base: u32, room: &mut [u32; BLOCK_BYTES]) {
    let eights = marks.count_ones().div_ceil(8) as usize;
    for eight in room.as_chunks_mut::<8>().0.iter_mut().take(eights) {
        for place in eight {
            *place = base.wrapping_add(marks.trailing_zeros());
            marks &= marks.wrapping_sub(1);
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

/// One bit for each byte, set where a string must be looked at.
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
    let control = _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1f)), chunk);
    _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), control)).cast_unsigned()
}

/// Returns the first position from `at` on that holds no decimal digit.
#[inline]
pub(super) fn digits_until(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        // A digit is a byte 0x3_ that stays one when 6 is added; a carry out
        // of a byte can only spoil bytes above one that is no digit.
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
    // The first digit is in the lowest byte. Neighbours are joined: digits to
    // pairs, pairs to fours, fours to the whole; no lane ever overflows.
    let pairs = (word & ONES.wrapping_mul(0xf)).wrapping_mul(1 + (10 << 8)) >> 8 & PAIRS;
    let fours = pairs.wrapping_mul(1 + (100 << 16)) >> 16 & FOURS;
    u32::try_from(fours.wrapping_mul(1 + (10_000 << 32)) >> 32).ok()
}

/// Returns the number that ten decimal digits spell, as nearly every date of
/// this age is written.
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

    /// The list in every way that there is here.
    fn every(bytes: &[u8]) -> [Vec<u32>; 3] {
        let mut lists = [vec![7; 3], Vec::new(), Vec::new()];
        list_marks(bytes, &mut lists[0], Wide::detect());
        list_marks(bytes, &mut lists[1], None);
        list_by(bytes, &mut lists[2], marks_of, list_block);
        lists
    }

    #[test]
    fn searches_agree_with_a_byte_by_byte_search() {
        for stop in 0..=255_u8 {
            let special = matches!(stop, b'"' | b'\\' | 0..=0x1f);
            for length in [1, 16, 63, 64, 65, 200] {
                for position in (0..length).step_by(3) {
                    let mut bytes = vec![0xff; length];
                    bytes[position] = stop;
                    let wanted = if special { [position, length] } else { [length, length] };
                    for list in every(&bytes) {
                        assert_eq!([list[0], list[usize::from(special)]].map(|at| at as usize), wanted);
                    }
                }
            }
            for position in 0..40 {
                let mut bytes = [b'0' + (position % 10) as u8; 40];
                bytes[position] = stop;
                assert_eq!(digits_until(&bytes, 0), if stop.is_ascii_digit() { 40 } else { position });
            }
        }
        for list in every(&[b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xff]) {
            assert_eq!(list[0], 8);
        }
        for length in 0..200 {
            for list in every(&vec![b'"'; length]) {
                assert!((0..=length).all(|at| list[at] as usize == at), "{length} quotes");
            }
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
