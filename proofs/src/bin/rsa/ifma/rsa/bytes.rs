//! Numbers as bytes.

#[path = "../../../../../../accel/src/ifma/rsa/modulus.rs"]
#[allow(dead_code, reason = "what only keys want")]
mod of_code;

use jot_proofs::claims::Claim;
use num_bigint::BigInt;

use crate::ifma::radix52::LIMB;
use of_code::Number;

pub(super) const CLAIMS: &[Claim] = &[Claim {
    says: "from_bytes and to_bytes take each bit to its place, alone and among all others, at 2048, 3072 and \
           4096 bits; limbs are carried",
    about: "accel/src/ifma/rsa/modulus.rs",
    proof: || {
        bits::<5>(256);
        bits::<8>(384);
        bits::<10>(512);
    },
}];

/// What is read and written is joined of parts that were moved, and no bit has an influence on another.
/// So it is known of all numbers if it is of each bit.
fn bits<const Z: usize>(length: usize) {
    compare::<Z>(&vec![0; length]);
    for bit in 0..8 * length {
        let mut bytes = vec![0; length];
        bytes[length - 1 - bit / 8] = 1 << (bit % 8);
        compare::<Z>(&bytes);
        // All others.
        bytes.iter_mut().for_each(|byte| *byte = !*byte);
        compare::<Z>(&bytes);
    }
}

fn compare<const Z: usize>(bytes: &[u8]) {
    let number = Number::<Z>::from_bytes(bytes);
    let limbs = number.0.as_flattened();
    assert!(limbs.iter().all(|limb| *limb <= LIMB));
    let value = limbs.iter().rev().fold(BigInt::ZERO, |value, limb| (value << 52) + *limb);
    let wanted = bytes.iter().fold(BigInt::ZERO, |value, byte| (value << 8) + *byte);
    assert_eq!(value, wanted);
    let mut written = vec![0x5a; bytes.len()];
    number.to_bytes(&mut written);
    assert_eq!(written, bytes);
}
