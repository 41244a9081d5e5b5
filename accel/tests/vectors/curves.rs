//! Accelerated code with nothing behind it, on the vectors of Wycheproof.
//!
//! aws-lc is the oracle. What it accepts and the accelerated code does not is
//! listed; the other way round nothing may be.
use std::sync::OnceLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
};
use jot_accel::{Algorithm, FastKey, Implementation, Job, RawKey};
use wycheproof::{EdwardsCurve, EllipticCurve, ecdsa, eddsa};

use crate::oracle::Oracle;
use crate::{implementations, ready};

/// The cases that are left to aws-lc, because x is r + n: the algorithm, and
/// what Wycheproof says of them. None of them meets incomplete addition.
const LEFT: &[(Algorithm, &str)] = &[
    (Algorithm::EcdsaP256Sha256, "k*G has a large x-coordinate"),
    (Algorithm::EcdsaP256Sha256, "r = 3, x = n + 3 is the smallest possible x with a reduction"),
    (Algorithm::EcdsaP384Sha384, "k*G has a large x-coordinate"),
    (Algorithm::EcdsaP384Sha384, "r = 2, x = n + 2 is the smallest possible x with a reduction"),
    (Algorithm::EcdsaP521Sha512, "k*G has a large x-coordinate"),
    (Algorithm::EcdsaP521Sha512, "r = 1, x = n + 1 is the smallest possible x with a reduction"),
    (Algorithm::EcdsaSecp256k1Sha256, "k*G has a large x-coordinate"),
    (Algorithm::EcdsaSecp256k1Sha256, "r = 2, x = n + 2 is the smallest possible x with a reduction"),
];

/// One key in all its forms.
struct Subject {
    algorithm: Algorithm,
    key: Vec<u8>,
    oracle: Oracle,
    keys: Vec<(&'static Implementation, Option<FastKey>)>,
    good: Option<(Vec<u8>, Vec<u8>)>,
    /// Its small form.
    small: Option<FastKey>,
    other: &'static Other,
    turn: usize,
}

impl Subject {
    fn new(algorithm: Algorithm, key: RawKey<'_>) -> Self {
        let oracle = Oracle::new(algorithm, key);
        let keys = implementations(algorithm).map(|one| (one, ready(one, algorithm, key))).collect();
        let (RawKey::Sec1(bytes) | RawKey::Ed25519(bytes)) = key else { panic!("no curve") };
        let mixing = implementations(algorithm).find(|one| one.verifies_unprepared());
        Self {
            algorithm,
            key: bytes.to_vec(),
            oracle,
            keys,
            good: None,
            small: mixing.and_then(|one| small(one, algorithm, key)),
            other: Other::of(algorithm),
            turn: 0,
        }
    }

    /// Two lanes, which go through all with the cases.
    fn positions(&self) -> impl Iterator<Item = usize> + use<> {
        let turn = self.turn;
        [0, 5].into_iter().map(move |offset| (turn + offset) % 8)
    }

    /// Asks without a prepared key, beside another key's signature, good and
    /// bad, and beside a key that is no point. Enough are good for the lanes to be used.
    fn ask_unprepared(&self, one: &Implementation, message: &[u8], signature: &[u8]) -> bool {
        let other = raw(self.algorithm, &self.other.key);
        let held: Vec<bool> = self
            .positions()
            .map(|position| {
                let job = |lane| match (lane == position, lane % 3) {
                    (true, _) => (raw(self.algorithm, &self.key), Job::new(message, signature)),
                    (_, 0) => (other, self.other.job()),
                    (_, 1) => (other, Job::new(message, signature)),
                    _ => (raw(self.algorithm, &self.key[1..]), Job::new(message, signature)),
                };
                let (keys, mut jobs): (Vec<_>, Vec<_>) = (0..12).map(job).unzip();
                one.verify_unprepared(&keys, &mut jobs);
                for (lane, job) in jobs.iter().enumerate().filter(|(lane, _)| *lane != position) {
                    assert_eq!(job.held().is_some(), lane % 3 == 0, "lane {lane} of {position}");
                }
                jobs[position].held().is_some()
            })
            .collect();
        assert!(held.iter().all(|lane| *lane == held[0]), "{held:?}");
        held[0]
    }

