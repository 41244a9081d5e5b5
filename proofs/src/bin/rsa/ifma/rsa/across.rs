//! Products of numbers that lie across registers.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Interval, Lane, Question, decided, largest, name_factors, reset, suppose};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::{V, add64, shift_right64};

use super::modulus::{Modulus, Number, Row};
use super::number::{are_carried, is_told, number, power};
use super::single::{Padded, Reducer, carry, columns, less, rows};
use crate::ifma::radix52::LIMB;
use crate::simd::Ifma;
use crate::simd::moves::splat;

const ABOUT: &str = "accel/src/ifma/rsa/single.rs";

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "carry keeps the number of any columns below 2^61, with the carry out, in every round, and \
               leaves limbs",
        about: ABOUT,
        proof: carries,
    },
    Claim {
        says: "carry goes on for any column that is too large, or any two",
        about: ABOUT,
        proof: ends_with_limbs,
    },
    Claim {
        says: "less: out = x - n if that is not negative, otherwise x, carried, for all x, n < R of eight limbs, \
               and at 2048, 3072 and 4096 bits",
        about: ABOUT,
        proof: || {
            subtracts::<1>();
            subtracts::<5>();
            subtracts::<8>();
            subtracts::<10>();
        },
    },
    Claim {
        says: "multiply: R·out = a·b + m·n with 0 <= m < R, carried, words up to 2^61, for all a, b < R of \
               eight limbs",
        about: ABOUT,
        proof: || {
            for rounds in [[1, 1, 1], [2, 2, 2], [3, 1, 2], [2, 3, 4]] {
                multiply::<1, 0, 2, 2>(rounds);
            }
        },
    },
    Claim { says: "multiply, of sixteen limbs", about: ABOUT, proof: || multiply::<2, 1, 3, 4>([2, 2, 2]) },
    Claim { says: "multiply, at 2048 bits", about: ABOUT, proof: || multiply::<5, 4, 6, 10>([2, 2, 2]) },
    Claim { says: "multiply, at 3072 bits", about: ABOUT, proof: || multiply::<8, 7, 9, 16>([2, 2, 2]) },
    Claim { says: "multiply, at 4096 bits", about: ABOUT, proof: || multiply::<10, 9, 11, 20>([2, 2, 2]) },
];

/// Returns the words of registers, the lowest first.
pub(super) fn flat(registers: &[V]) -> impl Iterator<Item = Lane> {
    registers.iter().flat_map(|register| register.0)
}

pub(super) fn lanes(rows: &[Row]) -> impl Iterator<Item = Lane> {
    rows.as_flattened().iter().map(|word| Lane::of_word(*word))
}

/// Runs code that calls `carry` for `width` registers once for each of `rounds`, each of which
/// ends after so many, and that compares words, of which `are_equal` tells by their number whether they are
/// the same. Returns the words that were compared, too.
///
/// A round that is not the last is any that finds a column too large. In the last one, that no
/// column is too large is supposed of each, because that is how it ends ([`ends_with_limbs`]).
pub(super) fn rounds<T>(
    width: usize,
    rounds: &[usize],
    are_equal: impl Fn(usize) -> bool + 'static,
    run: impl FnOnce() -> T,
) -> (T, Vec<[Lane; 2]>) {
    let mut last = Vec::new();
    for count in rounds {
        last.extend(std::iter::repeat_n(false, count - 1).chain([true]));
    }
    let total = last.len() * width;
    let (mut registers, mut compared) = (0, 0);
    let who = move |question: &Question| {
        let Question::IsGreater { place, lanes: [column, limb] } = *question else {
            compared += 1;
            return are_equal(compared - 1);
        };
        assert_eq!(limb.interval().as_constant(), Some(i128::from(LIMB)));
        let is_last = last[registers / width];
        // The word at place 7 always has a carry.
        registers += usize::from(place == 7);
        if is_last {
            suppose(&column.polynomial(), Interval::bits(52));
        }
        !is_last
    };
    let (result, asked) = decided(who, run);
    let is_round = |question: &Question| matches!(question, Question::IsGreater { place: 7, .. });
    assert_eq!(asked.iter().filter(|(question, _)| is_round(question)).count(), total);
    let compared = asked.into_iter().filter_map(|(question, _)| match question {
        Question::AreEqual { lanes, .. } => Some(lanes),
        _ => None,
    });
    (result, compared.collect())
}

