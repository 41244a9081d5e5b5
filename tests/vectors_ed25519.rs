//! The edge cases of Ed25519 (C2SP/CCTV): which aws-lc takes.
//!
//! RFC 8032 leaves some of them open, so what is taken stands here. Their
//! messages are raw strings, which no token can sign. `jot-accel` tests its own
//! code with the same file.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use jot::{Alg, KeyOptions, VerifyingKey};

use common::{base64url, read, text};

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

fn hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[test]
fn ed25519_edge_cases_hold_unless_flagged() {
    let vectors = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("accel/tests/vectors/cctv/ed25519.json"));
    let mut met = BTreeSet::new();
    let mut counts = (0, 0);
    for vector in vectors.as_array().unwrap() {
        let flags: BTreeSet<&str> =
            vector["flags"].as_array().into_iter().flatten().map(|flag| flag.as_str().unwrap()).collect();
        let wanted = REFUSED.iter().all(|flag| !flags.contains(flag));
        let (key, signature) = (hex(text(vector, "key")), hex(text(vector, "sig")));
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, base64url(&key));
        let key = VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default()).unwrap();
        for alg in [Alg::EdDSA, Alg::Ed25519] {
            let holds = key.verify_signature(alg, text(vector, "msg").as_bytes(), &signature);
            assert_eq!(holds, wanted, "number {} with {alg}: {flags:?}", vector["number"]);
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
