//! Numbers in limbs of 52 bits, in eight places.

use jot_proofs::lanes::{Interval, Lane, fresh};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;
use num_bigint::BigInt;

pub(crate) const LIMB: i128 = (1 << 52) - 1;

/// Returns registers of any carried numbers, the last limb at most `last`.
pub(crate) fn any<const N: usize>(last: i128) -> [V; N] {
    std::array::from_fn(|i| V::fresh(Interval::new(0, if i + 1 == N { last } else { LIMB })))
}

/// The ends of parts of words or limbs of `bits`, of which there are `count`: where those of
/// `other` bits end.
fn ends(bits: u32, count: usize, other: u32) -> Vec<Vec<u32>> {
    let mut ends = vec![Vec::new(); count];
    let whole = bits * count as u32;
    for end in (other..whole).step_by(other as usize) {
        ends[(end / bits) as usize].push(end % bits);
    }
    ends
}

/// Returns a number of `bits` in parts with these ends.
fn in_parts(bits: u32, mut ends: Vec<u32>) -> Lane {
    ends.retain(|end| (1..bits).contains(end));
    ends.push(bits);
    ends.sort_unstable();
    ends.dedup();
    let (mut polynomial, mut begin) = (Polynomial::zero(), 0);
    for end in ends {
        let part = fresh(Interval::bits(end - begin));
        polynomial = &polynomial + &part.polynomial().shifted(begin);
        begin = end;
    }
    Lane::of(&polynomial, Interval::bits(bits))
}

/// The bits of the numbers of so many words: all, but on P-521.
pub(crate) const fn bits_of_words(words: usize) -> u32 {
    if words == 9 { 521 } else { 64 * words as u32 }
}

/// Returns words that are any number of their bits.
pub(crate) fn any_words<const W: usize>() -> [Lane; W] {
    any_words_of(bits_of_words(W))
}

/// Returns words that are any number of so many bits, at least one in the last word. They are in
/// parts that end where limbs of 52 bits end, and where a shift to the left that joins two words
/// would drop bits.
pub(crate) fn any_words_of<const W: usize>(bits: u32) -> [Lane; W] {
    let mut ends = ends(64, W, 52);
    // A limb that begins so far up in a word takes as many bits of the next one, and the shift
    // leaves those below the same bit.
    for word in 1..W {
        let begins: Vec<u32> = ends[word - 1].iter().copied().filter(|begin| *begin > 12).collect();
        ends[word].extend(begins);
    }
    let last = bits - 64 * (W as u32 - 1);
    let parts = ends.into_iter().zip(1..).map(|(ends, i)| in_parts(if i == W { last } else { 64 }, ends));
    let words: Vec<Lane> = parts.collect();
    words.try_into().unwrap()
}

/// The bits of the words that numbers of so many limbs have.
pub(crate) const fn word_bits(limbs: usize) -> u32 {
    bits_of_words(if limbs == 11 { 9 } else { 52 * limbs / 64 })
}

/// Returns limbs of any number that has its words full, in parts that end where words of 64 bits
/// end.
pub(crate) fn any_limbs<const N: usize>() -> [Lane; N] {
    let ends = ends(52, N, 64);
    let last = word_bits(N) - 52 * (N as u32 - 1);
    let parts = ends.into_iter().zip(1..).map(|(ends, i)| in_parts(if i == N { last } else { 52 }, ends));
    parts.collect::<Vec<_>>().try_into().unwrap()
}

/// Returns the number in one place.
pub(crate) fn number(limbs: &[V], place: usize) -> Polynomial {
    sum(limbs, place)
}

/// Returns the sum of columns in one place.
pub(crate) fn sum(columns: &[V], place: usize) -> Polynomial {
    let weighed =
        columns.iter().zip((0..).step_by(52)).map(|(limb, bits)| limb.0[place].polynomial().shifted(bits));
    weighed.fold(Polynomial::zero(), |sum, limb| &sum + &limb)
}

/// Returns the number of constant limbs.
pub(crate) fn big(limbs: &[u64]) -> BigInt {
    limbs.iter().rev().fold(BigInt::ZERO, |number, limb| (number << 52) + *limb)
}

/// Returns the number of constant words.
pub(crate) fn big_of_words(words: &[u64]) -> BigInt {
    words.iter().rev().fold(BigInt::ZERO, |number, word| (number << 64) + *word)
}

pub(crate) fn constant(number: &BigInt) -> Polynomial {
    Polynomial::constant(number.clone())
}

/// Returns the lanes of one place.
pub(crate) fn lanes(limbs: &[V], place: usize) -> Vec<Lane> {
    limbs.iter().map(|limb| limb.0[place]).collect()
}

/// Asserts that all limbs but the last are below 2^52. The last may be any.
pub(crate) fn is_carried(limbs: &[V], place: usize) {
    let (_, lower) = limbs.split_last().unwrap();
    for limb in lanes(lower, place) {
        assert!(limb.interval().is_within(Interval::bits(52)), "not carried: {:?}", limb.interval());
    }
}

/// Returns the largest number that a carried number can be, whose last limb must not be
/// negative.
pub(crate) fn largest(limbs: &[V], place: usize) -> BigInt {
    is_carried(limbs, place);
    let (last, lower) = limbs.split_last().unwrap();
    let last = last.0[place].interval();
    assert!(last.low >= 0, "a number may be negative: its last limb is {last:?}");
    (BigInt::from(last.high + 1) << (52 * lower.len())) - 1
}
