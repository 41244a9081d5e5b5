//! The multiples of keys, by their names.

use std::marker::PhantomData;

use jot_proofs::lanes::Lane;
use jot_proofs::x512::V;

use crate::ifma::radix52::split;
use crate::ifma::weierstrass::curves::Lanes;
use crate::known::{Known, known};
use crate::rows::{KEYS, row_name};
use crate::weierstrass::{Curve, Row, key_of_name};

/// The rows of the multiples of each lane's key, 1 to 8 times.
pub(super) struct Multiples<const W: usize>([[Row<W>; 8]; 8]);

pub(super) type Points<const W: usize> = [[[u64; 8]; W]; 2];

pub(super) struct Raw<C, const N: usize>(PhantomData<C>);

impl<const W: usize> Multiples<W> {
    pub(super) const NONE: Self = Self([[Row { coordinates: [[0; W]; 2] }; 8]; 8]);

    pub(super) fn row(&self, lane: usize, digit: usize) -> Option<&Row<W>> {
        self.0.get(lane)?.get(digit.wrapping_sub(1))
    }
}

/// The lanes in which multiples are right.
pub(super) const RIGHT: u8 = 0xbf;

pub(super) fn multiples<C: Lanes<W, N>, const W: usize, const N: usize>(
    groups: &[Points<W>],
    _: &mut Vec<Raw<C, N>>,
    found: &mut [Multiples<W>],
) -> u8 {
    for (group, found) in groups.iter().zip(found) {
        for (lane, rows) in found.0.iter_mut().enumerate() {
            let names = group.map(|number| {
                let limbs: [V; N] = split(number.map(|words| V([Lane::of_word(words[lane]); 8])));
                *known(&limbs, 0).from.first().unwrap()
            });
            let key = usize::from(key_of_name(names[0]));
            assert_eq!(names[0] + 1, names[1], "coordinates of two keys");
            for (row, digit) in rows.iter_mut().zip(1..) {
                let name = row_name(KEYS, key, digit);
                row.coordinates = [name, name + 1].map(|name| {
                    C::words(Known { from: [name].into(), ..Known::new(0, <C as Curve<W>>::p() - 1) })
                });
            }
        }
    }
    RIGHT
}
