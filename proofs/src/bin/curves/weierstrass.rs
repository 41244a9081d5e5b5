//! What the verification of ECDSA wants of its curves, with unknown numbers: signatures, their
//! scalars' digits, and tables.
//!
//! A signature here is one byte, its name. Its r is any number below p, which is more than any
//! below the order. Its scalars have digits that follow from its name.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::marker::PhantomData;

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};
use jot_proofs::lanes::epoch;
use num_bigint::BigInt;

use crate::field::{
    Modulus, P256Base, P256Order, P384Base, P384Order, P521Base, P521Order, Residue, Secp256k1Base,
    Secp256k1Order, number_bytes,
};
use crate::ifma::words::words;
use crate::known::Known;
use crate::rows::{SMALL, row_name};

/// A curve.
pub(crate) trait Curve<const W: usize>: Copy + Send + Sync + 'static {
    type Base: Modulus<W>;
    type Order: Modulus<W>;
    const A: i8;
    /// The hash function of its signatures.
    const HASHED: &'static digest::Algorithm;

    /// p, as its standard writes it.
    fn p() -> BigInt;

    /// Returns words in memory of any number of which this is known.
    fn words(known: Known) -> [u64; W];
}

fn power(bits: u32) -> BigInt {
    BigInt::from(1) << bits
}

macro_rules! curves {
    ($($(#[$doc:meta])* $curve:ident $words:literal $limbs:literal $a:literal $digest:ident
        $base:ident $order:ident $p:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(crate) struct $curve;

        impl Curve<$words> for $curve {
            type Base = $base;
            type Order = $order;
            const A: i8 = $a;
            const HASHED: &'static digest::Algorithm = &$digest;

            fn p() -> BigInt {
                $p
            }

            fn words(known: Known) -> [u64; $words] {
                words::<$words, $limbs>(known)
            }
        }
    )*};
}

curves! {
    /// SP 800-186 §3.2.1.3
    P256 4 5 -3 SHA256 P256Base P256Order power(256) - power(224) + power(192) + power(96) - 1;
    /// SEC 2 §2.4.1
    Secp256k1 4 5 0 SHA256 Secp256k1Base Secp256k1Order power(256) - power(32) - 977;
    /// SP 800-186 §3.2.1.4
    P384 6 8 -3 SHA384 P384Base P384Order power(384) - power(128) - power(96) + power(32) - 1;
    /// SP 800-186 §3.2.1.5
    P521 9 11 -3 SHA512 P521Base P521Order power(521) - 1;
}

/// The rows of a window.
pub(crate) const DIGITS: usize = 128;

/// The coordinates of a row.
#[derive(Clone, Copy)]
pub(crate) struct Row<const W: usize> {
    pub(crate) coordinates: [[u64; W]; 2],
}

/// A table by its name, 0 or 1, and what makes any words of a number with a name.
pub(crate) struct Table<const W: usize>(usize, fn(u64) -> [u64; W]);

/// A small table of a key.
pub(crate) struct SmallTable<const W: usize>(fn(u64) -> [u64; W]);

/// The name of the r of a signature.
pub(crate) fn r_name(signature: u8) -> u64 {
    (2 << 40) | u64::from(signature)
}

/// Words in memory of any number below p.
fn below_p<C: Curve<W>, const W: usize>(name: u64) -> [u64; W] {
    C::words(Known { from: [name].into(), ..Known::new(0, C::p() - 1) })
}

/// A point of the curve, by its name of one byte.
pub(crate) struct Affine<C, const W: usize> {
    pub(crate) x: Coordinate<C, W>,
    pub(crate) y: Coordinate<C, W>,
}

/// Any number below p, and its multiple by a constant.
pub(crate) struct Coordinate<C, const W: usize>([u64; W], PhantomData<C>);

impl<C: Curve<W>, const W: usize> Coordinate<C, W> {
    pub(crate) fn times(&self, _: &Residue<C::Base, W>) -> &Self {
        self
    }

    pub(crate) fn montgomery(&self) -> &[u64; W] {
        &self.0
    }
}

/// The key of the name of its x.
pub(crate) fn key_of_name(name: u64) -> u8 {
    assert_eq!((name >> 40, name & 1), (5, 0), "no x of a key");
    (name >> 1) as u8
}

impl<C: Curve<W>, const W: usize> Affine<C, W> {
    pub(crate) fn from_sec1(bytes: &[u8]) -> Option<Self> {
        let [name] = *bytes else { return None };
        let [x, y] = [0, 1].map(|coordinate| {
            Coordinate(below_p::<C, W>((5 << 40) | u64::from(name) << 1 | coordinate), PhantomData)
        });
        Some(Self { x, y })
    }
}

impl<const W: usize> Table<W> {
    pub(crate) const WINDOWS: usize = number_bytes(W);

    pub(crate) fn of<C: Curve<W>>(name: usize) -> Self {
        Self(name, below_p::<C, W>)
    }

    /// Returns any row, but always the same for the same place.
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row<W>> {
        (window < Self::WINDOWS && (1..=128).contains(&digit)).then(|| row_of(self.0, self.1, window, digit))
    }
}

impl<const W: usize> SmallTable<W> {
    pub(crate) const WINDOWS: usize = number_bytes(W) / 2;

    pub(crate) fn of<C: Curve<W>>() -> Self {
        Self(below_p::<C, W>)
    }

    /// Returns any row, but always the same for the same place.
    pub(crate) fn row(&self, window: usize, digit: usize) -> Option<&Row<W>> {
        (window < Self::WINDOWS && (1..=8).contains(&digit)).then(|| row_of(SMALL, self.0, window, digit))
    }
}

fn row_of<const W: usize>(
    table: usize,
    any: fn(u64) -> [u64; W],
    window: usize,
    digit: usize,
) -> &'static Row<W> {
    thread_local! {
        static ROWS: RefCell<HashMap<(u64, u64), &'static dyn Any>> = RefCell::default();
    }
    let name = row_name(table, window, digit);
    let row = ROWS.with(|rows| rows.borrow().get(&(epoch(), name)).copied());
    row.map(|row| row.downcast_ref().expect("a row of another curve")).unwrap_or_else(|| {
        let row: &'static Row<W> = Box::leak(Box::new(Row { coordinates: [any(name), any(name + 1)] }));
        ROWS.with(|rows| rows.borrow_mut().insert((epoch(), name), row));
        row
    })
}

