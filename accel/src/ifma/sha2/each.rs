//! Hashes any number of messages in the lanes.

use zeroize::{Zeroize, Zeroizing};

use super::padded::{Digest, Padded, padded_blocks};
use super::sha256::{SHA256_INITIAL, Sha256};
use super::sha512::{SHA384_INITIAL, SHA512_INITIAL, Sha512};
use crate::algorithm::Hash;
use crate::simd::{Ifma, ShaNi};

/// The maximum number of messages that are sorted at a time.
const ORDERED: usize = 64;

/// A word of a hash function.
pub(in crate::ifma) trait Word: Copy + Zeroize + Send + Sync + 'static {
    /// Reads the words of a digest.
    fn read(digest: &Digest) -> [Self; 8];
}

impl Word for u32 {
    fn read(digest: &Digest) -> [Self; 8] {
        let (words, _) = digest.as_chunks();
        std::array::from_fn(|at| words.get(at).map_or(0, |word| Self::from_be_bytes(*word)))
    }
}

impl Word for u64 {
    fn read(digest: &Digest) -> [Self; 8] {
        let (words, _) = digest.as_chunks();
        std::array::from_fn(|at| words.get(at).map_or(0, |word| Self::from_be_bytes(*word)))
    }
}

/// A hash function: the code for all lanes, and the code for one message.
pub(in crate::ifma) struct Hasher<W, const LANES: usize, const BLOCK: usize> {
    ifma: Ifma,
    once: Once<W, LANES, BLOCK>,
    nested_digests: NestedDigests<W, LANES, BLOCK>,
    single: Option<Single<W, BLOCK>>,
    /// From this number of messages on, lanes are faster than one by one.
    worthwhile: usize,
}

