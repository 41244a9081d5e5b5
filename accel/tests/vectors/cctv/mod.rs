//! The edge cases of Ed25519 (C2SP/CCTV). RFC 8032 leaves some of them open, so
//! what is taken stands here.

use std::collections::BTreeSet;

use serde_json::Value;

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

/// A message that is signed in an unusual way.
pub(crate) struct Case {
    pub(crate) number: u64,
    pub(crate) flags: BTreeSet<String>,
    pub(crate) key: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    /// Whether the signature is taken.
    pub(crate) holds: bool,
}

/// Returns every case, once it is sure that they are those that this file speaks of.
pub(crate) fn cases() -> Vec<Case> {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("ed25519.json")).unwrap();
    let cases: Vec<Case> = vectors.iter().map(case).collect();
    let met: BTreeSet<&str> = cases.iter().flat_map(|case| case.flags.iter().map(String::as_str)).collect();
    assert_eq!(met, BTreeSet::from(FLAGS), "a flag is new or gone");
    let taken = cases.iter().filter(|case| case.holds).count();
    assert_eq!((taken, cases.len() - taken), (172, 742));
    cases
}

fn case(vector: &Value) -> Case {
    let text = |name: &str| vector[name].as_str().unwrap();
    let flags =
        vector["flags"].as_array().into_iter().flatten().map(|flag| flag.as_str().unwrap().to_owned());
    let flags: BTreeSet<String> = flags.collect();
    Case {
        number: vector["number"].as_u64().unwrap(),
        key: hex(text("key")),
        message: text("msg").as_bytes().to_vec(),
        signature: hex(text("sig")),
        holds: !REFUSED.iter().any(|flag| flags.contains(*flag)),
        flags,
    }
}

fn hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}
