//! EMSA-PSS (RFC 8017 §9.1) with MGF1 over the same hash and a salt as long as
//! the hash.
//!
//! Unmasking an encoded message takes many short hashes. Those of one message are
//! computed one by one, those of several in the lanes of the hash function.

use super::digest::digest_of;
use super::modulus::LARGEST_BYTES;
use super::multi_buffer::LANES;
use crate::algorithm::Hash;
use crate::ifma::sha2::{Digest, digests};
use crate::simd::Ifma;

/// The number of masks that are computed at a time.
const MASKS: usize = 64;

/// A seed and a counter.
const INPUT: usize = 64 + 4;

/// The parts of an encoded message; the numbers below are those of the steps in RFC
/// 8017 §9.1.2.
struct Encoded<'e> {
    /// H.
    seed: &'e [u8],
    /// maskedDB, and then DB.
    block: [u8; LARGEST_BYTES],
    block_bytes: usize,
}

impl<'e> Encoded<'e> {
    fn parse(hash: Hash, encoded: &'e [u8]) -> Option<Self> {
        // 4, 5
        let rest = encoded.strip_suffix(&[0xbc])?;
        let (masked, seed) = rest.split_at_checked(rest.len().checked_sub(hash.output_bytes())?)?;
        // 6: emBits is one less than the bits of the modulus.
        if masked.first()? & 0x80 != 0 {
            return None;
        }
        let mut parsed = Self { seed, block: [0; LARGEST_BYTES], block_bytes: masked.len() };
        parsed.block.get_mut(..masked.len())?.copy_from_slice(masked);
        Some(parsed)
    }

    /// Returns the masked block in parts, each masked by one hash.
    fn parts(&mut self, hash: Hash) -> impl Iterator<Item = ([u8; 4], &mut [u8])> {
        let block = self.block.get_mut(..self.block_bytes).unwrap_or_default();
        (0_u32..).map(u32::to_be_bytes).zip(block.chunks_mut(hash.output_bytes()))
    }

    /// Steps 9 to 11: checks the zeros and the one, and returns the salt.
    fn salt(&mut self, hash: Hash) -> Option<&[u8]> {
        let block = self.block.get_mut(..self.block_bytes)?;
        *block.first_mut()? &= 0x7f;
        let (padding, salt) = block.split_at_checked(block.len().checked_sub(hash.output_bytes())?)?;
        let zeros = padding.strip_suffix(&[1])?;
        zeros.iter().all(|byte| *byte == 0).then_some(salt)
    }
}

/// Returns `true` if `encoded` is an encoding of the message that has this digest.
pub(super) fn is_encoded(hash: Hash, of_message: &[u8], encoded: &[u8]) -> bool {
    let Some(mut encoded) = Encoded::parse(hash, encoded) else { return false };
    let seed = encoded.seed;
    // 7, 8: MGF1 (RFC 8017 B.2.1)
    for (counter, part) in encoded.parts(hash) {
        let mask = digest_of(hash, &[seed, &counter]);
        for (byte, mask) in part.iter_mut().zip(mask.as_ref()) {
            *byte ^= mask;
        }
    }
    // 12 to 14
    let salt = encoded.salt(hash);
    salt.is_some_and(|salt| digest_of(hash, &[&[0; 8], of_message, salt]).as_ref() == seed)
}

/// Returns for each encoded message whether it is an encoding of the message with the
/// digest of the same index.
pub(super) fn are_encoded(
    ifma: Ifma,
    hash: Hash,
    of_messages: &[Digest],
    encoded: &[&[u8]],
) -> [bool; LANES] {
    let mut parsed: [Option<Encoded<'_>>; LANES] = [const { None }; LANES];
    for (parsed, encoded) in parsed.iter_mut().zip(encoded) {
        *parsed = Encoded::parse(hash, encoded);
    }
    unmask(ifma, hash, &mut parsed);
    // 12, 13: eight zeros, the digest and the salt.
    let bytes = hash.output_bytes();
    let mut room = [[0; 8 + 2 * 64]; LANES];
    let mut inputs: [&[u8]; LANES] = [&[]; LANES];
    let lanes = room.iter_mut().zip(&mut inputs).zip(&mut parsed).zip(of_messages);
    for (((room, input), parsed), of_message) in lanes {
        let salt = parsed.as_mut().and_then(|encoded| encoded.salt(hash));
        let (Some(salt), Some(of_message)) = (salt, of_message.get(..bytes)) else {
            *parsed = None;
            continue;
        };
        *input = join(room, [&[0; 8], of_message, salt]);
    }
    let mut again = [[0; 64]; LANES];
    let count = encoded.len().min(LANES);
    digests(ifma, hash, inputs.get(..count).unwrap_or_default(), &mut again);
    // 14
    let mut answers = [false; LANES];
    for ((answer, parsed), again) in answers.iter_mut().zip(&parsed).zip(&again) {
        *answer = parsed.as_ref().is_some_and(|encoded| again.get(..bytes) == Some(encoded.seed));
    }
    answers
}

/// Writes the parts to the beginning of `room`, which must be long enough.
fn join<'r, const N: usize>(room: &'r mut [u8], parts: [&[u8]; N]) -> &'r [u8] {
    let mut end = 0_usize;
    for part in parts {
        let next = end.saturating_add(part.len());
        if let Some(to) = room.get_mut(end..next) {
            to.copy_from_slice(part);
        }
        end = next;
    }
    room.get(..end).unwrap_or_default()
}

/// Steps 7 and 8 as in [`is_encoded`].
fn unmask(ifma: Ifma, hash: Hash, parsed: &mut [Option<Encoded<'_>>; LANES]) {
    let mut parts = parsed.iter_mut().flatten().flat_map(|encoded| {
        let seed = encoded.seed;
        encoded.parts(hash).map(move |(counter, part)| (seed, counter, part))
    });
    let mut room = [[0; INPUT]; MASKS];
    let mut masks = [[0; 64]; MASKS];
    loop {
        let mut inputs: [&[u8]; MASKS] = [&[]; MASKS];
        let mut masked: [&mut [u8]; MASKS] = std::array::from_fn(|_| &mut [][..]);
        let mut count = 0_usize;
        let lanes = room.iter_mut().zip(&mut inputs).zip(&mut masked);
        for (((room, input), masked), (seed, counter, part)) in lanes.zip(&mut parts) {
            *input = join(room, [seed, &counter]);
            *masked = part;
            count = count.saturating_add(1);
        }
        if count == 0 {
            return;
        }
        digests(ifma, hash, inputs.get(..count).unwrap_or_default(), &mut masks);
        for (part, mask) in masked.iter_mut().zip(&masks) {
            for (byte, mask) in part.iter_mut().zip(mask) {
                *byte ^= mask;
            }
        }
    }
}