    /// Asks beside another key that is prepared.
    fn ask_mixed(&self, key: &FastKey, other: &FastKey, message: &[u8], signature: &[u8]) -> bool {
        let held: Vec<bool> = self
            .positions()
            .map(|position| {
                let job = |lane| match (lane == position, lane % 2) {
                    (true, _) => (key, Job::new(message, signature)),
                    (_, 0) => (other, self.other.job()),
                    _ => (other, Job::new(message, signature)),
                };
                let (keys, mut jobs): (Vec<_>, Vec<_>) = (0..8).map(job).unzip();
                FastKey::verify_mixed(&keys, &mut jobs);
                for (lane, job) in jobs.iter().enumerate().filter(|(lane, _)| *lane != position) {
                    assert_eq!(job.held().is_some(), lane % 2 == 0, "lane {lane} of {position}");
                }
                jobs[position].held().is_some()
            })
            .collect();
        assert!(held.iter().all(|lane| *lane == held[0]), "{held:?}");
        held[0]
    }

    /// Asks everything for its answer; gives the names of those that left it
    /// to aws-lc.
    fn ask(&mut self, message: &[u8], signature: &[u8]) -> Vec<&'static str> {
        self.turn += 1;
        let wanted = self.oracle.holds(message, signature);
        if wanted {
            self.good = Some((message.to_vec(), signature.to_vec()));
        }
        let mut left = Vec::new();
        for (one, key) in &self.keys {
            let name = one.name();
            let Some(key) = key else {
                if wanted {
                    left.push(name);
                }
                continue;
            };
            let alone = key.verify(message, signature).is_some();
            assert!(wanted || !alone, "{name} accepts what aws-lc refuses: {signature:02x?}");
            if alone != wanted {
                left.push(name);
            }
            if one.verifies_unprepared() {
                let [large, small] = &self.other.forms[..] else { panic!("both forms of another key") };
                let own = self.small.as_ref().expect("a small form, too");
                for (way, held) in [
                    ("unprepared", self.ask_unprepared(one, message, signature)),
                    ("mixed", self.ask_mixed(key, large, message, signature)),
                    ("small", own.verify(message, signature).is_some()),
                    ("small mixed", self.ask_mixed(own, small, message, signature)),
                    ("small beside large", self.ask_mixed(own, large, message, signature)),
                ] {
                    assert!(wanted || !held, "{name} {way} accepts what aws-lc refuses: {signature:02x?}");
                    assert_eq!(held, alone, "{name} {way}: {signature:02x?}");
                }
            }
            // In every lane, beside good ones and beside its like.
            let (other_message, other_signature) =
                self.good.as_ref().map_or((message, signature), |good| (&good.0, &good.1));
            let is_good = self.good.is_some();
            for position in 0..if one.is_portable() { 2 } else { 8 } {
                let job = |lane| match (lane == position, lane % 3) {
                    (true, _) | (_, 2) => Job::new(message, signature),
                    _ => Job::new(other_message, other_signature),
                };
                let mut jobs: Vec<Job<'_>> = (0..8).map(job).collect();
                key.verify_each(&mut jobs);
                for (lane, job) in jobs.iter().enumerate() {
                    let expected = if lane == position || lane % 3 == 2 { alone } else { is_good };
                    // Good ones that are left to aws-lc stay so.
                    let held = job.held().is_some();
                    assert!(
                        held == expected || !held && lane != position,
                        "{name} lane {lane} of {position}"
                    );
                }
            }
        }
        left
    }
}

fn raw(algorithm: Algorithm, bytes: &[u8]) -> RawKey<'_> {
    if algorithm == Algorithm::Ed25519 { RawKey::Ed25519(bytes) } else { RawKey::Sec1(bytes) }
}

fn small(one: &Implementation, algorithm: Algorithm, key: RawKey<'_>) -> Option<FastKey> {
    Some(one.begin_small(algorithm, key)?.finish().expect("a key leads to no fault"))
}

/// Another key than that of a group, the same for all groups of an algorithm: its tables take
/// longer than most groups.
struct Other {
    key: Vec<u8>,
    signature: Vec<u8>,
    /// Its large and its small form, of the code whose keys can be mixed.
    forms: Vec<FastKey>,
}

impl Other {
    const MESSAGE: &[u8] = b"another message";

