//! RSASSA-PKCS1-v1_5 and RSASSA-PSS, with encodings that are nearly right among
//! the others, and moduli whose limbs are extreme.
//!
//! Keys are products of four primes, so that they are quickly made and signed
//! with. The last prime is chosen so that the first and the last limbs of the
//! modulus are what is wanted. Moduli that are extreme throughout are nobody's:
//! whatever is presented to them is bad.

use std::rc::Rc;

use aws_lc_rs::digest;
use jot::{Alg, KeyOptions, VerifyingKey};
use num_bigint::BigUint;
use pkcs1::der::Encode as _;
use pkcs1::{RsaPublicKey, UintRef};

use crate::campaign::{Algorithm, Case};
use crate::random::Random;

const EXPONENT: u32 = 65537;

pub(crate) struct Rsa {
    alg: Alg,
    keys: Vec<Rc<Key>>,
    key: Rc<Key>,
}

/// A modulus, and signatures of it that were made beforehand.
struct Key {
    n: BigUint,
    good: Vec<Case>,
    nearly: Vec<Case>,
}

fn number(value: u32) -> BigUint {
    BigUint::from(value)
}

fn bytes(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; length.saturating_sub(bytes.len())], bytes].concat()
}

impl Rsa {
    /// Makes keys of these sizes, each with so many well signed messages and as
    /// many nearly well signed ones.
    pub(crate) fn new(alg: Alg, sizes: &[u32], signed: usize, random: &mut Random) -> Self {
        let mut keys = Vec::new();
        for bits in sizes.iter().copied() {
            for ends in [Ends::Random, Ends::Zeros, Ends::Ones] {
                keys.push(Rc::new(Key::new(alg, bits, ends, signed, random)));
            }
        }
        let key = Rc::clone(&keys[0]);
        Self { alg, keys, key }
    }
}

/// What the first and last limbs of a modulus are like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Random,
    Zeros,
    Ones,
}

impl Key {
    fn new(alg: Alg, bits: u32, ends: Ends, signed: usize, random: &mut Random) -> Self {
        let (primes, n) = loop {
            let mut primes: Vec<BigUint> = (0..3).map(|_| prime(bits / 4, None, random)).collect();
            let product = &primes[0] * &primes[1] * &primes[2];
            let rest = bits - product.bits() as u32;
            // Above half of 2^rest, so that the product has all its bits.
            let last = match ends {
                Ends::Random => prime(bits / 4, None, random),
                _ => {
                    let low = number(1) << (rest / 3);
                    let high = match ends {
                        Ends::Zeros => (number(1) << (bits - 1)) / &product + 1_u32,
                        _ => ((number(1) << bits) - 1_u32) / &product - (&low << 10),
                    };
                    let wanted = if ends == Ends::Zeros { number(1) } else { &low - 1_u32 };
                    let lowest = wanted * product.modinv(&low).unwrap() % &low;
                    prime(rest, Some((high, low, lowest)), random)
                }
            };
            let n = &product * &last;
            primes.push(last);
            let is_usable = primes.iter().all(|p| (p - 1_u32) % EXPONENT != BigUint::ZERO);
            if n.bits() == u64::from(bits) && is_usable {
                break (primes, n);
            }
        };
        let mut key = Self { n, good: Vec::new(), nearly: Vec::new() };
        let length = bits as usize / 8;
        for turn in 0..signed {
            let message = random.bytes(random_length(turn));
            for kind in [None, Some(turn)] {
                let encoded = encode(alg, &message, length, kind, random);
                let signature = bytes(&root(&(BigUint::from_bytes_be(&encoded) % &key.n), &primes), length);
                let case = Case { message: message.clone(), signature };
                if kind.is_none() { key.good.push(case) } else { key.nearly.push(case) }
            }
        }
        key
    }
}

fn random_length(turn: usize) -> usize {
    [0, 1, 55, 56, 64, 111, 112, 500][turn % 8] + turn / 8
}

/// A prime of so many bits; or one at or above a number that is, modulo a power
/// of two, another.
fn prime(bits: u32, at: Option<(BigUint, BigUint, BigUint)>, random: &mut Random) -> BigUint {
    let (mut candidate, step) = match at {
        Some((high, low, lowest)) => (&high - (&high % &low) + &low + lowest, low),
        None => {
            let top = number(3) << (bits - 2);
            ((random.number(&(number(1) << (bits - 2))) + top) | number(1), number(2))
        }
    };
    while !is_prime(&candidate) {
        candidate += &step;
    }
    candidate
}

