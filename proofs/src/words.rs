//! Words of 64 bits that are not numbers, with the names of `accel/src/field/words.rs`.
//!
//! A `u64` stands for a lane, as it does in memory. What a carry is, a proof that asks for it must
//! say.

use num_bigint::BigInt;

use crate::lanes::{Interval, Lane, Question, decide, words_of};
use crate::polynomial::Polynomial;

/// A carry or a borrow: a lane that is 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carry(u64);

/// 0
pub const NONE: Carry = Carry(0);

impl Carry {
    /// Returns its lane.
    #[must_use]
    pub fn lane(self) -> Lane {
        Lane::of_word(self.0)
    }
}

/// Returns the bounds of a word, which is not negative.
fn bounds(word: Lane) -> [u128; 2] {
    let Interval { low, high } = word.not_negative().interval();
    [low.cast_unsigned(), high.cast_unsigned()]
}

fn sum(words: [Lane; 3]) -> (u64, u64) {
    let range = words.map(bounds).into_iter().fold([0; 2], |sum, word| [sum[0] + word[0], sum[1] + word[1]]);
    let [high, low] = words_of(Polynomial::sum(words.map(Lane::polynomial)), range);
    (low.word(), high.word())
}

/// Whether it is 1.
#[must_use]
pub fn is_set(carry: Carry) -> bool {
    decide(Question::AreEqual { place: 0, lanes: [carry.lane(), Lane::constant(1)] })
}

/// Returns a + b·c + d: low and high.
#[must_use]
pub fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let [a, b, c, d] = [a, b, c, d].map(Lane::of_word);
    let [x, y, z, w] = [a, b, c, d].map(bounds);
    let range = [0, 1].map(|end| x[end] + y[end] * z[end] + w[end]);
    let product = &b.polynomial() * &c.polynomial();
    let [high, low] = words_of(Polynomial::sum([a.polynomial(), product, d.polynomial()]), range);
    (low.word(), high.word())
}

/// Returns the low word of a·b.
#[must_use]
pub fn multiply(a: u64, b: u64) -> u64 {
    multiply_add(0, a, b, 0).0
}

/// Returns a + b + c: low and high.
#[must_use]
pub fn add_three(a: u64, b: u64, c: u64) -> (u64, u64) {
    sum([a, b, c].map(Lane::of_word))
}

/// Returns the carry that a word of 0 or 1 is.
///
/// # Panics
/// If the word may be another.
#[must_use]
pub fn carry(word: u64) -> Carry {
    let interval = Lane::of_word(word).interval();
    assert!(interval.is_within(Interval::bits(1)), "a carry may be {interval:?}");
    Carry(word)
}

/// Returns a + b + carry: the low word, and the carry.
#[must_use]
pub fn add(a: u64, b: u64, carry: Carry) -> (u64, Carry) {
    let (low, high) = add_three(a, b, carry.0);
    (low, self::carry(high))
}

/// Returns a - b - borrow modulo 2^64, and the borrow: ⌊(b + borrow - a + 2^64 - 1) / 2^64⌋, whose rest
/// is what the word lacks to 2^64 - 1.
#[must_use]
pub fn subtract(a: u64, b: u64, borrow: Carry) -> (u64, Carry) {
    let [a, b, borrow] = [Lane::of_word(a), Lane::of_word(b), borrow.lane()];
    let [x, y, w] = [a, b, borrow].map(bounds);
    let largest = u128::from(u64::MAX);
    let lacking = &(&b.polynomial() + &borrow.polynomial()) - &a.polynomial();
    let range = [y[0] + w[0] + largest - x[1], y[1] + w[1] + largest - x[0]];
    let most = Polynomial::constant(BigInt::from(u64::MAX));
    let [borrow, rest] = words_of(&lacking + &most, range);
    let [low, high] = bounds(rest).map(|end| i128::from(u64::MAX) - end.cast_signed());
    let word = Lane::of(&(&most - &rest.polynomial()), Interval::new(high, low));
    (word.word(), carry(borrow.word()))
}

/// Returns the word if the carry is 1, otherwise 0.
#[must_use]
pub fn masked(word: u64, carry: Carry) -> u64 {
    multiply_add(0, word, carry.0, 0).0
}

#[cfg(test)]
#[path = "../../accel/src/field/words.rs"]
mod of_code;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{fresh, reset, value_of};

    const ENDS: [u64; 6] = [0, 1, 2, u64::MAX >> 1, u64::MAX - 1, u64::MAX];

    /// What the operations are for all numbers, compared with what they are for some, and with the code.
    #[test]
    fn words_do_what_numbers_do() {
        reset();
        let [a, b, c, d] = [(); 4].map(|()| fresh(Interval::bits(64)).word());
        let bit = fresh(Interval::bits(1));
        let carry = carry(bit.word());
        let product = multiply_add(a, b, c, d);
        let (sum, difference) = (add(a, b, carry), subtract(a, b, carry));
        let (three, low, kept) = (add_three(a, b, c), multiply(a, b), masked(a, carry));
        for [x, y, z, w] in ENDS.into_iter().flat_map(|x| {
            ENDS.into_iter().flat_map(move |y| ENDS.into_iter().map(move |z| [x, y, z, x ^ y.rotate_left(9)]))
        }) {
            for set in [false, true] {
                let given =
                    [x, y, z, w].map(i128::from).into_iter().chain([i128::from(set)]).collect::<Vec<_>>();
                let value = |word: u64| value_of(Lane::of_word(word), &given);
                let words =
                    |(low, high): (u64, u64)| [low, high].map(|word| u64::try_from(value(word)).unwrap());
                let halves = |number: u128| [number as u64, (number >> 64) as u64];
                let with_bit = |(word, bit): (u64, bool)| [word, u64::from(bit)];
                let [long_x, long_y, long_z, long_w] = [x, y, z, w].map(u128::from);
                let bit = u128::from(set);

                assert_eq!(words(product), halves(long_x + long_y * long_z + long_w));
                assert_eq!(words(product), <[u64; 2]>::from(of_code::multiply_add(x, y, z, w)));
                assert_eq!(words((sum.0, sum.1.0)), halves(long_x + long_y + bit));
                assert_eq!(words((sum.0, sum.1.0)), with_bit(of_code::add(x, y, set)));
                assert_eq!(words(three), halves(long_x + long_y + long_z));
                assert_eq!(words(three), <[u64; 2]>::from(of_code::add_three(x, y, z)));
                assert_eq!(words((low, kept)), [(long_x * long_y) as u64, if set { x } else { 0 }]);
                assert_eq!(words((low, kept)), [of_code::multiply(x, y), of_code::masked(x, set)]);
                let lost = long_x.wrapping_sub(long_y).wrapping_sub(bit);
                assert_eq!(words((difference.0, difference.1.0)), [lost as u64, u64::from(lost >> 64 != 0)]);
                assert_eq!(words((difference.0, difference.1.0)), with_bit(of_code::subtract(x, y, set)));
                assert_eq!([of_code::carry(bit as u64), of_code::is_set(set)], [set; 2]);
                assert_eq!(words((NONE.0, carry.0))[0], u64::from(of_code::NONE));
            }
        }
    }
}
