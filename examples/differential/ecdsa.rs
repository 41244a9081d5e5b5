//! ECDSA, with private keys, nonces, sums and points of our choice.
//!
//! Random signatures never have an r that is x - n, nor a sum that is nothing.
//! Both are made here: a key can be chosen so that u1·G + u2·Q is whatever point
//! one likes ([`Ecdsa::forged`]), and where the private key is known s and r can
//! be chosen so that u1 and u2 are what one likes ([`Ecdsa::meeting`]).

use aws_lc_rs::digest;
use jot::{Alg, KeyOptions, VerifyingKey};
use num_bigint::BigUint;

use crate::campaign::{Algorithm, Case};
use crate::random::Random;

/// A curve in hexadecimal.
pub(crate) struct Curve {
    alg: Alg,
    hash: &'static digest::Algorithm,
    p: &'static str,
    a: i8,
    n: &'static str,
    g: [&'static str; 2],
    /// What a SubjectPublicKeyInfo has before the point.
    spki: &'static [u8],
}

pub(crate) static P256: Curve = Curve {
    alg: Alg::ES256,
    hash: &digest::SHA256,
    p: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    a: -3,
    n: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    g: [
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ],
    spki: b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00",
};

pub(crate) static P384: Curve = Curve {
    alg: Alg::ES384,
    hash: &digest::SHA384,
    p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    a: -3,
    n: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    g: [
        "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
    ],
    spki: b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00",
};

pub(crate) static P521: Curve = Curve {
    alg: Alg::ES512,
    hash: &digest::SHA512,
    p: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
        ffffffffffffffffffffffffffffffffffffffff",
    a: -3,
    n: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148\
        f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    g: [
        "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ff\
         a8de3348b3c1856a429bf97e7e31c2e5bd66",
        "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad\
         0761353c7086a272c24088be94769fd16650",
    ],
    spki: b"\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00",
};

pub(crate) static SECP256K1: Curve = Curve {
    alg: Alg::ES256K,
    hash: &digest::SHA256,
    p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
    a: 0,
    n: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    g: [
        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
    ],
    spki: b"\x30\x56\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a\x03\x42\x00",
};

type Point = Option<[BigUint; 2]>;

/// What is known of the last key.
#[derive(Clone)]
pub(crate) enum Secret {
    /// The private key, and whether it is a simple one: a simple multiple of
    /// the base point, so that sums of multiples of both may meet.
    Known { d: BigUint, is_simple: bool },
    /// One message and its signature.
    Forged(Signed),
}

/// A message and the numbers of a signature of it.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) message: Vec<u8>,
    pub(crate) r: BigUint,
    pub(crate) s: BigUint,
}

pub(crate) struct Ecdsa {
    curve: &'static Curve,
    pub(crate) p: BigUint,
    pub(crate) n: BigUint,
    pub(crate) bytes: usize,
    secret: Secret,
    /// 1/k and r for nonces k, small ones and such that the last additions meet
    /// a point like their own among them.
    nonces: Vec<[BigUint; 2]>,
}

fn hex(text: &str) -> BigUint {
    BigUint::parse_bytes(text.as_bytes(), 16).unwrap()
}

impl Ecdsa {
    /// Makes so many nonces to choose from.
    pub(crate) fn new(curve: &'static Curve, nonces: usize, random: &mut Random) -> Self {
        let (p, n) = (hex(curve.p), hex(curve.n));
        let bytes = curve.p.len() / 2;
        let secret = Secret::Known { d: BigUint::from(1_u32), is_simple: true };
        let mut new = Self { curve, p, n, bytes, secret, nonces: Vec::new() };
        for _ in 0..nonces {
            let (k, _) = new.special(random);
            let Some([x, _]) = new.times_generator(&k) else { continue };
            let r = x % &new.n;
            new.nonces.push([k.modinv(&new.n).unwrap(), r]);
        }
        new
    }

    /// A scalar that is not 0, often one at which something may happen, and
    /// whether it is.
    pub(crate) fn special(&self, random: &mut Random) -> (BigUint, bool) {
        let small = BigUint::from(random.next() & 0xff);
        let digit = BigUint::from(1 + (random.next() & 0x7f));
        let window = random.below(self.bytes) as u32;
        let kind = random.below(8);
        let number = match kind {
            0 => small,
            1 => &self.n - small,
            // Twice a row of a table, or its opposite.
            2 => (digit << (8 * window)) << 1,
            3 => &self.n * 2_u32 - (((digit << (8 * window)) << 1) % &self.n),
            4 => digit << (8 * window),
            5 => random.edgy(self.bytes),
            _ => random.number(&self.n),
        } % &self.n;
        if number == BigUint::ZERO { (BigUint::from(1_u32), true) } else { (number, kind < 6) }
    }

    fn minus(&self, a: &BigUint, b: &BigUint) -> BigUint {
        (a + &self.p - b) % &self.p
    }

