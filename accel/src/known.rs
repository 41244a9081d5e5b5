//! Known answers, which accelerated code must get right before it is used.
//!
//! A file for each algorithm holds keys, and for each key signatures of messages of
//! unequal lengths (`known/tests.rs` makes the files and puts them to aws-lc).

#[cfg(test)]
mod tests;

use crate::algorithm::{Algorithm, Hash, RawKey};
use crate::job::Job;
use crate::key::FastKey;
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
use crate::key::VerifyUnprepared;
use crate::preparation::Build;

/// Begins to prepare a key.
type Begin = fn(Algorithm, RawKey<'_>) -> Option<Box<dyn Build>>;

/// How much is put to a key. Every process that verifies a token pays for it.
#[derive(Clone, Copy)]
struct Effort {
    /// The number of batches. In each, a row gets another kind of job and another message.
    turns: usize,
    /// The rows of a batch.
    jobs: usize,
    /// The most signatures that are checked alone, each with a wrong message as well.
    alone: usize,
    /// The number of places at which a signature is changed, one at a time.
    spoilt: usize,
}

impl Effort {
    /// More than two full rounds of any number of lanes, and a part of one. 40 rows are
    /// the five kinds of jobs in each of eight lanes.
    const FULL: Self = Self { turns: 2, jobs: 40, alone: 16, spoilt: 12 };

    /// Beside a batch of mixed keys.
    #[cfg(any(target_arch = "x86_64", software_lanes))]
    const MIXED: Self = Self { turns: 1, alone: 4, spoilt: 3, ..Self::FULL };

    /// For a key after the first, and for code without lanes.
    const SHORT: Self = Self { turns: 1, jobs: 16, alone: 1, spoilt: 3 };
}

/// The most rows of a batch.
const JOBS: usize = Effort::FULL.jobs;

/// Returns `true` if keys that `begin` prepares accept their signatures and no others,
/// alone and in batches. `is_accepted_alone` is `false` if the code leaves single
/// signatures to the caller.
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) fn comes_out(algorithm: Algorithm, is_accepted_alone: bool, begin: Begin) -> bool {
    let Some(keys) = read(algorithm, file(algorithm)) else { return false };
    !keys.is_empty()
        && keys.iter().enumerate().all(|(place, known)| {
            let effort = if place == 0 { Effort::FULL } else { Effort::SHORT };
            prepared(algorithm, known.key, begin)
                .is_some_and(|key| known.comes_out(&key, is_accepted_alone, effort))
        })
}

/// The same of the first key, whose table is the base point's, less its first window, if the
/// file has such a key.
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) fn first_comes_out(algorithm: Algorithm, begin: Begin) -> bool {
    read(algorithm, file(algorithm)).is_some_and(|keys| {
        keys.first().is_some_and(|known| {
            prepared(algorithm, known.key, begin).is_some_and(|key| known.comes_out(&key, true, Effort::FULL))
        })
    })
}

/// The same of the last key, for code without lanes.
pub(crate) fn last_comes_out(algorithm: Algorithm, begin: Begin) -> bool {
    last(algorithm).is_some_and(|known| {
        prepared(algorithm, known.key, begin).is_some_and(|key| known.comes_out(&key, true, Effort::SHORT))
    })
}

/// Returns `true` if the last key, and a batch that mixes it with another one, holds its
/// signatures and no others. `begin` prepares both. `other` is a key whose private part is 1.
#[cfg(any(target_arch = "x86_64", software_lanes))]
pub(crate) fn last_comes_out_mixed(algorithm: Algorithm, other: RawKey<'_>, begin: Begin) -> bool {
    let (Some(known), Some(other)) = (last(algorithm), prepared(algorithm, other, begin)) else {
        return false;
    };
    prepared(algorithm, known.key, begin)
        .is_some_and(|key| known.comes_out(&key, true, Effort::MIXED) && known.comes_out_mixed(&key, &other))
}

/// Returns `true` if `verify`, which gets a key with each job, holds the signatures of the
/// last key and no others. `other` is as above.
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
pub(crate) fn comes_out_unprepared(
    algorithm: Algorithm,
    other: RawKey<'_>,
    verify: VerifyUnprepared,
) -> bool {
    last(algorithm).is_some_and(|known| {
        let keys: [RawKey<'_>; JOBS] = std::array::from_fn(|row| if is_own(row) { known.key } else { other });
        known.comes_out_together(0, Effort::FULL, is_own, |jobs| verify(&keys, jobs))
    })
}

#[cfg(test)]
pub(crate) fn first_key(algorithm: Algorithm) -> RawKey<'static> {
    read(algorithm, file(algorithm)).unwrap()[0].key
}

