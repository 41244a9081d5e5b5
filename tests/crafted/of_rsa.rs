//! RSA signatures that were made to go wrong, beside aws-lc.
//!
//! The moduli are primes, which anyone can sign with, next to powers of two and
//! with limbs that are all zeros and all ones. With them every bit of an
//! encoded message is flipped and the result signed. `JOT_LONG=1` does so with
//! each bit, and with keys of 3072 and 4096 bits.

use ::pkcs1::der::Encode as _;
use ::pkcs1::{RsaPublicKey, UintRef};
use jot::{Alg, KeyOptions, VerifyingKey};
use num_bigint::BigUint;

use crate::encode::{self, pkcs1, pkcs1_with, pss, pss_with};
use crate::judge::{Case, Total, judge};
use crate::missing::missing;
use crate::random::Random;

const EXPONENT: u32 = 65537;

// How far the next primes are from the numbers that the moduli are next to.
const LOW_2048: u32 = 1919;
const HIGH_2048: u32 = 1557;
const ALTERNATING_2048: u32 = 2933;
const LIMB_2048: u32 = 607;
const MIDDLE_2048: u32 = 1315;
const LOW_3072: u32 = 2291;
const HIGH_3072: u32 = 47;
const HIGH_4096: u32 = 2549;

fn number(value: u32) -> BigUint {
    BigUint::from(value)
}

/// A prime modulus.
struct Modulus {
    n: BigUint,
    length: usize,
    d: BigUint,
}

impl Modulus {
    fn new(n: BigUint) -> Self {
        let d = number(EXPONENT).modinv(&(&n - 1_u32)).unwrap();
        Self { length: n.bits() as usize / 8, n, d }
    }

    /// 2^(bits - 1) and a little more.
    fn low(bits: u32, more: u32) -> Self {
        Self::new((number(1) << (bits - 1)) + more)
    }

    /// 2^bits and a little less.
    fn high(bits: u32, less: u32) -> Self {
        Self::new((number(1) << bits) - less)
    }

    /// Limbs of 52 bits that are in turn all zeros and all ones.
    fn alternating(bits: u32, more: u32) -> Self {
        let ones = (number(1) << 52) - 1_u32;
        let limbs = (0..=bits / 52).filter(|limb| limb % 2 == 1);
        let number_of = limbs.fold(number(0), |sum, limb| sum | (&ones << (52 * limb)));
        let top = number(1) << (bits - 1);
        Self::new(((number_of % (number(1) << bits)) | top) + more)
    }

    fn bytes(&self, value: &BigUint) -> Vec<u8> {
        let bytes = value.to_bytes_be();
        [vec![0; self.length - bytes.len()], bytes].concat()
    }

    /// `None` where the encoded message is not below the modulus.
    fn sign(&self, encoded: &[u8]) -> Option<Vec<u8>> {
        let value = BigUint::from_bytes_be(encoded);
        (value < self.n).then(|| self.bytes(&value.modpow(&self.d, &self.n)))
    }

    fn key(&self, alg: Alg, exponent: &[u8]) -> Option<VerifyingKey> {
        let modulus = self.n.to_bytes_be();
        let public = RsaPublicKey {
            modulus: UintRef::new(&modulus).unwrap(),
            public_exponent: UintRef::new(exponent).unwrap(),
        };
        VerifyingKey::from_der(&public.to_der().unwrap(), &KeyOptions::default().alg(alg)).ok()
    }
}

fn is_pss(alg: Alg) -> bool {
    matches!(alg, Alg::PS256 | Alg::PS384 | Alg::PS512)
}

fn encoded(alg: Alg, message: &[u8], length: usize, random: &mut Random) -> Vec<u8> {
    if is_pss(alg) {
        let salt = random.bytes(encode::hash(alg).output_len());
        pss(alg, message, length, &salt).unwrap()
    } else {
        pkcs1(alg, message, length)
    }
}

/// Good signatures, and numbers near them and near the modulus.
fn near(of: &Modulus, alg: Alg, random: &mut Random, cases: &mut Vec<Case>) {
    let (n, limit) = (&of.n, number(1) << (8 * of.length));
    for length in [0, 1, 55, 56, 64, 111, 112, 119, 200] {
        let message = random.bytes(length);
        // A modulus just above half of its bits has no room for some messages.
        let Some(signature) = of.sign(&encoded(alg, &message, of.length, random)) else { continue };
        let s = BigUint::from_bytes_be(&signature);
        let mut put = |signature: Vec<u8>, what: &str| {
            cases.push(Case { message: message.clone(), signature, what: what.to_owned() });
        };
        put(signature.clone(), "good");
        let numbers = [
            ("s + n", &s + n),
            ("n - s", n - &s),
            ("s + 1", &s + 1_u32),
            ("s - 1", &s - 1_u32),
            ("0", number(0)),
            ("1", number(1)),
            ("n - 1", n - 1_u32),
            ("n", n.clone()),
            ("n + 1", n + 1_u32),
            ("the largest", &limit - 1_u32),
            ("the top bit", &s ^ (number(1) << (8 * of.length - 1))),
        ];
        for (what, value) in numbers.iter().filter(|row| row.1 < limit) {
            put(of.bytes(value), what);
        }
        put([&[0], &signature[..]].concat(), "a zero in front");
        put([&signature[..], &[0]].concat(), "a zero behind");
        put(signature[1..].to_vec(), "without its first byte");
        put(signature[..of.length - 1].to_vec(), "without its last byte");
        put(Vec::new(), "empty");
    }
}

