//! Keys whose tables are those of base points, less their first windows: they are 256 times the
//! base point, and of Ed25519 its opposite, as tables there hold opposite points.
#![allow(clippy::arithmetic_side_effects, reason = "numbers of any size do not overflow")]

use num_bigint::BigUint;

use super::{EcdsaKeyPair, Ed25519KeyPair, Signer, SystemRandom, sig};
use aws_lc_rs::digest::{SHA512, digest};
use aws_lc_rs::signature::KeyPair as _;

const P256: &str = "34a2d4a3b009165987ffd1528603ed61190d0b710d6a564c2db2e35f12d0441b\
                    beaaed6a53a1e3c22bca71046e777fc0e7d766b9deddd81db424e7845e93b146";
const P384: &str = "21a4f5d369269255deda6f0636c5018ab3f2467a351bc35ea2193f92a7dffdedb8e0f03cead4d0dcbd5ea78776ead2e4\
     3884923650514591e9a595ae828d35e0d78d4d860372df0c6a6a72aa967f587edd574f9cbc926b834a0ab4d409ea07cb";
const SECP256K1: &str = "8282263212c609d9ea2a6e3e172de238d8c39cabd5ac1ca10646e23fd5f51508\
                         11f8a8098557dfe45e8256e830b60ace62d613ac2f7b17bed31b6eaff6e26caf";
const ED25519: &str = "c7f66c563120140ea8d927c19a3d1b7d0e26d381aaebf56b7902f1515c75558f";

/// The order of the base point of Ed25519.
const ORDER: &str = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed";

fn hex(text: &str) -> Vec<u8> {
    BigUint::parse_bytes(text.as_bytes(), 16).unwrap().to_bytes_be()
}

pub(super) fn p256() -> Signer {
    ecdsa(&sig::ECDSA_P256_SHA256_FIXED_SIGNING, P256)
}

pub(super) fn p384() -> Signer {
    ecdsa(&sig::ECDSA_P384_SHA384_FIXED_SIGNING, P384)
}

pub(super) fn secp256k1() -> Signer {
    ecdsa(&sig::ECDSA_P256K1_SHA256_FIXED_SIGNING, SECP256K1)
}

fn ecdsa(algorithm: &'static sig::EcdsaSigningAlgorithm, point: &str) -> Signer {
    let public = [vec![4], hex(point)].concat();
    let mut private = vec![0; public.len() / 2];
    let before_last = private.len() - 2;
    private[before_last] = 1;
    let key = EcdsaKeyPair::from_private_key_and_public_key(algorithm, &private, &public).unwrap();
    (public, Box::new(move |message| key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()))
}

/// Nobody has a seed for the private number, so another key makes R of r: s = r + k·a.
pub(super) fn ed25519() -> Signer {
    let public = hex(ED25519);
    let number = |bytes: &[u8]| BigUint::from_bytes_le(bytes);
    let order = BigUint::parse_bytes(ORDER.as_bytes(), 16).unwrap();
    let seed = [7; 32];
    let other = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
    let mut private = digest(&SHA512, &seed).as_ref()[..32].to_vec();
    private[0] &= 248;
    private[31] = private[31] & 63 | 64;
    let (private, own) = (number(&private) % &order, &order - 256_u32);
    let sign = {
        let public = public.clone();
        move |message: &[u8]| {
            let signature = other.sign(message);
            let (point, s) = signature.as_ref().split_at(32);
            let hash = |key: &[u8]| number(digest(&SHA512, &[point, key, message].concat()).as_ref());
            let theirs = hash(other.public_key().as_ref()) * &private % &order;
            let r = (number(s) + &order - theirs) % &order;
            let mut s = ((r + hash(&public) * &own) % &order).to_bytes_le();
            s.resize(32, 0);
            [point, &s].concat()
        }
    };
    (public, Box::new(sign))
}