pub(crate) struct Signature<C: Curve<W>, const W: usize> {
    pub(crate) r: [u64; W],
    pub(crate) s: Residue<C::Order, W>,
    name: u8,
    curve: PhantomData<C>,
}

/// A small number.
fn residue<C: Curve<W>, const W: usize>(number: u64) -> Option<Residue<C::Order, W>> {
    let mut limbs = [0; W];
    limbs[0] = number;
    Residue::new(&limbs)
}

impl<C: Curve<W>, const W: usize> Signature<C, W> {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let [name] = *bytes else { return None };
        let s = residue::<C, W>(u64::from(name) + 2)?;
        let r = C::words(Known::named(r_name(name), &C::p()));
        Some(Self { r, s, name, curve: PhantomData })
    }

    /// Returns the two scalars by their names.
    pub(crate) fn scalars(
        &self,
        of_message: &[u8],
        inverse: &Residue<C::Order, W>,
    ) -> Option<[Residue<C::Order, W>; 2]> {
        assert!(inverse.times(&self.s) == Residue::ONE, "the inverse of another signature");
        // The message is the name, too.
        let wanted = digest::digest(C::HASHED, &[self.name]);
        assert_eq!(of_message, wanted.as_ref(), "the digest of another message");
        let scalar = |half: u64| residue::<C, W>(2 * u64::from(self.name) + half + 1);
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

pub(crate) fn digits<C: Curve<W>, const W: usize>(
    scalar: &Residue<C::Order, W>,
) -> impl Iterator<Item = i16> + use<C, W> {
    let name = scalar.number()[0] - 1;
    // Beyond the last window all are 0.
    let digit = move |window| digit((name / 2) as u8, (name % 2) as usize, window);
    (0..8 * W).map(move |window| if window < Table::<W>::WINDOWS { digit(window) } else { 0 })
}
