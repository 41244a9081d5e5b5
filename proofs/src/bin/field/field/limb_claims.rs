//! What the operations on limbs do with any limbs.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Interval, fresh, reset};
use jot_proofs::words::{Carry, carry};
use num_bigint::BigInt;

use super::limbs::{add, is_less, subtract, subtract_once};
use super::moduli::*;
use super::number::{Path, Whole, any, is_reduced, modulus, number, paths, power, tells_sign};

const ABOUT: &str = "accel/src/field/limbs.rs";

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "add and subtract: a + b = sum + carry·R and a - b = difference - borrow·R, for all a, b < R",
        about: ABOUT,
        proof: || {
            sums_and_differences::<4>();
            sums_and_differences::<6>();
            sums_and_differences::<9>();
        },
    },
    Claim {
        says: "is_less tells whether a < b, for all a, b < R",
        about: ABOUT,
        proof: || {
            comparison::<4>();
            comparison::<6>();
            comparison::<9>();
        },
    },
    Claim {
        says: "subtract_once: what is below 2m, with its carry, is reduced modulo m, for every modulus",
        about: ABOUT,
        proof: || {
            reduction::<P256Base, 4>();
            reduction::<P256Order, 4>();
            reduction::<P384Base, 6>();
            reduction::<P384Order, 6>();
            reduction::<P521Base, 9>();
            reduction::<P521Order, 9>();
            reduction::<Secp256k1Base, 4>();
            reduction::<Secp256k1Order, 4>();
            reduction::<Ed25519Base, 4>();
            reduction::<Ed25519Order, 4>();
        },
    },
];

fn sums_and_differences<const N: usize>() {
    reset();
    let (a, b) = (any::<N>(), any::<N>());
    let (sum, carry) = add(&a, &b);
    let above = |carry: Carry| carry.lane().polynomial().scaled(&power(N));
    assert_eq!(&number(&a) + &number(&b), &number(&sum) + &above(carry));
    let (difference, borrow) = subtract(&a, &b);
    assert_eq!(&number(&a) + &above(borrow), &number(&difference) + &number(&b));
}

fn comparison<const N: usize>() {
    reset();
    let (a, b) = (any::<N>(), any::<N>());
    let (difference, borrow) = subtract(&a, &b);
    let whole =
        Whole { number: &number(&a) - &number(&b), low: BigInt::from(1) - power(N), high: power(N) - 1 };
    tells_sign(&whole, &difference, borrow);
    for Path { result, asked } in paths(&[], || is_less(&a, &b)) {
        assert_eq!(asked, [(borrow.lane(), result)]);
    }
}

fn reduction<M: Modulus<N>, const N: usize>() {
    reset();
    let m = modulus::<M, N>();
    let words = any::<N>();
    let above = carry(fresh(Interval::bits(1)).word());
    let (difference, _) = subtract(&words, &M::VALUE);
    let whole = Whole {
        number: &number(&words) + &above.lane().polynomial().scaled(&power(N)),
        low: BigInt::ZERO,
        high: &m * 2 - 1,
    };
    let mut possible = 0;
    for Path { result, asked } in paths(&[], || subtract_once(words, above, &M::VALUE)) {
        possible += u8::from(is_reduced(&whole, &[&words, &difference, &result], &asked, &m));
    }
    assert!(possible >= 2);
}
