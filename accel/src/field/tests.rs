//! Residues against big integers.

use num_bigint::BigUint;
use proptest::prelude::*;

use super::limbs::from_little_endian;
use super::*;

pub(crate) fn big(limbs: &[u64]) -> BigUint {
    limbs.iter().rev().fold(BigUint::ZERO, |number, limb| (number << 64) + *limb)
}

fn limbs<const N: usize>(number: &BigUint) -> [u64; N] {
    let digits = number.to_u64_digits();
    assert!(digits.len() <= N);
    std::array::from_fn(|i| digits.get(i).copied().unwrap_or(0))
}

/// Limbs at which carries go wrong, and numbers around the modulus.
fn extremes<M: Modulus<N>, const N: usize>() -> Vec<[u64; N]> {
    let modulus = big(&M::VALUE);
    let mut numbers: Vec<[u64; N]> = vec![[0; N], [u64::MAX; N]];
    for delta in 0..4_u32 {
        numbers.push(limbs(&BigUint::from(delta)));
        numbers.push(limbs(&(&modulus - 1_u32 - delta)));
        if (&modulus + delta).bits() <= 64 * N as u64 {
            numbers.push(limbs(&(&modulus + delta)));
        }
        numbers.push(limbs(&((&modulus >> 1) + delta)));
    }
    for i in 0..N {
        for limb in [1, u64::MAX, 1 << 63, (1 << 52) - 1, 1 << 32] {
            let mut number = [0; N];
            number[i] = limb;
            numbers.push(number);
            let mut number = [u64::MAX; N];
            number[i] = limb;
            numbers.push(number);
        }
    }
    numbers
}

fn agrees<M: Modulus<N>, const N: usize>(a: &[u64; N], b: &[u64; N]) {
    let modulus = big(&M::VALUE);
    let (x, y) = (Residue::<M, N>::reduced(a), Residue::<M, N>::reduced(b));
    let (big_a, big_b) = (big(a) % &modulus, big(b) % &modulus);
    let check = |found: Residue<M, N>, wanted: BigUint| {
        assert!(is_less(found.montgomery(), &M::VALUE));
        assert_eq!(big(&found.number()), wanted % &modulus, "{a:x?} {b:x?}");
    };
    check(x, big_a.clone());
    check(x.plus(&y), &big_a + &big_b);
    check(x.minus(&y), &big_a + &modulus - &big_b);
    check(x.negated(), &modulus - &big_a);
    check(x.times(&y), &big_a * &big_b);
    check(x.squared(), &big_a * &big_a);
    assert_eq!(Residue::<M, N>::new(a).is_some(), big(a) < modulus);
    match x.inverse() {
        Some(inverse) => check(inverse, big_a.modinv(&modulus).unwrap()),
        None => assert!(x.is_zero()),
    }
}

fn all_agree<M: Modulus<N>, const N: usize>() {
    let extremes = extremes::<M, N>();
    for a in &extremes {
        for b in &extremes {
            agrees::<M, N>(a, b);
        }
    }
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(500));
    runner
        .run(&(prop::collection::vec(any::<u64>(), N), prop::collection::vec(any::<u64>(), N)), |(a, b)| {
            agrees::<M, N>(&a.try_into().unwrap(), &b.try_into().unwrap());
            Ok(())
        })
        .unwrap();
}

#[test]
fn residues_agree_with_big_integers() {
    all_agree::<P256Base, 4>();
    all_agree::<P256Order, 4>();
    all_agree::<P384Base, 6>();
    all_agree::<P384Order, 6>();
    all_agree::<P521Base, 9>();
    all_agree::<P521Order, 9>();
    all_agree::<Secp256k1Base, 4>();
    all_agree::<Secp256k1Order, 4>();
}

