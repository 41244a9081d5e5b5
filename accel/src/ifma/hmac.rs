//! HMAC of many messages at once.
//!
//! HMAC (RFC 2104) hashes a block made from the key and then the message, and then
//! another such block and the digest. The hash's state after either block depends only
//! on the key: these two *midstates* are kept instead of the key.
//!
//! The lanes compute the MAC of every message, whatever MAC its token has; the MACs are
//! then compared in constant time. So the time shows the length of messages, and not
//! how much of a MAC was right. The midstates are as secret as the key: they are kept
//! in one place, which is wiped when the key is dropped. Registers and the stack are
//! not wiped. Through them pass the midstates, the digest of a secret that is longer
//! than a block, and up to 64 correct MACs of the messages of a batch, whatever MACs
//! their tokens have.

use std::sync::OnceLock;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use zeroize::Zeroizing;

use super::sha2::{Digest, Hasher, SHA256_INITIAL, SHA384_INITIAL, SHA512_INITIAL, Word};
use crate::algorithm::{Algorithm, Hash, RawKey};
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::known;
use crate::preparation::{Build, Progress};
use crate::simd::{Ifma, ShaNi};

/// Several messages at once with every hash; single messages only with SHA-256 and the
/// SHA extensions. Other single messages are left to the caller.
pub(super) const IMPLEMENTATION: Implementation = Implementation {
    name: Ifma::NAME,
    is_portable: false,
    algorithms: &[
        Algorithm::Hmac(Hash::Sha256),
        Algorithm::Hmac(Hash::Sha384),
        Algorithm::Hmac(Hash::Sha512),
    ],
    is_supported: || Ifma::detect().is_some(),
    is_sane,
    begin,
    begin_small: None,
    verify_unprepared: None,
};

/// Tests the known answers of each algorithm once in a process.
fn is_sane(algorithm: Algorithm) -> bool {
    static SANITY: [OnceLock<bool>; 3] = [const { OnceLock::new() }; 3];
    let is_accepted_alone = algorithm == Algorithm::Hmac(Hash::Sha256) && ShaNi::detect().is_some();
    let place = IMPLEMENTATION.algorithms.iter().position(|one| *one == algorithm);
    let sanity = place.and_then(|place| SANITY.get(place));
    sanity.is_some_and(|sanity| *sanity.get_or_init(|| known::comes_out(algorithm, is_accepted_alone, begin)))
}

/// The number of jobs that are checked at a time.
const ROUND: usize = 64;

/// A prepared HMAC secret.
struct MacKey<W: Word, const LANES: usize, const BLOCK: usize> {
    hasher: Hasher<W, LANES, BLOCK>,
    /// The midstates before the message, and before its digest.
    states: Zeroizing<[[W; 8]; 2]>,
    tag_bytes: usize,
}

impl<W: Word, const LANES: usize, const BLOCK: usize> MacKey<W, LANES, BLOCK> {
    /// Prepares a secret that fits into a block (RFC 2104 §2).
    fn new(hasher: Hasher<W, LANES, BLOCK>, initial: &[W; 8], secret: &[u8], tag_bytes: usize) -> Self {
        let [inner, outer] = [0x36, 0x5c].map(|pad| {
            let mut block = Zeroizing::new([pad; BLOCK]);
            for (to, byte) in block.iter_mut().zip(secret) {
                *to ^= byte;
            }
            block
        });
        let states = Zeroizing::new(hasher.midstates(initial, [&*inner, &*outer]));
        Self { hasher, states, tag_bytes }
    }

    /// Compares a MAC in constant time.
    fn is_tag(&self, tag: &Digest, signature: &[u8]) -> bool {
        tag.get(..self.tag_bytes).is_some_and(|tag| verify_slices_are_equal(tag, signature).is_ok())
    }
}

impl<W: Word, const LANES: usize, const BLOCK: usize> Form for MacKey<W, LANES, BLOCK> {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        let tag = self.hasher.nested_digest(&self.states, self.tag_bytes, message);
        tag.is_some_and(|tag| self.is_tag(&tag, signature))
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        for jobs in jobs.chunks_mut(ROUND) {
            let mut tags: [Digest; ROUND] = [[0; 64]; ROUND];
            let mut messages: [&[u8]; ROUND] = [&[]; ROUND];
            for (message, job) in messages.iter_mut().zip(jobs.iter()) {
                *message = job.message;
            }
            let messages = messages.get(..jobs.len()).unwrap_or_default();
            self.hasher.nested_digests(&self.states, self.tag_bytes, messages, &mut tags);
            for (job, tag) in jobs.iter_mut().zip(&tags) {
                job.holds = self.is_tag(tag, job.signature);
            }
        }
    }
}

/// A prepared key; the preparation is too short to be split into steps. The key stays
/// in its box: moving it would leave a copy in freed memory.
impl<W: Word, const LANES: usize, const BLOCK: usize> Build for Option<Box<MacKey<W, LANES, BLOCK>>> {
    fn bytes(&self) -> usize {
        size_of::<MacKey<W, LANES, BLOCK>>()
    }

    fn step(&mut self) -> Progress {
        self.take().map_or(Progress::Failed, |key| Progress::Done(FastKey::of(key)))
    }
}

fn begin(algorithm: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    let (RawKey::Secret(secret), ifma) = (key, Ifma::detect()?) else { return None };
    Some(match algorithm {
        Algorithm::Hmac(Hash::Sha256) => {
            let secret = fitting::<64>(&digest::SHA256, secret);
            boxed(MacKey::new(Hasher::sha256(ifma), &SHA256_INITIAL, &secret, 32))
        }
        Algorithm::Hmac(Hash::Sha384) => {
            let secret = fitting::<128>(&digest::SHA384, secret);
            boxed(MacKey::new(Hasher::sha512(ifma), &SHA384_INITIAL, &secret, 48))
        }
        Algorithm::Hmac(Hash::Sha512) => {
            let secret = fitting::<128>(&digest::SHA512, secret);
            boxed(MacKey::new(Hasher::sha512(ifma), &SHA512_INITIAL, &secret, 64))
        }
        _ => return None,
    })
}

fn boxed<W: Word, const LANES: usize, const BLOCK: usize>(key: MacKey<W, LANES, BLOCK>) -> Box<dyn Build> {
    Box::new(Some(Box::new(key)))
}

/// Returns the secret, or its digest if it is longer than a block (RFC 2104 §2).
fn fitting<const BLOCK: usize>(hash: &'static digest::Algorithm, secret: &[u8]) -> Zeroizing<Vec<u8>> {
    if secret.len() <= BLOCK {
        return Zeroizing::new(secret.to_vec());
    }
    Zeroizing::new(digest::digest(hash, secret).as_ref().to_vec())
}