fn last(algorithm: Algorithm) -> Option<KnownKey> {
    read(algorithm, file(algorithm))?.pop()
}

fn prepared(algorithm: Algorithm, key: RawKey<'_>, begin: Begin) -> Option<FastKey> {
    begin(algorithm, key).and_then(|mut build| build.finish())
}

/// With another key, both stand in every lane, with every kind of job.
#[cfg(any(target_arch = "x86_64", software_lanes, test))]
const fn is_own(row: usize) -> bool {
    row % 3 != 1
}

/// A key and good signatures, at least two.
struct KnownKey {
    key: RawKey<'static>,
    answers: Vec<Answer>,
}

struct Answer {
    message: Vec<u8>,
    signature: &'static [u8],
}

/// What is put to a key in a row of a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Good,
    /// The signature of another message of the same key.
    Routed,
    /// A changed bit.
    Spoilt,
}

/// In turn, so that good ones stand beside good and bad ones. The period has no factor in
/// common with the numbers of lanes.
const KINDS: [Kind; 5] = [Kind::Good, Kind::Good, Kind::Routed, Kind::Good, Kind::Spoilt];

impl KnownKey {
    fn comes_out(&self, key: &FastKey, is_accepted_alone: bool, effort: Effort) -> bool {
        self.comes_out_alone(key, is_accepted_alone, effort)
            && (0..effort.turns)
                .all(|turn| self.comes_out_together(turn, effort, |_| true, |jobs| key.verify_each(jobs)))
    }

    #[cfg(any(target_arch = "x86_64", software_lanes, test))]
    fn comes_out_mixed(&self, key: &FastKey, other: &FastKey) -> bool {
        let keys: [&FastKey; JOBS] = std::array::from_fn(|row| if is_own(row) { key } else { other });
        self.comes_out_together(0, Effort::FULL, is_own, |jobs| FastKey::verify_mixed(&keys, jobs))
    }

    fn answer(&self, at: usize) -> Option<&Answer> {
        self.answers.get(at.checked_rem(self.answers.len())?)
    }

    fn comes_out_alone(&self, key: &FastKey, is_accepted_alone: bool, effort: Effort) -> bool {
        let accepts = |message: &[u8], signature: &[u8]| key.verify(message, signature).is_some();
        let is_right = |(at, answer): (usize, &Answer)| {
            let other = self.answer(at.wrapping_add(1));
            accepts(&answer.message, answer.signature) == is_accepted_alone
                && other.is_some_and(|other| !accepts(&other.message, answer.signature))
        };
        let Some(Answer { message, signature }) = self.answer(0) else { return false };
        let step = signature.len().div_ceil(effort.spoilt).max(1);
        let mut places = (0..signature.len()).step_by(step).chain(signature.len().checked_sub(1));
        self.answers.iter().enumerate().take(effort.alone).all(is_right)
            && places.all(|place| !accepts(message, &spoilt(signature, place)))
            && signature.split_last().is_some_and(|(_, shorter)| !accepts(message, shorter))
    }

    /// `is_own` tells in which rows the key is this one.
    fn comes_out_together(
        &self,
        turn: usize,
        effort: Effort,
        is_own: impl Fn(usize) -> bool,
        verify: impl FnOnce(&mut [Job<'_>]),
    ) -> bool {
        let kind = |row: usize| *KINDS.iter().cycle().nth(row.wrapping_add(turn)).unwrap_or(&Kind::Good);
        // Neighbours have messages of different lengths, in no order.
        let place = |row: usize| row.wrapping_mul(7).wrapping_add(turn.wrapping_mul(3));
        let copies: Vec<Vec<u8>> = (0..JOBS)
            .map(|row| {
                self.answer(place(row)).map_or_else(Vec::new, |answer| spoilt(answer.signature, place(row)))
            })
            .collect();
        let mut jobs = [Job::default(); JOBS];
        for (row, (job, copy)) in jobs.iter_mut().zip(&copies).enumerate() {
            let (Some(answer), Some(other)) =
                (self.answer(place(row)), self.answer(place(row).wrapping_add(1)))
            else {
                return false;
            };
            *job = match kind(row) {
                Kind::Good => Job::new(&answer.message, answer.signature),
                Kind::Routed => Job::new(&other.message, answer.signature),
                Kind::Spoilt => Job::new(&answer.message, copy),
            };
        }
        let jobs = jobs.get_mut(..effort.jobs).unwrap_or_default();
        verify(jobs);
        let is_good = |row: usize| kind(row) == Kind::Good && is_own(row);
        jobs.iter().enumerate().all(|(row, job)| job.held().is_some() == is_good(row))
    }
}

/// Returns the signature with one bit changed.
fn spoilt(signature: &[u8], place: usize) -> Vec<u8> {
    let mut bad = signature.to_vec();
    let at = place.checked_rem(bad.len()).unwrap_or(0);
    if let Some(byte) = bad.get_mut(at) {
        *byte ^= 1 << (place % 8);
    }
    bad
}

/// The message of this length.
fn message(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(at).wrapping_add(length) >> 1) as u8).collect()
}