/// Runs code again whose rounds are known to end where they ended before.
pub(super) fn again<T>(are_equal: impl Fn(usize) -> bool + 'static, run: impl FnOnce() -> T) -> T {
    let mut compared = 0;
    let who = move |question: &Question| {
        let is_compared = matches!(question, Question::AreEqual { .. });
        compared += usize::from(is_compared);
        !is_compared || are_equal(compared - 1)
    };
    decided(who, run).0
}

/// Asserts that R·c + sum = R + x - n for the sum that `less` makes, and that it returns the sum unless
/// c is 0, and then x.
///
/// As x and n are below R, so is the sum, and R + x - n is below 2R: c is 0 or 1, and 1 if and only if x - n
/// is not negative.
fn subtracts<const Z: usize>() {
    for count in 1..=3 {
        reset();
        let (x, n) = (Number::<Z>::any(), Number::<Z>::any());
        let (sum, compared) = rounds(Z, &[count], |_| false, || less(Ifma, &x, &n));
        let [[c, zero]] = *compared else { panic!("{} words are compared", compared.len()) };
        assert_eq!(zero, Lane::constant(0));
        assert!(c.interval().low >= 0);
        are_carried(lanes(&sum.0));
        let [of_x, of_n, of_sum] = [&x, &n, &sum].map(|limbs| number(lanes(&limbs.0)));
        let r = power(8 * Z);
        let wanted = &(&of_x - &of_n) + &Polynomial::constant(r.clone());
        assert_eq!(&of_sum + &c.polynomial().scaled(&r), wanted);

        let (below, again) = decided(
            move |question| matches!(question, Question::IsGreater { .. }) || is_zero(question, c),
            || less(Ifma, &x, &n),
        );
        assert_eq!(below, x);
        assert!(again.iter().any(|(question, _)| is_zero(question, c)));
    }
}

/// Whether it is asked if a word is 0.
fn is_zero(question: &Question, word: Lane) -> bool {
    matches!(question, Question::AreEqual { lanes, .. } if *lanes == [word, Lane::constant(0)])
}

fn carries() {
    // The columns after a round are again any columns below 2^61, so what holds of one round and of
    // two holds of all.
    for count in 1..=4 {
        reset();
        let before = [(); 3].map(|()| V::fresh(Interval::bits(61)));
        let mut after = before;
        let (out, _) = rounds(3, &[count], |_| false, || carry(&mut after));
        are_carried(flat(&after));
        let [out, others @ ..] = out.0;
        assert!(others.iter().all(|lane| *lane == Lane::constant(0)));
        assert_eq!(number(flat(&before)), number(flat(&after).chain([out])));
        assert!(out.interval().low >= 0);
    }
}

fn ends_with_limbs() {
    // All words but the lowest one may be too large after a round.
    let questions = 8 * 3 - 1;
    for first in 0..questions {
        for second in first..questions {
            reset();
            let mut columns = [(); 3].map(|()| V::fresh(Interval::bits(61)));
            let mut at = 0;
            let who = move |_: &Question| {
                at += 1;
                at - 1 == first || at - 1 == second
            };
            let (_, asked) = decided(who, || carry(&mut columns));
            assert!(asked.len() > questions, "no second round");
        }
    }
}

