//! The arithmetic beside a library for large numbers, at extreme limbs.
#![allow(clippy::arithmetic_side_effects, reason = "a test may stop where a sum is too large")]

use num_bigint::BigUint;

use super::checked::Checked;
use super::key::RsaKey;
use super::modulus::{Modulus, Number};
use super::{multi_buffer, single};
use crate::ifma::radix52::LIMB;
use crate::missing::missing;
use crate::preparation::{Build, Progress};
use crate::simd::Ifma;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A number of which many limbs are extreme.
    fn number<const Z: usize>(&mut self) -> BigUint {
        let density = self.next() % 5;
        let limbs = (0..8 * Z).map(|_| match self.next() % 5 {
            kind if kind > density => self.next() & LIMB,
            0 => 0,
            1 => LIMB,
            2 => 1,
            3 => LIMB - 1,
            _ => 1 << (self.next() % 52),
        });
        limbs.collect::<Vec<_>>().iter().rev().fold(BigUint::ZERO, |number, limb| (number << 52) + limb)
    }
}

fn number<const Z: usize>(value: &BigUint) -> Number<Z> {
    Number::from_bytes(&value.to_bytes_be())
}

fn value<const Z: usize>(number: &Number<Z>) -> BigUint {
    assert!(number.limbs().iter().all(|limb| *limb <= LIMB));
    number.limbs().iter().rev().fold(BigUint::ZERO, |value, limb| (value << 52) + limb)
}

/// Moduli of `bits` bits: odd, with the highest bit set.
fn moduli<const Z: usize>(bits: u64, random: &mut Random, count: usize) -> Vec<BigUint> {
    let one = BigUint::from(1_u8);
    let top = &one << (bits - 1);
    let mut moduli = vec![
        &top + &one,
        (&one << bits) - &one,
        (&one << bits) - (&one << (bits / 2)) + &one,
        &top + (&one << (bits / 2)) - &one,
        &top + BigUint::from(LIMB),
        &top + (BigUint::from(LIMB) << 52) + &one,
    ];
    moduli.extend((0..count).map(|_| (random.number::<Z>() % &top) | &top | &one));
    moduli
}

/// Numbers below n, the extreme ones first.
fn bases<const Z: usize>(n: &BigUint, random: &mut Random, count: usize) -> Vec<BigUint> {
    let one = BigUint::from(1_u8);
    let mut bases = vec![
        BigUint::ZERO,
        one.clone(),
        BigUint::from(2_u8),
        n - &one,
        n - 2_u8,
        n >> 1,
        (&one << 52) - &one,
        (&one << 2047) - &one,
        &one << 2047,
    ];
    bases.retain(|base| base < n);
    bases.extend((0..count).map(|_| random.number::<Z>() % n));
    bases
}

fn arithmetic<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(
    bits: u64,
    count: usize,
) {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    let mut random = Random(bits);
    let exponent = BigUint::from(65537_u32);
    for n in moduli::<Z>(bits, &mut random, count) {
        let r = BigUint::from(1_u8) << (8 * 52 * Z);
        let modulus = Modulus::<Z>::new(&n.to_bytes_be());
        assert_eq!(value(&modulus.n), n);
        assert_eq!((value(&modulus.negative_inverse) * &n + 1_u8) % &r, BigUint::ZERO);
        assert_eq!(value(&modulus.r_squared), &r * &r % &n);
        for bases in bases::<Z>(&n, &mut random, count.max(7)).chunks(8) {
            let mut numbers = [Number::ZERO; 8];
            for (to, base) in numbers.iter_mut().zip(bases) {
                *to = number(base);
                let wanted = base.modpow(&exponent, &n);
                let alone = single::power::<Z, TOP, UPPER, DOUBLE>(ifma, &modulus, to);
                assert_eq!(value(&alone), wanted, "{base:x} modulo {n:x}");
                let plain = modulus.multiply(to, &modulus.r_squared);
                assert_eq!(value(&plain), base * &r % &n);
                let mut bytes = vec![0; (bits / 8) as usize];
                alone.to_bytes(&mut bytes);
                assert_eq!(BigUint::from_bytes_be(&bytes), wanted);
            }
            multi_buffer::power(ifma, &modulus, &mut numbers);
            for (base, power) in bases.iter().zip(&numbers) {
                assert_eq!(value(power), base.modpow(&exponent, &n), "{base:x} modulo {n:x}");
            }
        }
    }
}

