//! What the verification of P-256 wants of ECDSA, with unknown numbers: signatures, their
//! scalars' digits, and tables.
//!
//! A signature here is one byte, its name. Its r is any number below p, which is more than any
//! below the order. Its scalars have digits that follow from its name.

use std::cell::RefCell;
use std::collections::HashMap;
use std::marker::PhantomData;

use aws_lc_rs::digest::{SHA256, digest};
use jot_proofs::lanes::epoch;

use crate::field::{Modulus, P256Base, P256Order, Residue};
use crate::ifma::p256;
use crate::ifma::words::words;
use crate::known::Known;
use crate::rows::{SMALL, row_name};

pub(crate) struct P256;

/// The coordinates of a row.
pub(crate) struct Row<const N: usize> {
    pub(crate) coordinates: [[u64; N]; 2],
}

/// A table by its name, 0 or 1.
pub(crate) struct Table<const N: usize>(pub(crate) usize);

/// A small table of a key.
pub(crate) struct SmallTable<const N: usize>;

/// The name of the r of a signature.
pub(crate) fn r_name(signature: u8) -> u64 {
    (2 << 40) | u64::from(signature)
}

/// Words in memory of any number below p.
fn below_p(name: u64) -> [u64; 4] {
    words(Known { from: [name].into(), ..Known::new(0, p256::p() - 1) })
}

/// A point of the curve, by its name of one byte.
pub(crate) struct Affine<C, const N: usize> {
    pub(crate) x: Coordinate<C, N>,
    pub(crate) y: Coordinate<C, N>,
}

/// Any number below p, and its multiple by a constant.
pub(crate) struct Coordinate<C, const N: usize>([u64; N], PhantomData<C>);

impl Coordinate<P256, 4> {
    pub(crate) fn times(&self, _: &Residue<P256Base, 4>) -> &Self {
        self
    }

    pub(crate) fn montgomery(&self) -> &[u64; 4] {
        &self.0
    }
}

/// The key of the name of its x.
pub(crate) fn key_of_name(name: u64) -> u8 {
    assert_eq!((name >> 40, name & 1), (5, 0), "no x of a key");
    (name >> 1) as u8
}

impl Affine<P256, 4> {
    pub(crate) fn from_sec1(bytes: &[u8]) -> Option<Self> {
        let [name] = *bytes else { return None };
        let [x, y] = [0, 1].map(|coordinate| {
            Coordinate(below_p((5 << 40) | u64::from(name) << 1 | coordinate), PhantomData)
        });
        Some(Self { x, y })
    }
}

impl<const N: usize> Table<N> {
    pub(crate) const WINDOWS: usize = 8 * N;
}

impl<const N: usize> SmallTable<N> {
    pub(crate) const WINDOWS: usize = 4 * N;
}

impl Table<4> {
    /// Returns any row, but always the same for the same place.
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row<4>> {
        (window < Self::WINDOWS && (1..=128).contains(&digit)).then(|| row_of(self.0, window, digit))
    }
}

impl SmallTable<4> {
    /// Returns any row, but always the same for the same place.
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row<4>> {
        (window < Self::WINDOWS && (1..=8).contains(&digit)).then(|| row_of(SMALL, window, digit))
    }
}

fn row_of(table: usize, window: usize, digit: usize) -> &'static Row<4> {
    thread_local! {
        static ROWS: RefCell<HashMap<(u64, u64), &'static Row<4>>> = RefCell::default();
    }
    let name = row_name(table, window, digit);
    let row = ROWS.with(|rows| rows.borrow().get(&(epoch(), name)).copied());
    row.unwrap_or_else(|| {
        let row = Box::leak(Box::new(Row { coordinates: [below_p(name), below_p(name + 1)] }));
        ROWS.with(|rows| rows.borrow_mut().insert((epoch(), name), row));
        row
    })
}

pub(crate) struct Signature<C, const N: usize> {
    pub(crate) r: [u64; N],
    pub(crate) s: Residue<P256Order, N>,
    name: u8,
    curve: PhantomData<C>,
}

impl Signature<P256, 4> {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let [name] = *bytes else { return None };
        let s = Residue::new(&[u64::from(name) + 2, 0, 0, 0])?;
        let r = words(Known::named(r_name(name), &p256::p()));
        Some(Self { r, s, name, curve: PhantomData })
    }

    /// Returns the two scalars by their names.
    pub(crate) fn scalars(
        &self,
        of_message: &[u8],
        inverse: &Residue<P256Order, 4>,
    ) -> Option<[Residue<P256Order, 4>; 2]> {
        assert_eq!(inverse.times(&self.s), Residue::ONE, "the inverse of another signature");
        // The message is the name, too.
        assert_eq!(of_message, digest(&SHA256, &[self.name]).as_ref(), "the digest of another message");
        let scalar = |half: u64| Residue::new(&[2 * u64::from(self.name) + half + 1, 0, 0, 0]);
        Some([scalar(0)?, scalar(1)?])
    }
}

/// The digit of a signature's scalar in a window. Those of the signature 255 are all 0, and those of
/// 254 are where windows are multiples of 8.
pub(crate) fn digit(signature: u8, half: usize, window: usize) -> i16 {
    let mixed = usize::from(signature) * 7919 + half * 104_729 + window * 1_299_709;
    match signature {
        255 => 0,
        254 if window.is_multiple_of(8) => 0,
        // One of eight is 0, and the ends are among them.
        _ if mixed.is_multiple_of(8) => 0,
        _ if mixed.is_multiple_of(9) => 128,
        _ if mixed.is_multiple_of(11) => -128,
        _ => (mixed % 257) as i16 - 128,
    }
}

#[expect(clippy::extra_unused_type_parameters, reason = "the digits of this curve's scalars")]
pub(crate) fn digits<C, const N: usize>(scalar: &Residue<P256Order, N>) -> impl Iterator<Item = i16>
where
    P256Order: Modulus<N>,
{
    let name = scalar.number()[0] - 1;
    (0..8 * N).map(move |window| digit((name / 2) as u8, (name % 2) as usize, window))
}