/// Hashes the messages of all lanes from one state.
type Once<W, const LANES: usize, const BLOCK: usize> =
    fn(Ifma, &[W; 8], &[Padded<'_, BLOCK>; LANES]) -> [Digest; LANES];

/// Does the same, and then hashes this many words of each digest from the second state.
type NestedDigests<W, const LANES: usize, const BLOCK: usize> =
    fn(Ifma, &[[W; 8]; 2], usize, &[Padded<'_, BLOCK>; LANES]) -> [Digest; LANES];

/// Hashes one message, with the proof that the processor supports it.
type Single<W, const BLOCK: usize> = (ShaNi, fn(ShaNi, &[W; 8], &Padded<'_, BLOCK>) -> Digest);

impl Hasher<u32, 16, 64> {
    pub(in crate::ifma) fn sha256(ifma: Ifma) -> Self {
        let single = ShaNi::detect().map(|sha_ni| (sha_ni, ShaNi::digest as _));
        Self { ifma, once: Sha256::digests, nested_digests: Sha256::nested_digests, single, worthwhile: 8 }
    }
}

impl Hasher<u64, 8, 128> {
    pub(in crate::ifma) fn sha512(ifma: Ifma) -> Self {
        Self {
            ifma,
            once: Sha512::digests,
            nested_digests: Sha512::nested_digests,
            single: None,
            worthwhile: 2,
        }
    }
}

/// The initial state of a round of lanes, and for HMAC the second state.
enum Way<'s, W> {
    Once { initial: &'s [W; 8] },
    NestedDigests { states: &'s [[W; 8]; 2], digest_bytes: usize },
}

impl<W: Word, const LANES: usize, const BLOCK: usize> Hasher<W, LANES, BLOCK> {
    /// Returns the states after each of two blocks.
    pub(in crate::ifma) fn midstates(&self, initial: &[W; 8], blocks: [&[u8; BLOCK]; 2]) -> [[W; 8]; 2] {
        let mut lanes = [Padded::NONE; LANES];
        for (lane, block) in lanes.iter_mut().zip(blocks) {
            *lane = Padded::block(block);
        }
        let mut digests = Zeroizing::new((self.once)(self.ifma, initial, &lanes));
        let mut states = [*initial; 2];
        for (state, digest) in states.iter_mut().zip(digests.iter_mut()) {
            *state = W::read(digest);
        }
        states
    }

    /// Hashes each message from the first state, which follows a whole block, and then
    /// the first `digest_bytes` of its digest from the second state.
    pub(in crate::ifma) fn nested_digests(
        &self,
        states: &[[W; 8]; 2],
        digest_bytes: usize,
        messages: &[&[u8]],
        digests: &mut [Digest],
    ) {
        self.each(&Way::NestedDigests { states, digest_bytes }, messages, digests);
    }

    /// Hashes one message in the same way; returns `None` if there is no fast code for
    /// one.
    #[inline]
    pub(in crate::ifma) fn nested_digest(
        &self,
        [inner, outer]: &[[W; 8]; 2],
        digest_bytes: usize,
        message: &[u8],
    ) -> Option<Digest> {
        let (proof, digest) = self.single?;
        let first = digest(proof, inner, &Padded::ending(message, BLOCK));
        Some(digest(proof, outer, &Padded::ending(first.get(..digest_bytes)?, BLOCK)))
    }

    /// Hashes messages, sorted by their number of blocks, because the longest message
    /// determines the time of all lanes.
    fn each(&self, way: &Way<'_, W>, messages: &[&[u8]], digests: &mut [Digest]) {
        for (messages, digests) in messages.chunks(ORDERED).zip(digests.chunks_mut(ORDERED)) {
            // Each entry packs a message's number of blocks and its index, so sorting
            // moves one word and keeps the order of equal lengths.
            let mut order = [0; ORDERED];
            let order = order.get_mut(..messages.len()).unwrap_or_default();
            for (place, (to, message)) in order.iter_mut().zip(messages).enumerate() {
                *to = padded_blocks::<BLOCK>(message.len()).wrapping_mul(ORDERED) | place;
            }
            if !order.is_sorted_by_key(|entry| *entry / ORDERED) {
                order.sort_unstable();
            }
            for places in order.chunks(LANES) {
                self.round(way, messages, places, digests);
            }
        }
    }

    /// Hashes the messages at these places, at most one for each lane.
    fn round(&self, way: &Way<'_, W>, messages: &[&[u8]], places: &[usize], digests: &mut [Digest]) {
        let message = |place: &usize| messages.get(*place % ORDERED).copied().unwrap_or_default();
        let before = match way {
            Way::Once { .. } => 0,
            Way::NestedDigests { .. } => BLOCK,
        };
        let mut take = |place: &usize, digest: &Digest| {
            if let Some(to) = digests.get_mut(*place % ORDERED) {
                *to = *digest;
            }
        };
        if let Some((proof, digest)) = self.single
            && places.len() < self.worthwhile
        {
            for place in places {
                match way {
                    Way::Once { initial } => {
                        let message = Padded::ending(message(place), before);
                        take(place, &digest(proof, initial, &message));
                    }
                    Way::NestedDigests { states, digest_bytes } => {
                        let digest = self.nested_digest(states, *digest_bytes, message(place));
                        take(place, &digest.unwrap_or([0; 64]));
                    }
                }
            }
            return;
        }
        let mut lanes = [Padded::NONE; LANES];
        for (lane, place) in lanes.iter_mut().zip(places) {
            *lane = Padded::ending(message(place), before);
        }
        let of_lanes = match way {
            Way::Once { initial } => (self.once)(self.ifma, initial, &lanes),
            Way::NestedDigests { states, digest_bytes } => {
                (self.nested_digests)(self.ifma, states, digest_bytes / size_of::<W>(), &lanes)
            }
        };
        for (place, digest) in places.iter().zip(&of_lanes) {
            take(place, digest);
        }
    }
}

/// Writes the digest of each message.
pub(in crate::ifma) fn digests(ifma: Ifma, hash: Hash, messages: &[&[u8]], digests: &mut [Digest]) {
    match hash {
        Hash::Sha256 => Hasher::sha256(ifma).each(&Way::Once { initial: &SHA256_INITIAL }, messages, digests),
        Hash::Sha384 => Hasher::sha512(ifma).each(&Way::Once { initial: &SHA384_INITIAL }, messages, digests),
        Hash::Sha512 => Hasher::sha512(ifma).each(&Way::Once { initial: &SHA512_INITIAL }, messages, digests),
    }
}

/// Returns the SHA-512 digest of each head followed by its message.
pub(in crate::ifma) fn headed_sha512(
    ifma: Ifma,
    heads: &[[u8; 64]; 8],
    messages: &[&[u8]; 8],
) -> [Digest; 8] {
    let mut lanes = [Padded::NONE; 8];
    for ((lane, head), message) in lanes.iter_mut().zip(heads).zip(messages) {
        *lane = Padded::headed(head, message);
    }
    Sha512::digests(ifma, &SHA512_INITIAL, &lanes)
}
