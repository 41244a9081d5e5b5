//! Maps the implementations of the crate `jot-accel` to the engine's names. Its keys
//! and their answers are used in `accel::Form` and in `mixed`.

use jot_accel::{Algorithm, Hash, Preparation, RawKey};

use super::accel::{Accelerator, Build, BuildProgress, Form, Implementation, PROCESS, Settings};
use super::part::PublicPart;
use crate::alg::{Alg, AlgSet};
use crate::error::Error;

/// Returns all accelerated implementations, fastest first.
pub(super) fn implementations() -> impl Iterator<Item = &'static dyn Implementation> {
    jot_accel::Implementation::all().map(|one| one as &dyn Implementation)
}

impl Accelerator {
    /// Chooses for each of `algorithms` the fastest code that the machine can run
    /// and that passes its self-test.
    ///
    /// # Errors
    /// Those of [`of`](Self::of).
    pub(crate) fn new(settings: Settings, algorithms: AlgSet) -> Result<Self, Error> {
        let there: Vec<_> = implementations().collect();
        Self::of(&there, settings, algorithms, &PROCESS)
    }
}

impl Implementation for jot_accel::Implementation {
    fn name(&self) -> &'static str {
        self.name()
    }

    fn is_portable(&self) -> bool {
        self.is_portable()
    }

    fn takes(&self, alg: Alg) -> bool {
        algorithm(alg).is_some_and(|algorithm| self.verifies(algorithm))
    }

    fn is_supported(&self) -> bool {
        self.is_supported()
    }

    fn is_sane(&self, alg: Alg) -> bool {
        algorithm(alg).is_some_and(|algorithm| self.is_sane_for(algorithm))
    }

    fn begin(&self, alg: Alg, part: PublicPart<'_>) -> Option<Box<dyn Build>> {
        Some(Box::new(self.begin(algorithm(alg)?, raw_key(part)?)?))
    }

    fn has_small(&self) -> bool {
        self.has_small()
    }

    fn begin_small(&self, alg: Alg, part: PublicPart<'_>) -> Option<Box<dyn Build>> {
        Some(Box::new(self.begin_small(algorithm(alg)?, raw_key(part)?)?))
    }

    fn mixes(&self) -> bool {
        self.verifies_unprepared()
    }

    fn verify_unprepared(&self, parts: &[PublicPart<'_>], jobs: &mut [jot_accel::Job<'_>]) {
        // A key without numbers here has code of no kind, and is no key of the algorithm.
        let nothing = RawKey::Secret(&[]);
        let keys: Vec<_> = parts.iter().map(|part| raw_key(*part).unwrap_or(nothing)).collect();
        self.verify_unprepared(&keys, jobs);
    }
}

impl Build for Preparation {
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn step(&mut self) -> BuildProgress {
        match self.step() {
            jot_accel::Progress::More => BuildProgress::More,
            jot_accel::Progress::Done(key) => BuildProgress::Done(Form::Own(key)),
            _ => BuildProgress::Failed,
        }
    }
}

/// Returns the crate's name of an algorithm.
const fn algorithm(alg: Alg) -> Option<Algorithm> {
    Some(match alg {
        Alg::HS256 => Algorithm::Hmac(Hash::Sha256),
        Alg::HS384 => Algorithm::Hmac(Hash::Sha384),
        Alg::HS512 => Algorithm::Hmac(Hash::Sha512),
        Alg::RS256 => Algorithm::RsaPkcs1(Hash::Sha256),
        Alg::RS384 => Algorithm::RsaPkcs1(Hash::Sha384),
        Alg::RS512 => Algorithm::RsaPkcs1(Hash::Sha512),
        Alg::PS256 => Algorithm::RsaPss(Hash::Sha256),
        Alg::PS384 => Algorithm::RsaPss(Hash::Sha384),
        Alg::PS512 => Algorithm::RsaPss(Hash::Sha512),
        Alg::ES256 => Algorithm::EcdsaP256Sha256,
        Alg::ES384 => Algorithm::EcdsaP384Sha384,
        Alg::ES512 => Algorithm::EcdsaP521Sha512,
        Alg::ES256K => Algorithm::EcdsaSecp256k1Sha256,
        Alg::EdDSA | Alg::Ed25519 => Algorithm::Ed25519,
        Alg::MlDsa44 | Alg::MlDsa65 | Alg::MlDsa87 => return None,
    })
}

const fn raw_key(part: PublicPart<'_>) -> Option<RawKey<'_>> {
    Some(match part {
        PublicPart::Secret(secret) => RawKey::Secret(secret),
        PublicPart::Rsa { modulus, exponent } => RawKey::Rsa { modulus, exponent },
        PublicPart::Ec { point, .. } => RawKey::Sec1(point),
        PublicPart::Ed25519(point) => RawKey::Ed25519(point),
        PublicPart::MlDsa { .. } => return None,
    })
}
