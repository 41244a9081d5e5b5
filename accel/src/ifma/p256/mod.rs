//! ES256 in the lanes of AVX-512 IFMA.
//!
//! The same sums as in [`weierstrass`](crate::crypto::weierstrass), whose
//! portable code builds the tables and is the oracle of the tests.

mod field;
mod point;
#[cfg(test)]
mod tests;
mod verify;

use std::sync::OnceLock;

use super::Ifma;
use crate::alg::Alg;
use crate::crypto::PublicPart;
use crate::crypto::accel::{Build, Implementation, Progress};
use crate::crypto::field::{P256Base, Residue};
use crate::crypto::weierstrass::{Affine, ES256, P256, Table, TableBuild};

/// ES256.
pub(super) const IMPLEMENTATION: Implementation = Implementation {
    name: super::NAME,
    is_portable: false,
    algorithms: &[Alg::ES256],
    is_supported: || Ifma::detect().is_some(),
    is_sane,
    begin,
};

/// The known answer, tried once in a process: a pure function.
fn is_sane() -> bool {
    static SANITY: OnceLock<bool> = OnceLock::new();
    *SANITY.get_or_init(|| ES256.comes_out(begin))
}

/// The portable Montgomery form is times 2^256, that of the lanes 2^260.
fn scale() -> Residue<P256Base, 4> {
    Residue::power_of_two(4)
}

/// The table of the base point, a pure function: whoever comes first builds it
/// for the whole process.
fn generator_table() -> Option<&'static Table<4>> {
    static TABLE: OnceLock<Option<Table<4>>> = OnceLock::new();
    TABLE.get_or_init(|| TableBuild::<P256, 4>::new(Affine::generator(), scale()).finish()).as_ref()
}

fn begin(_: Alg, part: PublicPart<'_>) -> Option<Box<dyn Build>> {
    let PublicPart::Ec { point, .. } = part else { return None };
    let ifma = Ifma::detect()?;
    let generator = generator_table()?;
    let own = TableBuild::new(Affine::<P256, 4>::from_sec1(point)?, scale());
    Some(Box::new(KeyBuild { ifma, generator, own }))
}

struct KeyBuild {
    ifma: Ifma,
    generator: &'static Table<4>,
    own: TableBuild<P256, 4>,
}

impl Build for KeyBuild {
    fn bytes(&self) -> usize {
        Table::<4>::BYTES
    }

    fn step(&mut self) -> Progress {
        if self.own.step().is_none() {
            return Progress::Failed;
        }
        match self.own.take() {
            Some(own) => {
                Progress::Done(Box::new(verify::Key { ifma: self.ifma, generator: self.generator, own }))
            }
            None => Progress::More,
        }
    }
}
