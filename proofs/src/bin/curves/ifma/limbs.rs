//! Numbers of five limbs: splitting, carrying, columns of products, choices.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{self, Interval, Lane};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;

use super::radix52::{
    LIMB, add, carried, choose, columns, equal, join, join_number, split, split_number, square_columns,
    subtract,
};
use crate::number::{any, any_limbs, any_words, big, is_carried, number, sum};

const ABOUT: &str = "accel/src/ifma/radix52.rs";

pub(super) const CLAIMS: &[Claim] = &[
    Claim { says: "split keeps the number of any four words, and carries", about: ABOUT, proof: splits },
    Claim { says: "join keeps the number of any carried limbs below 2^256", about: ABOUT, proof: joins },
    Claim {
        says: "split_number and join_number keep the number: each bit alone, and all",
        about: ABOUT,
        proof: splits_constants,
    },
    Claim {
        says: "carried keeps the number of any limbs of ±2^62, and the lower four are then below 2^52",
        about: ABOUT,
        proof: carries,
    },
    Claim {
        says: "columns and square_columns are those of the product, at most 10·(2^52 - 1)",
        about: ABOUT,
        proof: multiplies,
    },
    Claim { says: "add and subtract add and subtract in each lane", about: ABOUT, proof: adds },
    Claim { says: "choose takes the lanes of every mask", about: ABOUT, proof: chooses },
    Claim {
        says: "equal tells exactly the lanes in which all five limbs are",
        about: ABOUT,
        proof: compares,
    },
];

fn splits() {
    let each = [(); 8].map(|()| any_words());
    let words = std::array::from_fn(|word| V(each.map(|words| words[word])));
    let limbs = split(words);
    for place in 0..8 {
        is_carried(&limbs, place);
        assert!(limbs[4].0[place].interval().is_within(Interval::bits(48)));
        let whole = words
            .iter()
            .zip((0..).step_by(64))
            .fold(Polynomial::zero(), |sum, (word, bits)| &sum + &word.0[place].polynomial().shifted(bits));
        assert_eq!(number(&limbs, place), whole);
    }
}

fn joins() {
    let each = [(); 8].map(|()| any_limbs());
    let limbs: [V; 5] = std::array::from_fn(|limb| V(each.map(|limbs| limbs[limb])));
    let words = join(&limbs);
    for place in 0..8 {
        let whole = words
            .iter()
            .zip((0..).step_by(64))
            .fold(Polynomial::zero(), |sum, (word, bits)| &sum + &word.0[place].polynomial().shifted(bits));
        assert_eq!(whole, number(&limbs, place));
    }
}

fn splits_constants() {
    let whole =
        |words: [u64; 4]| words.iter().rev().fold(num_bigint::BigInt::ZERO, |sum, word| (sum << 64) + *word);
    let mut numbers = vec![[0; 4], [u64::MAX; 4]];
    for bit in 0..256 {
        let mut number = [0; 4];
        number[bit / 64] = 1 << (bit % 64);
        numbers.push(number);
        numbers.push(number.map(|word: u64| !word));
    }
    for number in numbers {
        let limbs = split_number(number);
        assert_eq!(big(&limbs), whole(number));
        assert!(limbs.iter().all(|limb| *limb <= LIMB) && limbs[4] < 1 << 48);
        assert_eq!(join_number(limbs), number);
        // The same as the vector code.
        assert_eq!(split(number.map(|word| V([Lane::of_word(word); 8]))).map(|limb| limb.0[7].word()), limbs);
    }
}

fn carries() {
    let limbs = [(); 5].map(|()| V::fresh(Interval::new(-(1 << 62), 1 << 62)));
    let after = carried(limbs);
    for place in 0..8 {
        is_carried(&after, place);
        assert_eq!(number(&after, place), number(&limbs, place));
    }
}

fn multiplies() {
    let largest = Interval::new(0, 10 * i128::from(LIMB));
    let (a, b) = (any(i128::from(LIMB)), any(i128::from(LIMB)));
    let (product, square) = (columns(&a, &b), square_columns(&a));
    for place in 0..8 {
        let (x, y) = (number(&a, place), number(&b, place));
        assert_eq!(sum(&product, place), &x * &y);
        assert_eq!(sum(&square, place), &x * &x);
        for column in product.iter().chain(&square) {
            let interval = column.0[place].interval();
            assert!(interval.is_within(largest), "{interval:?}");
        }
    }
    assert!(lanes::largest() < 1 << 56);
}

fn adds() {
    let (a, b) = (any(i128::from(LIMB)), any(i128::from(LIMB)));
    let (sums, differences) = (add(&a, &b), subtract(&a, &b));
    for place in 0..8 {
        for i in 0..5 {
            let [x, y] = [&a, &b].map(|limbs| limbs[i].0[place].polynomial());
            assert_eq!(sums[i].0[place].polynomial(), &x + &y);
            assert_eq!(differences[i].0[place].polynomial(), &x - &y);
        }
    }
}

fn chooses() {
    let (yes, no) = (any(1 << 48), any(1 << 48));
    for mask in 0..=u8::MAX {
        let chosen = choose(mask, &yes, &no);
        for place in 0..8 {
            let from = if mask >> place & 1 == 1 { &yes } else { &no };
            assert_eq!(chosen.map(|limb| limb.0[place]), from.map(|limb| limb.0[place]));
        }
    }
}

fn compares() {
    let wanted = [5, 0, LIMB, 7, 1];
    let mut other = any(i128::from(LIMB));
    for (limb, wanted) in other.iter_mut().zip(wanted) {
        limb.0.iter().for_each(|lane| lane.exclude([i128::from(wanted)]));
    }
    // Each place goes through every set of limbs that are the wanted ones.
    for turn in 0..32 {
        let is_wanted = |place: usize, i: usize| (turn + 5 * place) >> i & 1 == 1;
        let limbs = std::array::from_fn(|i| {
            V(std::array::from_fn(|place| {
                if is_wanted(place, i) { Lane::of_word(wanted[i]) } else { other[i].0[place] }
            }))
        });
        let expected: u8 = (0..8).map(|place| u8::from((0..5).all(|i| is_wanted(place, i))) << place).sum();
        assert_eq!(equal(&limbs, &wanted), expected);
    }
}
