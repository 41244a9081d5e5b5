//! Ed25519 in the lanes of AVX-512 IFMA.

mod choice;
mod decode;
mod field;
mod multiples;
mod point;
#[cfg(test)]
mod tests;
mod unprepared;
mod verify;

use std::sync::OnceLock;

use crate::algorithm::{Algorithm, RawKey};
use crate::edwards::{Affine, Table, TableBuild};
use crate::implementation::Implementation;
use crate::job::Job;
use crate::key::FastKey;
use crate::known::KnownAnswer;
use crate::preparation::{Build, Progress};
use crate::simd::Ifma;

/// Ed25519.
pub(super) const IMPLEMENTATION: Implementation = Implementation {
    name: Ifma::NAME,
    is_portable: false,
    algorithms: &[Algorithm::Ed25519],
    is_supported: || Ifma::detect().is_some(),
    is_sane,
    begin,
    verify_unprepared: Some(verify_unprepared),
};

/// RFC 8032 §7.1 test 3.
#[rustfmt::skip]
const ANSWER: KnownAnswer = KnownAnswer {
    algorithm: Algorithm::Ed25519,
    key: RawKey::Ed25519(&[
    0xfc, 0x51, 0xcd, 0x8e, 0x62, 0x18, 0xa1, 0xa3, 0x8d, 0xa4, 0x7e, 0xd0, 0x02, 0x30, 0xf0, 0x58,
    0x08, 0x16, 0xed, 0x13, 0xba, 0x33, 0x03, 0xac, 0x5d, 0xeb, 0x91, 0x15, 0x48, 0x90, 0x80, 0x25,
]),
    message: &[0xaf, 0x82],
    signature: &[
    0x62, 0x91, 0xd6, 0x57, 0xde, 0xec, 0x24, 0x02, 0x48, 0x27, 0xe6, 0x9c, 0x3a, 0xbe, 0x01, 0xa3,
    0x0c, 0xe5, 0x48, 0xa2, 0x84, 0x74, 0x3a, 0x44, 0x5e, 0x36, 0x80, 0xd7, 0xdb, 0x5a, 0xc3, 0xac,
    0x18, 0xff, 0x9b, 0x53, 0x8d, 0x16, 0xf2, 0x90, 0xae, 0x67, 0xf7, 0x60, 0x98, 0x4d, 0xc6, 0x59,
    0x4a, 0x7c, 0x15, 0xe9, 0x71, 0x6e, 0xd2, 0x8d, 0xc0, 0x27, 0xbe, 0xce, 0xea, 0x1e, 0xc4, 0x0a,
],
    is_accepted_alone: true,
};

/// Tests the known answer once in a process.
fn is_sane() -> bool {
    static SANITY: OnceLock<bool> = OnceLock::new();
    *SANITY.get_or_init(|| ANSWER.comes_out(begin))
}

/// Returns the table of the base point; the first caller builds it for the whole
/// process.
fn base_table() -> Option<&'static Table> {
    static TABLE: OnceLock<Option<Table>> = OnceLock::new();
    TABLE.get_or_init(|| TableBuild::new(Affine::base()).finish()).as_ref()
}

fn begin(_: Algorithm, key: RawKey<'_>) -> Option<Box<dyn Build>> {
    let RawKey::Ed25519(encoded) = key else { return None };
    let ifma = Ifma::detect()?;
    let base = base_table()?;
    let own = TableBuild::new(Affine::decode(encoded)?.negated());
    Some(Box::new(KeyBuild { ifma, base, own, encoded: encoded.try_into().ok()? }))
}

fn verify_unprepared(keys: &[RawKey<'_>], jobs: &mut [Job<'_>]) {
    if let (Some(ifma), Some(base)) = (Ifma::detect(), base_table()) {
        unprepared::verify_each(ifma, base, keys, jobs);
    }
}

struct KeyBuild {
    ifma: Ifma,
    base: &'static Table,
    own: TableBuild,
    encoded: [u8; 32],
}

impl Build for KeyBuild {
    fn bytes(&self) -> usize {
        Table::BYTES
    }

    fn step(&mut self) -> Progress {
        if self.own.step().is_none() {
            return Progress::Failed;
        }
        let Self { ifma, base, encoded, .. } = *self;
        match self.own.take() {
            Some(own) => Progress::Done(FastKey::of(Box::new(verify::Key { ifma, base, own, encoded }))),
            None => Progress::More,
        }
    }
}
