//! Any number of messages through the lanes.

use zeroize::Zeroize;

use super::{Blocks, SHA256_INITIAL, SHA384_INITIAL, SHA512_INITIAL, Sha256, Sha512, ShaNi};
use crate::alg::Hash;
use crate::crypto::ifma::Ifma;

/// The bytes of the longest digest; of a shorter one those past its end mean
/// nothing.
pub(in crate::crypto::ifma) type Digest = [u8; 64];

/// The most messages that are ordered at a time.
const ORDERED: usize = 64;

/// A word of a hash function.
pub(in crate::crypto::ifma) trait Word:
    Copy + Zeroize + Send + Sync + 'static
{
    /// Writes eight words, big-endian.
    fn write(words: &[Self; 8], digest: &mut Digest);
}

impl Word for u32 {
    fn write(words: &[Self; 8], digest: &mut Digest) {
        for (to, word) in digest.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_be_bytes();
        }
    }
}

impl Word for u64 {
    fn write(words: &[Self; 8], digest: &mut Digest) {
        for (to, word) in digest.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_be_bytes();
        }
    }
}

/// A hash function: what takes all lanes from one state through their blocks,
/// and what one message alone.
pub(in crate::crypto::ifma) struct Hasher<W, const LANES: usize, const BLOCK: usize> {
    pub(in crate::crypto::ifma) ifma: Ifma,
    lanes: Lanes<W, LANES, BLOCK>,
    single: Option<Single<W, BLOCK>>,
    /// From how many messages on lanes are faster than one by one.
    worthwhile: usize,
}

/// What takes all lanes.
type Lanes<W, const LANES: usize, const BLOCK: usize> =
    fn(Ifma, &[W; 8], &[Blocks<'_, BLOCK>; LANES]) -> [[W; 8]; LANES];

/// What takes one message, with the proof that it may.
type Single<W, const BLOCK: usize> = (ShaNi, fn(ShaNi, &[W; 8], &Blocks<'_, BLOCK>) -> [W; 8]);

impl Hasher<u32, 16, 64> {
    pub(in crate::crypto::ifma) fn sha256(ifma: Ifma) -> Self {
        let single = ShaNi::detect().map(|sha_ni| (sha_ni, ShaNi::run as _));
        Self { ifma, lanes: Sha256::run, single, worthwhile: 8 }
    }
}

impl Hasher<u64, 8, 128> {
    pub(in crate::crypto::ifma) fn sha512(ifma: Ifma) -> Self {
        Self { ifma, lanes: Sha512::run, single: None, worthwhile: 2 }
    }
}

impl<W: Word, const LANES: usize, const BLOCK: usize> Hasher<W, LANES, BLOCK> {
    /// Hashes messages behind one whole block that led to `midstate`.
    pub(in crate::crypto::ifma) fn behind(
        &self,
        midstate: &[W; 8],
        messages: &[&[u8]],
        digests: &mut [Digest],
    ) {
        self.each(midstate, BLOCK, messages, digests);
    }

    /// Hashes one message in the same way; `None` where there is nothing that
    /// is fast for one.
    #[inline]
    pub(in crate::crypto::ifma) fn one_behind(&self, midstate: &[W; 8], message: &[u8]) -> Option<Digest> {
        let (proof, run) = self.single?;
        let mut digest = [0; 64];
        W::write(&run(proof, midstate, &Blocks::ending(message, BLOCK)), &mut digest);
        Some(digest)
    }

    /// Returns the states that two blocks lead to.
    pub(in crate::crypto::ifma) fn midstates(
        &self,
        initial: &[W; 8],
        blocks: [&[[u8; BLOCK]]; 2],
    ) -> [[W; 8]; 2] {
        let mut lanes = [Blocks::NONE; LANES];
        for (lane, block) in lanes.iter_mut().zip(blocks) {
            *lane = Blocks::unpadded(block);
        }
        let states = (self.lanes)(self.ifma, initial, &lanes);
        states.first_chunk().copied().unwrap_or([*initial; 2])
    }

    /// Messages of about the same length are put together, since the longest
    /// decides how long all lanes take.
    fn each(&self, initial: &[W; 8], before: usize, messages: &[&[u8]], digests: &mut [Digest]) {
        for (messages, digests) in messages.chunks(ORDERED).zip(digests.chunks_mut(ORDERED)) {
            let mut order: [usize; ORDERED] = std::array::from_fn(|at| at);
            let order = order.get_mut(..messages.len()).unwrap_or_default();
            if messages.windows(2).any(|pair| matches!(pair, [a, b] if a.len() != b.len())) {
                order.sort_unstable_by_key(|at| messages.get(*at).map(|message| message.len()));
            }
            for places in order.chunks(LANES) {
                self.round(initial, before, messages, places, digests);
            }
        }
    }

    /// Hashes the messages at these places, not more than there are lanes.
    fn round(
        &self,
        initial: &[W; 8],
        before: usize,
        messages: &[&[u8]],
        places: &[usize],
        digests: &mut [Digest],
    ) {
        let ending = |place: &usize| Blocks::ending(messages.get(*place).unwrap_or(&&[][..]), before);
        let mut take = |place: &usize, state: &[W; 8]| {
            if let Some(digest) = digests.get_mut(*place) {
                W::write(state, digest);
            }
        };
        match self.single {
            Some((proof, run)) if places.len() < self.worthwhile => {
                for place in places {
                    take(place, &run(proof, initial, &ending(place)));
                }
            }
            _ => {
                let lanes = std::array::from_fn(|lane| places.get(lane).map_or(Blocks::NONE, ending));
                let states = (self.lanes)(self.ifma, initial, &lanes);
                for (place, state) in places.iter().zip(&states) {
                    take(place, state);
                }
            }
        }
    }
}

/// Writes the digest of each message.
pub(in crate::crypto::ifma) fn digests(ifma: Ifma, hash: Hash, messages: &[&[u8]], digests: &mut [Digest]) {
    match hash {
        Hash::Sha256 => Hasher::sha256(ifma).each(&SHA256_INITIAL, 0, messages, digests),
        Hash::Sha384 => Hasher::sha512(ifma).each(&SHA384_INITIAL, 0, messages, digests),
        Hash::Sha512 => Hasher::sha512(ifma).each(&SHA512_INITIAL, 0, messages, digests),
    }
}
