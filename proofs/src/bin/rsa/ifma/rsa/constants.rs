//! The check of a key's constants.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Lane, Question, decided, name_factors, reset};
use jot_proofs::polynomial::Polynomial;

use super::across::{again, flat, is_reduced, lanes, rounds};
use super::checked::Checked;
use super::modulus::{Modulus, Number};
use super::number::{number, power};
use super::single::{Padded, Reducer, rows};
use crate::ifma::radix52::LIMB;
use crate::simd::Ifma;

const ABOUT: &str = "accel/src/ifma/rsa/checked.rs";

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "a modulus passes only if n·v is R - 1 modulo R and two products with 1 bring R² to 1, in every \
               limb; so they are -n^-1 and R²; at 416 bits, and at 2048, 3072 and 4096",
        about: ABOUT,
        proof: || {
            are_right::<1, 0, 2, 2>(&[2, 1, 2, 2, 1]);
            are_right::<1, 0, 2, 2>(&[1; 5]);
            are_right::<5, 4, 6, 10>(&[1; 5]);
            are_right::<8, 7, 9, 16>(&[1; 5]);
            are_right::<10, 9, 11, 20>(&[1; 5]);
        },
    },
    Claim {
        says: "a modulus with any limb of either that is another one does not",
        about: ABOUT,
        proof: refuses,
    },
];

/// Asserts that what is compared are the limbs of n·v modulo R, with those of R - 1, and then those of
/// R²·1/R·1/R + k·n, with those of 1.
///
/// The first makes n·v -1 modulo R, for which the products are proved. If a product with 1 is R·out =
/// a + m·n with a, m < R, then out is at most n, and so 1 only if it is a/R modulo n.
fn are_right<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(ends: &[usize]) {
    reset();
    name_factors();
    let modulus = Modulus::<Z>::any();
    let given = modulus.clone();
    let run = || Checked::<Z>::new::<TOP, UPPER, DOUBLE>(Ifma, given);
    let (checked, compared) = rounds(Z, ends, |_| true, run);
    assert_eq!(checked.expect("what compares equal").modulus(), &modulus);
    assert_eq!(compared.len(), 2 * 8 * Z);
    let (of_inverse, of_r_squared) = compared.split_at(8 * Z);

    assert!(of_inverse.iter().all(|[_, limb]| *limb == Lane::of_word(LIMB)));
    let [n, v] = [&modulus.n, &modulus.negative_inverse].map(|limbs| number(lanes(&limbs.0)));
    let rest = &number(of_inverse.iter().map(|[limb, _]| *limb)) - &(&n * &v);
    assert_eq!(rest.modulo(&power(8 * Z)), Polynomial::zero(), "not n·v modulo R");

    let reducer = Reducer::<Z, TOP, UPPER, DOUBLE>::new(&modulus);
    let mut one = Number::<Z>::ZERO;
    one.0[0][0] = 1;
    let by_one = |a: &Number<Z>| {
        let out = reducer.multiply(&Padded::new(&one), a);
        is_reduced::<Z, TOP, UPPER, DOUBLE>(&out, &one, a, &modulus);
        out
    };
    let product = again(|_| true, || by_one(&Number(rows(&by_one(&modulus.r_squared)))));
    let wanted: Vec<[Lane; 2]> = flat(&product).zip(lanes(&one.0)).map(<[Lane; 2]>::from).collect();
    assert_eq!(of_r_squared, wanted);
}

fn refuses() {
    for other in 0..2 * 8 {
        reset();
        let modulus = Modulus::<1>::any();
        let mut at = 0;
        let who = move |question: &Question| {
            let is_compared = matches!(question, Question::AreEqual { .. });
            at += usize::from(is_compared);
            is_compared && at - 1 != other
        };
        let (checked, _) = decided(who, || Checked::<1>::new::<0, 2, 2>(Ifma, modulus));
        assert!(checked.is_none(), "limb {other}");
    }
}
