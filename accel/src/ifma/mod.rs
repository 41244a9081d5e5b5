//! Signatures in the lanes of AVX-512 IFMA.
//!
//! The instructions multiply eight pairs of 52-bit numbers at once. Functions that use
//! them take an [`Ifma`](crate::simd::Ifma), which only run-time detection makes.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "arrays of limbs are indexed by constants, and lanes and windows are few"
)]

mod ed25519;
mod hmac;
mod radix52;
mod rsa;
mod sha2;
mod weierstrass;

use crate::implementation::Implementation;

/// One for each family of algorithms.
pub(crate) const IMPLEMENTATIONS: &[Implementation] = &[
    weierstrass::P256_SHA256,
    weierstrass::SECP256K1_SHA256,
    weierstrass::P384_SHA384,
    weierstrass::P521_SHA512,
    ed25519::IMPLEMENTATION,
    rsa::IMPLEMENTATION,
    hmac::IMPLEMENTATION,
];
