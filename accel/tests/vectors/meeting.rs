//! ECDSA signatures whose u1 and u2 are chosen so that an addition meets its like, or
//! comes to nothing. The key is the base point itself, so that both tables are the same.

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
};
use jot_accel::{Algorithm, FastKey, Job, RawKey};
use num_bigint::BigUint;

use crate::oracle::Oracle;
use crate::{implementations, ready};

/// A curve's order and base point, of SP 800-186 §3.2.1 and SEC 2 §2.4.1.
pub(crate) struct Curve {
    algorithm: Algorithm,
    hash: &'static digest::Algorithm,
    signing: &'static EcdsaSigningAlgorithm,
    order: &'static str,
    generator: [&'static str; 2],
}

pub(crate) const CURVES: [Curve; 4] = [
    Curve {
        algorithm: Algorithm::EcdsaP256Sha256,
        hash: &SHA256,
        signing: &ECDSA_P256_SHA256_FIXED_SIGNING,
        order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        generator: [
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        ],
    },
    Curve {
        algorithm: Algorithm::EcdsaP384Sha384,
        hash: &SHA384,
        signing: &ECDSA_P384_SHA384_FIXED_SIGNING,
        order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        generator: [
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ],
    },
    Curve {
        algorithm: Algorithm::EcdsaP521Sha512,
        hash: &SHA512,
        signing: &ECDSA_P521_SHA512_FIXED_SIGNING,
        order: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa\
                51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        generator: [
            "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ff\
             a8de3348b3c1856a429bf97e7e31c2e5bd66",
            "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad\
             0761353c7086a272c24088be94769fd16650",
        ],
    },
    Curve {
        algorithm: Algorithm::EcdsaSecp256k1Sha256,
        hash: &SHA256,
        signing: &ECDSA_P256K1_SHA256_FIXED_SIGNING,
        order: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        generator: [
            "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
        ],
    },
];

impl Curve {
    fn number(text: &str) -> BigUint {
        BigUint::parse_bytes(text.as_bytes(), 16).unwrap()
    }

    fn fixed(&self, number: &BigUint) -> Vec<u8> {
        let bytes = number.to_bytes_be();
        [vec![0; self.order.len() / 2 - bytes.len()], bytes].concat()
    }

    pub(crate) fn key(&self) -> Vec<u8> {
        let [x, y] = self.generator.map(Self::number);
        [vec![4], self.fixed(&x), self.fixed(&y)].concat()
    }

    fn digest(&self, message: &[u8]) -> BigUint {
        BigUint::from_bytes_be(digest(self.hash, message).as_ref())
    }

    /// A signature with these u1 and u2, and the r that goes with it.
    fn of_scalars(&self, u1: &BigUint, u2: &BigUint, message: &[u8]) -> Vec<u8> {
        let order = Self::number(self.order);
        let s = self.digest(message) * u1.modinv(&order).unwrap() % &order;
        [self.fixed(&(u2 * &s % &order)), self.fixed(&s)].concat()
    }

    /// A good signature; the private key is 1.
    fn good(&self, message: &[u8]) -> Vec<u8> {
        let private = self.fixed(&BigUint::from(1_u32));
        let key = self.key();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(self.signing, &private, &key).unwrap();
        pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    }
}

#[test]
fn sums_that_meet_their_like_are_no_signatures() {
    for curve in &CURVES {
        let (key, order) = (curve.key(), Curve::number(curve.order));
        let raw = RawKey::Sec1(&key);
        let oracle = Oracle::new(curve.algorithm, raw);
        let (message, good) = (b"message", curve.good(b"message"));
        assert!(oracle.holds(message, &good));
        let keys: Vec<_> = implementations(curve.algorithm)
            .map(|one| (one, ready(one, curve.algorithm, raw).unwrap()))
            .collect();
        let mut scalars: Vec<BigUint> = [1_u32, 2, 3, 128, 129, 256, 0x1_0001].map(BigUint::from).into();
        scalars.extend((1..16).map(|window| BigUint::from(5_u32) << (8 * window)));
        for scalar in scalars {
            // With the same scalar twice a point is added to itself: X and Z come out as 0,
            // and X = r·Z² whatever r is.
            for other in [scalar.clone(), &order - &scalar] {
                let signature = curve.of_scalars(&scalar, &other, message);
                assert!(!oracle.holds(message, &signature));
                for (one, fast) in &keys {
                    let name = one.name();
                    assert!(fast.verify(message, &good).is_some(), "{name}");
                    assert!(fast.verify(message, &signature).is_none(), "{name}: {scalar:x} {other:x}");
                    let jobs = || -> Vec<Job<'_>> {
                        let of_lane = |lane| if lane % 3 == 1 { &good } else { &signature };
                        (0..16).map(|lane| Job::new(message, of_lane(lane))).collect()
                    };
                    let assert_right = |jobs: &[Job<'_>]| {
                        for (lane, job) in jobs.iter().enumerate() {
                            assert_eq!(
                                job.held().is_some(),
                                lane % 3 == 1,
                                "{name}, lane {lane}: {scalar:x} {other:x}"
                            );
                        }
                    };
                    let mut together = jobs();
                    fast.verify_each(&mut together);
                    assert_right(&together);
                    let mut mixed = jobs();
                    FastKey::verify_mixed(&[fast; 16], &mut mixed);
                    assert_right(&mixed);
                    if one.verifies_unprepared() {
                        let mut unprepared = jobs();
                        one.verify_unprepared(&[raw; 16], &mut unprepared);
                        assert_right(&unprepared);
                    }
                }
            }
        }
    }
}
