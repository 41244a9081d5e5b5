//! Transposes and exchanges.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Interval, fresh};
use jot_proofs::x512::V;

use super::radix52;
use crate::number::any;
use crate::simd::moves::{exchanged, splat, stored, transpose};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "transpose brings word j of row i to word i of register j",
        about: "accel/src/simd/moves.rs",
        proof: transposes,
    },
    Claim {
        says: "exchanged and exchange bring word i to word i ^ distance, for 4, 2 and 1",
        about: "accel/src/simd/moves.rs",
        proof: exchanges,
    },
];

fn transposes() {
    let lanes = [(); 8].map(|()| [(); 8].map(|()| fresh(Interval::bits(64))));
    let rows = lanes.map(|row| row.map(|lane| lane.word()));
    let columns = transpose(rows.each_ref());
    for (i, row) in lanes.iter().enumerate() {
        for (j, lane) in row.iter().enumerate() {
            assert_eq!(columns[j].0[i], *lane, "row {i}, word {j}");
        }
    }
    assert_eq!(stored(columns[3])[5], rows[5][3]);
    assert_eq!(splat(rows[1][2]).0, [lanes[1][2]; 8]);
}

fn exchanges() {
    let (value, number) = (V::fresh(Interval::bits(64)), any::<5>(1 << 48));
    for distance in [4, 2, 1_u8] {
        let (moved, limbs) = (exchanged(value, distance), radix52::exchange(&number, distance));
        for place in 0..8 {
            let from = place ^ usize::from(distance);
            assert_eq!(moved.0[place], value.0[from]);
            for (moved, limb) in limbs.iter().zip(&number) {
                assert_eq!(moved.0[place], limb.0[from]);
            }
        }
    }
}
