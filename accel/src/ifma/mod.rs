//! Signatures in the lanes of AVX-512 IFMA.
//!
//! The instructions multiply eight pairs of 52-bit numbers at once. Whatever
//! uses them takes an [`Ifma`], which only run-time detection can make.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "arrays of limbs are indexed by constants, and lanes and windows are few"
)]

mod ed25519;
mod hmac;
#[path = "radix52.rs"]
mod lanes;
mod p256;
#[path = "rsa/key.rs"]
mod rsa;
#[path = "sha2/padded.rs"]
mod sha2;
#[path = "../simd/x512.rs"]
mod words;

use super::accel::Implementation;

/// What the statistics call this code.
const NAME: &str = "avx512-ifma";

/// One for each family of algorithms.
pub(super) const IMPLEMENTATIONS: &[Implementation] =
    &[p256::IMPLEMENTATION, ed25519::IMPLEMENTATION, rsa::IMPLEMENTATION, hmac::IMPLEMENTATION];

/// The processor has AVX-512 F, IFMA, VL, DQ, BW and VBMI.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ifma(());

impl Ifma {
    /// Looks whether the processor, and the operating system, have it all. The
    /// standard library remembers the answer.
    pub(super) fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512ifma")
            && std::is_x86_feature_detected!("avx512vl")
            && std::is_x86_feature_detected!("avx512dq")
            && std::is_x86_feature_detected!("avx512bw")
            && std::is_x86_feature_detected!("avx512vbmi");
        found.then_some(Self(()))
    }
}