/// As good as surely: Fermat's test, behind small divisors.
fn is_prime(candidate: &BigUint) -> bool {
    let small =
        [3_u32, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97];
    small.iter().all(|divisor| candidate % divisor != BigUint::ZERO)
        && number(2).modpow(&(candidate - 1_u32), candidate) == number(1)
}

/// The number whose power is `value`, by the Chinese remainder theorem.
fn root(value: &BigUint, primes: &[BigUint]) -> BigUint {
    let (mut root, mut product) = (BigUint::ZERO, number(1));
    for p in primes {
        let d = number(EXPONENT).modinv(&(p - 1_u32)).unwrap();
        let part = (value % p).modpow(&d, p);
        let missing = (part + p - &root % p) * product.modinv(p).unwrap() % p;
        root += missing * &product;
        product *= p;
    }
    root
}

fn hash(alg: Alg) -> &'static digest::Algorithm {
    match alg {
        Alg::RS256 | Alg::PS256 => &digest::SHA256,
        Alg::RS384 | Alg::PS384 => &digest::SHA384,
        _ => &digest::SHA512,
    }
}

/// The encoded message, or with a kind one that is nearly right; some kinds come
/// out right for some algorithms.
fn encode(alg: Alg, message: &[u8], length: usize, kind: Option<usize>, random: &mut Random) -> Vec<u8> {
    let of_message = digest::digest(hash(alg), message).as_ref().to_vec();
    match alg {
        Alg::RS256 | Alg::RS384 | Alg::RS512 => pkcs1(&of_message, length, kind, random),
        _ => pss(alg, &of_message, length, kind, random),
    }
}

fn pkcs1(digest: &[u8], length: usize, kind: Option<usize>, random: &mut Random) -> Vec<u8> {
    let hash = digest.len() as u8;
    let mut info = vec![
        0x30,
        17 + hash,
        0x30,
        13,
        6,
        9,
        0x60,
        0x86,
        0x48,
        1,
        0x65,
        3,
        4,
        2,
        hash / 16 - 1,
        5,
        0,
        4,
        hash,
    ];
    let mut digest = digest.to_vec();
    let mut padding = vec![255; length - 3 - info.len() - digest.len()];
    let (mut head, mut zero, mut tail) = (vec![0, 1], vec![0], Vec::new());
    let place = random.below(padding.len());
    match kind.map(|kind| kind % 16) {
        Some(0) => head = vec![0, 2],
        Some(1) => head = vec![1, 1],
        Some(2) => padding[place] = random.below(255) as u8,
        Some(3) => zero = vec![1],
        // Without the NULL.
        Some(4) => {
            info = [&[0x30, 15 + hash, 0x30, 11], &info[4..15], &[4, hash]].concat();
            padding.extend([255, 255]);
        }
        // Bytes behind the digest, for which the padding is shorter.
        Some(5) => {
            tail = random.bytes(place.min(padding.len() - 8));
            padding.truncate(padding.len() - tail.len());
        }
        Some(6) => {
            tail = random.bytes(padding.len());
            padding.clear();
        }
        Some(7) => {
            let at = random.below(info.len());
            info[at] ^= 1 << random.below(8);
        }
        Some(8) => {
            let at = random.below(digest.len());
            digest[at] ^= 1 << random.below(8);
        }
        // Lengths in two bytes.
        Some(9) => {
            info.splice(1..2, [0x81, 17 + hash]);
            padding.pop();
        }
        Some(10) => padding[place] = 0,
        Some(11) => padding.fill(0),
        Some(12) => head = vec![0, 0],
        Some(13) => info[14] = random.pick(&[1, 2, 3, 4]),
        Some(14) => digest.reverse(),
        Some(15) => return random.bytes(length),
        _ => {}
    }
    [head, padding, zero, info, digest, tail].concat()
}

