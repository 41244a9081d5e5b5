//! The multiples of keys, by their names.

use jot_proofs::lanes::Lane;
use jot_proofs::x512::V;

use crate::ifma::p256::p;
use crate::ifma::radix52::split;
use crate::ifma::words::words;
use crate::known::{Known, known};
use crate::rows::{KEYS, row_name};
use crate::weierstrass::key_of_name;

/// The rows of the multiples of each lane's key, 1 to 8 times.
pub(super) struct Multiples([[[u64; 8]; 8]; 8]);

pub(super) type Points = [[[u64; 8]; 4]; 2];

pub(super) struct Raw;

impl Multiples {
    pub(super) const NONE: Self = Self([[[0; 8]; 8]; 8]);

    pub(super) fn row(&self, lane: usize, digit: usize) -> Option<&[u64; 8]> {
        self.0.get(lane)?.get(digit.wrapping_sub(1))
    }
}

/// The lanes in which multiples are right.
pub(super) const RIGHT: u8 = 0xbf;

pub(super) fn multiples(groups: &[Points], _: &mut Vec<Raw>, found: &mut [Multiples]) -> u8 {
    for (group, found) in groups.iter().zip(found) {
        for (lane, rows) in found.0.iter_mut().enumerate() {
            let names = group.map(|number| {
                let limbs = split(number.map(|words| V([Lane::of_word(words[lane]); 8])));
                *known(&limbs, 0).from.first().unwrap()
            });
            let key = usize::from(key_of_name(names[0]));
            assert_eq!(names[0] + 1, names[1], "coordinates of two keys");
            for (row, digit) in rows.iter_mut().zip(1..) {
                let name = row_name(KEYS, key, digit);
                let coordinates = [name, name + 1]
                    .map(|name| words(Known { from: [name].into(), ..Known::new(0, p() - 1) }));
                row.copy_from_slice(coordinates.as_flattened());
            }
        }
    }
    RIGHT
}