/// No modulus with a wrong limb in a constant, or with a constant that is right modulo something else,
/// passes.
fn checks<const Z: usize, const TOP: usize, const UPPER: usize, const DOUBLE: usize>(bits: u64) {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    let is_right = |modulus| Checked::new::<TOP, UPPER, DOUBLE>(ifma, modulus).is_some();
    let mut random = Random(bits);
    for n in moduli::<Z>(bits, &mut random, 4) {
        let new = || Modulus::<Z>::new(&n.to_bytes_be());
        assert!(is_right(new()), "{n:x}");
        let r = BigUint::from(1_u8) << (8 * 52 * Z);
        for limb in 0..8 * Z {
            let bit = 1 << (random.next() % 52);
            let changed = |change: fn(&mut Modulus<Z>) -> &mut Number<Z>| {
                let mut modulus = new();
                change(&mut modulus).0.as_flattened_mut()[limb] ^= bit;
                modulus
            };
            assert!(!is_right(changed(|modulus| &mut modulus.negative_inverse)), "limb {limb} of {n:x}");
            assert!(!is_right(changed(|modulus| &mut modulus.r_squared)), "limb {limb} of {n:x}");
            // The constants of another modulus.
            assert!(!is_right(changed(|modulus| &mut modulus.n)), "limb {limb} of {n:x}");
        }
        let one = BigUint::from(1_u8);
        for wrong in
            [BigUint::ZERO, one.clone(), &r % &n, &r * &r * &r % &n, (&r * &r + &one) % &n, &n - &one]
        {
            assert!(!is_right(Modulus { r_squared: number(&wrong), ..new() }), "{wrong:x} of {n:x}");
        }
        for wrong in [BigUint::ZERO, one.clone(), &r - &one, &r - value(&new().negative_inverse)] {
            assert!(!is_right(Modulus { negative_inverse: number(&wrong), ..new() }), "{wrong:x} of {n:x}");
        }
        // R² is right in any form that is below R.
        let larger = value(&new().r_squared) + &n;
        assert!(is_right(Modulus { r_squared: number(&larger), ..new() }), "{n:x}");
    }
}

#[test]
fn a_modulus_with_a_wrong_constant_is_refused() {
    checks::<5, 4, 6, 10>(2048);
    checks::<8, 7, 9, 16>(3072);
    checks::<10, 9, 11, 20>(4096);
}

/// One subtraction brings below n what is below 2n, and the bytes are those of the number.
fn reductions<const Z: usize>(bits: u64) {
    let Some(ifma) = Ifma::detect() else { return missing("avx512") };
    let mut random = Random(bits);
    let one = BigUint::from(1_u8);
    for n in moduli::<Z>(bits, &mut random, 8) {
        let twice = &n + &n;
        let mut values = vec![&n - &one, n.clone(), &n + &one, &twice - &one, BigUint::ZERO, one.clone()];
        values.extend((0..20).map(|_| random.number::<Z>() % &twice));
        // Those whose limbs are all those of n, but one.
        values.extend((0..bits.div_ceil(52)).map(|limb| &n - (&one << (52 * limb))));
        values.extend((0..bits.div_ceil(52)).map(|limb| &n + (&one << (52 * limb))));
        for wanted in values.iter().filter(|value| **value < twice) {
            let less = single::less::<Z>(ifma, &number(wanted), &number(&n));
            assert_eq!(less, number::<Z>(wanted).less(&number(&n)));
            assert_eq!(value(&less), wanted % &n);
            let mut bytes = vec![0; (bits / 8) as usize];
            less.to_bytes(&mut bytes);
            assert_eq!(BigUint::from_bytes_be(&bytes), wanted % &n);
            assert_eq!(Number::<Z>::from_bytes(&bytes), less);
        }
    }
}

#[test]
fn one_subtraction_reduces_what_is_below_twice_the_modulus() {
    reductions::<5>(2048);
    reductions::<8>(3072);
    reductions::<10>(4096);
}

#[test]
fn powers_are_those_of_the_oracle_at_2048_bits() {
    arithmetic::<5, 4, 6, 10>(2048, 20);
}

#[test]
fn powers_are_those_of_the_oracle_at_3072_bits() {
    arithmetic::<8, 7, 9, 16>(3072, 10);
}

#[test]
fn powers_are_those_of_the_oracle_at_4096_bits() {
    arithmetic::<10, 9, 11, 20>(4096, 8);
}

/// What a fault leaves is no key, and is told from a key that there is no code for.
#[test]
fn a_key_with_wrong_constants_fails_in_its_step() {
    let mut wrong: Option<RsaKey> = None;
    let build: &mut dyn Build = &mut wrong;
    assert_eq!(build.bytes(), 0);
    assert!(matches!(build.step(), Progress::Failed));
}
