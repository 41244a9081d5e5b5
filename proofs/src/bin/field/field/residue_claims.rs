//! What the operations on residues do with any residues.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Lane, digits, reset};
use jot_proofs::polynomial::Polynomial;
use num_bigint::BigInt;

use super::limbs::{add, subtract};
use super::mersenne::is_mersenne;
use super::moduli::*;
use super::number::{Path, Whole, any, big, is_reduced, modulus, number, path, paths, power};
use super::residue::Residue;

const ABOUT: &str = "accel/src/field/residue.rs";

macro_rules! of_every_modulus {
    ($proof:ident) => {
        || {
            $proof::<P256Base, 4>();
            $proof::<P256Order, 4>();
            $proof::<P384Base, 6>();
            $proof::<P384Order, 6>();
            $proof::<P521Base, 9>();
            $proof::<P521Order, 9>();
            $proof::<Secp256k1Base, 4>();
            $proof::<Secp256k1Order, 4>();
            $proof::<Ed25519Base, 4>();
            $proof::<Ed25519Order, 4>();
        }
    };
}

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "times, reduced and number: R·out = a·b modulo m and out < m, for all a < R and b < m, where b is \
               the other residue, R² or 1; of every modulus",
        about: ABOUT,
        proof: of_every_modulus!(products),
    },
    Claim {
        says: "plus and doubled: out = a + b modulo m and out < m, for all a, b < m; of every modulus",
        about: ABOUT,
        proof: of_every_modulus!(sums),
    },
    Claim {
        says: "minus and negated: out = a - b modulo m and out < m, for all a, b < m; of every modulus",
        about: ABOUT,
        proof: of_every_modulus!(differences),
    },
];

/// The supposition that words are below m: a checking build asks for it.
fn is_below<M: Modulus<N>, const N: usize>(words: &[u64; N]) -> (Lane, bool) {
    (subtract(words, &M::VALUE).1.lane(), true)
}

/// Makes a residue of words, which are supposed to be below m.
fn residue<M: Modulus<N>, const N: usize>(words: [u64; N]) -> Residue<M, N> {
    path(&[is_below::<M, N>(&words)], &[], || Residue::from_montgomery(words)).result
}

fn products<M: Modulus<N>, const N: usize>() {
    reset();
    let (a, b) = (any::<N>(), any::<N>());
    let (x, y) = (residue::<M, N>(a), residue::<M, N>(b));
    let (below, m) = ([is_below::<M, N>(&a), is_below::<M, N>(&b)], modulus::<M, N>());
    let r_squared = Polynomial::constant((power(N) * power(N)) % &m);
    is_product::<M, N>([&number(&a), &number(&b)], &below, || *x.times(&y).montgomery());
    is_product::<M, N>([&number(&a), &number(&a)], &below, || *x.squared().montgomery());
    is_product::<M, N>([&number(&a), &number(&[1])], &[], || x.number());
    is_product::<M, N>([&number(&a), &r_squared], &[], || *Residue::<M, N>::reduced(&a).montgomery());
    assert_eq!(big(Residue::<M, N>::ONE.montgomery()), power(N) % m);
}

/// Asserts R·out = a·b modulo m and out < m, for a < R and b < m.
pub(super) fn is_product<M: Modulus<N>, const N: usize>(
    [a, b]: [&Polynomial; 2],
    below: &[(Lane, bool)],
    product: impl Fn() -> [u64; N],
) {
    let (m, r) = (modulus::<M, N>(), power(N));
    let paths = paths(below, product);
    // Where nothing is subtracted, the words are those before the last subtraction: what is above them
    // is 0, and they are below m.
    let unchanged = |path: &&Path<[u64; N]>| {
        let last = path.asked.len() - 1;
        path.asked.iter().enumerate().all(|(at, (_, answer))| *answer == (at == last))
    };
    let Path { result: words, asked } = paths.iter().find(unchanged).expect("a path without a subtraction");
    let top = match &**asked {
        [(top, _), _] => top.polynomial(),
        [_] => Polynomial::zero(),
        _ => panic!("{} questions", asked.len()),
    };
    let before = &number(words) + &top.scaled(&r);

    let multiple = &before.scaled(&r) - &(a * b);
    let quotient = multiple.divided(&m).expect("R·out - a·b is a multiple of m");
    if is_mersenne(&M::VALUE) {
        // What is above 2^k was added below, so the last word tells that it is below 2m.
        let last = BigInt::from(Lane::of_word(words[N - 1]).interval().high);
        assert!((last + 1) * power(N - 1) <= &m * 2);
    } else {
        assert!(digits(&quotient, 64, N).is_some(), "Q may not be from 0 to R - 1");
        // So it is below ((R - 1)·(m - 1) + (R - 1)·m) / R < 2m.
        assert!((&r - 1) * (&m - 1) + (&r - 1) * &m < &r * &m * 2);
    }
    let whole = Whole { number: before, low: BigInt::ZERO, high: &m * 2 - 1 };

    let (difference, _) = subtract(words, &M::VALUE);
    let is_possible =
        paths.iter().map(|path| is_reduced(&whole, &[words, &difference, &path.result], &path.asked, &m));
    assert!(is_possible.filter(|is_possible| *is_possible).count() >= 2);
}

fn sums<M: Modulus<N>, const N: usize>() {
    reset();
    let m = modulus::<M, N>();
    let (a, b) = (any::<N>(), any::<N>());
    let (x, y) = (residue::<M, N>(a), residue::<M, N>(b));
    for (b, paths) in [(b, paths(&[], || x.plus(&y))), (a, paths(&[], || x.doubled()))] {
        let whole = Whole { number: &number(&a) + &number(&b), low: BigInt::ZERO, high: &m * 2 - 2 };
        let (sum, _) = add(&a, &b);
        let (difference, _) = subtract(&sum, &M::VALUE);
        let is_possible = paths
            .iter()
            .map(|path| is_reduced(&whole, &[&sum, &difference, path.result.montgomery()], &path.asked, &m));
        assert!(is_possible.filter(|is_possible| *is_possible).count() >= 2);
    }
}

fn differences<M: Modulus<N>, const N: usize>() {
    reset();
    let m = modulus::<M, N>();
    let (a, b) = (any::<N>(), any::<N>());
    let (x, y) = (residue::<M, N>(a), residue::<M, N>(b));
    for (words, whole, out) in [
        (a, &number(&a) - &number(&b), x.minus(&y)),
        ([0; N], &Polynomial::zero() - &number(&b), y.negated()),
    ] {
        let high = if words == a { &m - 1 } else { BigInt::ZERO };
        let whole = Whole { number: whole, low: BigInt::from(1) - &m, high };
        let (difference, _) = subtract(&words, &b);
        assert!(is_reduced(&whole, &[&difference, out.montgomery()], &[], &m));
    }
}
