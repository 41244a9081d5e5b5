//! The portable form of a key: two tables, and one addition for each digit.

use std::sync::OnceLock;

use aws_lc_rs::digest;

use super::curves::{Curve, P256, P384, P521, Secp256k1};
use super::ecdsa::{Signature, digits};
use super::point::{Affine, Jacobian};
use super::table::{Table, TableBuild};
use super::trees::Trees;
use crate::algorithm::{Algorithm, RawKey};
use crate::field::{Residue, invert_each};
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::known;
use crate::preparation::{Build, Progress};

/// The most signatures that share their inversions: their points take 128 KiB on P-256.
const TOGETHER: usize = 32;

/// Fewer signatures are faster one by one.
const LEAST: usize = 4;

/// The parts of an algorithm besides its curve.
trait Ecdsa<const N: usize>: Curve<N> {
    const HASH: &'static digest::Algorithm;

    /// The table of the base point, a pure function of the curve; the first caller
    /// builds it for the whole process.
    fn generator() -> &'static OnceLock<Option<Table<N>>>;
    /// Whether the known answers were right; also tested once for the whole process.
    fn sanity() -> &'static OnceLock<bool>;
}

macro_rules! algorithms {
    ($($curve:ident $limbs:literal $hash:ident;)*) => {$(
        impl Ecdsa<$limbs> for $curve {
            const HASH: &'static digest::Algorithm = &digest::$hash;

            fn generator() -> &'static OnceLock<Option<Table<$limbs>>> {
                static TABLE: OnceLock<Option<Table<$limbs>>> = OnceLock::new();
                &TABLE
            }

            fn sanity() -> &'static OnceLock<bool> {
                static SANITY: OnceLock<bool> = OnceLock::new();
                &SANITY
            }
        }
    )*};
}

algorithms! {
    P256 4 SHA256;
    P384 6 SHA384;
    P521 9 SHA512;
    Secp256k1 4 SHA256;
}

/// ECDSA on the four curves.
pub(crate) const IMPLEMENTATIONS: &[Implementation] = &[
    implementation::<P256, 4>(&[Algorithm::EcdsaP256Sha256]),
    implementation::<P384, 6>(&[Algorithm::EcdsaP384Sha384]),
    implementation::<P521, 9>(&[Algorithm::EcdsaP521Sha512]),
    implementation::<Secp256k1, 4>(&[Algorithm::EcdsaSecp256k1Sha256]),
];

const fn implementation<C: Ecdsa<N>, const N: usize>(algorithms: &'static [Algorithm]) -> Implementation {
    Implementation {
        name: "portable-comb",
        is_portable: true,
        algorithms,
        is_supported: || true,
        is_sane: |algorithm| *C::sanity().get_or_init(|| known::last_comes_out(algorithm, begin::<C, N>)),
        begin: begin::<C, N>,
        begin_small: None,
        verify_unprepared: None,
    }
}

fn generator_table<C: Ecdsa<N>, const N: usize>() -> Option<&'static Table<N>> {
    let build = || TableBuild::<C, N>::new(Affine::generator(), Residue::ONE).finish();
    C::generator().get_or_init(build).as_ref()
}

fn begin<C: Ecdsa<N>, const N: usize>(_: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    let RawKey::Sec1(point) = key else { return None };
    let generator = generator_table::<C, N>()?;
    let point = Affine::<C, N>::from_sec1(point)?;
    Some(Box::new(CombBuild::<C, N> { generator, own: TableBuild::new(point, Residue::ONE) }))
}

struct CombBuild<C: Ecdsa<N>, const N: usize> {
    generator: &'static Table<N>,
    own: TableBuild<C, N>,
}

impl<C: Ecdsa<N>, const N: usize> Build for CombBuild<C, N> {
    fn bytes(&self) -> usize {
        Table::<N>::BYTES
    }

    fn step(&mut self) -> Progress {
        if self.own.step().is_none() {
            return Progress::Failed;
        }
        match self.own.take() {
            Some(own) => {
                let form = Comb::<C, N> {
                    tables: [Tabled::Shared(self.generator), Tabled::Own(own)],
                    curve: std::marker::PhantomData,
                };
                Progress::Done(FastKey::of(Box::new(form)))
            }
            None => Progress::More,
        }
    }
}

