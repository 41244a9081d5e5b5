//! The scalars of ECDSA, and what is proved of their digits.

use jot_proofs::claims::Claim;
use jot_proofs::lanes::reset;
use num_bigint::BigInt;

use crate::field::digits::{all, written};
use crate::field::number::{Path, Whole, any, is_whole, modulus, number, path, paths, tells_sign};
use crate::field::{Modulus, Residue, subtract};

#[path = "../../../../accel/src/weierstrass/curves.rs"]
#[allow(dead_code, reason = "not all of it is run here")]
mod curves;
#[path = "../../../../accel/src/weierstrass/ecdsa.rs"]
#[allow(dead_code, reason = "not all of it is run here")]
mod ecdsa;

use curves::{Curve, P256, P384, P521, Secp256k1};

pub(crate) const CLAIMS: &[Claim] = &[Claim {
    says: "digits: the smaller of u and n - u is written, and all signs are turned where it is n - u, for all u < n",
    about: "accel/src/weierstrass/ecdsa.rs",
    proof: || {
        digits::<P256, 4>();
        digits::<P384, 6>();
        digits::<P521, 9>();
        digits::<Secp256k1, 4>();
    },
}];

fn digits<C: Curve<N>, const N: usize>() {
    reset();
    let n = modulus::<C::Order, N>();
    let words = any::<N>();
    let below = [(subtract(&words, &C::Order::VALUE).1.lane(), true)];
    let scalar = path(&below, &[], || Residue::<C::Order, N>::from_montgomery(words)).result;
    // `number` is proved to give what is below n, whichever way it goes.
    for Path { result: u, asked: known } in paths(&[], || scalar.number()) {
        let (opposite, _) = subtract(&C::Order::VALUE, &u);
        let whole = |number, low, high| Whole { number, low: BigInt::from(low), high };
        is_whole(&whole(&number(&C::Order::VALUE) - &number(&u), 1, n.clone()), &opposite);
        let (difference, borrow) = subtract(&opposite, &u);
        let twice =
            Whole { number: &number(&opposite) - &number(&u), low: BigInt::from(2) - &n, high: n.clone() };
        tells_sign(&twice, &difference, borrow);
        let digits = || (ecdsa::digits::<C, N>(&scalar).collect::<Vec<_>>(), written());
        for Path { result: (digits, number), asked } in paths(&known, digits) {
            // Where n was subtracted, that may already tell how the halves compare.
            let answers: Vec<_> =
                known.iter().chain(&asked).filter(|(lane, _)| *lane == borrow.lane()).collect();
            let [&(_, is_turned)] = answers[..] else { panic!("{} answers", answers.len()) };
            assert_eq!(number, if is_turned { opposite } else { u });
            assert!(digits.into_iter().eq(all().map(|digit| if is_turned { -digit } else { digit })));
        }
    }
}
