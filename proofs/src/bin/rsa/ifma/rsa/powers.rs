//! The chain of products, for e = 65537.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::{Lane, name_factors, reset};
use jot_proofs::x512::{V, load};

use super::across::{again, rounds};
use super::modulus::{Modulus, Number};
use super::multi_buffer::{self, Block};
use super::number::are_carried;
use super::products::{Given, limbs};
use super::single::{self, Padded, Reducer, less};
use crate::simd::Ifma;
use crate::simd::moves::splat;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        says: "power: eighteen products, the first with R², give x^65537·R^0 in each lane from its own x; each \
               is reduced by n, once",
        about: "accel/src/ifma/rsa/multi_buffer.rs",
        proof: in_lanes,
    },
    Claim {
        says: "power: eighteen products, the first with R², give x^65537·R^0; it is reduced by n, once; of \
               eight limbs, and at 2048 bits",
        about: "accel/src/ifma/rsa/single.rs",
        proof: || {
            across::<1, 0, 2, 2>(true);
            across::<1, 0, 2, 2>(false);
            across::<5, 4, 6, 10>(false);
        },
    },
];

/// A number by its exponents of x and R, modulo n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Power {
    x: u32,
    r: i32,
}

const X: Power = Power { x: 1, r: 0 };
const R_SQUARED: Power = Power { x: 0, r: 2 };

impl Power {
    /// Montgomery's product.
    fn times(self, other: Self) -> Self {
        Self { x: self.x + other.x, r: self.r + other.r - 1 }
    }
}

const WANTED: Power = Power { x: 65537, r: 0 };

fn in_lanes() {
    const Z: usize = 1;
    name_factors();
    let modulus = Modulus::<Z>::any();
    let numbers = [(); 8].map(|()| Number::<Z>::any());
    let given =
        Given { n: modulus.n.limbs().as_chunks().0.to_vec(), inverse: modulus.negative_inverse.limbs()[0] };
    // The same limb of eight numbers in a register, four of them in a block.
    let register = |limb: usize| load(&numbers.map(|number| number.limbs()[limb]));
    let x: [Block; 2 * Z] =
        std::array::from_fn(|block| Block(std::array::from_fn(|limb| register(4 * block + limb))));
    let r_squared: [Block; 2 * Z] = std::array::from_fn(|block| {
        Block(std::array::from_fn(|limb| splat(modulus.r_squared.limbs()[4 * block + limb])))
    });

    let mut reducer = given.reducer();
    let (mut wanted, mut power) = (x, X.times(R_SQUARED));
    reducer.multiply(&mut wanted, &r_squared);
    for _ in 0..16 {
        reducer.square(&mut wanted);
        power = power.times(power);
    }
    reducer.multiply(&mut wanted, &x);
    assert_eq!(power.times(X), WANTED);

    // Some of them are n or more, and some are not.
    let is_below = |at: usize| at.is_multiple_of(3);
    let mut found = numbers;
    let run = || multi_buffer::power(Ifma, &modulus, &mut found);
    let ((), compared) = rounds(Z, &[1; 8], is_below, run);
    assert_eq!(compared.len(), 8);
    for (place, found) in found.iter().enumerate() {
        are_carried(limbs(&wanted, place));
        let mut power = Number::<Z>::ZERO;
        for (word, limb) in power.0.as_flattened_mut().iter_mut().zip(limbs(&wanted, place)) {
            *word = limb.word();
        }
        let reduced = again(move |_| is_below(place), || less(Ifma, &power, &modulus.n));
        assert_eq!(*found, reduced);
        assert_eq!(*found == power, is_below(place));
    }
}

fn across<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(is_below: bool) {
    reset();
    name_factors();
    let modulus = Modulus::<Z>::any();
    let x = Number::<Z>::any();
    let run = || single::power::<Z, TOP, UPPER, DOUBLE>(Ifma, &modulus, &x);
    let (found, compared) = rounds(Z, &[1; 3 * 18 + 1], move |_| is_below, run);
    assert_eq!(compared.len(), 1);

    let reducer = Reducer::<Z, TOP, UPPER, DOUBLE>::new(&modulus);
    let words = |limbs: [V; Z]| Number(single::rows(&limbs));
    let wanted = || {
        let (mut wanted, mut power) =
            (words(reducer.multiply(&Padded::new(&x), &modulus.r_squared)), X.times(R_SQUARED));
        for _ in 0..16 {
            wanted = words(reducer.multiply(&Padded::new(&wanted), &wanted));
            power = power.times(power);
        }
        assert_eq!(power.times(X), WANTED);
        let power = words(reducer.multiply(&Padded::new(&x), &wanted));
        (power, less(Ifma, &power, &modulus.n))
    };
    let (power, reduced) = again(move |_| is_below, wanted);
    are_carried(power.limbs().iter().map(|word| Lane::of_word(*word)));
    assert_eq!(found, reduced);
    assert_eq!(found == power, is_below);
}