/// A table of the key, or the one of the base point, which all keys share.
enum Tabled<const N: usize> {
    Shared(&'static Table<N>),
    Own(Table<N>),
}

impl<const N: usize> Tabled<N> {
    fn table(&self) -> &Table<N> {
        match self {
            Self::Shared(table) => table,
            Self::Own(table) => table,
        }
    }
}

/// The tables of G and Q.
struct Comb<C: Ecdsa<N>, const N: usize> {
    tables: [Tabled<N>; 2],
    curve: std::marker::PhantomData<C>,
}

impl<C: Ecdsa<N>, const N: usize> Form for Comb<C, N> {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        self.find(message, signature).unwrap_or(false)
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        for jobs in jobs.chunks_mut(TOGETHER) {
            if jobs.len() < LEAST {
                jobs.iter_mut().for_each(|job| job.holds = self.accepts(job.message, job.signature));
            } else {
                self.accept_together(jobs);
            }
        }
    }
}

impl<C: Ecdsa<N>, const N: usize> Comb<C, N> {
    /// Checks jobs that share their inversions.
    fn accept_together(&self, jobs: &mut [Job<'_>]) {
        let signatures: Vec<_> = jobs.iter().map(|job| Signature::<C, N>::parse(job.signature)).collect();
        let s = |signature: &Option<Signature<C, N>>| signature.as_ref().map_or(Residue::ONE, |one| one.s);
        let mut inverses: Vec<_> = signatures.iter().map(s).collect();
        let mut room = inverses.clone();
        if !invert_each(&mut inverses, &mut room) {
            return;
        }
        let mut trees = Trees::new(Table::<N>::WINDOWS.saturating_mul(2).saturating_mul(jobs.len()));
        let mut in_range = [false; TOGETHER];
        for (((job, signature), inverse), is_in_range) in
            jobs.iter().zip(&signatures).zip(&inverses).zip(&mut in_range)
        {
            trees.begin();
            let scalars = signature
                .as_ref()
                .and_then(|one| one.scalars(digest::digest(C::HASH, job.message).as_ref(), inverse));
            let added = scalars.and_then(|scalars| self.each_row(&scalars, |row| trees.add(row)));
            *is_in_range = added.is_some();
        }
        for (((job, signature), is_in_range), sum) in
            jobs.iter_mut().zip(signatures).zip(in_range).zip(trees.results())
        {
            let r = signature.and_then(|one| Residue::<C::Base, N>::new(&one.r));
            job.holds = is_in_range && sum.zip(r).is_some_and(|(sum, r)| sum.x == r);
        }
    }

    /// Hands over the points whose sum is u1·G + u2·Q, one for each digit that is not 0.
    /// Returns `None` if one is missing.
    #[inline(always)]
    fn each_row(
        &self,
        scalars: &[Residue<C::Order, N>; 2],
        mut take: impl FnMut(Affine<C, N>),
    ) -> Option<()> {
        for (table, scalar) in self.tables.iter().zip(scalars) {
            let table = table.table();
            for (window, digit) in digits::<C, N>(scalar).enumerate().filter(|place| place.1 != 0) {
                let row = table.row(window, usize::from(digit.unsigned_abs()))?.point();
                take(if digit < 0 { row.negated() } else { row });
            }
        }
        Some(())
    }

    /// Returns `None` if a number is out of its range.
    fn find(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let signature = Signature::<C, N>::parse(signature)?;
        let digest = digest::digest(C::HASH, message);
        let inverse = signature.s.inverse()?;
        let scalars = signature.scalars(digest.as_ref(), &inverse)?;
        let mut sum: Option<Jacobian<C, N>> = None;
        self.each_row(&scalars, |row| {
            sum = Some(sum.map_or_else(|| Jacobian::new(&row), |sum| sum.plus(&row)));
        })?;
        let Jacobian { x, z, .. } = sum?;
        // x = X/Z² is below the field's modulus, and so is r; if they are equal, x
        // modulo n is r. The case x = r + n is left to the caller.
        let r = Residue::<C::Base, N>::new(&signature.r)?;
        Some(!z.is_zero() && x == r.times(&z.squared()))
    }
}
