//! Signature backends, behind one small interface.
//!
//! [`PublicPart`] holds the numbers of a public key, as its standard defines them.
//! [`Check`] is one key prepared for one algorithm, in the form that is fastest for its
//! backend. aws-lc verifies every algorithm. For some, `accel` puts faster code of the
//! crate `jot-accel` before it; only `own`, `mixed`, `single_use` and
//! `accel::Form` use that crate.
//! [`KeyPair`] is the counterpart for signing.

mod accel;
mod aws_lc;
mod bignum;
mod check;
mod held;
mod job;
mod mixed;
mod own;
mod part;
mod point;
mod primes;
#[cfg(jot_probe)]
mod probe;
mod sign;
mod single_use;
mod weak_rsa;

pub(crate) use accel::{Accelerator, Settings};
pub use accel::{Backend, BackendNews, BackendReport, BackendWarning, distrusted};
pub(crate) use aws_lc::{sha1, sha256};
pub(crate) use check::{Check, Means};
pub(crate) use held::SignatureHeld;
pub(crate) use job::Job;
pub(crate) use mixed::verify_mixed;
pub(crate) use part::{PrivatePart, PublicPart, RsaNumbers, bit_length};
pub(crate) use point::uncompressed;
#[cfg(jot_probe)]
pub use probe::Probe;
pub(crate) use sign::KeyPair;
pub(crate) use single_use::{SingleUse, verify_single_use};