fn pss(alg: Alg, of_message: &[u8], length: usize, kind: Option<usize>, random: &mut Random) -> Vec<u8> {
    let kind = kind.map(|kind| kind % 16);
    let size = of_message.len();
    let salt_length = match kind {
        Some(0) => 0,
        Some(1) => size - 1,
        Some(2) => size + 1,
        Some(3) => length - size - 2,
        Some(4) => random.below(length - size - 2),
        _ => size,
    };
    let salt = random.bytes(salt_length);
    let mut input = [&[0; 8], of_message, &salt].concat();
    match kind {
        Some(5) => input[random.below(8)] = 1,
        Some(6) => input.truncate(8 + size),
        _ => {}
    }
    let mut seed = digest::digest(hash(alg), &input).as_ref().to_vec();
    let block_length = length - size - 1;
    let mut block = vec![0; block_length - salt_length - 1];
    block.push(if kind == Some(7) { 2 } else { 1 });
    block.extend(&salt);
    match kind {
        Some(8) => block[random.below(block_length - salt_length - 1)] = 1,
        Some(9) => block[0] = 0x80,
        Some(10) => block[0] = 0x40,
        _ => {}
    }
    let mask_hash = match kind {
        Some(11) => &digest::SHA384,
        _ => hash(alg),
    };
    for (counter, part) in (0_u32..).zip(block.chunks_mut(mask_hash.output_len())) {
        let mask = digest::digest(mask_hash, &[&seed[..], &counter.to_be_bytes()].concat());
        part.iter_mut().zip(mask.as_ref()).for_each(|(byte, mask)| *byte ^= mask);
    }
    block[0] &= 0x7f;
    let mut trailer = 0xbc;
    match kind {
        Some(12) => trailer = random.pick(&[0xcc, 0xbd, 0x3c, 0]),
        Some(13) => block[0] |= 0x80,
        Some(14) => {
            let at = random.below(size);
            seed[at] ^= 1 << random.below(8);
        }
        Some(15) => return random.bytes(length),
        _ => {}
    }
    block.extend(seed);
    block.push(trailer);
    block
}

impl Algorithm for Rsa {
    fn alg(&self) -> Alg {
        self.alg
    }

    fn next_key(&mut self, random: &mut Random) -> VerifyingKey {
        loop {
            // Most signatures are of 2048 bits; longer ones take longer.
            let which = if random.below(3) == 0 { random.below(self.keys.len()) } else { random.below(3) };
            self.key = Rc::clone(&self.keys[which]);
            if random.below(6) == 0 {
                let bits = self.key.n.bits();
                let odd_and_whole = (number(1) << (bits - 1)) | number(1);
                let n = random.edgy(bits as usize / 8) | odd_and_whole;
                let (good, nearly) = (self.key.good.clone(), self.key.nearly.clone());
                self.key = Rc::new(Key { n, good, nearly });
            }
            let modulus = self.key.n.to_bytes_be();
            let public = RsaPublicKey {
                modulus: UintRef::new(&modulus).unwrap(),
                public_exponent: UintRef::new(&[1, 0, 1]).unwrap(),
            };
            let options = KeyOptions::default().alg(self.alg);
            if let Ok(key) = VerifyingKey::from_der(&public.to_der().unwrap(), &options) {
                return key;
            }
        }
    }

    fn case(&mut self, random: &mut Random) -> Case {
        let Key { n, good, nearly } = &*self.key;
        let length = n.bits() as usize / 8;
        let mut case = random.pick(good);
        let signature = BigUint::from_bytes_be(&case.signature);
        let limit = number(1) << (8 * length);
        let changed = match random.below(20) {
            0..6 => return case,
            6..10 => return random.pick(nearly),
            10 => signature + n,
            11 => n - signature % n,
            12 => (n + number(random.below(5) as u32)) - 2_u32,
            13 => number(random.below(5) as u32),
            14 => random.edgy(length),
            15 => random.edgy(length) % n,
            16 => random.number(n),
            17 => {
                case.message.push(random.next() as u8);
                return case;
            }
            18 => {
                if random.below(2) == 0 {
                    case.signature.truncate(random.below(length));
                } else {
                    // A leading zero, or a byte behind.
                    let at = random.pick(&[0, length]);
                    case.signature.insert(at, 0);
                }
                return case;
            }
            _ => {
                let bit = random.below(8 * length);
                case.signature[bit / 8] ^= 1 << (bit % 8);
                return case;
            }
        };
        case.signature = bytes(&(changed % limit), length);
        case
    }

    /// Nothing is left to aws-lc.
    fn is_left(&self, _: &Case) -> bool {
        false
    }
}