/// Encoded messages with one bit of another value, signed.
fn flipped(of: &Modulus, alg: Alg, step: usize, random: &mut Random, cases: &mut Vec<Case>) {
    let message = b"flip".to_vec();
    let right = BigUint::from_bytes_be(&encoded(alg, &message, of.length, random));
    for bit in (0..8 * of.length as u64).step_by(step) {
        let other = of.bytes(&(&right ^ (number(1) << bit)));
        if let Some(signature) = of.sign(&other) {
            cases.push(Case { message: message.clone(), signature, what: format!("bit {bit}") });
        }
    }
}

/// Encoded messages that are built nearly as they should be, signed.
fn misbuilt(of: &Modulus, alg: Alg, step: usize, random: &mut Random, cases: &mut Vec<Case>) {
    let message = b"misbuilt".to_vec();
    let mut put = |encoded: Option<Vec<u8>>, what: String| {
        if let Some(signature) = encoded.and_then(|encoded| of.sign(&encoded)) {
            cases.push(Case { message: message.clone(), signature, what });
        }
    };
    if is_pss(alg) {
        let size = encode::hash(alg).output_len();
        for length in (0..of.length - size - 1).step_by(step) {
            put(pss(alg, &message, of.length, &random.bytes(length)), format!("a salt of {length} bytes"));
        }
        let salt = random.bytes(size);
        let room = of.length - 2 * size - 2;
        for trailer in (0..=255).step_by(step) {
            put(
                pss_with(alg, &message, of.length, &salt, &vec![0; room], 1, trailer),
                format!("ends in {trailer}"),
            );
        }
        for place in (0..room).step_by(step) {
            let mut zeros = vec![0; room];
            zeros[place] = if place == 0 { 0x40 } else { 1 << random.below(8) };
            put(
                pss_with(alg, &message, of.length, &salt, &zeros, 1, 0xbc),
                format!("byte {place} is no zero"),
            );
        }
        for one in [0, 2, 3, 0x80, 0xff] {
            put(pss_with(alg, &message, of.length, &salt, &vec![0; room], one, 0xbc), format!("{one} for 1"));
        }
        return;
    }
    let info = encode::info(alg, &message);
    for padding in [0, 1, 7, 8, 9, of.length / 2, of.length - info.len() - 4] {
        let rest = of.length - 3 - padding - info.len();
        for filler in [vec![0; rest], vec![0xff; rest], random.bytes(rest)] {
            put(
                Some(pkcs1_with(padding, &[&info, &filler])),
                format!("{padding} bytes of padding, then a tail"),
            );
            put(
                Some(pkcs1_with(padding, &[&filler, &info])),
                format!("{padding} bytes of padding, then a gap"),
            );
        }
    }
    for kind in (0..=255).step_by(step) {
        let mut encoded = pkcs1(alg, &message, of.length);
        encoded[1] = kind;
        put(Some(encoded), format!("block type {kind}"));
    }
    for other in [Alg::RS256, Alg::RS384, Alg::RS512].into_iter().filter(|other| *other != alg) {
        put(Some(pkcs1(other, &message, of.length)), format!("the hash of {other}"));
    }
}

#[test]
fn crafted_rsa_is_refused_as_by_aws_lc() {
    let is_long = std::env::var_os("JOT_LONG").is_some();
    let mut random = Random::new(0x6a6f_7406);
    let pairs = [
        (Modulus::low(2048, LOW_2048), [Alg::RS256, Alg::PS256]),
        (Modulus::high(2048, HIGH_2048), [Alg::RS256, Alg::PS256]),
        (Modulus::alternating(2048, ALTERNATING_2048), [Alg::RS512, Alg::PS384]),
        (Modulus::new((number(1) << 2047) + (number(1) << 1996) + LIMB_2048), [Alg::RS384, Alg::PS512]),
        (Modulus::new((number(1) << 2047) + (number(1) << 1000) + MIDDLE_2048), [Alg::RS384, Alg::PS512]),
        (Modulus::low(3072, LOW_3072), [Alg::RS256, Alg::PS512]),
        (Modulus::high(3072, HIGH_3072), [Alg::RS256, Alg::PS512]),
        (Modulus::high(4096, HIGH_4096), [Alg::RS512, Alg::PS384]),
    ];
    let mut total = Total::default();
    let mut has_form = false;
    for (of, algorithms) in pairs.iter().filter(|(of, _)| is_long || of.length == 256) {
        for alg in *algorithms {
            let step = if is_long { 1 } else { 37 };
            let mut cases = Vec::new();
            near(of, alg, &mut random, &mut cases);
            flipped(of, alg, step, &mut random, &mut cases);
            misbuilt(of, alg, step, &mut random, &mut cases);
            let key = of.key(alg, &[1, 0, 1]).unwrap();
            has_form |= key.probe(alg).unwrap().names().count() > 0;
            let of_this = judge(&key, alg, &cases, 20, &mut random);
            assert!(of_this.good > 3, "{alg}: {of_this:?}");
            total.add(of_this);
            // Other exponents have no form, or one that is right about them.
            for exponent in [&[3][..], &[17], &[1, 0, 3]] {
                if let Some(key) = of.key(alg, exponent) {
                    judge(&key, alg, &cases[..60], 2, &mut random);
                }
            }
        }
    }
    assert!(total.cases > 1800 && total.good > 60, "{total:?}");
    if has_form {
        assert_eq!(total.accepted, total.good, "{total:?}");
    } else {
        missing("avx512");
    }
}
