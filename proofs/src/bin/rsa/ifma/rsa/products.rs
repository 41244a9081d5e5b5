//! Products of eight numbers in lanes.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{self, Interval, Lane, largest, name_factors, reset, stands_for};
use jot_proofs::polynomial::{Polynomial, Symbol};
use jot_proofs::x512::V;
use num_bigint::BigInt;

use super::multi_buffer::{BLOCKS, Block, Reducer};
use super::number::{any, are_carried, number, power};

const ABOUT: &str = "accel/src/ifma/rsa/multi_buffer.rs";

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "multiply: R·out = a·b + m·n with 0 <= m < R, carried, words up to 2^61, in all lanes, \
               for all a, b < R of 1, 2 and 3 blocks",
        about: ABOUT,
        proof: || [1, 2, 3].iter().for_each(|blocks| multiply(*blocks, ALL)),
    },
    Claim {
        says: "square: R·out = a² + m·n, as above",
        about: ABOUT,
        proof: || [1, 2, 3].iter().for_each(|blocks| square(*blocks, ALL)),
    },
    Claim { says: "multiply, at 2048 bits, in all lanes", about: ABOUT, proof: || multiply(10, ALL) },
    Claim { says: "square, at 2048 bits, in all lanes", about: ABOUT, proof: || square(10, ALL) },
    Claim {
        says: "multiply, at 3072 bits, in the outer lanes",
        about: ABOUT,
        proof: || in_turn(16, &[0, 7], multiply),
    },
    Claim {
        says: "square, at 3072 bits, in the outer lanes",
        about: ABOUT,
        proof: || in_turn(16, &[0, 7], square),
    },
    Claim {
        says: "multiply, at 4096 bits, in each lane",
        about: ABOUT,
        proof: || in_turn(20, ALL, multiply),
    },
    Claim { says: "square, at 4096 bits, in each lane", about: ABOUT, proof: || in_turn(20, ALL, square) },
];

const ALL: &[usize] = &[0, 1, 2, 3, 4, 5, 6, 7];

/// Runs a proof about each of these lanes while the others are 0.
fn in_turn(blocks: usize, places: &[usize], proof: fn(usize, &[usize])) {
    for place in places {
        proof(blocks, &[*place]);
    }
}

/// The modulus of a product and the inverse of its lowest limb, in memory.
pub(super) struct Given {
    pub(super) n: Vec<[u64; 4]>,
    pub(super) inverse: u64,
}

impl Given {
    fn any(blocks: usize) -> Self {
        let n = (0..blocks).map(|_| [(); 4].map(|()| any().word())).collect();
        Self { n, inverse: any().word() }
    }

    pub(super) fn reducer(&self) -> Reducer<'_> {
        Reducer { n: &self.n, inverse: self.inverse, sum: [Block::zero(); 2 * BLOCKS] }
    }

    fn limbs(&self) -> impl Iterator<Item = Lane> {
        self.n.as_flattened().iter().map(|word| Lane::of_word(*word))
    }
}

/// Returns the limbs in one lane.
pub(super) fn limbs(blocks: &[Block], place: usize) -> impl Iterator<Item = Lane> {
    blocks.iter().flat_map(|block| block.0).map(move |limb| limb.0[place])
}

/// Returns any carried numbers in these lanes, and 0 in the others.
fn numbers(blocks: usize, places: &[usize]) -> Vec<Block> {
    let limb = |place| if places.contains(&place) { any() } else { Lane::constant(0) };
    (0..blocks).map(|_| Block([(); 4].map(|()| V(std::array::from_fn(limb))))).collect()
}

fn multiply(blocks: usize, places: &[usize]) {
    reset();
    name_factors();
    let given = Given::any(blocks);
    let (a, b) = (numbers(blocks, places), numbers(blocks, places));
    let mut out = a.clone();
    given.reducer().multiply(&mut out, &b);
    for place in places {
        let product = &number(limbs(&a, *place)) * &number(limbs(&b, *place));
        is_reduced(&limbs(&out, *place).collect::<Vec<_>>(), product, &given);
    }
    // The assertions in the code compare with 2^61.
    assert!(largest() <= 1 << 61);
}

