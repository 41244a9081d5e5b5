//! What is compared when the rows of tables are checked, and that they are numbers then.

use std::collections::BTreeSet;

use jot_proofs::claims::Claim;
use jot_proofs::lanes::reset;
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;
use num_bigint::BigInt;

use super::checks::{Window, windows_are_right};
use super::field::{COMPARED_WITH_P, NOT_BELOW, OTHER_ZERO, ZEROS, compared_with_zero};
use crate::documented::assert_documented;
use crate::edwards::{DIGITS, Row, p};
use crate::ifma::words::unchecked_words;
use crate::known::{given, known, symbol};

const ABOUT: &str = "accel/src/ifma/ed25519/checks.rs";
const SOURCE: &str = include_str!("../../../../../../../accel/src/ifma/ed25519/checks.rs");

pub(in crate::ifma::ed25519) const CLAIMS: &[Claim] = &[
    Claim {
        says: "each row of each window is tested to be the sum of the first and the one before it, and the first \
               to be twice the last one before, by the equations of the portable code; every bound beside a \
               line holds",
        about: ABOUT,
        proof: rows_are_compared,
    },
    Claim {
        says: "any words are compared with p before they are computed with; windows are right only if all are \
               below, if all equations hold in all lanes, and if the first row is the point's",
        about: ABOUT,
        proof: one_wrong_answer_is_enough,
    },
];

/// The row before the first window.
const LAST: usize = 5 * DIGITS;

/// Numbers that may be any words, by the names 4·place and the next two.
fn row(place: usize) -> Row {
    Row::of_words(&[0, 1, 2].map(|number| unchecked_words::<4, 5>(4 * place as u64 + number)))
}

fn windows(count: usize) -> Vec<Window> {
    let window = |window: usize| std::array::from_fn(|place| row(window * DIGITS + place));
    (0..count).map(window).collect()
}

/// How a number is answered otherwise than it should be: its place among all, and its lane.
type Wrong = Option<(usize, usize)>;

/// Checks windows after a row, or without one as those of a point of which `start` is the row.
/// Returns the answer, the numbers that were compared with 0, and how many were compared with p.
/// All are what they should be, but those of `zero` and of `below`.
fn check(
    start: &Row,
    last: Option<&Row>,
    windows: &[Window],
    zero: Wrong,
    below: Wrong,
) -> (bool, Vec<[V; 5]>, usize) {
    let lanes = |wrong: Wrong| wrong.map(|(number, lane)| (number, 1 << lane));
    let _ = compared_with_zero();
    ZEROS.set([0xff; 2]);
    OTHER_ZERO.set(lanes(zero));
    NOT_BELOW.set(lanes(below));
    COMPARED_WITH_P.set(0);
    let is_right = windows_are_right(start, last, windows);
    ZEROS.set([0; 2]);
    OTHER_ZERO.set(None);
    NOT_BELOW.set(None);
    (is_right, compared_with_zero(), COMPARED_WITH_P.get())
}

/// y + x, y - x and 2dxy of a row.
fn numbers(place: usize) -> [Polynomial; 3] {
    [0, 1, 2].map(|number| symbol(4 * place as u64 + number))
}

/// The d of RFC 8032 §5.1: -121665/121666
fn d() -> BigInt {
    (p() - 121_665) * inverse(121_666) % p()
}

fn inverse(number: u32) -> BigInt {
    BigInt::from(number).modpow(&(p() - 2), &p())
}

/// Asserts that a lane compares what `is_sum` of the portable code compares, with a scale of 1, or
/// the opposite, of the last a quarter.
fn assert_compared(compared: &[[V; 5]; 3], lane: usize, [sum, one, other]: [usize; 3]) {
    let [[s, m, t], [s1, m1, t1], [s2, m2, _]] = [sum, one, other].map(numbers);
    let k = (&t1 * &(&(&s2 + &m2) * &(&s2 - &m2))).scaled(&inverse(8));
    let wanted = [
        &(&s1 * &s2) - &(&s - &(&k * &m)),
        &(&m1 * &m2) - &(&m - &(&k * &s)),
        &(&(&s - &m) * &(&s + &m)).scaled(&(d() * inverse(2))) - &t,
    ];
    for (number, wanted) in compared.iter().zip(wanted) {
        assert_eq!(known(number, lane).value, Some(wanted.modulo(&p())), "{sum} from {one} and {other}");
    }
    // Numbers of other lanes do not come into it.
    let of = |place: usize, count: u64| (0..count).map(move |number| 4 * place as u64 + number);
    let from: BTreeSet<u64> = of(sum, 2).chain(of(one, 3)).chain(of(other, 2)).collect();
    let found = compared.each_ref().map(|number| known(number, lane).from);
    assert!(found[0].union(&found[1]).all(|name| from.contains(name)));
    assert!(found[2].iter().copied().eq(of(sum, 3)));
}

fn rows_are_compared() {
    for (count, has_last) in [(1, false), (1, true), (3, true), (3, false)] {
        reset();
        let (last, windows) = (row(LAST), windows(count));
        let start = if has_last { last } else { windows[0][0] };
        let (is_right, compared, _) = check(&start, has_last.then_some(&last), &windows, None, None);
        assert!(is_right);
        assert_documented(SOURCE, "ed25519/checks.rs", &[], &p(), &given());
        let (mut groups, []) = compared.as_chunks::<3>() else { panic!("{} numbers", compared.len()) };
        let whole = groups.len() + usize::from(!has_last);
        assert_eq!(whole % count, 0);
        for window in 0..count {
            let first = window * DIGITS;
            let mut sums = whole / count;
            if window != 0 || has_last {
                let last = if window == 0 { LAST } else { first - 1 };
                let (double, rest) = groups.split_first().expect("the double");
                (0..8).for_each(|lane| assert_compared(double, lane, [first, last, last]));
                groups = rest;
            }
            sums -= 1;
            let mut seen = BTreeSet::new();
            let (of_window, rest) = groups.split_at(sums);
            groups = rest;
            for (group, lane) in of_window.iter().flat_map(|group| (0..8).map(move |lane| (group, lane))) {
                // What 2dxy is compared with is of the sum alone.
                let sum = *known(&group[2], lane).from.first().expect("a name") as usize / 4;
                assert_compared(group, lane, [sum, sum - 1, first]);
                seen.insert(sum);
            }
            assert!(seen.into_iter().eq(first + 1..first + DIGITS));
        }
        assert!(groups.is_empty());
    }
}

fn one_wrong_answer_is_enough() {
    let run = |zero: Wrong, below: Wrong| {
        reset();
        let (last, windows) = (row(LAST), windows(1));
        let (is_right, numbers, count) = check(&last, Some(&last), &windows, zero, below);
        (is_right, numbers.len(), count)
    };
    let (is_right, numbers, count) = run(None, None);
    assert!(is_right);
    // In turn each lane.
    assert!((0..numbers).all(|number| !run(Some((number, number * 3 % 8)), None).0));
    assert!((0..count).all(|number| !run(None, Some((number, number * 3 % 8))).0));
    // Another first row, without a comparison after it.
    reset();
    let windows = windows(1);
    for place in [1, LAST] {
        let (is_right, numbers, _) = check(&row(place), None, &windows, None, None);
        assert!(!is_right && numbers.is_empty());
    }
}
