//! The edge cases of Ed25519, with each implementation and with aws-lc.

use jot_accel::{Algorithm, Job, RawKey};

use crate::cctv::cases;
use crate::oracle::Oracle;
use crate::{implementations, ready};

#[test]
fn ed25519_edge_cases_hold_unless_flagged() {
    for case in cases() {
        let (number, flags, wanted) = (case.number, &case.flags, case.holds);
        let (algorithm, key) = (Algorithm::Ed25519, RawKey::Ed25519(&case.key));
        let holds = Oracle::new(algorithm, key).holds(&case.message, &case.signature);
        assert_eq!(holds, wanted, "number {number} with aws-lc: {flags:?}");
        for one in implementations(algorithm) {
            let fast = ready(one, algorithm, RawKey::Ed25519(&case.key));
            let mut jobs = [Job::new(&case.message, &case.signature); 8];
            let alone = fast.as_ref().is_some_and(|fast| {
                fast.verify_each(&mut jobs);
                fast.verify(&case.message, &case.signature).is_some()
            });
            assert_eq!(alone, wanted, "number {number} with {}: {flags:?}", one.name());
            assert!(jobs.iter().all(|job| job.held().is_some() == wanted), "number {number}");
            assert!(fast.is_some() || flags.contains("non_canonical_A"));
        }
    }
}
