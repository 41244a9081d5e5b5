//! SHA-256 and SHA-512 (FIPS 180-4) of many messages at once, one in each lane;
//! SHA-256 also of one message.
//!
//! A register holds the same word of sixteen (SHA-256) or eight (SHA-512)
//! messages. The lanes go through the rounds in step; a lane whose message has
//! ended keeps its state while the others go on. So messages that lie together
//! had better be of about the same length.
//!
//! Rounds are data-independent: nothing here takes another time for other
//! bytes of the same length, which HMAC relies on.

mod each;
#[path = "compression.rs"]
mod lanes;
mod sha256;
mod sha512;
mod sha_ni;
#[cfg(test)]
mod tests;

use std::arch::x86_64::{_mm512_mask_blend_epi8, _mm512_mask_set1_epi64, _mm512_set1_epi8};

use super::words::{V, load, load_part};

pub(super) use each::{Hasher, Word, digests, headed_sha512};
use sha_ni::ShaNi;
pub(super) use sha256::SHA256_INITIAL;
use sha256::Sha256;
use sha512::Sha512;
pub(super) use sha512::{SHA384_INITIAL, SHA512_INITIAL};

/// The bytes of the longest digest; of a shorter one those past its end mean
/// nothing.
pub(super) type Digest = [u8; 64];

/// Tells whether there is something fast for one SHA-256 alone.
pub(super) fn is_fast_alone() -> bool {
    ShaNi::detect().is_some()
}

/// A message as a lane takes it: padded to whole blocks (FIPS 180-4 §5.1), which
/// are made where they are needed and never copied together.
#[derive(Clone, Copy)]
pub(super) struct Padded<'m, const BLOCK: usize> {
    /// What comes before the bytes.
    head: Option<&'m [u8; 64]>,
    bytes: &'m [u8],
    /// How many blocks there are, those of the padding included.
    count: usize,
    /// What the padding ends with.
    bits: u64,
}

impl<'m, const BLOCK: usize> Padded<'m, BLOCK> {
    /// No block at all: the state stays as it is.
    pub(super) const NONE: Self = Self { head: None, bytes: &[], count: 0, bits: 0 };

    /// One block and no padding.
    pub(super) const fn block(bytes: &'m [u8; BLOCK]) -> Self {
        Self { bytes, count: 1, ..Self::NONE }
    }

    /// The end of a message of which `before` bytes went ahead in whole blocks.
    #[inline]
    pub(super) fn ending(bytes: &'m [u8], before: usize) -> Self {
        // No message has 2^61 bytes, so that 64 bits hold the count.
        let bits = (bytes.len() as u64).wrapping_add(before as u64).wrapping_mul(8);
        Self { bytes, count: padded_blocks::<BLOCK>(bytes.len()), bits, ..Self::NONE }
    }

    /// A message with 64 bytes before it.
    pub(super) fn headed(head: &'m [u8; 64], bytes: &'m [u8]) -> Self {
        let count = padded_blocks::<BLOCK>(bytes.len().saturating_add(head.len()));
        Self { head: Some(head), count, ..Self::ending(bytes, head.len()) }
    }

    /// The blocks that lie in the message as they are hashed.
    #[inline]
    fn whole(&self) -> &'m [[u8; BLOCK]] {
        match self.head {
            Some(_) => &[],
            None => self.bytes.as_chunks().0,
        }
    }

    /// The blocks behind those, made at once, and how many there are; of a
    /// message without a head. For what does not use wide registers.
    fn ends(&self) -> ([[u8; BLOCK]; 2], usize) {
        let (whole, rest) = self.bytes.as_chunks::<BLOCK>();
        let count = self.count.saturating_sub(whole.len());
        let mut ends = [[0; BLOCK]; 2];
        if let Some((end, padding)) = ends.as_flattened_mut().split_at_mut_checked(rest.len()) {
            end.copy_from_slice(rest);
            padding.iter_mut().take(1).for_each(|byte| *byte = 0x80);
        }
        let last = ends.iter_mut().take(count).next_back();
        if let Some(bits) = last.and_then(|block| block.last_chunk_mut()) {
            *bits = self.bits.to_be_bytes();
        }
        (ends, count)
    }

    /// Bytes `64 at` to `64 (at + 1)` of the padded message; zeros behind it.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
    fn part(&self, at: usize) -> V {
        let start = match (self.head, at) {
            (None, at) => at,
            (Some(head), 0) => return load(head),
            (Some(_), at) => at.wrapping_sub(1),
        };
        let start = start.wrapping_mul(size_of::<V>());
        let rest = self.bytes.get(start..).unwrap_or_default();
        if let Some(whole) = rest.first_chunk::<64>() {
            return load(whole);
        }
        let mut part = load_part(rest);
        // A one bit behind the message.
        if start <= self.bytes.len() {
            part = _mm512_mask_blend_epi8(1 << rest.len(), part, _mm512_set1_epi8(0x80_u8.cast_signed()));
        }
        // The bits are counted by the last bytes of all.
        if self.count.wrapping_mul(BLOCK / size_of::<V>()) == at.wrapping_add(1) {
            part = _mm512_mask_set1_epi64(part, 0x80, self.bits.swap_bytes().cast_signed());
        }
        part
    }
}

/// How many blocks a message of this length takes with its padding: a one bit,
/// and the count of bits in an eighth of a block.
#[inline]
const fn padded_blocks<const BLOCK: usize>(length: usize) -> usize {
    length.saturating_add(BLOCK / 8) / BLOCK + 1
}