    fn plus(&self, a: &Point, b: &Point) -> Point {
        let (Some([x1, y1]), Some([x2, y2])) = (a, b) else { return a.clone().or_else(|| b.clone()) };
        let p = &self.p;
        let slope = if x1 == x2 {
            if (y1 + y2) % p == BigUint::ZERO {
                return None;
            }
            let a = if self.curve.a == 0 { BigUint::ZERO } else { p - 3_u32 };
            (x1 * x1 * 3_u32 + a) * (y1 * 2_u32).modinv(p)?
        } else {
            self.minus(y2, y1) * self.minus(x2, x1).modinv(p)?
        } % p;
        let x = self.minus(&(&slope * &slope), &((x1 + x2) % p));
        let y = self.minus(&(&slope * self.minus(x1, &x)), y1);
        Some([x, y])
    }

    fn times(&self, point: &Point, scalar: &BigUint) -> Point {
        (0..scalar.bits()).rev().fold(None, |sum, bit| {
            let double = self.plus(&sum, &sum);
            if scalar.bit(bit) { self.plus(&double, point) } else { double }
        })
    }

    pub(crate) fn times_generator(&self, scalar: &BigUint) -> Point {
        self.times(&Some(self.curve.g.map(hex)), scalar)
    }

    fn opposite(&self, point: &Point) -> Point {
        point.as_ref().map(|[x, y]| [x.clone(), self.minus(&BigUint::ZERO, y)])
    }

    /// The points with this x; none where it is none's.
    fn at(&self, x: &BigUint) -> Point {
        let p = &self.p;
        let a = if self.curve.a == 0 { BigUint::ZERO } else { p - 3_u32 };
        let [gx, gy] = self.curve.g.map(hex);
        // b, of the base point: y² - x³ - ax.
        let b = self.minus(&(&gy * &gy), &((&gx * &gx * &gx + &a * &gx) % p));
        let square = (x * x * x + a * x + b) % p;
        let y = square.modpow(&((p + 1_u32) >> 2), p);
        (x < p && &y * &y % p == square).then(|| [x.clone(), y])
    }

    /// The digest as a number modulo the order.
    pub(crate) fn digest(&self, message: &[u8]) -> BigUint {
        BigUint::from_bytes_be(digest::digest(self.curve.hash, message).as_ref()) % &self.n
    }

    pub(crate) fn inverse(&self, number: &BigUint) -> BigUint {
        number.modinv(&self.n).unwrap()
    }

    /// Makes a key and a signature of `message` with this s, so that the sum
    /// that verification comes to is a point with this x: Q = (R - u1·G)/u2.
    /// `None` where there is no such point.
    pub(crate) fn forged(
        &self,
        x: &BigUint,
        is_opposite: bool,
        s: &BigUint,
        message: &[u8],
    ) -> Option<(VerifyingKey, Signed)> {
        let r = x % &self.n;
        if r == BigUint::ZERO || *s == BigUint::ZERO {
            return None;
        }
        let point = Some(self.at(x)?);
        let point = if is_opposite { self.opposite(&point) } else { point };
        let inverse = self.inverse(s);
        let (u1, u2) = (self.digest(message) * &inverse % &self.n, &r * inverse % &self.n);
        let rest = self.plus(&point, &self.opposite(&self.times_generator(&u1)));
        let key = self.key(&self.times(&rest, &self.inverse(&u2)))?;
        Some((key, Signed { message: message.to_vec(), r, s: s.clone() }))
    }

    /// An x near a place where comparisons go wrong, whose point there is.
    pub(crate) fn special_x(&self, random: &mut Random) -> BigUint {
        let near = [
            self.n.clone(),
            BigUint::ZERO,
            &self.p - 40_u32,
            &self.n - 20_u32,
            &self.p - &self.n,
            BigUint::from(1_u64 << 52),
            &self.p >> 1,
        ];
        let mut x = random.pick(&near) + random.below(8) as u32;
        while self.at(&x).is_none() {
            x = (x + 1_u32) % &self.p;
        }
        x
    }

    /// Chooses s and r of a message so that u1 and u2 are these: s = e/u1 and
    /// r = u2·s. Where r comes out right, it is by chance.
    pub(crate) fn meeting(&self, u1: &BigUint, u2: &BigUint, message: &[u8]) -> [BigUint; 2] {
        let s = self.digest(message) * self.inverse(u1) % &self.n;
        [u2 * &s % &self.n, s]
    }