#[cfg(any(target_arch = "x86_64", software_lanes))]
fn agrees_for_lanes<M: Modulus<N>, const N: usize>() {
    let modulus = big(&M::VALUE);
    for low in extremes::<M, N>() {
        for high in extremes::<M, N>() {
            let wanted = (big(&low) + (big(&high) << (64 * N))) % &modulus;
            assert_eq!(big(&Residue::<M, N>::of_wide(&low, &high).number()), wanted, "{low:x?} {high:x?}");
        }
    }
    let third = Residue::<M, N>::reduced(&limbs(&BigUint::from(3_u32)));
    let power = third.power(&limbs(&BigUint::from(77_u32)));
    assert_eq!(big(&power.number()), BigUint::from(3_u32).pow(77) % &modulus);
    let wanted = (BigUint::from(1_u32) << 260) % &modulus;
    assert_eq!(Residue::<M, N>::power_of_two(260).number(), limbs(&wanted));
    assert_eq!(power_of_two(&M::VALUE, 260), limbs(&wanted));
}

#[cfg(any(target_arch = "x86_64", software_lanes))]
#[test]
fn residues_for_lanes_agree_with_big_integers() {
    all_agree::<Ed25519Base, 4>();
    all_agree::<Ed25519Order, 4>();
    agrees_for_lanes::<P256Base, 4>();
    agrees_for_lanes::<P256Order, 4>();
    agrees_for_lanes::<Ed25519Base, 4>();
    agrees_for_lanes::<Ed25519Order, 4>();
}

#[test]
fn numbers_are_read_from_what_fits() {
    let bytes: Vec<u8> = (1..=32).collect();
    assert_eq!(
        from_little_endian::<4>(&bytes).map(|limbs| big(&limbs)),
        Some(BigUint::from_bytes_le(&bytes))
    );
    for length in 0..=40 {
        let bytes: Vec<u8> = (1..=length).collect();
        let number = (length <= 32).then(|| BigUint::from_bytes_be(&bytes));
        assert_eq!(from_big_endian::<4>(&bytes).map(|limbs| big(&limbs)), number);
        assert_eq!(from_little_endian::<4>(&bytes).is_some(), length == 32);
    }
}

/// Numbers modulo each have as many bytes as the modulus.
#[test]
fn bytes_of_numbers_are_those_of_moduli() {
    fn agree<M: Modulus<N>, const N: usize>() {
        assert_eq!(number_bytes(N) as u64, big(&M::VALUE).bits().div_ceil(8));
    }
    agree::<P256Base, 4>();
    agree::<P256Order, 4>();
    agree::<P384Base, 6>();
    agree::<P384Order, 6>();
    agree::<P521Base, 9>();
    agree::<P521Order, 9>();
    agree::<Secp256k1Base, 4>();
    agree::<Secp256k1Order, 4>();
}

#[cfg(any(target_arch = "x86_64", software_lanes))]
#[test]
fn digits_are_halved() {
    for digit in -128..=128_i16 {
        let [low, high] = halves(digit);
        assert_eq!(low + 16 * high, digit);
        assert!((-8..=8).contains(&low) && (-8..=8).contains(&high), "{digit}");
    }
}

/// In each form of a number, below 2^256.
#[test]
fn folded_numbers_agree_with_big_integers() {
    let modulus = big(&Ed25519Base::VALUE);
    let check = |a: &[u64; 4], b: &[u64; 4]| {
        let (x, y) = (Folded::new(*a), Folded::new(*b));
        let (big_a, big_b) = (big(a), big(b));
        let is = |found: Folded, wanted: BigUint| {
            assert_eq!(big(&found.canonical()), wanted % &modulus, "{a:x?} {b:x?}");
        };
        is(x, big_a.clone());
        is(x.plus(&y), &big_a + &big_b);
        is(x.minus(&y), &big_a + &modulus * 3_u32 - &big_b);
        is(x.times(&y), &big_a * &big_b);
        assert_eq!(big(&x.residue().number()), big_a % &modulus);
    };
    let mut numbers = extremes::<Ed25519Base, 4>();
    // Around p, 2p and 2^256, where a carry or a borrow follows another.
    for delta in 0..80_u32 {
        numbers.push(limbs(&(&modulus - 40_u32 + delta)));
        numbers.push(limbs(&BigUint::from(delta)));
        numbers.push([u64::MAX - u64::from(delta), u64::MAX, u64::MAX, u64::MAX]);
    }
    for a in &numbers {
        for b in &numbers {
            check(a, b);
        }
    }
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(2000));
    runner
        .run(&(prop::array::uniform4(any::<u64>()), prop::array::uniform4(any::<u64>())), |(a, b)| {
            check(&a, &b);
            Ok(())
        })
        .unwrap();
}
