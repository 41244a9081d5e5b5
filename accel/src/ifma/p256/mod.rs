//! ECDSA on P-256 in the lanes of AVX-512 IFMA.
//!
//! The same sums as in [`weierstrass`](crate::weierstrass), whose
//! portable code builds the tables and is the oracle of the tests.

mod choice;
mod field;
mod multiples;
mod point;
mod ready;
mod rows;
#[cfg(test)]
mod tests;
mod unprepared;
mod verify;

use std::sync::OnceLock;

use crate::algorithm::{Algorithm, RawKey};
use crate::field::{P256Base, Residue};
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::FastKey;
use crate::known;
use crate::preparation::{Build, Progress};
use crate::simd::Ifma;
use crate::weierstrass::{Affine, Curve, P256, Table, TableBuild};
use verify::Own;

/// ECDSA on P-256 with SHA-256.
pub(super) const IMPLEMENTATION: Implementation = Implementation {
    name: Ifma::NAME,
    is_portable: false,
    algorithms: &[Algorithm::EcdsaP256Sha256],
    is_supported: || Ifma::detect().is_some(),
    is_sane,
    begin,
    begin_small: Some(begin_small),
    verify_unprepared: Some(verify_unprepared),
};

/// Tests the known answers once in a process.
fn is_sane(algorithm: Algorithm) -> bool {
    static SANITY: OnceLock<bool> = OnceLock::new();
    *SANITY.get_or_init(|| {
        let encoded = encoded_generator();
        let other = RawKey::Sec1(&encoded);
        known::comes_out(algorithm, true, true, begin)
            && known::comes_out(algorithm, true, true, begin_small)
            && known::comes_out_mixed(algorithm, other, begin_small)
            && known::comes_out_unprepared(algorithm, other, verify_unprepared)
    })
}

/// Returns the base point as SEC 1 §2.3.3 has it.
fn encoded_generator() -> [u8; 65] {
    let mut encoded = [4; 65];
    let limbs = P256::GENERATOR.iter().flat_map(|coordinate| coordinate.iter().rev());
    for (bytes, limb) in encoded[1..].chunks_exact_mut(8).zip(limbs) {
        bytes.copy_from_slice(&limb.to_be_bytes());
    }
    encoded
}

/// Returns the factor between the portable Montgomery form, with 2^256, and that of the
/// lanes, with 2^260.
fn scale() -> Residue<P256Base, 4> {
    Residue::power_of_two(4)
}

/// Returns the table of the base point; the first caller builds it for the whole
/// process.
fn generator_table() -> Option<&'static Table<4>> {
    static TABLE: OnceLock<Option<Table<4>>> = OnceLock::new();
    TABLE.get_or_init(|| TableBuild::<P256, 4>::new(Affine::generator(), scale()).finish()).as_ref()
}

fn begin(_: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    begin_with(key, Own::Large)
}

fn begin_small(_: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    begin_with(key, Own::Small)
}

fn begin_with<const DIGITS: usize, const BITS: usize>(
    key: RawKey<'_>,
    own: fn(Table<4, DIGITS, BITS>) -> Own,
) -> Option<Box<dyn Build>> {
    let RawKey::Sec1(point) = key else { return None };
    let ifma = Ifma::detect()?;
    let generator = generator_table()?;
    let table = TableBuild::<P256, 4, DIGITS, BITS>::new(Affine::from_sec1(point)?, scale());
    Some(Box::new(KeyBuild { ifma, generator, table, own }))
}

fn verify_unprepared(keys: &[RawKey<'_>], jobs: &mut [Job<'_>]) {
    if let (Some(ifma), Some(generator)) = (Ifma::detect(), generator_table()) {
        unprepared::Verifier { ifma, generator, scale: scale() }.verify_each(keys, jobs);
    }
}

struct KeyBuild<const DIGITS: usize, const BITS: usize> {
    ifma: Ifma,
    generator: &'static Table<4>,
    table: TableBuild<P256, 4, DIGITS, BITS>,
    own: fn(Table<4, DIGITS, BITS>) -> Own,
}

impl<const DIGITS: usize, const BITS: usize> Build for KeyBuild<DIGITS, BITS> {
    fn bytes(&self) -> usize {
        Table::<4, DIGITS, BITS>::BYTES
    }

    fn step(&mut self) -> Progress {
        if self.table.step().is_none() {
            return Progress::Failed;
        }
        match self.table.take() {
            Some(table) => {
                let key = verify::Key { ifma: self.ifma, generator: self.generator, own: (self.own)(table) };
                Progress::Done(FastKey::of(Box::new(key)))
            }
            None => Progress::More,
        }
    }
}
