//! Messages, padded.

use crate::simd::x512::{V, blend8, broadcast8, load, load_part, masked_broadcast64};

/// The size of the longest digest; bytes after the end of a shorter digest have no
/// meaning.
pub(in crate::ifma) type Digest = [u8; 64];

/// A message for a lane, padded to whole blocks (FIPS 180-4 §5.1). The blocks are made
/// on demand; the message is never copied as a whole.
#[derive(Clone, Copy)]
pub(super) struct Padded<'m, const BLOCK: usize> {
    /// A prefix of the bytes.
    head: Option<&'m [u8; 64]>,
    bytes: &'m [u8],
    /// The number of blocks, including those of the padding.
    pub(super) count: usize,
    /// The message length in bits, with which the padding ends.
    bits: u64,
}

impl<'m, const BLOCK: usize> Padded<'m, BLOCK> {
    /// No block: the state is unchanged.
    pub(super) const NONE: Self = Self { head: None, bytes: &[], count: 0, bits: 0 };

    /// One block and no padding.
    pub(super) const fn block(bytes: &'m [u8; BLOCK]) -> Self {
        Self { bytes, count: 1, ..Self::NONE }
    }

    /// The end of a message whose first `before` bytes were already hashed, in whole
    /// blocks.
    #[inline]
    pub(super) fn ending(bytes: &'m [u8], before: usize) -> Self {
        // No message has 2^61 bytes, so the count fits into 64 bits.
        let bits = (bytes.len() as u64).wrapping_add(before as u64).wrapping_mul(8);
        Self { bytes, count: padded_blocks::<BLOCK>(bytes.len()), bits, ..Self::NONE }
    }

    /// A message with 64 bytes before it.
    pub(super) fn headed(head: &'m [u8; 64], bytes: &'m [u8]) -> Self {
        let count = padded_blocks::<BLOCK>(bytes.len().saturating_add(head.len()));
        Self { head: Some(head), count, ..Self::ending(bytes, head.len()) }
    }

    /// Returns the blocks that are in the message unchanged.
    #[inline]
    pub(super) fn whole(&self) -> &'m [[u8; BLOCK]] {
        match self.head {
            Some(_) => &[],
            None => self.bytes.as_chunks().0,
        }
    }

    /// Returns the remaining blocks, and their number, for a message without a head. It
    /// is for code that does not use wide registers.
    pub(super) fn ends(&self) -> ([[u8; BLOCK]; 2], usize) {
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

    /// Returns bytes `64 at` to `64 (at + 1)` of the padded message; zeros after its
    /// end.
    #[inline]
    #[cfg_attr(not(software_lanes), target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"))]
    pub(super) fn part(&self, at: usize) -> V {
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
        // A one bit follows the message.
        if start <= self.bytes.len() {
            part = blend8(1 << rest.len(), part, broadcast8(0x80_u8.cast_signed()));
        }
        // The last bytes hold the number of bits.
        if self.count.wrapping_mul(BLOCK / size_of::<V>()) == at.wrapping_add(1) {
            part = masked_broadcast64(part, 0x80, self.bits.swap_bytes().cast_signed());
        }
        part
    }
}

/// Returns the number of blocks of a message of this length with its padding: a one
/// bit, and the number of bits in an eighth of a block.
#[inline]
pub(super) const fn padded_blocks<const BLOCK: usize>(length: usize) -> usize {
    length.saturating_add(BLOCK / 8) / BLOCK + 1
}