    /// A u2 for which, with the private key d, the sum is nothing, or twice one
    /// half of it, or next to these.
    pub(crate) fn meeting_u2(&self, u1: &BigUint, d: &BigUint, random: &mut Random) -> BigUint {
        let n = &self.n;
        let of_q = |multiple: BigUint| multiple * self.inverse(d) % n;
        let u2 = match random.below(6) {
            0 => of_q(n - u1),
            1 => of_q(u1.clone()),
            2 => of_q(n + n - u1 - 1_u32),
            3 => of_q(u1 * 2_u32 + 1_u32),
            4 => u1.clone(),
            _ => self.special(random).0,
        };
        if u2 == BigUint::ZERO { BigUint::from(1_u32) } else { u2 }
    }

    /// The key of a point, unless the point is none or not on the curve.
    pub(crate) fn key(&self, point: &Point) -> Option<VerifyingKey> {
        let [x, y] = point.as_ref()?;
        let mut spki = self.curve.spki.to_vec();
        spki.push(4);
        spki.extend(self.fixed(x));
        spki.extend(self.fixed(y));
        VerifyingKey::from_der(&spki, &KeyOptions::default()).ok()
    }

    /// A good signature of the last key.
    fn good(&self, message: Vec<u8>, random: &mut Random) -> Signed {
        match &self.secret {
            Secret::Forged(signed) => signed.clone(),
            Secret::Known { d, .. } => {
                let [inverse, r] = random.pick(&self.nonces);
                let s = (self.digest(&message) + &r * d) * inverse % &self.n;
                Signed { message, r, s }
            }
        }
    }

    pub(crate) fn fixed(&self, number: &BigUint) -> Vec<u8> {
        let number = number % (BigUint::from(1_u32) << (8 * self.bytes));
        let bytes = number.to_bytes_be();
        let mut fixed = vec![0; self.bytes - bytes.len().min(self.bytes)];
        fixed.extend(bytes);
        fixed[fixed.len() - self.bytes..].to_vec()
    }

    /// A number that r or s should not be, or may just be.
    fn strange(&self, number: &BigUint, random: &mut Random) -> BigUint {
        let small = BigUint::from(random.next() & 3);
        let limit = BigUint::from(1_u32) << (8 * self.bytes);
        match random.below(9) {
            0 => small,
            1 => &self.n - small,
            2 => &self.n + small,
            3 => &self.p - &self.n - small,
            4 => &self.p - small,
            5 => limit - 1_u32 - small,
            6 => number + &self.n,
            7 => &self.n - number % &self.n,
            _ => random.edgy(self.bytes),
        }
    }
}

impl Algorithm for Ecdsa {
    fn alg(&self) -> Alg {
        self.curve.alg
    }

    fn next_key(&mut self, random: &mut Random) -> VerifyingKey {
        if random.below(4) == 0 {
            let (x, s) = (self.special_x(random), self.special(random).0);
            let message = random.bytes(20);
            if let Some((key, signed)) = self.forged(&x, random.below(2) == 0, &s, &message) {
                self.secret = Secret::Forged(signed);
                return key;
            }
        }
        let (d, is_simple) =
            if random.below(2) == 0 { self.special(random) } else { (random.number(&self.n), false) };
        let key = self.key(&self.times_generator(&d)).unwrap();
        self.secret = Secret::Known { d, is_simple };
        key
    }

    fn case(&mut self, random: &mut Random) -> Case {
        let length = random.pick(&[0, 1, 55, 56, 64, 119, 500]);
        let Signed { mut message, mut r, mut s } = self.good(random.bytes(length), random);
        let kind = random.below(18);
        match (kind, &self.secret) {
            (0, _) => r = self.strange(&r, random),
            (1, _) => s = self.strange(&s, random),
            (2, _) => (r, s) = (self.strange(&r, random), self.strange(&s, random)),
            (3, _) => (r, s) = (s, r),
            (4, _) => s = &self.n - s,
            (5, _) => message.push(0),
            (6, _) => (r, s) = (random.number(&self.n), random.number(&self.n)),
            // u1·G + u2·Q is nothing, whatever s is.
            (10, Secret::Known { d, .. }) => {
                r = (&self.n - self.digest(&message)) * self.inverse(d) % &self.n;
                s = self.special(random).0;
            }
            (11, Secret::Known { d, .. }) => {
                let u1 = self.special(random).0;
                [r, s] = self.meeting(&u1, &self.meeting_u2(&u1, d, random), &message);
            }
            _ => {}
        }
        let mut signature = [self.fixed(&r), self.fixed(&s)].concat();
        match kind {
            7 => {
                let bit = random.below(signature.len() * 8);
                signature[bit / 8] ^= 1 << (bit % 8);
            }
            8 => signature.truncate(random.below(signature.len())),
            9 => signature.push(0),
            _ => {}
        }
        Case { message, signature }
    }

    /// x may be r + n; and where the private key is simple, and nowhere else,
    /// incomplete additions may come up.
    fn is_left(&self, case: &Case) -> bool {
        let r = BigUint::from_bytes_be(&case.signature[..self.bytes]);
        matches!(self.secret, Secret::Known { is_simple: true, .. }) || r + &self.n < self.p
    }
}
