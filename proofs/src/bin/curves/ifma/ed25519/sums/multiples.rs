//! The multiples of keys, by their names.

use super::decode::key_name;
use super::field::Field;
use crate::edwards::p;
use crate::ifma::words::words;
use crate::known::{Known, known};
use crate::rows::{KEYS, row_name};

/// The rows of the multiples of each lane's key, 1 to 8 times.
pub(super) struct Multiples([[[[u64; 8]; 2]; 8]; 8]);

const IDENTITY: [[u64; 8]; 2] = [[1, 0, 0, 0, 1, 0, 0, 0], [0; 8]];

/// The lanes in which multiples are right.
pub(super) const PROVED: u8 = 0xfe;

/// The key that stands where there is none.
pub(super) const NO_KEY: u8 = 255;

impl Multiples {
    pub(super) fn new(x: &Field, y: &Field) -> Option<(Self, u8)> {
        let of_key = |lane: usize| {
            let [x, y] = [x, y].map(|field| known(&field.0, lane).from.first().copied());
            let key = x.map_or(NO_KEY, |x| (x >> 1) as u8);
            assert!(x == y || (x, y) == (Some(key_name(key, 0)), Some(key_name(key, 1))), "of two keys");
            let row = |digit: usize| {
                let name = row_name(KEYS, key.into(), digit);
                let number =
                    |name: u64| words::<4, 5>(Known { from: [name].into(), ..Known::new(0, p() - 1) });
                let [sum, difference, product] = [0, 1, 2].map(|which| number(name + which));
                let whole = |low: [u64; 4], high: [u64; 4]| {
                    let mut row = [0; 8];
                    row.copy_from_slice([low, high].as_flattened());
                    row
                };
                [whole(sum, difference), whole([0; 4], product)]
            };
            std::array::from_fn(|place| row(place + 1))
        };
        Some((Self(std::array::from_fn(of_key)), PROVED))
    }

    pub(super) fn rows(&self, lane: usize, digit: usize) -> Option<&[[u64; 8]; 2]> {
        match digit.checked_sub(1) {
            None => Some(&IDENTITY),
            Some(place) => self.0.get(lane)?.get(place),
        }
    }
}
