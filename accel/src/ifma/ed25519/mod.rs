//! Ed25519 in the lanes of AVX-512 IFMA.

mod checks;
mod choice;
mod decode;
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

use std::sync::OnceLock;

use crate::algorithm::{Algorithm, RawKey};
use crate::edwards::{Affine, SMALL_BITS, SMALL_DIGITS, SmallTable, Table, TableBuild};
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::FastKey;
use crate::known;
use crate::preparation::{Build, Progress};
use crate::simd::Ifma;
use verify::Own;
use windows::LaneBuild;

/// Ed25519.
pub(super) const IMPLEMENTATION: Implementation = Implementation {
    name: Ifma::NAME,
    is_portable: false,
    algorithms: &[Algorithm::Ed25519],
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
        let other = RawKey::Ed25519(&ENCODED_BASE);
        known::first_comes_out(algorithm, begin_known)
            && known::last_comes_out_mixed(algorithm, other, begin_small)
            && known::comes_out_unprepared(algorithm, other, verify_unprepared)
    })
}

/// The base point as RFC 8032 §5.1.2 has it: y is 4/5.
const ENCODED_BASE: [u8; 32] = {
    let mut encoded = [0x66; 32];
    encoded[0] = 0x58;
    encoded
};

/// Returns the table of the base point; the first caller builds it for the whole
/// process.
fn base_table() -> Option<&'static Table> {
    static TABLE: OnceLock<Option<Table>> = OnceLock::new();
    TABLE.get_or_init(|| LaneBuild::new(Ifma::detect()?, Affine::base()).finish()).as_ref()
}

fn begin(_: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    begin_with(key, |ifma, point| Some(Building::Large(LaneBuild::new(ifma, point))))
}

/// Begins the large table of a known answer's key. If it is that of the base point, less its
/// first window, almost nothing is left to build.
fn begin_known(algorithm: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    begin_with(key, |ifma, point| LaneBuild::after(ifma, base_table()?, point).map(Building::Large))
        .or_else(|| begin(algorithm, key))
}

fn begin_small(_: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    begin_with(key, |_, point| Some(Building::Small(TableBuild::new(point))))
}

fn begin_with(key: RawKey<'_>, begin: fn(Ifma, Affine) -> Option<Building>) -> Option<Box<dyn Build>> {
    let RawKey::Ed25519(encoded) = key else { return None };
    let ifma = Ifma::detect()?;
    let base = base_table()?;
    let table = begin(ifma, Affine::decode(encoded)?.negated())?;
    Some(Box::new(KeyBuild { ifma, base, table, encoded: encoded.try_into().ok()? }))
}

fn verify_unprepared(keys: &[RawKey<'_>], jobs: &mut [Job<'_>]) {
    if let (Some(ifma), Some(base)) = (Ifma::detect(), base_table()) {
        unprepared::verify_each(ifma, base, keys, jobs);
    }
}

/// The table of a key that is being built.
enum Building {
    Large(LaneBuild),
    Small(TableBuild<SMALL_DIGITS, SMALL_BITS>),
}

struct KeyBuild {
    ifma: Ifma,
    base: &'static Table,
    table: Building,
    encoded: [u8; 32],
}

impl KeyBuild {
    /// Returns the table if this was its last step, or `None` if a row is wrong.
    fn table(&mut self) -> Option<Option<Own>> {
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

impl Build for KeyBuild {
    fn bytes(&self) -> usize {
        match self.table {
            Building::Large(_) => <Table>::BYTES,
            Building::Small(_) => SmallTable::BYTES,
        }
    }

    fn step(&mut self) -> Progress {
        match self.table() {
            None => Progress::Failed,
            Some(None) => Progress::More,
            Some(Some(own)) => {
                let Self { ifma, base, encoded, .. } = *self;
                Progress::Done(FastKey::of(Box::new(verify::Key { ifma, base, own, encoded })))
            }
        }
    }
}
