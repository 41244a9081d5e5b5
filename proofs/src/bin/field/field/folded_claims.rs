//! What the operations on folded numbers do with any numbers below 2^256.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Interval, Lane};
use jot_proofs::polynomial::Polynomial;
use num_bigint::BigInt;

use super::folded::{ABOVE, Folded, halves_joined, product};
use super::limbs::subtract;
use super::moduli::{Ed25519Base, Modulus};
use super::number::{Path, Whole, any, in_every_case, is_reduced, modulus, number, paths, power};
use super::residue_claims::is_product;

const ABOUT: &str = "accel/src/field/folded.rs";

pub(super) const CLAIMS: &[Claim] = &[
    Claim { says: "plus: out = a + b modulo p, for all a, b < 2^256", about: ABOUT, proof: sums },
    Claim { says: "minus: out = a - b modulo p, for all a, b < 2^256", about: ABOUT, proof: differences },
    Claim { says: "times: out = a·b modulo p, for all a, b < 2^256", about: ABOUT, proof: products },
    Claim {
        says: "canonical: out = a modulo p and out < p, for all a < 2^256",
        about: ABOUT,
        proof: canonical_form,
    },
    Claim {
        says: "residue: R·out = a·R² modulo p and out < p, for all a < 2^256",
        about: ABOUT,
        proof: || {
            let a = any::<4>();
            let r_squared = Polynomial::constant((power(4) * power(4)) % p());
            is_product::<Ed25519Base, 4>([&number(&a), &r_squared], &[], || {
                *Folded::new(a).residue().montgomery()
            });
        },
    },
];

fn p() -> BigInt {
    modulus::<Ed25519Base, 4>()
}

/// Asserts that what the code gives is congruent to the whole number, in each of so many ways.
fn is_congruent(whole: &Whole, ways: usize, code: impl Fn() -> Folded) {
    let is_possible = |Path { result, asked }: &Path<Folded>| {
        in_every_case(whole, &[number(&result.0)], 4, asked, |_, differences| {
            assert_eq!(&differences[0] % p(), BigInt::ZERO, "not congruent");
        })
    };
    assert_eq!(paths(&[], code).iter().filter(|path| is_possible(path)).count(), ways);
}

fn sums() {
    let (a, b) = (any::<4>(), any::<4>());
    let whole = Whole { number: &number(&a) + &number(&b), low: BigInt::ZERO, high: power(4) * 2 - 2 };
    is_congruent(&whole, 3, || Folded(a).plus(&Folded(b)));
}

fn differences() {
    let (a, b) = (any::<4>(), any::<4>());
    let whole =
        Whole { number: &number(&a) - &number(&b), low: BigInt::from(1) - power(4), high: power(4) - 1 };
    is_congruent(&whole, 3, || Folded(a).minus(&Folded(b)));
}

fn products() {
    let (a, b) = (any::<4>(), any::<4>());
    for b in [a, b] {
        let product = product(a, b);
        assert_eq!(number(&product), &number(&a) * &number(&b));

        let (sum, carry) = halves_joined(product);
        let carry = Lane::of_word(carry);
        assert!(carry.interval().is_within(Interval::new(0, ABOVE.into())));
        let [low, high] = [&product[..4], &product[4..]].map(number);
        let joined = &low + &high.scaled(&ABOVE.into());
        assert_eq!(joined, &number(&sum) + &carry.polynomial().scaled(&power(4)));
        assert!((&joined - &number(&product)).divided(&p()).is_some());

        let added = carry.polynomial().scaled(&ABOVE.into());
        let high = power(4) - 1 + ABOVE * ABOVE;
        let whole = Whole { number: &number(&sum) + &added, low: BigInt::ZERO, high };
        assert!((&joined - &whole.number).divided(&p()).is_some());
        is_congruent(&whole, 2, || Folded(a).times(&Folded(b)));
    }
}

fn canonical_form() {
    let a = any::<4>();
    let whole = Whole { number: number(&a), low: BigInt::ZERO, high: power(4) - 1 };
    let mut possible = 0;
    for Path { result, asked } in paths(&[], || Folded(a).canonical()) {
        let (difference, borrow) = subtract(&a, &Ed25519Base::VALUE);
        let is_subtracted = asked.contains(&(borrow.lane(), false));
        let once = if is_subtracted { difference } else { a };
        let (twice, _) = subtract(&once, &Ed25519Base::VALUE);
        possible += u8::from(is_reduced(&whole, &[&a, &difference, &once, &twice, &result], &asked, &p()));
    }
    assert_eq!(possible, 3);
}
