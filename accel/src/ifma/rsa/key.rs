//! A prepared RSA key.

use std::sync::OnceLock;

use super::checked::Checked;
use super::encoding::Scheme;
use super::modulus::{LARGEST_BYTES, Modulus, Number};
use super::multi_buffer::LANES;
use super::{multi_buffer, single};
use crate::algorithm::{Algorithm, Hash, RawKey};
use crate::ifma::sha2::{Digest, digests};
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::known;
use crate::preparation::{Build, Progress};
use crate::simd::Ifma;

/// PKCS #1 v1.5 and PSS with every hash.
pub(in crate::ifma) const IMPLEMENTATION: Implementation = Implementation {
    name: Ifma::NAME,
    is_portable: false,
    algorithms: &[
        Algorithm::RsaPkcs1(Hash::Sha256),
        Algorithm::RsaPkcs1(Hash::Sha384),
        Algorithm::RsaPkcs1(Hash::Sha512),
        Algorithm::RsaPss(Hash::Sha256),
        Algorithm::RsaPss(Hash::Sha384),
        Algorithm::RsaPss(Hash::Sha512),
    ],
    is_supported: || Ifma::detect().is_some(),
    is_sane,
    begin,
    begin_small: None,
    verify_unprepared: None,
};

/// The number of messages that are hashed at once.
const ROUND: usize = 64;

/// From this number of signatures on, lanes are faster than one by one.
const WORTHWHILE: usize = 4;

/// A public key prepared for one algorithm.
#[derive(Debug)]
pub(super) struct RsaKey {
    ifma: Ifma,
    scheme: Scheme,
    /// Big-endian.
    bytes: Box<[u8]>,
    modulus: AnyModulus,
}

/// The supported sizes of moduli; all others are left to the caller.
#[derive(Debug)]
enum AnyModulus {
    Bits2048(Box<Checked<5>>),
    Bits3072(Box<Checked<8>>),
    Bits4096(Box<Checked<10>>),
}

/// Tests the known answers of each algorithm once in a process.
fn is_sane(algorithm: Algorithm) -> bool {
    static SANITY: [OnceLock<bool>; 6] = [const { OnceLock::new() }; 6];
    let place = IMPLEMENTATION.algorithms.iter().position(|one| *one == algorithm);
    let sanity = place.and_then(|place| SANITY.get(place));
    sanity.is_some_and(|sanity| *sanity.get_or_init(|| known::comes_out(algorithm, true, begin)))
}

fn begin(algorithm: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    let RawKey::Rsa { modulus, exponent } = key else { return None };
    let (ifma, scheme) = (Ifma::detect()?, Scheme::of(algorithm)?);
    if !RsaKey::fits(modulus, exponent) {
        return None;
    }
    Some(Box::new(RsaKey::new(ifma, scheme, modulus, exponent)))
}

/// A prepared key, or none if its constants are wrong, and then its step fails. The preparation takes
/// some 20 µs, too little to be split into steps.
impl Build for Option<RsaKey> {
    fn bytes(&self) -> usize {
        self.as_ref().map_or(0, RsaKey::size)
    }

    fn step(&mut self) -> Progress {
        self.take().map_or(Progress::Failed, |key| Progress::Done(FastKey::of(Box::new(key))))
    }
}

impl RsaKey {
    /// Prepares a key; returns `None` unless the modulus is odd and has exactly 2048,
    /// 3072 or 4096 bits and the exponent is 65537. Both are big-endian without leading
    /// zeros. Nor is there a key if what was computed from the modulus is wrong.
    pub(super) fn new(ifma: Ifma, scheme: Scheme, modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        if !Self::fits(modulus, exponent) {
            return None;
        }
        let prepared = match modulus.len() {
            256 => AnyModulus::Bits2048(Checked::new::<4, 6, 10>(ifma, Modulus::new(modulus))?.into()),
            384 => AnyModulus::Bits3072(Checked::new::<7, 9, 16>(ifma, Modulus::new(modulus))?.into()),
            512 => AnyModulus::Bits4096(Checked::new::<9, 11, 20>(ifma, Modulus::new(modulus))?.into()),
            _ => return None,
        };
        Some(Self { ifma, scheme, bytes: modulus.into(), modulus: prepared })
    }

    /// Returns `true` if there is code for keys with these numbers.
    fn fits(modulus: &[u8], exponent: &[u8]) -> bool {
        let (Some(first), Some(last)) = (modulus.first(), modulus.last()) else { return false };
        if exponent != [1, 0, 1] || *first < 0x80 || *last % 2 == 0 {
            return false;
        }
        matches!(modulus.len(), 256 | 384 | 512)
    }