/// Asserts that R·(out + R·k) = a·b + m·n with 0 <= m < R and k >= 0, if n·v is -1 modulo R, v the
/// given inverse. As out + R·k < 2n < R for factors below 2n, k is then 0.
fn multiply<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(ends: [usize; 3]) {
    reset();
    name_factors();
    let modulus = Modulus::<Z>::any();
    let (a, b) = (Number::<Z>::any(), Number::<Z>::any());
    let padded = Padded::new(&a);
    let reducer = Reducer::<Z, TOP, UPPER, DOUBLE>::new(&modulus);
    let (out, _) = rounds(Z, &ends, |_| false, || reducer.multiply(&padded, &b));
    are_carried(flat(&out));
    again(|_| false, || is_reduced::<Z, TOP, UPPER, DOUBLE>(&out, &a, &b, &modulus));
    // The assertions in the code compare with 2^61.
    assert!(largest() <= 1 << 61);
}

/// Goes through the steps with their names in `single.rs`, and asserts that `out` is what they
/// give.
pub(super) fn is_reduced<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(
    out: &[V; Z],
    a: &Number<Z>,
    b: &Number<Z>,
    modulus: &Modulus<Z>,
) {
    let shift = 52 * 8 * u32::try_from(Z).unwrap();
    let r = power(8 * Z);
    let [n, inverse] = [&modulus.n, &modulus.negative_inverse].map(|number_| number(lanes(&number_.0)));

    // 1. T = a·b; its lower half T mod R, carried.
    let total = columns::<Z, 0, DOUBLE>(&Padded::new(a), &b.0);
    let [of_a, of_b] = [a, b].map(|limbs| number(lanes(&limbs.0).map(Lane::factor)));
    let product = &of_a * &of_b;
    assert_eq!(number(flat(&total)), product);
    let (low, upper) = total.split_at(Z);
    let mut low: [V; Z] = low.try_into().unwrap();
    let carried = carry(&mut low);

    // 2. m is congruent to (T mod R)·v modulo R, so (T mod R) + m·n is a multiple of R.
    let mut quotient = columns::<Z, 0, Z>(&Padded::new(&modulus.negative_inverse), &rows(&low));
    let _ = carry(&mut quotient);
    are_carried(flat(&low).chain(flat(&quotient)));
    let of_low = number(flat(&low).map(Lane::factor));
    let m_of_low = &number(flat(&quotient)) - &(&of_low * &inverse);
    assert_eq!(m_of_low.modulo(&r), Polynomial::zero(), "not the quotient");

    // 3. The columns of m·n, of which `multiply` has those from the highest of the lower half on.
    let multiple = columns::<Z, 0, DOUBLE>(&Padded::new(&modulus.n), &rows(&quotient));
    let m = number(flat(&quotient).map(Lane::factor));
    let m_by_n = &m * &n;
    assert_eq!(number(flat(&multiple)), m_by_n);
    let (lower, multiple) = multiple.split_at(Z);
    let part = columns::<Z, TOP, UPPER>(&Padded::new(&modulus.n), &rows(&quotient));
    assert_eq!((part[0].0[7], &part[1..]), (lower[TOP].0[7], multiple));

    // The lower halves of T and m·n are c·R: x + e = c·2^52 with the carry e from the columns below.
    let below: Vec<V> = low.iter().zip(lower).map(|(low, lower)| add64(*low, *lower)).collect();
    is_told(flat(&below).take(8 * Z - 1));
    let c = shift_right64::<52>(add64(below[TOP], splat(1 << 20))).0[7];
    let lower_half = number(flat(&below));

    // The upper halves, the carry out of T's lower half, and c.
    let mut sum: [V; Z] = std::array::from_fn(|i| add64(upper[i], multiple[i]));
    let [carried, ..] = carried.0;
    let mut first = [Lane::constant(0); 8];
    first[0] = Lane::of(&(&carried.polynomial() + &c.polynomial()), Interval::bits(60));
    sum[0] = add64(sum[0], V(first));
    let [k, ..] = carry(&mut sum).0;
    assert!(k.interval().low >= 0);
    let is = &number(flat(out).chain([k])).shifted(shift) - &c.polynomial().shifted(shift);
    assert_eq!(is, &(&product + &m_by_n) - &lower_half);
}
