//! Sums of rows, by their names.

use std::marker::PhantomData;

use super::field::Field;
use crate::ifma::weierstrass::each::p;
use crate::ifma::weierstrass::field::InLanes;
use crate::known::{Known, known, numbers};
use crate::rows::{Rows, add, all, double, names};

/// Sums of rows, and numbers to stand for their coordinates.
pub(super) struct Point<C, const N: usize> {
    pub(super) x: Field<C, N>,
    pub(super) z: Field<C, N>,
}

impl<C: InLanes<N>, const N: usize> Point<C, N> {
    fn of(sums: &[Rows; 8], place: impl Fn(usize) -> usize) -> Self {
        let coordinate = |which: usize, hundredths: u32| {
            Field::of(numbers(std::array::from_fn(|at| {
                let name = names(place(at), &sums[at])[which];
                Known::named(name, &(p::<C, N>() * hundredths / 100))
            })))
        };
        Self { x: coordinate(0, 101), z: coordinate(1, 140) }
    }
}

pub(super) struct Sum<C, const N: usize> {
    rows: [Rows; 8],
    begun: u8,
    curve: PhantomData<C>,
}

impl<C: InLanes<N>, const N: usize> Sum<C, N> {
    pub(super) fn new() -> Self {
        Self { rows: std::array::from_fn(|_| Rows::new()), begun: 0, curve: PhantomData }
    }

    pub(super) fn add(&mut self, x: &Field<C, N>, y: &Field<C, N>, negative: u8, present: u8) {
        for (place, rows) in self.rows.iter_mut().enumerate().filter(|row| present >> row.0 & 1 == 1) {
            let [x, y] = [x, y].map(|field| known(&field.0, place).from);
            assert_eq!((x.len(), y.len()), (1, 1));
            let (x, y) = (*x.first().unwrap(), *y.first().unwrap());
            assert_eq!(x + 1, y, "coordinates of two rows");
            add(rows, x, negative >> place & 1 == 1);
        }
        self.begun |= present;
    }

    pub(super) fn double(&mut self) {
        self.rows.iter_mut().for_each(double);
    }

    pub(super) fn points(&self) -> (Point<C, N>, u8) {
        (Point::of(&self.rows, |place| place), self.begun)
    }

    pub(super) fn across(&self) -> Option<Point<C, N>> {
        let all = all(&self.rows);
        (self.begun == u8::MAX).then(|| Point::of(&std::array::from_fn(|_| all.clone()), |_| 0))
    }
}
