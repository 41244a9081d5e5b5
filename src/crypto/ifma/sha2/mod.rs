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
mod lanes;
mod sha256;
mod sha512;
mod sha_ni;
#[cfg(test)]
mod tests;

pub(super) use each::{Digest, Hasher, Word, digests};
use sha_ni::ShaNi;
pub(super) use sha256::SHA256_INITIAL;
use sha256::Sha256;
use sha512::Sha512;
pub(super) use sha512::{SHA384_INITIAL, SHA512_INITIAL};

/// Tells whether there is something fast for one SHA-256 alone.
pub(super) fn is_fast_alone() -> bool {
    ShaNi::detect().is_some()
}

/// A message as its lane takes it: whole blocks, and one or two blocks with its
/// end and the padding (FIPS 180-4 §5.1).
pub(super) struct Blocks<'m, const BLOCK: usize> {
    whole: &'m [[u8; BLOCK]],
    last: [[u8; BLOCK]; 2],
    last_count: usize,
}

impl<'m, const BLOCK: usize> Blocks<'m, BLOCK> {
    /// No block at all: the state stays as it is.
    pub(super) const NONE: Self = Self { whole: &[], last: [[0; BLOCK]; 2], last_count: 0 };

    /// These blocks and no padding.
    pub(super) const fn unpadded(whole: &'m [[u8; BLOCK]]) -> Self {
        Self { whole, ..Self::NONE }
    }

    /// The end of a message of which `before` bytes went ahead in whole blocks.
    #[inline]
    pub(super) fn ending(message: &'m [u8], before: usize) -> Self {
        let (whole, rest) = message.as_chunks::<BLOCK>();
        // A one bit, and the count of bits in an eighth of a block.
        let needed = rest.len().saturating_add(1).saturating_add(BLOCK / 8);
        let last_count = if needed <= BLOCK { 1 } else { 2 };
        let mut last = [[0; BLOCK]; 2];
        if let Some((end, padding)) = last.as_flattened_mut().split_at_mut_checked(rest.len()) {
            end.copy_from_slice(rest);
            padding.iter_mut().take(1).for_each(|byte| *byte = 0x80);
        }
        // No message has 2^61 bytes, so that 64 bits hold the count.
        let bits = (message.len() as u64).wrapping_add(before as u64).wrapping_mul(8);
        let block = last.iter_mut().take(last_count).next_back();
        if let Some(count) = block.and_then(|block| block.last_chunk_mut()) {
            *count = bits.to_be_bytes();
        }
        Self { whole, last, last_count }
    }

    fn iter(&self) -> impl Iterator<Item = &[u8; BLOCK]> {
        self.whole.iter().chain(self.last.iter().take(self.last_count))
    }

    fn count(&self) -> usize {
        self.whole.len().saturating_add(self.last_count)
    }

    /// Returns block `at`; zeros behind the end.
    #[inline]
    fn block(&self, at: usize) -> &[u8; BLOCK] {
        const { assert!(BLOCK == 64 || BLOCK == 128) }
        match self.whole.get(at) {
            Some(block) => block,
            None => self.last.get(at.wrapping_sub(self.whole.len())).unwrap_or(&[0; BLOCK]),
        }
    }
}
