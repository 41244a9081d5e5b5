//! The edge cases of Ed25519 (C2SP/CCTV): which aws-lc takes.
//!
//! RFC 8032 leaves some of them open, so what is taken stands here. Their
//! messages are raw strings, which no token can sign; [`Check`] is what the
//! path from a token ends in. `jot-accel` has the like of its own code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Check, PublicPart};
use crate::alg::Alg;

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

/// `tests/common` finds the folder in the same way.
fn vectors() -> Option<Vec<Value>> {
    let folder = std::env::var_os("JOT_VECTORS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"), PathBuf::from);
    if !folder.is_dir() {
        assert!(std::env::var_os("JOT_VECTORS").is_none(), "JOT_VECTORS names no folder");
        println!("skipped: no vectors");
        return None;
    }
    let text = std::fs::read(folder.join("cctv/ed25519vectors.json")).unwrap();
    Some(serde_json::from_slice(&text).unwrap())
}

fn text<'v>(vector: &'v Value, name: &str) -> &'v str {
    vector[name].as_str().unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[test]
fn ed25519_edge_cases_hold_unless_flagged() {
    let Some(vectors) = vectors() else { return };
    let mut met = BTreeSet::new();
    let mut counts = (0, 0);
    for vector in &vectors {
        let flags: BTreeSet<&str> =
            vector["flags"].as_array().into_iter().flatten().map(|flag| flag.as_str().unwrap()).collect();
        let wanted = REFUSED.iter().all(|flag| !flags.contains(flag));
        let (key, signature) = (hex(text(vector, "key")), hex(text(vector, "sig")));
        for alg in [Alg::EdDSA, Alg::Ed25519] {
            let check = Check::new(alg, PublicPart::Ed25519(&key)).unwrap();
            let holds = check.verify(text(vector, "msg").as_bytes(), &signature).is_some();
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
