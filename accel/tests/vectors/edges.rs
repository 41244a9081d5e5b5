//! The edge cases of Ed25519 (C2SP/CCTV). RFC 8032 leaves some of them open, so
//! what is taken stands here.

use std::collections::BTreeSet;

use jot_accel::{Algorithm, Job, RawKey};
use serde_json::Value;

use crate::oracle::Oracle;
use crate::{implementations, ready};

/// The flags of which any one means that a signature is refused. Without them
/// it holds, points of low order included:
///
/// - encodings of A or R that are not canonical are refused, as RFC 8032
///   §5.1.3 demands;
/// - the equation is the one without the cofactor, so that what remains of low
///   order in it is refused.
///
/// This is what aws-lc does with the assembly of x86-64 and AArch64.
const REFUSED: [&str; 3] = ["non_canonical_A", "non_canonical_R", "low_order_residue"];

/// Every flag that there is.
const FLAGS: [&str; 8] = [
    "low_order_A",
    "low_order_R",
    "low_order_component_A",
    "low_order_component_R",
    "low_order_residue",
    "non_canonical_A",
    "non_canonical_R",
    "reencoded_k",
];

fn text<'v>(vector: &'v Value, name: &str) -> &'v str {
    vector[name].as_str().unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[test]
fn ed25519_edge_cases_hold_unless_flagged() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("cctv/ed25519.json")).unwrap();
    let mut met = BTreeSet::new();
    let mut counts = (0, 0);
    for vector in &vectors {
        let flags: BTreeSet<&str> =
            vector["flags"].as_array().into_iter().flatten().map(|flag| flag.as_str().unwrap()).collect();
        let wanted = REFUSED.iter().all(|flag| !flags.contains(flag));
        let (key, signature) = (hex(text(vector, "key")), hex(text(vector, "sig")));
        let (algorithm, message) = (Algorithm::Ed25519, text(vector, "msg").as_bytes());
        let holds = Oracle::new(algorithm, RawKey::Ed25519(&key)).holds(message, &signature);
        assert_eq!(holds, wanted, "number {} with aws-lc: {flags:?}", vector["number"]);
        for one in implementations(algorithm) {
            let fast = ready(one, algorithm, RawKey::Ed25519(&key));
            let mut jobs = [Job::new(message, &signature); 8];
            let alone = fast.as_ref().is_some_and(|fast| {
                fast.verify_each(&mut jobs);
                fast.verify(message, &signature).is_some()
            });
            assert_eq!(alone, wanted, "number {} with {}: {flags:?}", vector["number"], one.name());
            assert!(jobs.iter().all(|job| job.held().is_some() == wanted), "number {}", vector["number"]);
            assert!(fast.is_some() || flags.contains("non_canonical_A"));
        }
        if wanted {
            counts.0 += 1;
        } else {
            counts.1 += 1;
        }
        met.extend(flags);
    }
    assert_eq!(met, BTreeSet::from(FLAGS), "a flag is new or gone");
    assert_eq!(counts, (172, 742));
}
