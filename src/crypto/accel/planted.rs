//! What accelerated code computes wrong, for the tests of hosts to notice
//! (`tests/gateways/planted.py`).

use super::form::{Build, BuildProgress};
use crate::alg::Alg;
use crate::crypto::part::PublicPart;

/// A form that does not pass its check.
pub(super) struct Spoiled;

impl Build for Spoiled {
    fn bytes(&self) -> usize {
        1
    }

    fn step(&mut self) -> BuildProgress {
        BuildProgress::Failed
    }
}

/// Returns whether all code for this algorithm is to give wrong known answers.
pub(super) fn has_wrong_answers(alg: Alg) -> bool {
    alg == Alg::ES256K
}

/// Returns whether this key's form is to be wrong: a point that is the base point of P-256.
pub(super) fn is_spoiled(part: PublicPart<'_>) -> bool {
    const BEGIN: [u8; 9] = [0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47];
    matches!(part, PublicPart::Ec { point, .. } if point.starts_with(&BEGIN))
}
