//! Registers of abstract words, and the moves of `accel`.

#[path = "../../../../accel/src/simd/moves.rs"]
pub(crate) mod moves;

pub(crate) mod x512 {
    pub(crate) use jot_proofs::x512::*;
}

/// Stands for the features of a processor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ifma;
