//! What is compared when the rows of tables are checked, and that they are numbers then.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use jot_proofs::claims::Claim;
use jot_proofs::lanes::reset;
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;
use num_bigint::BigInt;

use super::checks::{Window, windows_are_right};
use super::field::{answering_below, answering_zeros, one_by_r};
use crate::documented::assert_documented;
use crate::ifma::weierstrass::curves::Lanes;
use crate::ifma::weierstrass::each::{claim, of_each_curve, p};
use crate::ifma::words::unchecked_words;
use crate::known::{Known, given, known, symbol};
use crate::weierstrass::{Curve, DIGITS, Row};

const ABOUT: &str = "accel/src/ifma/weierstrass/checks.rs";
const SOURCE: &str = include_str!("../../../../../../../accel/src/ifma/weierstrass/checks.rs");

macro_rules! claims_of {
    ($name:literal, $curve:ty, $words:literal, $limbs:literal) => {
        [
            claim!($name, ABOUT, rows_are_compared::<$curve, $words, $limbs>,
                "each row of each window is tested to be the sum of the first and the one before it, with \
                 different x, the second to be twice the first, and the first to be twice the last one before, \
                 by the equations of the portable code; every bound beside a line holds"),
            claim!($name, ABOUT, one_wrong_answer_is_enough::<$curve, $words, $limbs>,
                "any words are compared with p before they are computed with; windows are right only if all are \
                 below, if all equations hold in all lanes, and if the first row is the point's"),
        ]
    };
}

pub(in crate::ifma::weierstrass) fn claims() -> Vec<Claim> {
    of_each_curve!(claims_of)
}

/// The row before the first window.
const LAST: usize = 5 * DIGITS;

/// Coordinates that may be any words, by the names 2·place and the next.
fn row<C: Lanes<W, N>, const W: usize, const N: usize>(place: usize) -> Row<W> {
    Row { coordinates: [0, 1].map(|coordinate| unchecked_words::<W, N>(2 * place as u64 + coordinate)) }
}

fn windows<C: Lanes<W, N>, const W: usize, const N: usize>(count: usize) -> Vec<Window<W>> {
    let window = |window: usize| std::array::from_fn(|place| row::<C, W, N>(window * DIGITS + place));
    (0..count).map(window).collect()
}

/// A number that was compared with 0, in each lane.
type Compared = [Known; 8];

/// How a number is answered otherwise than it should be: its place among all, and its lane.
type Wrong = Option<(usize, usize)>;

/// Checks windows after a row, or without one as those of a point of which `start` is the row.
/// Returns the answer, the numbers that were compared with 0, and how often numbers were compared
/// with p. All are what they should be, but those of `zero` and of `below`.
fn check<C: Lanes<W, N>, const W: usize, const N: usize>(
    start: &Row<W>,
    last: Option<&Row<W>>,
    windows: &[Window<W>],
    zero: Wrong,
    below: Wrong,
) -> (bool, Vec<Compared>, usize) {
    let otherwise = |wrong: Wrong, at: usize| match wrong {
        Some((number, lane)) if number == at => 1 << lane,
        _ => 0,
    };
    let numbers = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&numbers);
    let answer_zero = move |limbs: &[V]| {
        let mut numbers = log.borrow_mut();
        numbers.push(std::array::from_fn::<_, 8, _>(|place| known(limbs, place)));
        // Two equations, and the run, which must not be 0.
        let right: u8 = if numbers.len().is_multiple_of(3) { 0 } else { 0xff };
        right ^ otherwise(zero, numbers.len() - 1)
    };
    let count = Rc::new(RefCell::new(0));
    let counted = Rc::clone(&count);
    let answer_below = move || {
        *counted.borrow_mut() += 1;
        0xff ^ otherwise(below, *counted.borrow() - 1)
    };
    let mut is_right = false;
    answering_zeros(answer_zero, || {
        is_right = answering_below(answer_below, || windows_are_right::<C, W, N>(start, last, windows));
    });
    let count = *count.borrow();
    (is_right, numbers.take(), count)
}

/// What the coordinates of a row stand for, and the scale: those of the lanes have the factor R.
fn point(place: usize) -> [Polynomial; 2] {
    [0, 1].map(|coordinate| symbol(2 * place as u64 + coordinate))
}

