//! Signature backends, behind one small interface.
//!
//! [`PublicPart`] holds the numbers of a public key, as its standard defines them.
//! [`Check`] is one key prepared for one algorithm, in the form that is fastest for its
//! backend. aws-lc verifies every algorithm. For some, `accel` puts faster code of the
//! crate `jot-accel` before it; only `own` and `accel::Form` use that crate.
//! [`KeyPair`] is the counterpart for signing.

mod accel;
mod aws_lc;
mod bignum;
mod held;
mod own;
mod primes;
#[cfg(jot_probe)]
mod probe;
mod sign;
mod weak_rsa;

use std::sync::Arc;

use crate::alg::{Alg, KeyType};
use crate::error::Code;

use accel::Slot;
pub(crate) use accel::{Accelerator, Settings};
pub use accel::{Backend, BackendReport, BackendWarning};
pub(crate) use held::SignatureHeld;
#[cfg(jot_probe)]
pub use probe::Probe;
pub(crate) use sign::{KeyPair, PrivatePart, RsaNumbers};

/// The public numbers of a key, or an HMAC secret, before a backend parses them.
#[derive(Clone, Copy)]
pub(crate) enum PublicPart<'k> {
    /// An HMAC secret.
    Secret(&'k [u8]),
    /// Modulus and exponent, big-endian, without leading zeros.
    Rsa { modulus: &'k [u8], exponent: &'k [u8] },
    /// The uncompressed point of SEC 1: 4, x, y.
    Ec { curve: KeyType, point: &'k [u8] },
    /// The 32 bytes of RFC 8032.
    Ed25519(&'k [u8]),
    /// The public key of FIPS 204.
    MlDsa { parameters: KeyType, key: &'k [u8] },
}

/// Returns the length in bits of a big-endian number.
pub(crate) fn bit_length(number: &[u8]) -> usize {
    match number.iter().position(|byte| *byte != 0) {
        Some(zeros) => {
            let lead = number.get(zeros).map_or(0, |byte| byte.leading_zeros() as usize);
            number.len().saturating_sub(zeros).saturating_mul(8).saturating_sub(lead)
        }
        None => 0,
    }
}

/// Returns the SHA-256 digest of `bytes`.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    aws_lc::sha256(bytes)
}

/// A key prepared to verify one algorithm.
#[derive(Debug)]
pub(crate) struct Check {
    alg: Alg,
    backend: aws_lc::ParsedKey,
    /// The place of the key's accelerated form, once it is built.
    slot: Arc<Slot>,
}

/// One signature to check together with others of the same key and algorithm. Only a
/// [`Check`] sets the answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Job<'j> {
    message: &'j [u8],
    signature: &'j [u8],
    /// The answer.
    held: Option<SignatureHeld>,
}

impl<'j> Job<'j> {
    pub(crate) const fn new(message: &'j [u8], signature: &'j [u8]) -> Self {
        Self { message, signature, held: None }
    }

    /// Returns the proof, if the signature was found to hold.
    #[inline]
    pub(crate) const fn held(&self) -> Option<SignatureHeld> {
        self.held
    }
}

/// The arguments of accelerated code: the verifier's accelerator, and the numbers of
/// the key, from which its form may have to be built.
#[derive(Clone, Copy)]
pub(crate) struct Means<'m> {
    pub(crate) accelerator: &'m Accelerator,
    pub(crate) part: PublicPart<'m>,
}

impl Check {
    /// Parses `key` for `alg`.
    ///
    /// RSA keys below 2048 bits are accepted if the backend verifies them; `key`
    /// decides whether they are allowed.
    ///
    /// # Errors
    /// [`Code::KeyAlgMismatch`] if the key is not of the algorithm's type,
    /// [`Code::KeyInvalid`] if its numbers are not a key.
    pub(crate) fn new(alg: Alg, key: PublicPart<'_>) -> Result<Self, Code> {
        Ok(Self { alg, backend: aws_lc::ParsedKey::new(alg, key)?, slot: Arc::default() })
    }

    pub(crate) const fn alg(&self) -> Alg {
        self.alg
    }

    /// Shares the accelerated form with a check of the same key for the same algorithm
    /// under another name (RFC 9864 §2.2).
    pub(crate) fn share(&mut self, other: &Self) {
        if self.alg.operation() == other.alg.operation() {
            self.slot = Arc::clone(&other.slot);
        }
    }

    /// Verifies that `signature` is the algorithm's signature of `message`, only by
    /// aws-lc. MACs are compared in constant time.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Option<SignatureHeld> {
        self.backend.verify(message, signature)
    }

    /// Verifies like [`verify`](Self::verify), but asks accelerated code first.
    pub(crate) fn verify_by(
        &self,
        means: Means<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Option<SignatureHeld> {
        let Means { accelerator, part } = means;
        if !accelerator.takes(self.alg) {
            return self.verify(message, signature);
        }
        if let Some(form) = self.slot.form(accelerator, self.alg) {
            let held = form.as_ref().and_then(|built| built.form.verify(message, signature));
            let mut job = Job { message, signature, held };
            accelerator
                .conclude(std::slice::from_mut(&mut job), |job| self.verify(job.message, job.signature));
            return job.held;
        }
        let held = self.verify(message, signature);
        self.slot.note(accelerator, self.alg, part, u32::from(held.is_some()));
        held
    }

    /// Verifies every job. Accelerated code checks several at once; aws-lc checks those
    /// that it did not accept, one by one.
    pub(crate) fn verify_each(&self, means: Means<'_>, jobs: &mut [Job<'_>]) {
        let Means { accelerator, part } = means;
        for job in &mut *jobs {
            job.held = None;
        }
        if accelerator.takes(self.alg)
            && let Some(form) = self.slot.form(accelerator, self.alg)
        {
            if let Some(built) = form.as_ref() {
                built.form.verify_each(jobs);
            }
            accelerator.conclude(jobs, |job| self.verify(job.message, job.signature));
            return;
        }
        let mut good = 0_u32;
        for job in jobs {
            job.held = self.verify(job.message, job.signature);
            good = good.saturating_add(u32::from(job.held.is_some()));
        }
        if accelerator.takes(self.alg) {
            self.slot.note(accelerator, self.alg, part, good);
        }
    }

    /// Builds the accelerated form now, if the key can have one; returns `true` if it
    /// exists.
    pub(crate) fn prepare(&self, means: Means<'_>) -> bool {
        let Means { accelerator, part } = means;
        accelerator.takes(self.alg) && self.slot.prepare(accelerator, self.alg, part)
    }
}