    /// Returns the memory of a key in bytes.
    fn size(&self) -> usize {
        let numbers = match &self.modulus {
            AnyModulus::Bits2048(modulus) => size_of_val(&**modulus),
            AnyModulus::Bits3072(modulus) => size_of_val(&**modulus),
            AnyModulus::Bits4096(modulus) => size_of_val(&**modulus),
        };
        numbers.saturating_add(self.bytes.len()).saturating_add(size_of::<Self>())
    }

    /// Checks the length and the range: RFC 8017 §5.2.2 step 1 and §8.2.2 step 1. For
    /// equal lengths the order of bytes is that of the numbers.
    pub(super) fn is_below(&self, signature: &[u8]) -> bool {
        signature.len() == self.bytes.len() && signature < &*self.bytes
    }

    /// Checks at most as many jobs as there are lanes. A lane without a job, or with a
    /// signature that is out of range, opens zero.
    fn accept_lanes<const Z: usize>(
        &self,
        modulus: &Checked<Z>,
        of_messages: &[Digest],
        jobs: &mut [Job<'_>],
    ) {
        let mut numbers = [Number::ZERO; LANES];
        for (number, job) in numbers.iter_mut().zip(jobs.iter()) {
            if self.is_below(job.signature) {
                *number = Number::from_bytes(job.signature);
            }
        }
        multi_buffer::power(self.ifma, modulus.modulus(), &mut numbers);
        let mut room = [[0; LARGEST_BYTES]; LANES];
        let mut encoded: [&[u8]; LANES] = [&[]; LANES];
        for ((room, encoded), number) in room.iter_mut().zip(&mut encoded).zip(numbers) {
            let Some(bytes) = room.get_mut(..self.bytes.len()) else { return };
            number.to_bytes(bytes);
            *encoded = bytes;
        }
        let encoded = encoded.get(..jobs.len()).unwrap_or_default();
        let answers = self.scheme.are_encoded(self.ifma, of_messages, encoded);
        for (job, answer) in jobs.iter_mut().zip(answers) {
            // The answer of a lane whose signature is out of range is about zero.
            job.holds = answer && self.is_below(job.signature);
        }
    }
}

impl Form for RsaKey {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        if !self.is_below(signature) {
            return false;
        }
        let mut room = [0; LARGEST_BYTES];
        let Some(encoded) = room.get_mut(..self.bytes.len()) else { return false };
        match &self.modulus {
            AnyModulus::Bits2048(modulus) => {
                let x = Number::from_bytes(signature);
                single::power::<5, 4, 6, 10>(self.ifma, modulus.modulus(), &x).to_bytes(encoded);
            }
            AnyModulus::Bits3072(modulus) => {
                let x = Number::from_bytes(signature);
                single::power::<8, 7, 9, 16>(self.ifma, modulus.modulus(), &x).to_bytes(encoded);
            }
            AnyModulus::Bits4096(modulus) => {
                let x = Number::from_bytes(signature);
                single::power::<10, 9, 11, 20>(self.ifma, modulus.modulus(), &x).to_bytes(encoded);
            }
        }
        self.scheme.is_encoded(message, encoded)
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        let in_lanes = match jobs.len() % LANES {
            few @ 1..WORTHWHILE => jobs.len().saturating_sub(few),
            _ => jobs.len(),
        };
        let (jobs, few) = jobs.split_at_mut(in_lanes);
        for job in few {
            job.holds = self.accepts(job.message, job.signature);
        }
        for jobs in jobs.chunks_mut(ROUND) {
            let mut messages: [&[u8]; ROUND] = [&[]; ROUND];
            for (message, job) in messages.iter_mut().zip(jobs.iter()) {
                *message = job.message;
            }
            let mut of_messages: [Digest; ROUND] = [[0; 64]; ROUND];
            let messages = messages.get(..jobs.len()).unwrap_or_default();
            digests(self.ifma, self.scheme.hash(), messages, &mut of_messages);
            for (jobs, of_messages) in jobs.chunks_mut(LANES).zip(of_messages.chunks(LANES)) {
                match &self.modulus {
                    AnyModulus::Bits2048(modulus) => self.accept_lanes(modulus, of_messages, jobs),
                    AnyModulus::Bits3072(modulus) => self.accept_lanes(modulus, of_messages, jobs),
                    AnyModulus::Bits4096(modulus) => self.accept_lanes(modulus, of_messages, jobs),
                }
            }
        }
    }
}
