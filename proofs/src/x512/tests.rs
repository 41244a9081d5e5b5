//! Abstract registers against the emulated ones, which are compared with the processor's in
//! `accel`; and what they refuse.

use super::*;
use crate::lanes::{name_factors, reset, value_of};

#[path = "../../../accel/src/simd/x512_emulated.rs"]
#[expect(dead_code, reason = "instructions for words of fewer bits as well")]
mod emulated;

/// splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// An abstract register and one of numbers, computed alike.
#[derive(Clone, Copy)]
struct Both(V, emulated::V);

/// A register of unknown words and the numbers that they are.
fn given(random: &mut Random, numbers: &mut Vec<i128>) -> Both {
    let mut words = [0; 8];
    let lanes = std::array::from_fn(|place| {
        let bits = [1, 12, 51, 52, 53, 60, 62, 63][random.below(8)];
        let is_signed = random.below(3) == 0;
        let low = if is_signed { -(1_i128 << (bits - 1)) } else { 0 };
        let interval = Interval::new(low, low + (1 << bits) - 1);
        let number = match random.below(4) {
            0 => interval.low,
            1 => interval.high,
            _ => low + i128::from(random.next() >> (64 - bits)),
        };
        numbers.push(number);
        words[place] = (number as i64).cast_unsigned();
        fresh(interval)
    });
    Both(V(lanes), emulated::load(&words))
}

/// Whether all words are within bounds.
fn are_within(value: V, low: i128, high: i128) -> bool {
    value.0.iter().all(|lane| lane.interval().is_within(Interval::new(low, high)))
}

/// One instruction at random, if its operands are fit for it.
fn step(random: &mut Random, of: &[Both]) -> Option<Both> {
    let [a, b, c] = [(); 3].map(|()| of[random.below(of.len())]);
    let mask = random.next() as u8;
    let small = 1 << 61;
    let are_small = [a, b, c].iter().all(|both| are_within(both.0, -small, small));
    let is_natural = are_within(a.0, 0, u64::MAX.into());
    let is_signed = are_within(a.0, i64::MIN.into(), i64::MAX.into());
    Some(match random.below(20) {
        0 if are_small => Both(add64(a.0, b.0), emulated::add64(a.1, b.1)),
        1 if are_small => Both(sub64(a.0, b.0), emulated::sub64(a.1, b.1)),
        2 if are_small => {
            Both(masked_add64(c.0, mask, a.0, b.0), emulated::masked_add64(c.1, mask, a.1, b.1))
        }
        3 if are_small => {
            Both(masked_sub64(c.0, mask, a.0, b.0), emulated::masked_sub64(c.1, mask, a.1, b.1))
        }
        4 | 5 if are_small => Both(madd52_low(c.0, a.0, b.0), emulated::madd52_low(c.1, a.1, b.1)),
        6 | 7 if are_small => Both(madd52_high(c.0, a.0, b.0), emulated::madd52_high(c.1, a.1, b.1)),
        8 if is_natural => Both(shift_right64::<52>(a.0), emulated::shift_right64::<52>(a.1)),
        9 if is_natural => Both(shift_right64::<12>(a.0), emulated::shift_right64::<12>(a.1)),
        10 if is_signed => Both(shift_right_signed64::<48>(a.0), emulated::shift_right_signed64::<48>(a.1)),
        11 if is_natural => Both(shift_left64::<12>(a.0), emulated::shift_left64::<12>(a.1)),
        12 if is_natural => Both(shift_left64::<36>(a.0), emulated::shift_left64::<36>(a.1)),
        13 => {
            let bits = (1 << (1 + random.below(62))) - 1;
            Both(and(a.0, broadcast64(bits)), emulated::and(a.1, emulated::broadcast64(bits)))
        }
        14 => Both(blend64(mask, a.0, b.0), emulated::blend64(mask, a.1, b.1)),
        15 => Both(align64::<7>(a.0, b.0), emulated::align64::<7>(a.1, b.1)),
        16 => Both(permute64::<0xb1>(a.0), emulated::permute64::<0xb1>(a.1)),
        17 => Both(shuffle_quarters::<0x72>(a.0, b.0), emulated::shuffle_quarters::<0x72>(a.1, b.1)),
        18 => Both(unpack_low64(a.0, b.0), emulated::unpack_low64(a.1, b.1)),
        19 => Both(unpack_high64(a.0, b.0), emulated::unpack_high64(a.1, b.1)),
        _ => return None,
    })
}

