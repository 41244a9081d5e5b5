//! Ed25519 signatures that were made to go wrong, beside aws-lc: keys and R of
//! every small order, every encoding of them, S past the order.

use jot::{Alg, KeyOptions, VerifyingKey};
use num_bigint::BigUint;

use crate::eddsa::{Eddsa, Point, SPKI, challenge, fixed};
use crate::judge::{Case, Total, judge};
use crate::missing::missing;
use crate::random::Random;

fn number(value: u32) -> BigUint {
    BigUint::from(value)
}

/// The encoding of a point, and those that only look like it: y + p, and x of
/// the other sign.
fn encodings(of: &Eddsa, point: &Point) -> Vec<Vec<u8>> {
    let canonical = of.encoded(point);
    let mut y = canonical.clone();
    y[31] &= 0x7f;
    let y = BigUint::from_bytes_le(&y);
    let mut encodings = vec![canonical.clone()];
    for y in [y.clone(), y + &of.p] {
        for sign in [0, 0x80] {
            if y.bits() < 256 {
                let mut encoding = fixed(&y);
                encoding[31] |= sign;
                encodings.push(encoding);
            }
        }
    }
    encodings.dedup();
    encodings
}

/// Private scalars, each with an encoded key that is it times the base point,
/// up to a point of small order.
fn keys(of: &Eddsa, random: &mut Random) -> Vec<(BigUint, Vec<u8>)> {
    let mut keys = Vec::new();
    for small in &of.torsion {
        for scalar in [number(0), number(1), &of.order - 1_u32, number(128), random.number(&of.order)] {
            let point = of.plus(&of.times(&of.base, &scalar), small);
            keys.extend(encodings(of, &point).into_iter().map(|encoding| (scalar.clone(), encoding)));
        }
    }
    // Every y that is not canonical.
    for y in 0..19_u32 {
        for sign in [0, 0x80] {
            let mut encoding = fixed(&(&of.p + y));
            encoding[31] |= sign;
            keys.push((number(0), encoding));
        }
    }
    keys
}

/// What is presented to a key: R of every small order and encoding, with the S
/// that would be right.
fn cases(of: &Eddsa, scalar: &BigUint, key: &[u8], random: &mut Random) -> Vec<Case> {
    let mut cases = Vec::new();
    for (order, small) in of.torsion.iter().enumerate() {
        for r in [number(0), number(1), &of.order - 1_u32, random.number(&of.order)] {
            let point = of.plus(&of.times(&of.base, &r), small);
            for (which, encoded) in encodings(of, &point).into_iter().enumerate() {
                let message = random.bytes(3);
                let s = (&r + challenge(&encoded, key, &message) * scalar) % &of.order;
                let what = format!("key {key:02x?}, R {encoded:02x?}");
                let mut put = |s: &BigUint, how: &str| {
                    if s.bits() <= 256 {
                        let signature = [&encoded[..], &fixed(s)].concat();
                        cases.push(Case {
                            message: message.clone(),
                            signature,
                            what: format!("{what}, S {how}"),
                        });
                    }
                };
                put(&s, "right");
                if which + order > 3 {
                    continue;
                }
                (1..16_u32)
                    .for_each(|factor| put(&(&s + &of.order * factor), "with a multiple of the order"));
                let whole = number(1) << 256;
                put(&(&s + (number(1) << 255)), "with its top bit");
                put(&((&s + (number(1) << 253)) % &whole), "+ 2^253");
                put(&(&of.order - &s), "negated");
                put(&number(0), "0");
                put(&of.order, "the order");
                put(&(whole - 1_u32), "the largest");
                let whole = [&encoded[..], &fixed(&s)].concat();
                let mut changed: Vec<Vec<u8>> = vec![
                    [&whole[..], &[0]].concat(),
                    [&[0], &whole[..]].concat(),
                    whole[..63].to_vec(),
                    whole[..32].to_vec(),
                    Vec::new(),
                ];
                for bit in [0, 8, 128, 254, 255] {
                    let mut other = whole.clone();
                    other[bit / 8] ^= 1 << (bit % 8);
                    changed.push(other);
                }
                let case = |signature| Case {
                    message: message.clone(),
                    signature,
                    what: format!("{what}, changed"),
                };
                cases.extend(changed.into_iter().map(case));
            }
        }
    }
    cases
}

#[test]
fn crafted_eddsa_is_refused_as_by_aws_lc() {
    let mut random = Random::new(0x6a6f_7404);
    let of = Eddsa::new(&mut random);
    let mut total = Total::default();
    let mut has_form = false;
    for (scalar, encoded) in keys(&of, &mut random) {
        let key = VerifyingKey::from_der(&[SPKI, &encoded].concat(), &KeyOptions::default()).unwrap();
        has_form |= key.probe(Alg::EdDSA).unwrap().names().count() > 0;
        let cases = cases(&of, &scalar, &encoded, &mut random);
        total.add(judge(&key, Alg::EdDSA, &cases, 2, &mut random));
    }
    assert!(total.cases > 60_000 && total.good > 500, "{total:?}");
    if has_form {
        assert_eq!(total.accepted, total.good, "{total:?}");
    } else {
        missing("avx512");
    }
}
