//! Sums of rows, by their names.

use jot_proofs::polynomial::Polynomial;
use num_bigint::BigInt;

use super::field::Field;
use crate::edwards::p;
use crate::known::{Known, known, numbers};
use crate::rows::{Rows, add, all, double, names};

/// Sums of rows, and numbers to stand for their coordinates.
pub(super) struct Point {
    pub(super) x: Field,
    pub(super) y: Field,
    pub(super) z: Field,
    rows: [Rows; 8],
}

/// Sums of rows without coordinates.
pub(super) struct Doubled([Rows; 8]);

/// Rows to be added, negated in some lanes.
pub(super) struct Addend {
    pub(super) sum: Field,
    pub(super) difference: Field,
    pub(super) product: Field,
    pub(super) negative: u8,
}

impl Point {
    fn of(rows: [Rows; 8]) -> Self {
        let coordinate = |which: usize| {
            Field(numbers(std::array::from_fn(|place| {
                let name = names(place, &rows[place])[which];
                Known::named(name, &(p() * 101 / 100))
            })))
        };
        Self { x: coordinate(0), y: coordinate(1), z: coordinate(2), rows }
    }

    pub(super) fn identity() -> Self {
        Self::of(std::array::from_fn(|_| Rows::new()))
    }

    pub(super) fn plus(&self, other: &Addend) -> Self {
        let mut rows = self.rows.clone();
        for (place, rows) in rows.iter_mut().enumerate() {
            let numbers = [&other.sum, &other.difference, &other.product].map(|field| known(&field.0, place));
            let constants =
                numbers.each_ref().map(|number| number.value.as_ref().and_then(Polynomial::as_constant));
            if constants == [1, 1, 0].map(|number| Some(BigInt::from(number))) {
                // The neutral point.
                continue;
            }
            let name = *numbers[0].from.first().expect("a row of a table");
            assert_eq!(
                numbers.map(|number| number.from),
                [[name].into(), [name + 1].into(), [name + 2].into()]
            );
            add(rows, name, other.negative >> place & 1 == 1);
        }
        Self::of(rows)
    }

    pub(super) fn across(&self) -> Self {
        let all = all(&self.rows);
        Self::of(std::array::from_fn(|_| all.clone()))
    }
}

impl Point {
    pub(super) fn projective(&self) -> Doubled {
        Doubled(self.rows.clone())
    }
}

impl Doubled {
    pub(super) fn doubled(mut self) -> Self {
        self.0.iter_mut().for_each(double);
        self
    }

    pub(super) fn projective(self) -> Self {
        self
    }

    pub(super) fn point(self) -> Point {
        Point::of(self.0)
    }
}
