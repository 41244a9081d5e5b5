//! RSASSA-PKCS1-v1_5 and RSASSA-PSS with the public exponent 65537.
//!
//! A signature s opens to s^65537 mod n: eighteen products modulo n, of which the
//! first takes s into Montgomery's form; for one signature by [`single`], for
//! eight at once by [`lanes`]. What comes out must
//! be an encoding of the message ([`encoding`]). [`modulus`] has the numbers and
//! what is prepared of a key.
//!
//! A signature is accepted when all of this holds, and so only then: it has as
//! many bytes as the modulus and is, as a number, below it (RFC 8017 §5.2.2);
//! its power, brought below n, is the encoded message in every bit.

mod encoding;
mod known;
#[path = "multi_buffer.rs"]
mod lanes;
mod modulus;
mod pss;
mod single;
#[cfg(test)]
mod tests;
#[cfg(test)]
#[path = "../../../tests/vectors/rsa.rs"]
mod vectors;

use std::sync::OnceLock;

use modulus::{Modulus, Number};

use super::Ifma;
use super::sha2::{Digest, digests};
use crate::alg::Alg;
use crate::crypto::accel::{Build, Form, Implementation, Progress};
use crate::crypto::{Job, PublicPart};
use encoding::{LARGEST, Scheme};

/// RS256 to PS512.
pub(super) const IMPLEMENTATION: Implementation = Implementation {
    name: super::NAME,
    is_portable: false,
    algorithms: &[Alg::RS256, Alg::RS384, Alg::RS512, Alg::PS256, Alg::PS384, Alg::PS512],
    is_supported: || Ifma::detect().is_some(),
    is_sane,
    begin,
};

/// How many signatures [`lanes`] opens at once.
const LANES: usize = 8;

/// How many messages are hashed at once.
const ROUND: usize = 64;

/// From how many on lanes are faster than one after the other.
const WORTHWHILE: usize = 4;

/// A public key made ready for one algorithm.
#[derive(Debug)]
struct RsaKey {
    ifma: Ifma,
    scheme: Scheme,
    /// Big-endian.
    bytes: Box<[u8]>,
    modulus: AnyModulus,
}

/// The moduli that there is code for; all else is left to aws-lc.
#[derive(Debug)]
enum AnyModulus {
    Bits2048(Box<Modulus<5>>),
    Bits3072(Box<Modulus<8>>),
    Bits4096(Box<Modulus<10>>),
}

/// The known answers, tried once in a process: a pure function.
fn is_sane() -> bool {
    static SANITY: OnceLock<bool> = OnceLock::new();
    *SANITY.get_or_init(|| known::KNOWN.iter().all(|answer| answer.comes_out(begin)))
}

fn begin(alg: Alg, part: PublicPart<'_>) -> Option<Box<dyn Build>> {
    let PublicPart::Rsa { modulus, exponent } = part else { return None };
    let key = RsaKey::new(Ifma::detect()?, Scheme::of(alg)?, modulus, exponent)?;
    Some(Box::new(Some(key)))
}

/// A key that was prepared, which takes some 20 µs: too little to be divided.
impl Build for Option<RsaKey> {
    fn bytes(&self) -> usize {
        self.as_ref().map_or(0, RsaKey::size)
    }

    fn step(&mut self) -> Progress {
        self.take().map_or(Progress::Failed, |key| Progress::Done(Box::new(key)))
    }
}

impl RsaKey {
    /// Prepares a key; `None` unless the modulus is odd and has exactly 2048,
    /// 3072 or 4096 bits and the exponent is 65537. Both are big-endian without
    /// leading zeros.
    fn new(ifma: Ifma, scheme: Scheme, modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let (first, last) = (modulus.first()?, modulus.last()?);
        if exponent != [1, 0, 1] || *first < 0x80 || *last % 2 == 0 {
            return None;
        }
        let prepared = match modulus.len() {
            256 => AnyModulus::Bits2048(Box::new(Modulus::new(modulus))),
            384 => AnyModulus::Bits3072(Box::new(Modulus::new(modulus))),
            512 => AnyModulus::Bits4096(Box::new(Modulus::new(modulus))),
            _ => return None,
        };
        Some(Self { ifma, scheme, bytes: modulus.into(), modulus: prepared })
    }

    /// How many bytes a key takes.
    fn size(&self) -> usize {
        let numbers = match &self.modulus {
            AnyModulus::Bits2048(modulus) => size_of_val(&**modulus),
            AnyModulus::Bits3072(modulus) => size_of_val(&**modulus),
            AnyModulus::Bits4096(modulus) => size_of_val(&**modulus),
        };
        numbers.saturating_add(self.bytes.len()).saturating_add(size_of::<Self>())
    }

    /// RFC 8017 §5.2.2 step 1 and §8.2.2 step 1.
    fn is_below(&self, signature: &[u8]) -> bool {
        signature.len() == self.bytes.len() && signature < &*self.bytes
    }

    /// Answers at most as many jobs as there are lanes. A lane whose signature
    /// is out of range, or that has no job, opens zero.
    fn accept_lanes<const Z: usize>(
        &self,
        modulus: &Modulus<Z>,
        of_messages: &[Digest],
        jobs: &mut [Job<'_>],
    ) {
        let mut numbers = [Number::ZERO; LANES];
        for (number, job) in numbers.iter_mut().zip(jobs.iter()) {
            if self.is_below(job.signature) {
                *number = Number::from_bytes(job.signature);
            }
        }
        lanes::power(self.ifma, modulus, &mut numbers);
        let mut room = [[0; LARGEST]; LANES];
        let mut encoded: [&[u8]; LANES] = [&[]; LANES];
        for ((room, encoded), number) in room.iter_mut().zip(&mut encoded).zip(numbers) {
            let Some(bytes) = room.get_mut(..self.bytes.len()) else { return };
            number.to_bytes(bytes);
            *encoded = bytes;
        }
        let encoded = encoded.get(..jobs.len()).unwrap_or_default();
        let answers = self.scheme.are_encoded(self.ifma, of_messages, encoded);
        for (job, answer) in jobs.iter_mut().zip(answers) {
            job.holds = answer && self.is_below(job.signature);
        }
    }
}

impl Form for RsaKey {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        if !self.is_below(signature) {
            return false;
        }
        let mut room = [0; LARGEST];
        let Some(encoded) = room.get_mut(..self.bytes.len()) else { return false };
        match &self.modulus {
            AnyModulus::Bits2048(modulus) => {
                let x = Number::from_bytes(signature);
                single::power::<5, 4, 6, 10>(self.ifma, modulus, &x).to_bytes(encoded);
            }
            AnyModulus::Bits3072(modulus) => {
                let x = Number::from_bytes(signature);
                single::power::<8, 7, 9, 16>(self.ifma, modulus, &x).to_bytes(encoded);
            }
            AnyModulus::Bits4096(modulus) => {
                let x = Number::from_bytes(signature);
                single::power::<10, 9, 11, 20>(self.ifma, modulus, &x).to_bytes(encoded);
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
