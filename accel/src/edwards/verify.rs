//! The portable form of a key: two tables, and one addition for each digit.

use std::sync::OnceLock;

use super::affine::Affine;
use super::extended::Extended;
use super::number::Arithmetic;
use super::signature::Signature;
use super::table::{Table, TableBuild};
use crate::algorithm::{Algorithm, RawKey};
use crate::field::{Folded, Residue, invert_each, signed_digits};
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::{FastKey, Form};
use crate::known;
use crate::preparation::{Build, Progress};

/// The most signatures that share an inversion.
const TOGETHER: usize = 64;

/// Ed25519.
pub(crate) const IMPLEMENTATION: Implementation = Implementation {
    name: "portable-comb",
    is_portable: true,
    algorithms: &[Algorithm::Ed25519],
    is_supported: || true,
    is_sane,
    begin,
    begin_small: None,
    verify_unprepared: None,
};

/// Tests the known answers once in a process.
fn is_sane(algorithm: Algorithm) -> bool {
    static SANITY: OnceLock<bool> = OnceLock::new();
    *SANITY.get_or_init(|| known::last_comes_out(algorithm, begin))
}

/// Returns the table of the base point; the first caller builds it for the whole
/// process.
fn base_table() -> Option<&'static Table> {
    static TABLE: OnceLock<Option<Table>> = OnceLock::new();
    TABLE.get_or_init(|| TableBuild::new(Affine::base()).finish()).as_ref()
}

fn begin(_: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    let RawKey::Ed25519(encoded) = key else { return None };
    let base = base_table()?;
    let own = TableBuild::new(Affine::decode(encoded)?.negated());
    Some(Box::new(CombBuild { base, own, encoded: encoded.try_into().ok()? }))
}

struct CombBuild {
    base: &'static Table,
    own: TableBuild,
    encoded: [u8; 32],
}

impl Build for CombBuild {
    fn bytes(&self) -> usize {
        Table::<128, 8>::BYTES
    }

    fn step(&mut self) -> Progress {
        if self.own.step().is_none() {
            return Progress::Failed;
        }
        let Self { base, encoded, .. } = *self;
        match self.own.take() {
            Some(own) => Progress::Done(FastKey::of(Box::new(Comb { base, own, encoded }))),
            None => Progress::More,
        }
    }
}

/// The tables of B and -A.
struct Comb {
    base: &'static Table,
    own: Table,
    /// The encoding of A.
    encoded: [u8; 32],
}

impl Form for Comb {
    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        let sum = self.sum(message, signature);
        sum.is_some_and(|sum| {
            sum.point.z.residue().inverse().is_some_and(|inverse| sum.is_r(&inverse.number()))
        })
    }

    fn accept_each(&self, jobs: &mut [Job<'_>]) {
        for jobs in jobs.chunks_mut(TOGETHER) {
            self.accept_together(jobs);
        }
    }
}

impl Comb {
    /// Checks up to [`TOGETHER`] jobs, with a single inversion. No Z is 0, so none spoils it.
    fn accept_together(&self, jobs: &mut [Job<'_>]) {
        let mut sums = [const { None }; TOGETHER];
        let mut inverses = [Residue::ONE; TOGETHER];
        let mut room = inverses;
        for ((job, sum), z) in jobs.iter().zip(&mut sums).zip(&mut inverses) {
            *sum = self.sum(job.message, job.signature);
            *z = sum.as_ref().map_or(Residue::ONE, |sum| sum.point.z.residue());
        }
        let (inverses, room) = (inverses.get_mut(..jobs.len()), room.get_mut(..jobs.len()));
        let (Some(inverses), Some(room)) = (inverses, room) else { return };
        if !invert_each(inverses, room) {
            return;
        }
        for ((job, sum), inverse) in jobs.iter_mut().zip(&sums).zip(inverses) {
            job.holds = sum.as_ref().is_some_and(|sum| sum.is_r(&inverse.number()));
        }
    }

    /// Returns s·B - k·A; `None` if s is out of its range.
    fn sum(&self, message: &[u8], signature: &[u8]) -> Option<Sum> {
        let signature = Signature::parse(signature)?;
        let k = signature.k(&self.encoded, message)?;
        let mut point = Extended::neutral();
        for (table, scalar) in [(self.base, signature.s), (&self.own, k)] {
            for (window, digit) in signed_digits(scalar.number()).enumerate() {
                let row = table.row(window, usize::from(digit.unsigned_abs()))?;
                point = point.plus(&row.plain().turned(digit < 0));
            }
        }
        Some(Sum { point, r: signature.r })
    }
}

/// s·B - k·A, and R, which it should be.
struct Sum {
    point: Extended<Folded>,
    r: [u64; 4],
}

impl Sum {
    /// Tells whether the point's encoding is R. `inverse` should be 1/Z, which is proved by
    /// a product.
    fn is_r(&self, inverse: &[u64; 4]) -> bool {
        let inverse = Folded::new(*inverse);
        let [one, x, mut encoded] =
            [&self.point.z, &self.point.x, &self.point.y].map(|number| number.times(&inverse).canonical());
        // The lowest bit of x stands in the highest bit of the encoding.
        encoded[3] |= x[0] << 63;
        one == [1, 0, 0, 0] && encoded == self.r
    }
}

impl Arithmetic for Folded {
    const ZERO: Self = Self::ZERO;
    const ONE: Self = Self::ONE;

    #[inline(always)]
    fn plus(&self, other: &Self) -> Self {
        self.plus(other)
    }

    #[inline(always)]
    fn minus(&self, other: &Self) -> Self {
        self.minus(other)
    }

    #[inline(always)]
    fn times(&self, other: &Self) -> Self {
        self.times(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With 0 for an inverse, every point would be encoded as 0.
    #[test]
    fn inverse_is_proved() {
        let base = Extended::neutral().plus(&base_table().unwrap().row(0, 1).unwrap().plain());
        let inverse = base.z.residue().inverse().unwrap().number();
        let r = [0x6666_6666_6666_6658, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666];
        assert!(Sum { point: base, r }.is_r(&inverse));
        assert!(!Sum { point: base, r }.is_r(&[inverse[0] ^ 1, inverse[1], inverse[2], inverse[3]]));
        assert!(!Sum { point: base, r: [0; 4] }.is_r(&[0; 4]));
    }

    /// The opposite point has the same y, and an odd x.
    #[test]
    fn sign_of_x_is_compared() {
        let row = base_table().unwrap().row(0, 1).unwrap().plain();
        let opposite = Extended::neutral().plus(&row.turned(true));
        let inverse = opposite.z.residue().inverse().unwrap().number();
        let y = [0x6666_6666_6666_6658, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666];
        let is_r = |top| Sum { point: opposite, r: [y[0], y[1], y[2], top] }.is_r(&inverse);
        assert!(is_r(0xe666_6666_6666_6666));
        assert!(!is_r(0x6666_6666_6666_6666));
    }
}
