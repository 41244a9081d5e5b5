//! Keys whose encoding names them.

use super::field::Field;
use crate::edwards::p;
use crate::known::{Known, numbers};

/// The lanes whose keys are points.
pub(super) const FOUND: u8 = 0xdf;

/// The name of a coordinate of a key.
pub(super) fn key_name(key: u8, coordinate: u64) -> u64 {
    (5 << 40) | u64::from(key) << 1 | coordinate
}

pub(super) fn opposite_points(limbs: &[[u64; 8]; 4]) -> (Field, Field, u8) {
    let coordinate = |which: u64| {
        Field(numbers(std::array::from_fn(|lane| {
            let key = limbs[0][lane].to_le_bytes()[0];
            assert!(limbs.iter().all(|limb| limb[lane] == u64::from_le_bytes([key; 8])), "limbs of two keys");
            Known { from: [key_name(key, which)].into(), ..Known::new(0, p() - 1) }
        })))
    };
    (coordinate(0), coordinate(1), FOUND)
}
