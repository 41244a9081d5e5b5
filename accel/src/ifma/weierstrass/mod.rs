//! ECDSA in the lanes of AVX-512 IFMA.
//!
//! The code is generic over curves, which differ in their modulus and in a ([`field`]); the
//! moduli are given in [`curves`]. The same sums as in [`weierstrass`](crate::weierstrass), whose
//! portable code builds the small tables and is the oracle of the tests. Large ones are computed in
//! lanes ([`windows`]) and checked there ([`checks`]).

mod checks;
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
mod windows;

use std::marker::PhantomData;
use std::sync::OnceLock;

use crate::algorithm::{Algorithm, RawKey};
use crate::field::{Residue, number_bytes};
use crate::ifma::radix52::LIMB_BITS;
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::FastKey;
use crate::known;
use crate::preparation::{Build, Progress};
use crate::simd::Ifma;
use crate::weierstrass::{
    Affine, Curve, P256, P384, P521, SMALL_BITS, SMALL_DIGITS, Secp256k1, SmallTable, Table, TableBuild,
};
use curves::Lanes;
use verify::Own;
use windows::LaneBuild;

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
    P521 9 11;
}

/// ECDSA on each curve.
pub(super) const P256_SHA256: Implementation = implementation::<P256, 4, 5>(&[Algorithm::EcdsaP256Sha256]);
pub(super) const SECP256K1_SHA256: Implementation =
    implementation::<Secp256k1, 4, 5>(&[Algorithm::EcdsaSecp256k1Sha256]);
pub(super) const P384_SHA384: Implementation = implementation::<P384, 6, 8>(&[Algorithm::EcdsaP384Sha384]);
pub(super) const P521_SHA512: Implementation = implementation::<P521, 9, 11>(&[Algorithm::EcdsaP521Sha512]);

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
        known::first_comes_out(algorithm, begin_known::<C, W, N>)
            && known::last_comes_out_mixed(algorithm, other, begin_small::<C, W, N>)
            && known::comes_out_unprepared(algorithm, other, verify_unprepared::<C, W, N>)
    })
}

/// Returns the base point as SEC 1 §2.3.3 has it.
fn encoded_generator<C: Curve<W>, const W: usize>() -> Vec<u8> {
    let coordinates = C::GENERATOR.iter().flat_map(|coordinate| {
        let bytes = coordinate.iter().rev().flat_map(|limb| limb.to_be_bytes());
        bytes.skip(8 * W - number_bytes(W))
    });
    std::iter::once(4).chain(coordinates).collect()
}

/// Returns the factor between the portable Montgomery form, with 2^(64 W), and that of the
/// lanes, with 2^(52 N).
const fn scale<C: Lanes<W, N>, const W: usize, const N: usize>() -> Residue<C::Base, W> {
    Residue::of_montgomery_power(LIMB_BITS * N)
}

fn generator_table<C: Shared<W, N>, const W: usize, const N: usize>() -> Option<&'static Table<W>> {
    let build = || LaneBuild::<C, W, N>::new(Ifma::detect()?, Affine::generator()).finish();
    C::generator().get_or_init(build).as_ref()
}

fn begin<C: Shared<W, N>, const W: usize, const N: usize>(
    _: Algorithm,
    key: RawKey<'_>,
) -> Option<Box<dyn Build>> {
    begin_with::<C, W, N>(key, |ifma, point| Some(Building::Large(LaneBuild::new(ifma, point))))
}

/// Begins the large table of a known answer's key. If it is that of the base point, less its
/// first window, almost nothing is left to build.
fn begin_known<C: Shared<W, N>, const W: usize, const N: usize>(
    algorithm: Algorithm,
    key: RawKey<'_>,
) -> Option<Box<dyn Build>> {
    begin_with::<C, W, N>(key, |ifma, point| {
        LaneBuild::after(ifma, generator_table::<C, W, N>()?, point).map(Building::Large)
    })
    .or_else(|| begin::<C, W, N>(algorithm, key))
}

fn begin_small<C: Shared<W, N>, const W: usize, const N: usize>(
    _: Algorithm,
    key: RawKey<'_>,
) -> Option<Box<dyn Build>> {
    begin_with::<C, W, N>(key, |_, point| Some(Building::Small(TableBuild::new(point, scale::<C, W, N>()))))
}

fn begin_with<C: Shared<W, N>, const W: usize, const N: usize>(
    key: RawKey<'_>,
    begin: fn(Ifma, Affine<C, W>) -> Option<Building<C, W, N>>,
) -> Option<Box<dyn Build>> {
    let RawKey::Sec1(point) = key else { return None };
    let ifma = Ifma::detect()?;
    let generator = generator_table::<C, W, N>()?;
    Some(Box::new(KeyBuild { ifma, generator, table: begin(ifma, Affine::from_sec1(point)?)? }))
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

/// The table of a key that is being built.
enum Building<C: Lanes<W, N>, const W: usize, const N: usize> {
    Large(LaneBuild<C, W, N>),
    Small(TableBuild<C, W, SMALL_DIGITS, SMALL_BITS>),
}

struct KeyBuild<C: Lanes<W, N>, const W: usize, const N: usize> {
    ifma: Ifma,
    generator: &'static Table<W>,
    table: Building<C, W, N>,
}

impl<C: Lanes<W, N>, const W: usize, const N: usize> KeyBuild<C, W, N> {
    /// Returns the table if this was its last step, or `None` if a row is wrong.
    fn table(&mut self) -> Option<Option<Own<W>>> {
        Some(match &mut self.table {
            Building::Large(table) => {
                table.step()?;
                table.take().map(Own::Large)
            }
            Building::Small(table) => {
                table.step()?;
                table.take().map(Own::Small)
            }
        })
    }
}

impl<C: Lanes<W, N>, const W: usize, const N: usize> Build for KeyBuild<C, W, N> {
    fn bytes(&self) -> usize {
        match self.table {
            Building::Large(_) => Table::<W>::BYTES,
            Building::Small(_) => SmallTable::<W>::BYTES,
        }
    }

    fn step(&mut self) -> Progress {
        match self.table() {
            None => Progress::Failed,
            Some(None) => Progress::More,
            Some(Some(own)) => {
                let (ifma, generator) = (self.ifma, self.generator);
                let key = verify::Key::<C, W, N> { ifma, generator, own, curve: PhantomData };
                Progress::Done(FastKey::of(Box::new(key)))
            }
        }
    }
}