/// Asserts that a lane compares what `is_sum_of` and `is_double_of` of the portable code compare,
/// whose numbers times 1/R³ or 1/R² these are, or their opposites.
fn assert_compared<C: Lanes<W, N>, const W: usize, const N: usize>(
    [in_x, in_y, of_run]: &[Compared; 3],
    lane: usize,
    [sum, one, other]: [usize; 3],
) {
    let p = p::<C, N>();
    let scale = BigInt::from(1) << (52 * N);
    let [[x3, y3], [x1, y1], [x2, y2]] = [sum, one, other].map(point);
    let xs = &(&x3 + &x1) + &x2;
    let (ys, back) = (&y3 + &y1, &x1 - &x3);
    let (run, of_x, of_y, powers) = if one == other {
        // The slope is that of the tangent at the point itself, times the scale.
        let a = Polynomial::constant(BigInt::from(<C as Curve<W>>::A) * &scale * &scale);
        let rise = &(&x1 * &x1).scaled(&BigInt::from(3)) + &a;
        let run = &y1 + &y1;
        let of_x = &(&xs * &(&run * &run)).scaled(&scale) - &(&rise * &rise);
        let of_y = &(&ys * &run).scaled(&scale) - &(&rise * &back);
        (run, of_x, of_y, [3, 2])
    } else {
        let (rise, run) = (&y2 - &y1, &x2 - &x1);
        let of_x = &(&xs * &(&run * &run)) - &(&rise * &rise).scaled(&scale);
        let of_y = &(&ys * &run) - &(&rise * &back);
        (run, of_x, of_y, [2, 1])
    };
    let by_r =
        |number: &Polynomial, times: u32| Some(number.scaled(&one_by_r::<C, N>().pow(times)).modulo(&p));
    assert_eq!(in_x[lane].value, by_r(&of_x, powers[0]), "x of {sum} from {one} and {other}");
    assert_eq!(in_y[lane].value, by_r(&of_y, powers[1]), "y of {sum} from {one} and {other}");
    assert_eq!(of_run[lane].value, by_r(&run, 0), "run of {one} and {other}");
    // Numbers of other lanes do not come into it.
    let names = [sum, one, other].map(|place| [2 * place as u64, 2 * place as u64 + 1]);
    assert_eq!(in_y[lane].from, names.as_flattened().iter().copied().collect());
    assert!(in_x[lane].from.union(&of_run[lane].from).all(|name| in_y[lane].from.contains(name)));
}

fn rows_are_compared<C: Lanes<W, N>, const W: usize, const N: usize>() {
    for (count, has_last) in [(1, false), (1, true), (3, true), (3, false)] {
        reset();
        let (last, windows) = (row::<C, W, N>(LAST), windows::<C, W, N>(count));
        let start = if has_last { last } else { windows[0][0] };
        let (is_right, numbers, _) =
            check::<C, W, N>(&start, has_last.then_some(&last), &windows, None, None);
        assert!(is_right);
        assert_documented(SOURCE, "weierstrass/checks.rs", &[], &p::<C, N>(), &given());
        let (groups, []) = numbers.as_chunks::<3>() else { panic!("{} numbers", numbers.len()) };
        assert_eq!(groups.len() % count, 0);
        for (window, groups) in groups.chunks(groups.len() / count).enumerate() {
            let first = window * DIGITS;
            let (doubles, sums) = groups.split_first().expect("the doubles");
            for lane in 0..8 {
                let last = if window == 0 { LAST } else { first - 1 };
                let is_of_last = lane == 0 && (window != 0 || has_last);
                let [double, half] = if is_of_last { [first, last] } else { [first + 1, first] };
                assert_compared::<C, W, N>(doubles, lane, [double, half, half]);
            }
            let mut compared = BTreeSet::new();
            for (group, lane) in sums.iter().flat_map(|group| (0..8).map(move |lane| (group, lane))) {
                // The row before is the one that is in the sum beside the first and the sum itself.
                let from: Vec<usize> = group[1][lane].from.iter().map(|name| *name as usize / 2).collect();
                let [.., one, _, sum, _] = from[..] else { panic!("{from:?}") };
                assert_eq!((from[0], sum), (first, one + 1));
                assert_compared::<C, W, N>(group, lane, [sum, one, first]);
                compared.insert(sum);
            }
            assert!(compared.into_iter().eq(first + 2..first + DIGITS));
        }
    }
}

fn one_wrong_answer_is_enough<C: Lanes<W, N>, const W: usize, const N: usize>() {
    let run = |zero: Wrong, below: Wrong| {
        reset();
        let (last, windows) = (row::<C, W, N>(LAST), windows::<C, W, N>(1));
        let (is_right, numbers, count) = check::<C, W, N>(&last, Some(&last), &windows, zero, below);
        (is_right, numbers.len(), count)
    };
    let (is_right, numbers, count) = run(None, None);
    assert!(is_right);
    // In turn each lane. The curves have one code; on one of them every answer is wrong once.
    let step = if (W, <C as Curve<W>>::A) == (4, 0) { 1 } else { 11 };
    assert!((0..numbers).step_by(step).all(|number| !run(Some((number, number * 3 % 8)), None).0));
    assert!((0..count).step_by(step).all(|number| !run(None, Some((number, number * 3 % 8))).0));
    // Another first row, without a comparison after it.
    reset();
    let windows = windows::<C, W, N>(1);
    for place in [1, LAST] {
        let (is_right, numbers, _) = check::<C, W, N>(&row::<C, W, N>(place), None, &windows, None, None);
        assert!(!is_right && numbers.is_empty());
    }
}
