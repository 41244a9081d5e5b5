//! What the multiples of keys are: values of the field's operations, each with a symbol.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Lane, Question, decided, reset};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::{V, load};
use num_bigint::BigInt;

use super::field::{Field, one_by_r};
use super::multiples::{MULTIPLES, Multiples, Points, multiples};
use super::point::Point;
use crate::ifma::radix52::split;
use crate::ifma::weierstrass::curves::Lanes;
use crate::ifma::weierstrass::each::{claim, of_each_curve, p};
use crate::known::{Known, known, made_of, name_values, numbers};
use crate::weierstrass::Curve;

macro_rules! claims_of {
    ($name:literal, $curve:ty, $words:literal, $limbs:literal) => {
        [claim!(
            $name,
            "accel/src/ifma/weierstrass/multiples.rs",
            multiples_are_right::<$curve, $words, $limbs>,
            "the rows of a key are the point, its double, and each of these plus the point, made affine by \
             its own inverse, in each lane of each group"
        )]
    };
}

pub(in crate::ifma::weierstrass) fn claims() -> Vec<Claim> {
    of_each_curve!(claims_of)
}

/// Any points, by their names.
fn any_points<C: Lanes<W, N>, const W: usize, const N: usize>(group: usize) -> Points<W> {
    [0, 1].map(|coordinate| {
        let words: [[u64; W]; 8] = std::array::from_fn(|lane| {
            <C as Curve<W>>::words(Known::named((group * 16 + lane * 2 + coordinate) as u64, &p::<C, N>()))
        });
        std::array::from_fn(|word| words.map(|words| words[word]))
    })
}

fn value(limbs: &[V], place: usize) -> Polynomial {
    known(limbs, place).value.expect("a value")
}

/// What was multiplied by `factor` to this value.
fn other_factor<C: Lanes<W, N>, const W: usize, const N: usize>(
    product: &Polynomial,
    factor: &Polynomial,
) -> Polynomial {
    let [other, rest] = made_of(product).split_by(factor.as_symbol().expect("a symbol"));
    assert_eq!(rest, Polynomial::zero());
    let r: BigInt = BigInt::from(1) << (52 * N);
    assert_eq!(&r * one_by_r::<C, N>() % p::<C, N>(), BigInt::from(1));
    other.scaled(&r).modulo(&p::<C, N>())
}

fn multiples_are_right<C: Lanes<W, N>, const W: usize, const N: usize>() {
    for count in [1, 2, 3] {
        reset();
        name_values();
        let groups: Vec<Points<W>> = (0..count).map(any_points::<C, W, N>).collect();
        let mut found = [const { Multiples::NONE }; 3];
        let run = || multiples::<C, W, N>(&groups, &mut Vec::new(), &mut found);
        let (proved, asked) = decided(|question| question.place() != 5, run);
        assert_eq!(proved, 0xdf);
        // What was compared with 1: of each limb, all places.
        let compared: Vec<Lane> = asked
            .iter()
            .map(|(question, _)| match question {
                Question::AreEqual { lanes: [lane, _], .. } => *lane,
                _ => panic!("{question:?}"),
            })
            .collect();
        assert_eq!(compared.len(), 8 * N);
        let compared: [V; N] =
            std::array::from_fn(|limb| V(std::array::from_fn(|at| compared[8 * limb + at])));

        let mut points = Vec::new();
        let mut products = vec![Field::<C, N>::splat(&C::ONE)];
        for group in &groups {
            let [x, y] = group.map(|number| Field::of(split(number.each_ref().map(|words| load(words)))));
            let mut last = Point::affine(x, y);
            for place in 1..MULTIPLES {
                last = if place == 1 { last.doubled() } else { last.plus(&x, &y, 0) };
                products.push(products.last().unwrap().times(&last.z));
                points.push(Point { ..last });
            }
        }
        let all = products.pop().unwrap();
        let inverse = numbers(std::array::from_fn(|place| {
            let inverse = other_factor::<C, W, N>(&value(&compared, place), &value(&all.0, place));
            Known { value: Some(inverse), ..Known::new(0, p::<C, N>() - 1) }
        }));
        let mut inverse = Field::of(inverse);
        for (at, (point, product)) in points.iter().zip(&products).enumerate().rev() {
            let own = inverse.times(product);
            inverse = inverse.times(&point.z);
            let square = own.squared();
            let row = [point.x.times(&square), point.y.times(&square.times(&own))];
            assert_row(&found[at / (MULTIPLES - 1)], 2 + at % (MULTIPLES - 1), &row.map(|number| number.0));
        }
        for (group, found) in groups.iter().zip(&found) {
            assert_row(
                found,
                1,
                &group.map(|number| split::<W, N>(number.each_ref().map(|words| load(words)))),
            );
        }
    }
}

/// Asserts that the rows of a digit are these numbers.
fn assert_row<const W: usize, const N: usize>(found: &Multiples<W>, digit: usize, numbers: &[[V; N]; 2]) {
    for lane in 0..8 {
        let row = found.row(lane, digit).unwrap();
        for (words, number) in row.coordinates.iter().zip(numbers) {
            let limbs: [V; N] = split(words.map(|word| V([Lane::of_word(word); 8])));
            assert_eq!(value(&limbs, 0), value(number, lane), "lane {lane}, {digit} times");
        }
    }
}
