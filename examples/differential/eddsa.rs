//! EdDSA, with keys of small order and encodings that are not canonical among
//! the others.

use aws_lc_rs::digest::{Context, SHA512};
use jot::{Alg, KeyOptions, VerifyingKey};
use num_bigint::BigUint;

use crate::campaign::{Algorithm, Case};
use crate::random::Random;

/// The points of small order, then encodings of them that are not canonical.
const SMALL: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

pub(crate) const SPKI: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// X, Y and Z.
pub(crate) type Point = [BigUint; 3];

pub(crate) struct Eddsa {
    pub(crate) p: BigUint,
    /// The order L.
    pub(crate) order: BigUint,
    d: BigUint,
    pub(crate) base: Point,
    /// The points of small order.
    pub(crate) torsion: Vec<Point>,
    /// Nonces and their points encoded, some with a point of small order added.
    nonces: Vec<(BigUint, Vec<u8>)>,
    /// The private scalar, and the key as it is encoded.
    key: (BigUint, Vec<u8>),
}

fn number(value: u32) -> BigUint {
    BigUint::from(value)
}

impl Eddsa {
    pub(crate) fn new(random: &mut Random) -> Self {
        let p = (number(1) << 255) - 19_u32;
        let order =
            (number(1) << 252) + BigUint::parse_bytes(b"27742317777372353535851937790883648493", 10).unwrap();
        let d = (&p - 121_665_u32) * number(121_666).modinv(&p).unwrap() % &p;
        let none = [BigUint::ZERO, number(1), number(1)];
        let mut new = Self {
            p,
            order,
            d,
            base: none.clone(),
            torsion: Vec::new(),
            nonces: Vec::new(),
            key: (number(1), Vec::new()),
        };
        let y = number(4) * number(5).modinv(&new.p).unwrap() % &new.p;
        new.base = new.point(y, false);
        let eighth = new.point(BigUint::from_bytes_le(&hex(SMALL[4])), false);
        let mut multiple = none;
        for _ in 0..8 {
            new.torsion.push(multiple.clone());
            multiple = new.plus(&multiple, &eighth);
        }
        for small in 0..200_u32 {
            let r = if small < 20 { number(small) } else { random.number(&new.order) };
            let point = new.times(&new.base, &r);
            let point = if small % 6 == 0 { new.plus(&point, &random.pick(&new.torsion)) } else { point };
            new.nonces.push((r, new.encoded(&point)));
        }
        new
    }

    /// The point with this y, and an even x or an odd one.
    fn point(&self, y: BigUint, is_odd: bool) -> Point {
        let p = &self.p;
        let y2 = &y * &y % p;
        let x2 = (&y2 + p - 1_u32) * (&self.d * &y2 + 1_u32).modinv(p).unwrap() % p;
        let mut x = x2.modpow(&((p + 3_u32) >> 3), p);
        if &x * &x % p != x2 {
            x = x * number(2).modpow(&((p - 1_u32) >> 2), p) % p;
        }
        assert_eq!(&x * &x % p, x2);
        if x.bit(0) != is_odd {
            x = p - x;
        }
        [x, y, number(1)]
    }

    /// Adds any two points ("Twisted Edwards curves", §6).
    pub(crate) fn plus(&self, a: &Point, b: &Point) -> Point {
        let p = &self.p;
        let zz = &a[2] * &b[2] % p;
        let zz2 = &zz * &zz % p;
        let (c, d) = (&a[0] * &b[0] % p, &a[1] * &b[1] % p);
        let e = &self.d * &c % p * &d % p;
        let (f, g) = ((&zz2 + p - &e) % p, (&zz2 + &e) % p);
        let cross = ((&a[0] + &a[1]) * (&b[0] + &b[1]) + p + p - &c - &d) % p;
        [&zz * &f % p * cross % p, &zz * &g % p * (d + c) % p, f * g % p]
    }

    pub(crate) fn times(&self, point: &Point, scalar: &BigUint) -> Point {
        (0..scalar.bits()).rev().fold([BigUint::ZERO, number(1), number(1)], |sum, bit| {
            let double = self.plus(&sum, &sum);
            if scalar.bit(bit) { self.plus(&double, point) } else { double }
        })
    }

    pub(crate) fn encoded(&self, point: &Point) -> Vec<u8> {
        let inverse = point[2].modinv(&self.p).unwrap();
        let mut bytes = fixed(&(&point[1] * &inverse % &self.p));
        bytes[31] |= u8::from((&point[0] * inverse % &self.p).bit(0)) << 7;
        bytes
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

/// The number k of a signature that begins with this R (RFC 8032 §5.1.7).
pub(crate) fn challenge(encoded: &[u8], key: &[u8], message: &[u8]) -> BigUint {
    let mut context = Context::new(&SHA512);
    for part in [encoded, key, message] {
        context.update(part);
    }
    BigUint::from_bytes_le(context.finish().as_ref())
}

/// 32 bytes, the lowest first.
pub(crate) fn fixed(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_le();
    bytes.resize(32, 0);
    bytes
}

impl Algorithm for Eddsa {
    fn alg(&self) -> Alg {
        Alg::EdDSA
    }

    fn next_key(&mut self, random: &mut Random) -> VerifyingKey {
        loop {
            let (scalar, encoded) = match random.below(12) {
                0 => (BigUint::ZERO, hex(random.pick(&SMALL))),
                kind => {
                    let scalar =
                        if kind == 1 { number(random.below(300) as u32) } else { random.number(&self.order) };
                    let point = self.times(&self.base, &scalar);
                    let small = if kind < 4 { random.pick(&self.torsion) } else { self.torsion[0].clone() };
                    (scalar, self.encoded(&self.plus(&point, &small)))
                }
            };
            let key = VerifyingKey::from_der(&[SPKI, &encoded].concat(), &KeyOptions::default());
            if let Ok(key) = key {
                self.key = (scalar, encoded);
                return key;
            }
        }
    }

    fn case(&mut self, random: &mut Random) -> Case {
        let length = random.pick(&[0, 1, 47, 48, 111, 112, 500]);
        let mut message = random.bytes(length);
        let kind = random.below(20);
        let (mut r, mut encoded) = random.pick(&self.nonces);
        match kind {
            0 => (r, encoded) = (BigUint::ZERO, hex(random.pick(&SMALL))),
            1 => encoded = fixed(&random.edgy(32)),
            2 => encoded[31] ^= 0x80,
            // y + p, where that has room.
            3 => encoded = fixed(&((BigUint::from_bytes_le(&encoded) + &self.p) % (number(1) << 256))),
            _ => {}
        }
        let k = challenge(&encoded, &self.key.1, &message);
        let mut s = (r + k * &self.key.0) % &self.order;
        match kind {
            4 => s += &self.order,
            5 => s = random.edgy(32),
            6 => s = &self.order - (random.next() & 3),
            7 => s = BigUint::from(random.next() & 3),
            8 => s = &self.order - s,
            9 => s += &self.order * (random.next() & 15),
            10 => message.push(0),
            _ => {}
        }
        let mut signature = encoded;
        signature.extend(fixed(&(s % (number(1) << 256))));
        match kind {
            11 => {
                let bit = random.below(512);
                signature[bit / 8] ^= 1 << (bit % 8);
            }
            12 => signature.truncate(random.below(64)),
            13 => signature.push(0),
            _ => {}
        }
        Case { message, signature }
    }

    /// Nothing is left to aws-lc.
    fn is_left(&self, _: &Case) -> bool {
        false
    }
}
