//! Verifies signatures of keys that verify many signatures, in a fraction of the time
//! of a general library, with tables for each key and several signatures at once in the
//! lanes of AVX-512.
//!
//! **It can only accept.** Its only answer is [`Held`], the proof that a signature holds;
//! it has no way to say that a signature does not hold. Another library must decide
//! everything that it does not accept. A fault that misses a good signature therefore costs
//! only time.
//!
//! ```
//! use jot_accel::{Algorithm, FastKey, Hash, RawKey};
//!
//! // RFC 4231 §4.3. HMAC is for secrets; all else is for public keys.
//! let tag = [
//!     0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
//!     0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
//! ];
//! let message = b"what do ya want for nothing?";
//! let fast = FastKey::new(Algorithm::Hmac(Hash::Sha256), RawKey::Secret(b"Jefe"));
//!
//! // If there is no such code, or it does not accept, aws-lc decides.
//! let held = fast.and_then(|key| key.verify(message, &tag));
//! let holds = held.is_some() || {
//!     let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"Jefe");
//!     aws_lc_rs::hmac::verify(&key, message, &tag).is_ok()
//! };
//! assert!(holds);
//! ```
//!
//! A [`FastKey`] is one key prepared for one [`Algorithm`]. [`FastKey::new`] takes the
//! fastest code for the processor. To choose the code, or to build the tables step by step,
//! begin with [`Implementation`].
//!
//! The code is chosen at run time, by the features that the processor reports, and must
//! give known answers before its first use. The only state is the result of this test and
//! the tables of the curves' base points; there is no thread and no I/O.
//!
//! # Floors
//! A module uses only floors below its own (`tests/floors.rs`).
//!
//! | floor | module: its one job |
//! |---|---|
//! | 0 | `algorithm` algorithms and raw keys · `job` a check and its answer · `simd` the processor's features and its registers, a file for each width |
//! | 1 | `field` numbers modulo an odd one, portably · `key` a prepared key |
//! | 2 | `preparation` a key that is being prepared |
//! | 3 | `implementation` code, and the checks before its use · `known` known answers |
//! | 4 | `edwards` Ed25519, portably · `weierstrass` ECDSA, portably |
//! | 5 | `ifma` everything in the lanes of AVX-512 IFMA |
//! | 6 | `offered` all implementations |

#![deny(unsafe_code)]
#![cfg_attr(software_lanes, allow(unused_unsafe, reason = "what is emulated needs no processor"))]

mod algorithm;
mod edwards;
mod field;
#[cfg(any(target_arch = "x86_64", software_lanes))]
mod ifma;
mod implementation;
mod job;
mod key;
mod known;
#[cfg(test)]
#[path = "../tests/missing/mod.rs"]
mod missing;
mod offered;
mod preparation;
#[cfg(any(target_arch = "x86_64", software_lanes))]
mod simd;
mod weierstrass;

pub use algorithm::{Algorithm, Hash, RawKey};
pub use implementation::Implementation;
pub use job::{Held, Job};
pub use key::FastKey;
pub use preparation::{Preparation, Progress};

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