#[test]
fn polynomials_and_bounds_are_those_of_the_numbers() {
    let (mut compared, mut symbolic) = (0, 0);
    for seed in 0..300 {
        reset();
        if seed % 2 == 1 {
            name_factors();
        }
        let (mut random, mut numbers) = (Random(seed), Vec::new());
        let mut registers: Vec<Both> = (0..5).map(|_| given(&mut random, &mut numbers)).collect();
        for _ in 0..40 {
            registers.extend(step(&mut random, &registers));
        }
        for Both(lanes, words) in &registers {
            let mut numbers_of = [0; 8];
            emulated::store(&mut numbers_of, *words);
            for (lane, word) in lanes.0.iter().zip(numbers_of) {
                let value = value_of(*lane, &numbers);
                let Interval { low, high } = lane.interval();
                assert!(low <= value && value <= high, "{value} is not in {low}..={high}");
                assert_eq!(value as u64, word);
                compared += 1;
                symbolic += i32::from(lane.polynomial().as_constant().is_none());
            }
        }
    }
    assert!(compared > 50_000 && symbolic > 40_000, "{compared} {symbolic}");
}

#[test]
fn words_that_have_no_bit_in_common_are_joined() {
    reset();
    let [a, b] = [8, 20].map(|bits| V::fresh(Interval::bits(bits)));
    let joined = or(a, shift_left64::<8>(b));
    for place in 0..8 {
        let wanted = &a.0[place].polynomial() + &b.0[place].polynomial().shifted(8);
        assert_eq!(joined.0[place].polynomial(), wanted);
        assert_eq!(joined.0[place].interval(), Interval::bits(28));
        // What was joined comes apart at the same place without a carry.
        assert_eq!(shift_right64::<8>(joined).0[place], b.0[place]);
    }
}

#[test]
fn words_in_memory_are_what_they_stand_for() {
    reset();
    let value = V::fresh(Interval::bits(64));
    let mut words = [0; 8];
    store(&mut words, value);
    assert_eq!(load(&words), value);
    words.swap(1, 6);
    assert_ne!(load(&words), value);
    store(&mut words, broadcast64(-7));
    assert_eq!(words, [(-7_i64).cast_unsigned(); 8]);
}

#[test]
fn comparisons_are_answered_by_bounds_or_by_the_proof() {
    reset();
    let [low, high] = [0, 9].map(|low| V::fresh(Interval::new(low, low + 8)));
    assert_eq!((equal64(low, high), greater64(high, low), signs64(low)), (0, 0xff, 0));
    assert_eq!((equal64(low, low), signs64(broadcast64(5))), (0xff, 0));
    let difference = sub64(low, V([high.0[0]; 8]));
    assert_eq!(signs64(difference), 0xff);
    let unknown = V::fresh(Interval::bits(8));
    unknown.0[3].exclude([5]);
    let answer = |question: &Question| question.place() >= 6;
    let (mask, asked) = crate::lanes::decided(answer, || equal64(unknown, broadcast64(5)));
    assert_eq!((mask, asked.len()), (0b1100_0000, 7));
}

macro_rules! refused {
    ($($name:ident: $message:literal, $run:expr;)*) => {$(
        #[test]
        #[should_panic(expected = $message)]
        fn $name() {
            reset();
            let fresh = |low: i128, high: i128| V::fresh(Interval::new(low, high));
            let run: fn(&dyn Fn(i128, i128) -> V) -> V = $run;
            let _ = run(&fresh);
        }
    )*};
}

refused! {
    sums_that_wrap_are_refused: "may wrap", |fresh| add64(fresh(0, 1 << 63), fresh(0, 1 << 63));
    differences_that_wrap_are_refused: "may wrap", |fresh| sub64(fresh(0, 1), fresh(0, (1 << 63) + 1));
    masked_sums_that_wrap_in_one_lane_are_refused: "may wrap",
        |fresh| masked_add64(zero(), 0b1000, fresh(0, 1 << 63), fresh(0, 1 << 63));
    logical_shifts_of_negative_words_are_refused: "may be negative", |fresh| shift_right64::<52>(fresh(-1, 5));
    signed_shifts_of_words_without_sign_are_refused: "no signed number",
        |fresh| shift_right_signed64::<52>(fresh(0, 1 << 63));
    words_with_bits_in_common_are_not_joined: "at the same place", |fresh| or(fresh(0, 255), fresh(0, 255));
    masks_of_upper_bits_are_refused: "other than low bits", |fresh| and(fresh(0, 255), broadcast64(0xf0));
    products_are_no_masks: "neither of two words", |fresh| and(fresh(0, 255), fresh(0, 255));
    unknown_comparisons_are_refused: "undecided", |fresh| blend64(equal64(fresh(0, 1), fresh(0, 1)), zero(), zero());
    unknown_signs_are_refused: "undecided", |fresh| blend64(signs64(fresh(-1, 1)), zero(), zero());
}
