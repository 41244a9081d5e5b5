//! Numbers in limbs: splitting, carrying, columns of products, choices.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{self, Interval, Lane, reset};
use jot_proofs::polynomial::Polynomial;
use jot_proofs::x512::V;

use super::radix52::{
    LIMB, add, carried, choose, columns, equal, join, join_number, split, split_number, square_columns,
    subtract,
};
use crate::number::{
    any, any_limbs, any_words_of, big, big_of_words, bits_of_words, is_carried, number, sum, word_bits,
};

const ABOUT: &str = "accel/src/ifma/radix52.rs";

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "split keeps the number of any words, and carries; on P-521 the last limb may have 56 bits, and \
               has one if the number has 521",
        about: ABOUT,
        proof: || {
            splits::<4, 5>(256, 48);
            reset();
            splits::<6, 8>(384, 20);
            reset();
            splits::<9, 11>(521, 1);
            reset();
            splits::<9, 11>(576, 56);
        },
    },
    Claim {
        says: "join keeps the number of any carried limbs that fit into the words",
        about: ABOUT,
        proof: || {
            joins::<4, 5>();
            reset();
            joins::<6, 8>();
            reset();
            joins::<9, 11>();
        },
    },
    Claim {
        says: "split_number and join_number keep the number: each bit alone, and all",
        about: ABOUT,
        proof: || {
            splits_constants::<4, 5>();
            reset();
            splits_constants::<6, 8>();
            reset();
            splits_constants::<9, 11>();
        },
    },
    Claim {
        says: "carried keeps the number of any limbs of ±2^62, and all but the last are then below 2^52",
        about: ABOUT,
        proof: || {
            carries::<5>();
            reset();
            carries::<8>();
            reset();
            carries::<11>();
        },
    },
    Claim {
        says: "columns and square_columns are those of the product, at most 2·N·(2^52 - 1)",
        about: ABOUT,
        proof: || {
            multiplies::<5>();
            reset();
            multiplies::<8>();
            reset();
            multiplies::<11>();
        },
    },
    Claim {
        says: "add and subtract add and subtract in each lane",
        about: ABOUT,
        proof: || {
            adds::<5>();
            reset();
            adds::<8>();
            reset();
            adds::<11>();
        },
    },
    Claim {
        says: "choose takes the lanes of every mask",
        about: ABOUT,
        proof: || {
            chooses::<5>();
            reset();
            chooses::<8>();
            reset();
            chooses::<11>();
        },
    },
    Claim { says: "equal tells exactly the lanes in which all limbs are", about: ABOUT, proof: compares },
];

fn splits<const W: usize, const N: usize>(bits: u32, last_bits: u32) {
    let each = [(); 8].map(|()| any_words_of::<W>(bits));
    let words: [V; W] = std::array::from_fn(|word| V(each.map(|words| words[word])));
    let limbs: [V; N] = split(words);
    for place in 0..8 {
        is_carried(&limbs, place);
        assert!(limbs[N - 1].0[place].interval().is_within(Interval::bits(last_bits)));
        let whole = words
            .iter()
            .zip((0..).step_by(64))
            .fold(Polynomial::zero(), |sum, (word, bits)| &sum + &word.0[place].polynomial().shifted(bits));
        assert_eq!(number(&limbs, place), whole);
    }
}

fn joins<const W: usize, const N: usize>() {
    let each = [(); 8].map(|()| any_limbs::<N>());
    let limbs: [V; N] = std::array::from_fn(|limb| V(each.map(|limbs| limbs[limb])));
    let words: [V; W] = join(&limbs);
    for place in 0..8 {
        let whole = words
            .iter()
            .zip((0..).step_by(64))
            .fold(Polynomial::zero(), |sum, (word, bits)| &sum + &word.0[place].polynomial().shifted(bits));
        assert_eq!(whole, number(&limbs, place));
    }
}

fn splits_constants<const W: usize, const N: usize>() {
    let bits = bits_of_words(W) as usize;
    let mut all = [u64::MAX; W];
    all[W - 1] >>= 64 * W - bits;
    let mut numbers = vec![[0; W], all];
    for bit in 0..bits {
        let mut number = [0; W];
        number[bit / 64] = 1 << (bit % 64);
        numbers.push(number);
        numbers.push(std::array::from_fn(|word| all[word] & !number[word]));
    }
    for number in numbers {
        let limbs: [u64; N] = split_number(number);
        assert_eq!(big(&limbs), big_of_words(&number));
        assert!(limbs.iter().all(|limb| *limb <= LIMB) && limbs[N - 1] < 1 << last_bits::<N>());
        assert_eq!(join_number::<W, N>(limbs), number);
        // The same as the vector code.
        let in_lanes: [V; N] = split(number.map(|word| V([Lane::of_word(word); 8])));
        assert_eq!(in_lanes.map(|limb| limb.0[7].word()), limbs);
    }
}

/// The bits of a last limb whose number fits into words.
const fn last_bits<const N: usize>() -> u32 {
    word_bits(N) - 52 * (N as u32 - 1)
}

fn carries<const N: usize>() {
    let limbs = [(); N].map(|()| V::fresh(Interval::new(-(1 << 62), 1 << 62)));
    let after = carried(limbs);
    for place in 0..8 {
        is_carried(&after, place);
        assert_eq!(number(&after, place), number(&limbs, place));
    }
}

fn multiplies<const N: usize>() {
    let largest = Interval::new(0, 2 * N as i128 * i128::from(LIMB));
    let (a, b) = (any::<N>(i128::from(LIMB)), any(i128::from(LIMB)));
    let (product, square) = (columns(&a, &b), square_columns(&a));
    for place in 0..8 {
        let (x, y) = (number(&a, place), number(&b, place));
        assert_eq!(sum(product.as_flattened(), place), &x * &y);
        assert_eq!(sum(square.as_flattened(), place), &x * &x);
        for column in product.as_flattened().iter().chain(square.as_flattened()) {
            let interval = column.0[place].interval();
            assert!(interval.is_within(largest), "{interval:?}");
        }
    }
    assert!(lanes::largest() <= largest.high);
}

fn adds<const N: usize>() {
    let (a, b) = (any::<N>(i128::from(LIMB)), any(i128::from(LIMB)));
    let (sums, differences) = (add(&a, &b), subtract(&a, &b));
    for place in 0..8 {
        for i in 0..N {
            let [x, y] = [&a, &b].map(|limbs| limbs[i].0[place].polynomial());
            assert_eq!(sums[i].0[place].polynomial(), &x + &y);
            assert_eq!(differences[i].0[place].polynomial(), &x - &y);
        }
    }
}

fn chooses<const N: usize>() {
    let (yes, no) = (any::<N>(1 << 20), any(1 << 20));
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
    let mut other = any::<5>(i128::from(LIMB));
    for (limb, wanted) in other.iter_mut().zip(wanted) {
        limb.0.iter().for_each(|lane| lane.exclude([i128::from(wanted)]));
    }
    // Each place goes through every set of limbs that are the wanted ones.
    for turn in 0..32 {
        let is_wanted = |place: usize, i: usize| (turn + 5 * place) >> i & 1 == 1;
        let limbs: [V; 5] = std::array::from_fn(|i| {
            V(std::array::from_fn(|place| {
                if is_wanted(place, i) { Lane::of_word(wanted[i]) } else { other[i].0[place] }
            }))
        });
        let expected: u8 = (0..8).map(|place| u8::from((0..5).all(|i| is_wanted(place, i))) << place).sum();
        assert_eq!(equal(&limbs, &wanted), expected);
    }
}