fn square(blocks: usize, places: &[usize]) {
    reset();
    name_factors();
    let given = Given::any(blocks);
    let a = numbers(blocks, places);
    let mut out = a.clone();
    given.reducer().square(&mut out);
    for place in places {
        let product = &number(limbs(&a, *place)) * &number(limbs(&a, *place));
        is_reduced(&limbs(&out, *place).collect::<Vec<_>>(), product, &given);
    }
    // The assertions in the code compare with 2^61.
    assert!(largest() <= 1 << 61);
}

/// Asserts that R·out + R²·k = product + m·n with 0 <= m < R and k >= 0, if the lowest limb of n
/// times the given inverse is -1 modulo 2^52. As R·out + R²·k < 2·n·R < R² for factors below 2n, k
/// is then 0.
///
/// As polynomials, product + m·n - R·out is the sum of the lower columns as they are dropped, less
/// the carry out of them. Each column is replaced by what it was the quotient of, from the
/// highest one down, because it had no rest.
fn is_reduced(out: &[Lane], product: Polynomial, given: &Given) {
    are_carried(out.iter().copied());
    let lowest = Lowest::of(given);
    let mut open = &product - &number(out.iter().copied()).shifted(52 * u32::try_from(out.len()).unwrap());
    let mut digits = Vec::new();
    for column in (0..out.len()).rev() {
        let (carry, dividend) = carry(&open, &-power(column + 1));
        digits.push(lowest.digit(&dividend));
        let [_, others] = open.split_by(carry);
        open = &others - &dividend.shifted(52 * u32::try_from(column).unwrap());
    }
    let m = digits.iter().rev().zip((0..).step_by(52)).map(|(digit, bits)| {
        let digit = Polynomial::symbol(*digit);
        digit.shifted(bits)
    });
    let open = &open + &(&Polynomial::sum(m) * &number(given.limbs()));
    let k = open.divided(&power(2 * out.len())).expect("a multiple of R²");
    let k = k.as_symbol().expect("the last carry");
    assert!(stands_for(k).interval.low >= 0);
}

/// Returns the carry that has this coefficient, and the column that it was carried from.
fn carry(open: &Polynomial, coefficient: &BigInt) -> (Symbol, Polynomial) {
    let carries = open.terms().filter(|term| term.1 == coefficient).filter_map(|(symbols, _)| {
        let [symbol] = *symbols else { return None };
        let (dividend, bits) = stands_for(symbol).quotient_of?;
        // Those of one term are upper halves of products.
        (dividend.terms().count() > 1).then(|| (symbol, (*dividend).clone(), bits))
    });
    let carries: Vec<_> = carries.collect();
    let [(symbol, dividend, 52)] = &*carries else { panic!("{} carries from a column", carries.len()) };
    (*symbol, dividend.clone())
}

/// The lowest limb of n, and its inverse.
struct Lowest {
    n: Symbol,
    inverse: Symbol,
}

impl Lowest {
    fn of(given: &Given) -> Self {
        let symbol = |word| Lane::of_word(word).polynomial().as_symbol().expect("a number of its own");
        Self { n: symbol(given.n[0][0]), inverse: symbol(given.inverse) }
    }

    /// Returns the digit of the quotient that was added n times, for a column that
    /// is a multiple of 2^52 with it.
    fn digit(&self, dividend: &Polynomial) -> Symbol {
        let word = power(1);
        let [digit, others] = dividend.split_by(self.n);
        let digit = digit.as_symbol().expect("one digit times n");
        let meaning = stands_for(digit);
        assert!(meaning.interval.is_within(Interval::bits(52)));
        // The digit is inverse·column modulo 2^52, so n·digit is -column.
        let product = defined(digit).modulo(&word);
        let [column, none] = product.split_by(self.inverse);
        assert_eq!(none, Polynomial::zero());
        let column = defined(column.as_symbol().expect("a column"));
        assert_eq!((&others - &column).modulo(&word), Polynomial::zero(), "a column has a rest");
        digit
    }
}

/// Returns what a symbol is the name of, or itself.
fn defined(symbol: Symbol) -> Polynomial {
    match lanes::stands_for(symbol).quotient_of {
        Some((named, 0)) => (*named).clone(),
        _ => Polynomial::symbol(symbol),
    }
}
