//! ECDSA in the lanes of AVX-512 IFMA.
//!
//! The code is generic over curves, which differ in their modulus and in a ([`field`]); the
//! moduli are given in [`curves`]. The same sums as in [`weierstrass`](crate::weierstrass), whose
//! portable code builds the tables and is the oracle of the tests.

mod choice;
mod curves;
mod field;
mod multiples;
mod point;
mod ready;
mod rows;
#[cfg(test)]
mod tests;
mod unprepared;
mod verify;

use std::marker::PhantomData;
use std::sync::OnceLock;

use crate::algorithm::{Algorithm, RawKey};
use crate::field::Residue;
use crate::ifma::radix52::LIMB_BITS;
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::FastKey;
use crate::known;
use crate::preparation::{Build, Progress};
use crate::simd::Ifma;
use crate::weierstrass::{Affine, Curve, P256, P384, Secp256k1, Table, TableBuild};
use curves::Lanes;
use verify::Own;

/// What is made once in a process for each curve, by the first caller.
trait Shared<const W: usize, const N: usize>: Lanes<W, N> {
    /// The table of the base point.
    fn generator() -> &'static OnceLock<Option<Table<W>>>;
    /// Whether the known answers were right.
    fn sanity() -> &'static OnceLock<bool>;
}

macro_rules! shared {
    ($($curve:ident $words:literal $limbs:literal;)*) => {$(
        impl Shared<$words, $limbs> for $curve {
            fn generator() -> &'static OnceLock<Option<Table<$words>>> {
                static TABLE: OnceLock<Option<Table<$words>>> = OnceLock::new();
                &TABLE
            }

            fn sanity() -> &'static OnceLock<bool> {
                static SANITY: OnceLock<bool> = OnceLock::new();
                &SANITY
            }
        }
    )*};
}

shared! {
    P256 4 5;
    Secp256k1 4 5;
    P384 6 8;
}

/// ECDSA on each curve.
pub(super) const P256_SHA256: Implementation = implementation::<P256, 4, 5>(&[Algorithm::EcdsaP256Sha256]);
pub(super) const SECP256K1_SHA256: Implementation =
    implementation::<Secp256k1, 4, 5>(&[Algorithm::EcdsaSecp256k1Sha256]);
pub(super) const P384_SHA384: Implementation = implementation::<P384, 6, 8>(&[Algorithm::EcdsaP384Sha384]);

const fn implementation<C: Shared<W, N>, const W: usize, const N: usize>(
    algorithms: &'static [Algorithm],
) -> Implementation {
    Implementation {
        name: Ifma::NAME,
        is_portable: false,
        algorithms,
        is_supported: || Ifma::detect().is_some(),
        is_sane: is_sane::<C, W, N>,
        begin: begin::<C, W, N>,
        begin_small: Some(begin_small::<C, W, N>),
        verify_unprepared: Some(verify_unprepared::<C, W, N>),
    }
}

/// Tests the known answers once in a process.
fn is_sane<C: Shared<W, N>, const W: usize, const N: usize>(algorithm: Algorithm) -> bool {
    *C::sanity().get_or_init(|| {
        let encoded = encoded_generator::<C, W>();
        let other = RawKey::Sec1(&encoded);
        known::comes_out(algorithm, true, true, begin::<C, W, N>)
            && known::comes_out(algorithm, true, true, begin_small::<C, W, N>)
            && known::comes_out_mixed(algorithm, other, begin_small::<C, W, N>)
            && known::comes_out_unprepared(algorithm, other, verify_unprepared::<C, W, N>)
    })
}

/// Returns the base point as SEC 1 §2.3.3 has it.
fn encoded_generator<C: Curve<W>, const W: usize>() -> Vec<u8> {
    let limbs = C::GENERATOR.iter().flat_map(|coordinate| coordinate.iter().rev());
    std::iter::once(4).chain(limbs.flat_map(|limb| limb.to_be_bytes())).collect()
}

/// Returns the factor between the portable Montgomery form, with 2^(64 W), and that of the
/// lanes, with 2^(52 N).
const fn scale<C: Lanes<W, N>, const W: usize, const N: usize>() -> Residue<C::Base, W> {
    Residue::power_of_two(LIMB_BITS * N - 64 * W)
}

fn generator_table<C: Shared<W, N>, const W: usize, const N: usize>() -> Option<&'static Table<W>> {
    let build = || TableBuild::<C, W>::new(Affine::generator(), scale::<C, W, N>()).finish();
    C::generator().get_or_init(build).as_ref()
}

fn begin<C: Shared<W, N>, const W: usize, const N: usize>(
    _: Algorithm,
    key: RawKey<'_>,
) -> Option<Box<dyn Build>> {
    begin_with::<C, W, N, _, _>(key, Own::Large)
}

fn begin_small<C: Shared<W, N>, const W: usize, const N: usize>(
    _: Algorithm,
    key: RawKey<'_>,
) -> Option<Box<dyn Build>> {
    begin_with::<C, W, N, _, _>(key, Own::Small)
}

fn begin_with<C: Shared<W, N>, const W: usize, const N: usize, const DIGITS: usize, const BITS: usize>(
    key: RawKey<'_>,
    own: fn(Table<W, DIGITS, BITS>) -> Own<W>,
) -> Option<Box<dyn Build>> {
    let RawKey::Sec1(point) = key else { return None };
    let ifma = Ifma::detect()?;
    let generator = generator_table::<C, W, N>()?;
    let table = TableBuild::<C, W, DIGITS, BITS>::new(Affine::from_sec1(point)?, scale::<C, W, N>());
    Some(Box::new(KeyBuild::<C, W, N, DIGITS, BITS> { ifma, generator, table, own }))
}

fn verify_unprepared<C: Shared<W, N>, const W: usize, const N: usize>(
    keys: &[RawKey<'_>],
    jobs: &mut [Job<'_>],
) {
    if let (Some(ifma), Some(generator)) = (Ifma::detect(), generator_table::<C, W, N>()) {
        let scale = scale::<C, W, N>();
        unprepared::Verifier::<C, W, N> { ifma, generator, scale }.verify_each(keys, jobs);
    }
}

struct KeyBuild<C: Curve<W>, const W: usize, const N: usize, const DIGITS: usize, const BITS: usize> {
    ifma: Ifma,
    generator: &'static Table<W>,
    table: TableBuild<C, W, DIGITS, BITS>,
    own: fn(Table<W, DIGITS, BITS>) -> Own<W>,
}

impl<C: Lanes<W, N>, const W: usize, const N: usize, const DIGITS: usize, const BITS: usize> Build
    for KeyBuild<C, W, N, DIGITS, BITS>
{
    fn bytes(&self) -> usize {
        Table::<W, DIGITS, BITS>::BYTES
    }

    fn step(&mut self) -> Progress {
        if self.table.step().is_none() {
            return Progress::Failed;
        }
        match self.table.take() {
            Some(table) => {
                let (ifma, generator, own) = (self.ifma, self.generator, (self.own)(table));
                let key = verify::Key::<C, W, N> { ifma, generator, own, curve: PhantomData };
                Progress::Done(FastKey::of(Box::new(key)))
            }
            None => Progress::More,
        }
    }
}