    fn of(algorithm: Algorithm) -> &'static Self {
        static OTHERS: [OnceLock<Other>; 5] = [const { OnceLock::new() }; 5];
        let (place, signing) = match algorithm {
            Algorithm::EcdsaP256Sha256 => (0, Some(&ECDSA_P256_SHA256_FIXED_SIGNING)),
            Algorithm::EcdsaP384Sha384 => (1, Some(&ECDSA_P384_SHA384_FIXED_SIGNING)),
            Algorithm::EcdsaP521Sha512 => (2, Some(&ECDSA_P521_SHA512_FIXED_SIGNING)),
            Algorithm::EcdsaSecp256k1Sha256 => (3, Some(&ECDSA_P256K1_SHA256_FIXED_SIGNING)),
            Algorithm::Ed25519 => (4, None),
            _ => panic!("no curve"),
        };
        OTHERS[place].get_or_init(|| {
            let (key, signature) = signing.map_or_else(Self::edwards, Self::weierstrass);
            let mixing = implementations(algorithm).find(|one| one.verifies_unprepared());
            let forms = mixing.into_iter().flat_map(|one| {
                let key = raw(algorithm, &key);
                [ready(one, algorithm, key), small(one, algorithm, key)]
            });
            let forms = forms.map(|form| form.expect("another key")).collect();
            Self { key, signature, forms }
        })
    }

    fn weierstrass(signing: &'static EcdsaSigningAlgorithm) -> (Vec<u8>, Vec<u8>) {
        let pair = EcdsaKeyPair::generate(signing).unwrap();
        let signature = pair.sign(&SystemRandom::new(), Self::MESSAGE).unwrap();
        (pair.public_key().as_ref().to_vec(), signature.as_ref().to_vec())
    }

    fn edwards() -> (Vec<u8>, Vec<u8>) {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        (pair.public_key().as_ref().to_vec(), pair.sign(Self::MESSAGE).as_ref().to_vec())
    }

    fn job(&self) -> Job<'_> {
        Job::new(Self::MESSAGE, &self.signature)
    }
}

/// A curve each, so that they run side by side.
#[test]
fn ecdsa_p256_vectors_come_out_without_aws_lc() {
    ecdsa_vectors_come_out(EllipticCurve::Secp256r1, Algorithm::EcdsaP256Sha256, 852);
}

#[test]
fn ecdsa_p384_vectors_come_out_without_aws_lc() {
    ecdsa_vectors_come_out(EllipticCurve::Secp384r1, Algorithm::EcdsaP384Sha384, 912);
}

#[test]
fn ecdsa_p521_vectors_come_out_without_aws_lc() {
    ecdsa_vectors_come_out(EllipticCurve::Secp521r1, Algorithm::EcdsaP521Sha512, 632);
}

#[test]
fn ecdsa_secp256k1_vectors_come_out_without_aws_lc() {
    ecdsa_vectors_come_out(EllipticCurve::Secp256k1, Algorithm::EcdsaSecp256k1Sha256, 1140);
}

fn ecdsa_vectors_come_out(curve: EllipticCurve, algorithm: Algorithm, cases: usize) {
    let mut asked = 0;
    let mut left = Vec::new();
    // The files of other curves need not be read; how many cases there are is compared below.
    let is_of_curve = |name: &ecdsa::TestName| {
        let name = format!("{name:?}");
        name.contains(&format!("{curve:?}")) && name.ends_with("P1363")
    };
    for name in ecdsa::TestName::all().into_iter().filter(is_of_curve) {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            assert_eq!(group.key.curve, curve);
            assert_eq!(group.test_type, ecdsa::TestGroupTypeId::EcdsaP1363);
            let mut subject = Subject::new(algorithm, RawKey::Sec1(&group.key.key));
            for test in &group.tests {
                for name in subject.ask(&test.msg, &test.sig) {
                    left.push((name, test.comment.to_string()));
                }
                asked += 1;
            }
        }
    }
    let expected = |comment: &str| LEFT.contains(&(algorithm, comment));
    let (known, new): (Vec<_>, Vec<_>) = left.iter().partition(|row| expected(&row.1));
    assert!(new.is_empty(), "{new:#?}");
    let listed = LEFT.iter().filter(|row| row.0 == algorithm).count();
    assert_eq!(known.len(), listed * implementations(algorithm).count(), "a case is left no more");
    assert_eq!(asked, cases);
}

#[test]
fn eddsa_vectors_come_out_without_aws_lc() {
    for name in eddsa::TestName::all() {
        for group in eddsa::TestSet::load(name).unwrap().test_groups {
            if group.key.curve != EdwardsCurve::Ed25519 {
                continue;
            }
            let mut subject = Subject::new(Algorithm::Ed25519, RawKey::Ed25519(&group.key.pk));
            for test in &group.tests {
                assert_eq!(subject.ask(&test.msg, &test.sig), [""; 0], "{}", test.tc_id);
            }
        }
    }
}
