//! Messages, padded.

use crate::simd::x512::{V, blend8, broadcast8, load, load_part, masked_broadcast64};

/// The bytes of the longest digest; of a shorter one those past its end mean
/// nothing.
pub(in crate::ifma) type Digest = [u8; 64];

/// A message as a lane takes it: padded to whole blocks (FIPS 180-4 §5.1), which
/// are made where they are needed and never copied together.
#[derive(Clone, Copy)]
pub(super) struct Padded<'m, const BLOCK: usize> {
    /// What comes before the bytes.
    head: Option<&'m [u8; 64]>,
    bytes: &'m [u8],
    /// How many blocks there are, those of the padding included.
    pub(super) count: usize,
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
    pub(super) fn whole(&self) -> &'m [[u8; BLOCK]] {
        match self.head {
            Some(_) => &[],
            None => self.bytes.as_chunks().0,
        }
    }

    /// The blocks behind those, made at once, and how many there are; of a
    /// message without a head. For what does not use wide registers.
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

    /// Bytes `64 at` to `64 (at + 1)` of the padded message; zeros behind it.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
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
        // A one bit behind the message.
        if start <= self.bytes.len() {
            part = blend8(1 << rest.len(), part, broadcast8(0x80_u8.cast_signed()));
        }
        // The bits are counted by the last bytes of all.
        if self.count.wrapping_mul(BLOCK / size_of::<V>()) == at.wrapping_add(1) {
            part = masked_broadcast64(part, 0x80, self.bits.swap_bytes().cast_signed());
        }
        part
    }
}

/// How many blocks a message of this length takes with its padding: a one bit,
/// and the count of bits in an eighth of a block.
#[inline]
pub(super) const fn padded_blocks<const BLOCK: usize>(length: usize) -> usize {
    length.saturating_add(BLOCK / 8) / BLOCK + 1
}