/// Returns the file of an algorithm.
fn file(algorithm: Algorithm) -> &'static [u8] {
    match algorithm {
        Algorithm::EcdsaP256Sha256 => include_bytes!("known/ecdsa-p256-sha256"),
        Algorithm::EcdsaP384Sha384 => include_bytes!("known/ecdsa-p384-sha384"),
        Algorithm::EcdsaP521Sha512 => include_bytes!("known/ecdsa-p521-sha512"),
        Algorithm::EcdsaSecp256k1Sha256 => include_bytes!("known/ecdsa-secp256k1-sha256"),
        Algorithm::Ed25519 => include_bytes!("known/ed25519"),
        Algorithm::RsaPkcs1(Hash::Sha256) => include_bytes!("known/rsa-pkcs1-sha256"),
        Algorithm::RsaPkcs1(Hash::Sha384) => include_bytes!("known/rsa-pkcs1-sha384"),
        Algorithm::RsaPkcs1(Hash::Sha512) => include_bytes!("known/rsa-pkcs1-sha512"),
        Algorithm::RsaPss(Hash::Sha256) => include_bytes!("known/rsa-pss-sha256"),
        Algorithm::RsaPss(Hash::Sha384) => include_bytes!("known/rsa-pss-sha384"),
        Algorithm::RsaPss(Hash::Sha512) => include_bytes!("known/rsa-pss-sha512"),
        Algorithm::Hmac(Hash::Sha256) => include_bytes!("known/hmac-sha256"),
        Algorithm::Hmac(Hash::Sha384) => include_bytes!("known/hmac-sha384"),
        Algorithm::Hmac(Hash::Sha512) => include_bytes!("known/hmac-sha512"),
    }
}

/// Reads a file: for each key its length and itself, the number of its answers, and for
/// each answer the lengths of message and signature, and the signature. Lengths and
/// numbers are two bytes, big-endian.
fn read(algorithm: Algorithm, mut bytes: &'static [u8]) -> Option<Vec<KnownKey>> {
    let mut keys = Vec::new();
    while !bytes.is_empty() {
        let length = number(&mut bytes)?;
        let key = part(&mut bytes, length)?;
        let answers = (0..number(&mut bytes)?).map(|_| {
            let (message_bytes, signature_bytes) = (number(&mut bytes)?, number(&mut bytes)?);
            Some(Answer { message: message(message_bytes), signature: part(&mut bytes, signature_bytes)? })
        });
        let answers = answers.collect::<Option<_>>()?;
        keys.push(KnownKey { key: raw_key(algorithm, key), answers });
    }
    Some(keys)
}

const fn raw_key(algorithm: Algorithm, key: &[u8]) -> RawKey<'_> {
    match algorithm {
        Algorithm::EcdsaP256Sha256
        | Algorithm::EcdsaP384Sha384
        | Algorithm::EcdsaP521Sha512
        | Algorithm::EcdsaSecp256k1Sha256 => RawKey::Sec1(key),
        Algorithm::Ed25519 => RawKey::Ed25519(key),
        Algorithm::RsaPkcs1(_) | Algorithm::RsaPss(_) => RawKey::Rsa { modulus: key, exponent: &[1, 0, 1] },
        Algorithm::Hmac(_) => RawKey::Secret(key),
    }
}

fn number(bytes: &mut &'static [u8]) -> Option<usize> {
    part(bytes, 2)?.try_into().ok().map(u16::from_be_bytes).map(usize::from)
}

fn part(bytes: &mut &'static [u8], length: usize) -> Option<&'static [u8]> {
    let (part, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(part)
}
